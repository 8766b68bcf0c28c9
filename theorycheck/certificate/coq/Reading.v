(* Matrix expressions as words: their sizes, their reading as data, and traces in normal form. *)
From TheoryCheck Require Export Flows Words.
Import ListNotations.
Open Scope R_scope.

(* An equation between r x c matrices that is to be used as a rule, from left to right. *)
Definition meq (r c : Z) (A B : M) := A = B.
Definition one_word (e : mexpr) := match norm_of e with [(a, w)] => a = 1 /\ w <> [] | _ => False end.
Lemma rule_from E (V : valid E) e f r c : typed E e r c = true -> typed E f r c = true -> one_word e -> eval E e = eval E f ->
  sound E (Rule r c (as_word e) (norm_of f)).
Proof.
  intros He Hf W H. apply rule_of; auto. unfold one_word in W. destruct (norm_of e) as [|[a w] [|]]; try tauto.
  destruct W as [-> W]. now exists w.
Qed.
Definition flipped (R : rule) := Rule (to_col R) (from_row R) (flip (lhs R)) (map (fun t => (fst t, flip (snd t))) (rhs R)).
Lemma both_ways E (V : valid E) R rules : sound E R -> all_sound E rules -> all_sound E (R :: flipped R :: rules).
Proof. intros H G. simpl. split; auto. split; auto. now apply flip_sound. Qed.
Lemma one_way E R rules : sound E R -> all_sound E rules -> all_sound E (R :: rules).
Proof. intros H G. simpl. split; auto. Qed.

(* --- sizes: of a matrix expression ----------------------------------------------------------------------------------- *)
Ltac equal_sizes := first [reflexivity | lia | f_equal; lia].
Ltac size :=
  lazymatch goal with
  | |- sized _ _ _ => split; size
  | |- rows _ (madd _ _) => apply rows_add; size
  | |- cols _ (madd _ _) => apply cols_add; size
  | |- rows _ (mopp _) => apply rows_opp; size
  | |- cols _ (mopp _) => apply cols_opp; size
  | |- rows _ (mscal _ _) => apply rows_scal; size
  | |- cols _ (mscal _ _) => apply cols_scal; size
  | |- rows _ (mmul _ _ _) => apply rows_mmul; size
  | |- cols _ (mmul _ _ _) => apply cols_mmul; size
  | |- rows _ (mtr _) => apply rows_tr; size
  | |- cols _ (mtr _) => apply cols_tr; size
  | |- rows _ (msum _ _ _) => apply rows_msum; intros; cbv beta; size
  | |- cols _ (msum _ _ _) => apply cols_msum; intros; cbv beta; size
  | |- rows _ (limit_of _) => apply limit_rows; intros; size
  | |- cols _ (limit_of _) => apply limit_cols; intros; size
  | |- rows _ mzero => apply rows_zero
  | |- cols _ mzero => apply cols_zero
  | |- rows ?a (eye ?b) => replace a with b by equal_sizes; apply rows_eye
  | |- cols ?a (eye ?b) => replace a with b by equal_sizes; apply cols_eye
  | |- rows _ (chain _ _ _ _) => apply chain_rows; [assumption | lia | equal_sizes]
  | |- cols _ (chain _ _ _ _) => apply chain_cols; [assumption | equal_sizes]
  | |- rows _ _ => first [size_of_letter | match goal with H : context [sized] |- _ => eapply sized_rows; now apply H end]
  | |- cols _ _ => first [size_of_letter | match goal with H : context [sized] |- _ => eapply sized_cols; now apply H end]
  end
with size_of_letter :=
  match goal with
  | H : forall l, sized _ _ (?W l) |- rows _ (?W ?k) => generalize (sized_rows _ _ _ (H k)); same_size
  | H : forall l, sized _ _ (?W l) |- cols _ (?W ?k) => generalize (sized_cols _ _ _ (H k)); same_size
  | H : sized _ _ ?A |- rows _ ?A => generalize (sized_rows _ _ _ H); same_size
  | H : sized _ _ ?A |- cols _ ?A => generalize (sized_cols _ _ _ H); same_size
  end
with same_size :=
  first [ exact (fun h => h)
        | cbv beta; match goal with |- ?P ?a ?X -> ?P ?b ?X => replace a with b by equal_sizes; exact (fun h => h) end ].

(* --- words ----------------------------------------------------------------------------------------------------------- *)
Ltac place_in x l :=
  lazymatch l with
  | [] => constr:((0%nat, [x]))
  | x :: _ => constr:((0%nat, l))
  | ?y :: ?l => lazymatch place_in x l with (?k, ?m) => constr:((S k, y :: m)) end
  end.
Ltac letter_in r c A l :=
  lazymatch l with
  | [] => constr:((0%nat, [(r, c, A)]))
  | (_, _, A) :: _ => constr:((0%nat, l))
  | ?y :: ?l => lazymatch letter_in r c A l with (?k, ?m) => constr:((S k, y :: m)) end
  end.
Ltac size_in z E := lazymatch E with (?s, ?l) => lazymatch place_in z s with (?k, ?s) => constr:((k, (s, l))) end end.
Ltac reify E e r c :=
  lazymatch e with
  | mtr ?a => lazymatch reify E a c r with (?E, ?t) => constr:((E, Tr t)) end
  | mopp ?a => lazymatch reify E a r c with (?E, ?t) => constr:((E, Op t)) end
  | mscal ?x ?a => lazymatch reify E a r c with (?E, ?t) => constr:((E, Sc x t)) end
  | madd ?a ?b => lazymatch reify E a r c with (?E, ?t) => lazymatch reify E b r c with (?E, ?u) => constr:((E, Ad t u)) end end
  | mmul ?k ?a ?b =>
      lazymatch size_in k E with (?k, ?E) =>
      lazymatch reify E a r k with (?E, ?t) => lazymatch reify E b k c with (?E, ?u) => constr:((E, Mu k t u)) end end end
  | mzero => constr:((E, Ze))
  | eye ?k => lazymatch size_in k E with (?k, ?E) => constr:((E, Id k)) end
  | _ => lazymatch E with (?s, ?l) => lazymatch letter_in r c e l with (?k, ?l) => constr:(((s, l), Le k)) end end
  end.
Ltac empty := constr:((@nil Z, @nil (nat * nat * M))).
(* Rules: all equations [meq] of the context, as a list of what they are made from. *)
Ltac rules_in E done :=
  match goal with
  | H : meq ?r ?c ?a ?b |- _ =>
      let __ := lazymatch done with context [H] => fail | _ => constr:(tt) end in
      lazymatch size_in r E with (?r, ?E) => lazymatch size_in c E with (?c, ?E) =>
      lazymatch reify E a r c with (?E, ?t) => lazymatch reify E b r c with (?E, ?u) =>
        rules_in E constr:((done, (r, c, t, u, H))) end end end end
  | _ => constr:((E, done))
  end.
Ltac computed :=
  cbv [one_word norm_of as_word flipped flip scale times insert collect zeroes after find rewrite_word step steps same_matrix typed fits fit lhs rhs from_row to_col
       letter_eqb word_eqb value word_value size_of entry row_of col_of mat_of fst snd map app rev flat_map fold_right fold_left forallb nth negb andb eqb
       Nat.eqb Nat.ltb Nat.leb length loop_value total_of turn turns around word_ltb smaller least of_poly first_rewrite trace_step trace_steps put_in gather trace_form].
Ltac computed_in H :=
  cbv [one_word norm_of as_word flipped flip scale times insert collect zeroes after find rewrite_word step steps same_matrix typed fits fit lhs rhs from_row to_col
       letter_eqb word_eqb value word_value size_of entry row_of col_of mat_of fst snd map app rev flat_map fold_right fold_left forallb nth negb andb eqb
       Nat.eqb Nat.ltb Nat.leb length loop_value total_of turn turns around word_ltb smaller least of_poly first_rewrite trace_step trace_steps put_in gather trace_form] in H.
Ltac sizes_fit := cbv [valid all_sized size_of nth fst snd]; repeat (apply conj; [size |]); exact I.
(* That a letter is symmetric is used in one direction only. *)
Ltac add_rules E V done :=
  lazymatch done with
  | tt => constr:(@nil rule)
  | (?rest, (?r, ?c, Tr (Le ?k), Le ?k, _)) => let l := add_rules E V rest in constr:(Rule r c (as_word (Tr (Le k))) (norm_of (Le k)) :: l)
  | (?rest, (?r, ?c, ?t, ?u, _)) => let l := add_rules E V rest in constr:(Rule r c (as_word t) (norm_of u) :: flipped (Rule r c (as_word t) (norm_of u)) :: l)
  end.
Ltac rules_hold V done :=
  lazymatch done with
  | tt => exact I
  | (?rest, (?r, ?c, Tr (Le ?k), Le ?k, ?H)) =>
      apply one_way; [apply rule_from; [exact V | exact eq_refl | exact eq_refl | computed; split; [ring | discriminate] | exact H] | rules_hold V rest]
  | (?rest, (?r, ?c, ?t, ?u, ?H)) =>
      apply both_ways; [exact V | apply rule_from; [exact V | exact eq_refl | exact eq_refl | computed; split; [ring | discriminate] | exact H] | rules_hold V rest]
  end.
(* Coefficients of words: each is 0. *)
Ltac words r c coefficient :=
  rewrite ?Rmult_0_r, ?Rplus_0_r;
  lazymatch goal with
  | |- ?a = ?b =>
    let E := empty in
    lazymatch size_in r E with (?r, ?E) => lazymatch size_in c E with (?c, ?E) =>
    lazymatch reify E a r c with (?E, ?t) => lazymatch reify E b r c with (?E, ?u) =>
    lazymatch rules_in E tt with (?E, ?done) =>
      let V := fresh in assert (V : valid E) by sizes_fit;
      let l := add_rules E V done in
      let S := fresh in assert (S : all_sound E l) by rules_hold V done;
      refine (same_matrix E V l t u r c S eq_refl eq_refl _); clear V S; computed; repeat (apply conj; [coefficient |]); exact I
    end end end end end
  end.
Ltac traces_in E done :=
  match goal with
  | |- context [trace ?m ?e] =>
      let __ := lazymatch done with context [trace m e] => fail | _ => constr:(tt) end in
      lazymatch size_in m E with (?k, ?E) => lazymatch reify E e k k with (?E, ?t) => traces_in E constr:((done, (trace m e, k, t))) end end
  | _ => constr:((E, done))
  end.
Ltac put_forms E V l S done :=
  lazymatch done with
  | tt => idtac
  | (?rest, (?x, ?k, ?t)) =>
      let H := fresh in assert (H : x = total_of E (trace_form E l k t)) by exact (trace_is E V l k t S eq_refl);
      computed_in H; rewrite H; clear H; put_forms E V l S rest
  end.
Ltac scalars := repeat first [rewrite norm_sqr | rewrite inner_trace].
Ltac traces_of_identities :=
  repeat match goal with |- context [trace ?m (eye ?m)] =>
    rewrite (trace_eye m) by first [lia | match goal with H : forall j : Z, (0 < ?n j)%Z |- (0 <= ?n ?k)%Z => apply Z.lt_le_incl, H end] end.
(* A word as what stands before the first size 1 in it, and the rest. *)
Ltac cut_at_one e :=
  lazymatch e with
  | mmul 1%Z ?a ?b => constr:((a, b))
  | mmul ?k ?a ?b => lazymatch cut_at_one b with (?p, ?r) => constr:((mmul k a p, r)) end
  end.
Ltac split_trace m e :=
  lazymatch cut_at_one e with (?p, ?r) =>
  tryif constr_eq m 1%Z
  then lazymatch r with eye _ => fail | _ => replace (trace m e) with (trace 1 p * trace 1 r) by (rewrite <- trace_split, ?mmul_assoc; reflexivity) end
  else lazymatch cut_at_one r with (?q, ?r) =>
    replace (trace m e) with (trace 1 q * trace 1 (mmul m r p))
      by (symmetry; transitivity (trace m (mmul 1 p (mmul 1 q r))); [rewrite ?mmul_assoc | rewrite (trace_cyc m 1 p), <- trace_split, (mmul_assoc m 1 q r p)]; reflexivity) end end.
Ltac split_traces := progress repeat match goal with |- context [trace ?m ?e] => split_trace m e end.
(* All traces of the goal in normal form; `Means` has expectations before them. *)
Ltac expectations_first := idtac.
Ltac tidied E := idtac.
Ltac traces_of_words :=
  expectations_first;
  lazymatch goal with  (* a denominator stays known to be positive *)
  | H : norm ?m ?n ?A ^ 2 > 0 |- context [norm ?m ?n ?A ^ 2] => generalize H; traces_in_normal_form; intros ?
  | H : 0 < norm ?m ?n ?A ^ 2 |- context [norm ?m ?n ?A ^ 2] => generalize H; traces_in_normal_form; intros ?
  | _ => traces_in_normal_form
  end
with traces_in_normal_form := traces_of_products; repeat (split_traces; traces_of_products); try traces_of_identities
with traces_of_products :=
  scalars;
  lazymatch goal with
  | |- context [trace _ _] =>
    let E := empty in
    lazymatch traces_in E tt with (?E, ?found) =>
    lazymatch rules_in E tt with (?E, ?done) =>
      let V := fresh in assert (V : valid E) by sizes_fit;
      let l := add_rules E V done in
      let S := fresh in assert (S : all_sound E l) by rules_hold V done;
      put_forms E V l S found; clear V S
    end end
  | _ => idtac
  end.
