(* How the lemmas are shown: signs, numbers, use of relations, sums, derivatives by their rules. *)
From Coq Require Export Nsatz.
From TheoryCheck Require Export Reading.
Open Scope R_scope.

(* --- signs: of sums, products, powers, roots, and what lies in the context ------------------------------------------- *)
Ltac sg :=
  first
  [ assumption | lra | (apply (IZR_le 0); lia) | (apply (IZR_lt 0); lia)
  | match goal with
    | H : forall j : Z, (0 < ?n j)%Z |- 0 < IZR (?n ?k) => apply (IZR_lt 0), H
    | H : forall j : Z, 0 < ?f j |- 0 < ?f _ => apply H
    | H : forall j : Z, 0 < ?f j |- 0 <= ?f _ => apply Rlt_le, H
    | H : forall j : Z, _ -> _ -> ?f j >= 0 |- 0 <= ?f _ => apply Rge_le, H; first [assumption | lia | lra]
    end
  | lazymatch goal with
    | |- ?a >= ?b => apply Rle_ge; sg
    | |- ?a > ?b => apply Rlt_gt; sg
    | |- 0 <= _ - 0 => rewrite Rminus_0_r; sg
    | |- 0 < _ - 0 => rewrite Rminus_0_r; sg
    | |- 0 <= _ - _ =>
        match goal with |- context [power ?x ?e] =>
          let H := fresh in assert (H : 1 <= power x e) by (apply power_ge1; [first [lra | (apply (IZR_le 1); lia)] | sg]); lra end
    | |- 0 <= _ * _ => apply Rmult_le_pos; sg
    | |- 0 < _ * _ => apply Rmult_lt_0_compat; sg
    | |- 0 <= _ / _ => apply Rmult_le_pos; [sg | apply Rlt_le, Rinv_0_lt_compat; sg]
    | |- 0 < _ / _ => apply Rmult_lt_0_compat; [sg | apply Rinv_0_lt_compat; sg]
    | |- 0 < / _ => apply Rinv_0_lt_compat; sg
    | |- 0 <= / _ => apply Rlt_le, Rinv_0_lt_compat; sg
    | |- 0 <= _ ^ 2 => apply pow2_ge_0
    | |- 0 < _ ^ _ => apply pow_lt; sg
    | |- 0 <= _ ^ _ => apply pow_le; sg
    | |- 0 <= sqrt _ => apply sqrt_pos
    | |- 0 < sqrt _ => apply sqrt_lt_R0; sg
    | |- 0 < exp _ => apply exp_pos
    | |- 0 <= exp _ => apply Rlt_le, exp_pos
    | |- 0 < power _ _ => apply power_pos; sg
    | |- 0 <= power _ _ => apply power_ge0
    | |- 0 <= norm _ _ _ => apply norm_ge0
    | |- 0 <= Rabs _ => apply Rabs_pos
    | |- 0 < Rabs _ => apply Rabs_pos_lt, Rgt_not_eq, Rlt_gt; sg
    | |- 0 <= singular _ _ _ _ => apply singular_ge0
    | |- 0 <= schatten _ _ _ _ => apply schatten_ge0
    | |- 0 < zprod _ _ _ => apply zprod_pos; intros; sg
    | |- 0 <= zsum _ _ _ => apply zsum_ge0; intros; sg
    | |- 0 < _ + _ => first [apply Rplus_lt_le_0_compat; sg | apply Rplus_le_lt_0_compat; sg]
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; sg
    end ].
Ltac single_layers := repeat match goal with |- context [chain ?n ?W ?a ?a] => rewrite (chain_single n W a a) by (first [assumption | reflexivity]) end.
Ltac single_layers_in E := repeat match type of E with context [chain ?n ?W ?a ?b] => rewrite (chain_single n W a b) in E by first [assumption | reflexivity | lia] end.
(* Values of sums, products and opposites of integers. *)
Ltac whole := repeat first [rewrite plus_IZR | rewrite minus_IZR | rewrite mult_IZR | rewrite opp_IZR].
(* What is known of integers, said of real numbers. *)
Ltac members := repeat match goal with
  | H : (forall j : Z, (0 < ?n j)%Z) |- context [?n ?k] => lazymatch goal with _ : (0 < n k)%Z |- _ => fail | _ => pose proof (H k) end end.
Ltac reals :=
  members;
  repeat match goal with
  | H : (_ <= _)%Z |- _ => apply IZR_le in H
  | H : (_ < _)%Z |- _ => apply IZR_lt in H
  | H : (_ >= _)%Z |- _ => apply Z.ge_le, IZR_le in H
  | H : (_ > _)%Z |- _ => apply Z.gt_lt, IZR_lt in H
  | H : @eq Z _ _ |- _ => apply (f_equal IZR) in H
  end;
  rewrite ?minus_IZR, ?plus_IZR, ?minus_IZR, ?plus_IZR, ?mult_IZR, ?opp_IZR in *.
Ltac inside a b E :=
  repeat match goal with G : peq ?c ?d |- _ => tryif constr_eq c a then fail else (lazymatch c with context [a] => rewrite E in G end) end;
  repeat match goal with
  | G : ?c > 0 |- _ => lazymatch c with context [a] => rewrite E in G end
  | G : 0 < ?c |- _ => lazymatch c with context [a] => rewrite E in G end
  end.
Ltac zero_bases :=
  lazymatch goal with B : 0 = ?c |- context [?c] => rewrite <- B | _ => idtac end;
  repeat first [rewrite sqrt_0 | rewrite Rmult_0_l | rewrite Rmult_0_r | match goal with |- context [power 0 ?e] => rewrite (power_zero e) by (apply Rgt_not_eq, Rlt_gt; sg) end].
Ltac use_powers :=
  lazymatch goal with B : 0 = ?c |- context [?c] => zero_bases | |- context [power 0 _] => zero_bases | _ => idtac end;
  repeat match goal with H : peq ?a ?b |- context [?a] => rewrite (H : a = b); inside a b (H : a = b) end;
  repeat match goal with H : plain ?a ?b |- context [?a] => rewrite (H : a = b) end; rewrite ?exp_0, ?power_one.
Lemma exp_square a : exp a ^ 2 = exp (2 * a).
Proof. replace (2 * a) with (a + a) by ring. rewrite exp_plus. ring. Qed.
Ltac squares := rewrite ?Rpow_mult_distr, ?exp_square; repeat match goal with |- context [sqrt ?a ^ 2] => rewrite (pow2_sqrt a) by sg end.
Lemma nonzero_abs x : Rabs x > 0 -> x <> 0.
Proof. intros H ->. rewrite Rabs_R0 in H. lra. Qed.
Ltac from_it := intros; first [lra | (reals; lra)].
Ltac as_le := lazymatch goal with |- _ >= _ => apply Rle_ge | _ => idtac end.
Ltac nonzero :=
  repeat split;
  first [assumption | lra | (match goal with H : norm ?m ?n ?A ^ 2 > 0 |- norm ?m ?n ?A <> 0 => intros N; rewrite N in H; lra end) | (apply nonzero_abs; lra) | (apply Rgt_not_eq; assumption) | (apply IZR_neq; lia) | (apply IZR_neq; members; lia) | (apply Rlt_not_eq; lra) | (apply Rgt_not_eq, Rlt_gt; reals; lra) | (apply Rgt_not_eq, Rlt_gt; sg) | nra].
Ltac sign := first [sg | nra | (use_powers; sg) | (reals; first [lra | nra])].
(* What is left over has a sign: seen as it stands, or as a polynomial. *)
Ltac left_over :=
  intros; first
  [ lazymatch goal with |- context [sqrt _ ^ 2] => squares; of_a_sign end
  | use_powers; first [of_a_sign | (reals; first [lra | nra])] ]
with of_a_sign := first [sg | nra | (lazymatch goal with |- _ 0 ?e => ring_simplify e end; sg) | (lazymatch goal with |- _ 0 ?e => field_simplify e end; first [sg | nonzero | quotient])]
with quotient := reals; apply Rdiv_lt_0_compat; first [sg | nra].
Ltac same := lazymatch goal with |- ?x = ?x => exact eq_refl end.
Ltac constant_sums := repeat match goal with |- context [zsum ?a ?b (fun _ => ?c)] => rewrite (zsum_const a b c) by lia end.
(* Square roots as numbers of which the square is known. *)
Ltac name_roots :=
  repeat match goal with
  | |- context [sqrt ?a] =>
      let r := fresh "r" in let Q := fresh "Q" in let P := fresh "P" in
      assert (Q : sqrt a ^ 2 = a) by (apply pow2_sqrt; sg);
      first [assert (P : 0 < sqrt a) by (apply sqrt_lt_R0; sg) | assert (P : 0 <= sqrt a) by apply sqrt_pos];
      set (r := sqrt a) in *; clearbody r
  end.
(* An equation that follows from polynomial equations of the context. *)
Ltac in_ideal := field_simplify_eq; 
  lazymatch goal with |- @eq R _ _ => first [solve [nsatz] | (repeat match goal with Q : ?r ^ 2 = _ |- context [?r ^ 2] => rewrite Q end; ring)] | _ => nonzero end.
Ltac split_roots := repeat first [rewrite sqrt_mult by sg | rewrite sqrt_div_alt by sg].
Ltac with_roots := lazymatch goal with |- context [sqrt _] => split_roots; name_roots; first [ring | in_ideal] end.
(* Powers whose exponent is 0 or 1, of 0 or 1, and of powers. *)
Ltac exponents := repeat match goal with |- context [power ?x (?a * (1 / ?a))] => replace (a * (1 / a)) with 1 by (field; nonzero) end.
Ltac powers_of_numbers :=
  rewrite ?power_power by sg; exponents;
  repeat first [rewrite power_one | rewrite power_minus_1 by sg | rewrite power_at_0 by sg | rewrite power_at_1 by sg | rewrite power_zero by nonzero].
Ltac column E := apply column_times; [size | size | first [exact E | rewrite <- norm_sqr; exact E | rewrite <- inner_trace; exact E]].
Ltac root_of E := first [apply power_inj in E; [exact E | sg | sg | sg] | apply power_root in E; [exact E | sg | sg]].
Ltac powers_in E :=
  revert E; powers_of_numbers; intros E;
  repeat match type of E with context [zsum ?a ?b (fun i => power (@?f i) 1)] =>
    rewrite (zsum_eq a b (fun i => power (f i) 1) f) in E by (intros; cbv beta; apply power_at_1; sg) end.
(* Logarithms of products, powers and roots; equations between powers from them. *)
Ltac logs :=
  repeat first
  [ match goal with H : ln ?a = _ |- context [ln ?a] => rewrite H | H : peq ?a ?b |- context [ln ?a] => rewrite (H : a = b)
    | H : ?a = _ |- context [ln ?a] => rewrite H end
  | rewrite ln_1 | rewrite ln_exp | rewrite ln_mult by sg | rewrite ln_over by sg
  | rewrite ln_Rinv by sg | rewrite ln_pow_nat by sg | rewrite ln_power by sg | rewrite ln_sqrt by sg ].
Ltac by_logarithms :=
  unfold peq, plain, numeral; first [by_their_logarithms | (lazymatch goal with |- context [power (power _ _) _] => idtac end; powers_of_numbers; reflexivity)]
with by_their_logarithms :=
  apply ln_inv; [sg | sg | logs; simpl INR; whole; first [ring | (field; nonzero) | lra]].
(* A sum or a product over a short range, or of equal members. *)
Ltac by_range lemma := unfold peq; first [apply lemma; lia | etransitivity; [apply lemma; lia |]; cbv beta; repeat first [reflexivity | lia | f_equal]].
Ltac with_numerals :=
  lazymatch goal with H : numeral _ _ |- _ => field_simplify_eq; [repeat match goal with H : numeral ?a ?b |- _ => change (a = b) in H end; solve [nsatz] | nonzero] end.
(* Exponentials whose exponents agree are made one. *)
Ltac one_exp a b := let E := fresh in assert (E : a = b) by first [ring | (field; nonzero)]; rewrite E; clear E.
Ltac join_exps :=
  repeat match goal with
  | |- context [exp ?a] => one_exp a 0; rewrite exp_0
  | |- context [exp ?a] => match goal with |- context [exp ?b] => tryif constr_eq a b then fail else one_exp b a end
  end.
Ltac by_ring := first [ring | (field; nonzero)].
Ltac closed_by_field :=
  first [ same | by_ring | (lazymatch goal with |- context [sqrt _ ^ 2] => squares; by_ring end)
        | use_powers; first [by_ring | (constant_sums; whole; by_ring) | (constant_sums; whole; with_numerals) | (constant_sums; whole; with_roots)]
        | with_roots
        | lazymatch goal with |- context [zsum _ _ (fun i => (_ - _) ^ 2)] => rewrite !zsum_square; constant_sums; whole; use_powers; by_ring end
        | lazymatch goal with |- sqrt _ = _ => apply sqrt_lem_1; [left_over | left_over | closed_by_field] end
        | lazymatch goal with |- context [exp _] => join_exps; by_ring end
        | lazymatch goal with |- zsum _ _ _ = zsum _ _ _ => apply zsum_eq; intros; cbv beta; traces_of_words; by_ring end
        | lazymatch goal with |- context [zsum ?a ?b _] => rewrite <- ?zsum_scal, <- ?zsum_div; apply zsum_eq; intros; cbv beta; traces_of_words; use_powers; by_ring end
        | lazymatch goal with |- context [trace _ _] => traces_of_words; use_powers; by_ring end ].
(* Traces of the goal and of a hypothesis in normal form; the hypothesis stays. *)
Ltac with_traces E := revert E; traces_of_words; intros E.
Ltac numbers := traces_of_words; closed_by_field.

(* --- use of a relation ----------------------------------------------------------------------------------------------- *)
(* What a relation says of the difference of its sides. *)
Lemma gap_le a b : a <= b -> 0 <= b - a.
Proof. lra. Qed.
Lemma gap_ge a b : b >= a -> 0 <= b - a.
Proof. lra. Qed.
Ltac gap_of L :=
  first [apply gap_le; exact L | apply gap_ge; exact L | apply Rminus_diag_eq; first [exact L | symmetry; exact L] | generalize L; from_it].
(* Products, transposes and texts of powers of a matrix, by their laws. *)
Ltac powers_of_matrices left right :=
  unfold meq;
  match goal with
  | P : (forall a b : R, mmul ?n (?f ?n ?A a) (?f ?n ?A b) = _), O : ?f ?n ?A 0 = _, I : ?f ?n ?A 1 = ?A, T : (forall a, mtr (?f ?n ?A a) = _) |- _ =>
      transitivity left; [rewrite ?O, ?I; reflexivity |];
      transitivity right; [rewrite ?T, ?P; f_equal; first [reflexivity | (whole; by_ring)] | rewrite ?O, ?I; reflexivity]
  end.
(* The goal from what differs from it by the form of indices and sizes only. *)
Ltac agree E :=
  solve [exact E |
    let T := type of E in unfold meq; cbv beta;
    match goal with |- ?G => replace G with T; [exact E | repeat first [reflexivity | lia | (apply f_equal2; [| lia]) | f_equal]] end].
Ltac condition := first [assumption | lia | size | lra | sign].
Lemma range_induction (P : Z -> Prop) lo h :
  P lo -> (forall k, (lo <= k)%Z -> (k < h)%Z -> P k -> P (k + 1)%Z) -> (lo <= h)%Z -> P h.
Proof.
  intros H0 HS Hh. assert (G : forall n : nat, (lo + Z.of_nat n <= h)%Z -> P (lo + Z.of_nat n)%Z).
  { induction n as [|n IH]; intros K. now replace (lo + Z.of_nat 0)%Z with lo by lia.
    replace (lo + Z.of_nat (S n))%Z with (lo + Z.of_nat n + 1)%Z by lia. apply HS; try lia. apply IH; lia. }
  replace h with (lo + Z.of_nat (Z.to_nat (h - lo)))%Z by lia. apply G. lia.
Qed.
Lemma Rle_cases a b : a <= b -> a < b \/ a = b.
Proof. lra. Qed.
(* Conditions of a hypothesis that is used. *)
Ltac side := first [assumption | (intros; side_of)]
with side_of :=
  first [ assumption | reflexivity | size | lia | lra | sg | (split; side)
        | match goal with H : forall _, _ |- _ => solve [apply H; first [assumption | lia | lra | size]] end ].
Ltac index_condition :=
  first [assumption | lia | lra
        | match goal with H : IZR ?h <= ?L |- IZR ?k <= ?L => apply Rle_trans with (IZR h); [apply IZR_le; lia | exact H] end
        | side | nra ].
Lemma from_gap (A B L R : M) : madd L (mopp R) = madd A (mopp B) -> A = B -> L = R.
Proof.
  intros H ->. apply mat_ext; intros i j. generalize (f_equal (fun X : M => X i j) H).
  rewrite !madd_ij, !mopp_ij. lra.
Qed.
Lemma norm_mzero m n : norm m n mzero = 0.
Proof. unfold norm. rewrite inner_trace, mmul_zero_r, trace_zero. apply sqrt_0. Qed.
Ltac norm_of_zero :=
  unfold peq; lazymatch goal with |- norm ?m ?n ?A = 0 => let E := fresh in assert (E : A = mzero) by (words m n closed_by_field); rewrite E; apply norm_mzero end.
(* The same function of equal matrices; the sizes may be written in other ways. *)
Ltac same_argument tactic :=
  unfold peq, meq; lazymatch goal with
  | |- norm _ _ ?A = norm _ _ ?B => let E := fresh in assert (E : A = B) by tactic; rewrite E; f_equal; lia
  | |- singular _ _ ?A _ = singular _ _ ?B _ => let E := fresh in assert (E : A = B) by tactic; rewrite E; f_equal; lia
  | |- schatten _ _ ?A _ = schatten _ _ ?B _ => let E := fresh in assert (E : A = B) by tactic; rewrite E; f_equal; lia
  | |- ?f ?A = ?f ?B => let E := fresh in assert (E : A = B) by tactic; rewrite E; reflexivity
  | |- _ ?A = _ ?B => let E := fresh in assert (E : A = B) by tactic; rewrite E; f_equal; lia
  end.
Lemma norm_opposite m n A B : A = mopp B -> norm m n A = norm m n B.
Proof.
  intros ->. unfold norm. f_equal. unfold inner. rewrite mtr_opp, mmul_opp_l, mmul_opp_r, !trace_opp. ring.
Qed.
Ltac opposite_argument tactic := unfold peq; lazymatch goal with |- norm _ _ ?A = norm _ _ ?B => apply norm_opposite; tactic end.
Lemma of_norm_zero m n (L R : M) : sized m n L -> sized m n R -> trace n (mmul m (mtr (madd L (mopp R))) (madd L (mopp R))) = 0 -> L = R.
Proof.
  intros HL HR H. assert (S : sized m n (madd L (mopp R))) by size.
  apply from_gap with mzero mzero; auto. rewrite (norm_zero m n _ S H).
  apply mat_ext; intros i j. rewrite madd_ij, mopp_ij, mzero_ij. ring.
Qed.
(* The goal from a relation that agrees with it side by side; r and c are the sizes of an equation between matrices. *)
Ltac by_matrices r c E :=
  first [exact E | lazymatch type of E with ?a = ?b => apply from_gap with a b; [words r c ltac:(numbers) | exact E] end].
Ltac by_numbers E :=
  first [exact E | lra | lia | with_traces E; first [exact E | lra |
  let a := lazymatch type of E with ?a = ?b => a | ?a <= ?b => a | ?a >= ?b => b | ?a < ?b => a | ?a > ?b => b end in
  let b := lazymatch type of E with ?a = ?b => b | ?a <= ?b => b | ?a >= ?b => a | ?a < ?b => b | ?a > ?b => a end in
  let l := lazymatch goal with |- ?a = ?b => a | |- ?a <= ?b => a | |- ?a >= ?b => b | |- ?a < ?b => a | |- ?a > ?b => b end in
  let r := lazymatch goal with |- ?a = ?b => b | |- ?a <= ?b => b | |- ?a >= ?b => a | |- ?a < ?b => b | |- ?a > ?b => a end in
  let Z := fresh in assert (Z : r - l - (b - a) = 0) by closed_by_field; lra]].
(* A power or a root of both sides of a relation. *)
Ltac roots_of_squares E := repeat match type of E with context [sqrt (?a ^ 2)] => rewrite (sqrt_pow2 a) in E by sg end.
Ltac raising premise :=
  lazymatch goal with
  | |- sqrt _ <= sqrt _ => apply sqrt_le_1_alt; premise
  | |- sqrt _ < sqrt _ => apply sqrt_lt_1_alt; split; [sign | premise]
  | |- _ ^ _ <= _ ^ _ => apply pow_incr; split; [sign | premise]
  | |- / _ ^ _ <= / _ ^ _ => apply Rinv_le_contravar; [apply pow_lt; sign | apply pow_incr; split; [apply Rlt_le; sign | premise]]
  | |- power _ _ <= power _ _ => first [apply power_le; [sign | premise | sign] | apply power_down; [sign | premise | sign]]
  | |- power _ _ < power _ _ => first [apply power_lt; [sign | premise | sign] | apply power_down_lt; [sign | premise | sign]]
  end.
(* A sum or a product by its last member. *)
Ltac rewrite_last E :=
  repeat first [rewrite zprod_empty in E by lia | rewrite zsum_empty in E by lia]; rewrite ?Rmult_1_l, ?Rplus_0_l in E;
  first [exact E | rewrite E; closed_by_field | by_numbers E].
(* Sums over a range, split at sums and constant factors. *)
Ltac sums := rewrite ?inner_msum, ?mmul_msum, ?trace_msum; repeat first [rewrite zsum_add | rewrite zsum_sub | rewrite zsum_opp | rewrite zsum_scal | rewrite zsum_scal_r | rewrite zsum_div].
Ltac sums_in E := rewrite ?inner_msum in E; repeat first [rewrite zsum_add in E | rewrite zsum_sub in E | rewrite zsum_opp in E | rewrite zsum_scal in E | rewrite zsum_scal_r in E | rewrite zsum_div in E].
Ltac by_sums E := sums; first [exact E | by_numbers E].

(* A factor that is not 0: a number times something positive. *)
Ltac apart := apply Rmult_integral_contrapositive_currified; [intro; lra | apply Rgt_not_eq, Rlt_gt; sg].

Ltac apart_by_sign := first [apply Rgt_not_eq, Rlt_gt; left_over | apply Rlt_not_eq, Rminus_lt_0; left_over].

(* --- derivatives: found by their rules, and compared ------------------------------------------------------------------ *)
Ltac derive_rules :=
  lazymatch goal with
  | |- mderive (fun s => madd (@?p s) (@?q s)) _ _ => apply (mderive_add p q); derive_rules
  | |- mderive (fun s => mopp (@?p s)) _ _ => apply (mderive_opp p); derive_rules
  | |- mderive (fun s => mtr (@?p s)) _ _ => apply (mderive_tr p); derive_rules
  | |- mderive (fun s => mmul ?k (@?p s) (@?q s)) _ _ => apply (mderive_mmul k p q); derive_rules
  | |- mderive (fun s => mscal (@?c s) (@?p s)) _ _ => apply (mderive_scal c p); derive_rules
  | H : mderive ?x ?t _ |- mderive ?x ?t _ => exact H
  | H : (forall s, mderive ?x s _) |- mderive ?x ?t _ => exact (H t)
  | H : (forall s, mderive ?x s _) |- mderive (fun s => ?x s) ?t _ => exact (H t)
  | H : (forall s, mderive ?x s _) |- mderive (fun s => ?x (@?f s)) _ _ => eapply (mderive_comp x f _ _ _ H); derive_rules
  | |- mderive (fun _ => ?A) _ _ => apply mderive_const
  | |- mderive _ _ _ => first [eassumption | apply mderive_const]
  | |- is_derive (fun s => trace ?m (@?p s)) _ _ => apply (is_derive_trace m p); derive_rules
  | |- is_derive (fun s => inner ?m ?n (@?p s) (@?q s)) _ _ => apply (is_derive_inner m n p q); derive_rules
  | |- is_derive (fun s => norm ?m ?n (@?p s) ^ 2) _ _ => apply (is_derive_norm2 m n p); derive_rules
  | |- is_derive (fun s => norm ?m ?n (@?p s)) _ _ => apply (is_derive_norm m n p); [cbv beta; sg | derive_rules]
  | |- is_derive (fun s => s) _ _ => apply is_derive_self
  | |- is_derive (fun s => (@?f s) + (@?g s)) _ _ => apply (is_derive_add f g); derive_rules
  | |- is_derive (fun s => (@?f s) - (@?g s)) _ _ => apply (is_derive_sub f g); derive_rules
  | |- is_derive (fun s => - (@?f s)) _ _ => apply (is_derive_neg f); derive_rules
  | |- is_derive (fun s => (@?f s) * (@?g s)) _ _ => apply (is_derive_times f g); derive_rules
  | |- is_derive (fun s => (@?f s) / (@?g s)) _ _ => first [apply (is_derive_over f); derive_rules | by_formula]
  | |- is_derive (fun s => (@?f s) ^ 2) _ _ => apply (is_derive_square f); derive_rules
  | |- is_derive (fun s => (@?f s) ^ 3) _ _ => apply (is_derive_cube f); derive_rules
  | |- is_derive (fun s => (@?f s) ^ 4) _ _ => apply (is_derive_fourth f); derive_rules
  | |- is_derive (fun s => power (@?f s) ?e) _ _ => apply (is_derive_power f); [cbv beta; sg | derive_rules]
  | |- is_derive (fun s => exp (@?f s)) _ _ => apply (is_derive_of_exp f); derive_rules
  | |- is_derive (fun s => zsum ?lo ?hi (fun i => @?f i s)) _ _ => apply (is_derive_zsum lo hi f); intros; cbv beta; derive_rules
  | H : (forall A, sized ?m ?n A -> is_gradient ?m ?n ?C A (?g A)) |- is_derive (fun s => ?C (@?p s)) _ _ =>
      apply (gradient_along m n C g p); [derive_rules | exact H | intros; cbv beta; size | size]
  | |- is_derive ?f ?t _ => first [eassumption | (let c := eval cbv beta in (f t) in exact (is_derive_c c t)) | by_formula]
  | _ => idtac
  end
with by_formula := auto_derive; [repeat split; try trivial; first [sg | nonzero] | first [reflexivity | closed_by_field]].

(* Exponents of the same base that differ in form only. *)
Ltac same_exponents :=
  repeat match goal with |- context [power ?x ?a] => match goal with |- context [power x ?b] =>
    tryif constr_eq a b then fail else replace (power x b) with (power x a) by (apply f_equal; whole; by_ring) end end.
Ltac by_rules_numbers := eapply is_derive_eq; [derive_rules | cbv beta; same_exponents; numbers].
Ltac by_rules_matrices r c := eapply mderive_eq; [derive_rules | cbv beta; same_exponents; words r c ltac:(numbers)].
Global Opaque total trace mmul mtr eye inner norm chain put zsum madd mopp mscal mzero.
