(* Numbers made of matrices: traces, scalar products, norms, singular values; powers and logarithms. *)
From Coq Require Import Arith.
From TheoryCheck Require Export Layers.
Open Scope R_scope.

(* --- traces, scalar products, norms ---------------------------------------------------------------------------------- *)
Lemma trace_add m A B : trace m (madd A B) = trace m A + trace m B.
Proof. unfold trace, madd. now rewrite total_add. Qed.
Lemma trace_opp m A : trace m (mopp A) = - trace m A.
Proof. unfold trace, mopp. now rewrite total_opp. Qed.
Lemma trace_scal m c A : trace m (mscal c A) = c * trace m A.
Proof. unfold trace, mscal. now rewrite total_scal. Qed.
Lemma trace_zero m : trace m mzero = 0.
Proof. apply total_zero; auto. Qed.
Lemma trace_tr m A : trace m (mtr A) = trace m A.
Proof. reflexivity. Qed.
Lemma trace_cyc m k A B : trace m (mmul k A B) = trace k (mmul m B A).
Proof. unfold trace, mmul. rewrite total_swap. apply total_ext; intros. apply total_ext; intros; ring. Qed.
Lemma trace_eye m : (0 <= m)%Z -> trace m (eye m) = IZR m.
Proof.
  intros H. unfold trace. transitivity (total (Z.to_nat m) (fun _ => 1)).
  - apply total_ext; intros. unfold eye. rewrite Nat.eqb_refl. destruct (Nat.ltb_spec i (Z.to_nat m)); [reflexivity | lia].
  - rewrite total_const, INR_IZR_INZ, Z2Nat.id by lia. ring.
Qed.
Lemma inner_self m n A : 0 <= inner m n A A.
Proof.
  unfold inner, trace. apply total_ge0; intros. unfold mmul. apply total_ge0; intros. unfold mtr.
  replace (A i0 i * A i0 i) with (Rsqr (A i0 i)) by reflexivity. apply Rle_0_sqr.
Qed.
Lemma norm_sqr m n A : norm m n A ^ 2 = trace n (mmul m (mtr A) A).
Proof. unfold norm. rewrite pow2_sqrt. reflexivity. apply inner_self. Qed.
Lemma norm_ge0 m n A : 0 <= norm m n A.
Proof. apply sqrt_pos. Qed.
Lemma inner_trace m n A B : inner m n A B = trace n (mmul m (mtr A) B).
Proof. reflexivity. Qed.
(* A product through a matrix with one column: its trace is a product of traces. *)
Lemma trace_split X Y : trace 1 (mmul 1 X Y) = trace 1 X * trace 1 Y.
Proof. unfold trace, mmul. simpl. unfold Pos.to_nat; simpl. ring. Qed.
Lemma column_times n x y c : sized n 1 x -> sized n 1 y -> trace 1 (mmul n (mtr x) y) = c -> mmul n (mtr x) y = mscal c (eye 1).
Proof.
  intros [_ Hx] [_ Hy] <-. apply mat_ext; intros i j. unfold mscal, eye, trace. simpl. unfold Pos.to_nat; simpl. rewrite Rplus_0_l.
  destruct (Nat.eqb_spec i j) as [<- | N]; simpl.
  - destruct (Nat.ltb_spec i 1); [replace i with O by lia; ring |]. rewrite Rmult_0_r. unfold mmul, mtr. apply total_zero; intros. rewrite Hx by (simpl; lia). ring.
  - rewrite Rmult_0_r. unfold mmul, mtr. apply total_zero; intros.
    destruct (Nat.ltb_spec i 1); [rewrite (Hy _ j) by (simpl; lia) | rewrite (Hx _ i) by (simpl; lia)]; ring.
Qed.
Lemma mmul_msum k lo hi A f : mmul k A (msum lo hi f) = msum lo hi (fun i => mmul k A (f i)).
Proof.
  apply mat_ext; intros i j. unfold mmul, msum, zsum. rewrite total_swap. apply total_ext; intros. now rewrite total_scal.
Qed.
Lemma rows_msum m lo hi f : (forall i, (lo <= i)%Z -> (i <= hi)%Z -> rows m (f i)) -> rows m (msum lo hi f).
Proof. intros H i j Hi. unfold msum, zsum. apply total_zero; intros. apply H; auto; lia. Qed.
Lemma cols_msum n lo hi f : (forall i, (lo <= i)%Z -> (i <= hi)%Z -> cols n (f i)) -> cols n (msum lo hi f).
Proof. intros H i j Hj. unfold msum, zsum. apply total_zero; intros. apply H; auto; lia. Qed.
Lemma zsum_square lo hi f c : zsum lo hi (fun i => (f i - c) ^ 2) = zsum lo hi (fun i => f i ^ 2) - 2 * c * zsum lo hi f + zsum lo hi (fun _ => c ^ 2).
Proof.
  rewrite <- zsum_scal, <- zsum_sub, <- zsum_add. apply zsum_eq; intros. ring.
Qed.
Lemma trace_msum m lo hi f : trace m (msum lo hi f) = zsum lo hi (fun i => trace m (f i)).
Proof. unfold trace, msum, zsum. now rewrite total_swap. Qed.
Lemma inner_msum m n lo hi A f : inner m n A (msum lo hi f) = zsum lo hi (fun i => inner m n A (f i)).
Proof. unfold inner. now rewrite mmul_msum, trace_msum. Qed.
Lemma norm_zero m n A : sized m n A -> trace n (mmul m (mtr A) A) = 0 -> A = mzero.
Proof.
  intros [Hr Hc] H. apply mat_ext; intros i j; unfold mzero.
  destruct (le_lt_dec (Z.to_nat m) i); [now apply Hr |]. destruct (le_lt_dec (Z.to_nat n) j); [now apply Hc |].
  assert (Hj : total (Z.to_nat m) (fun l => A l j * A l j) = 0).
  { unfold trace in H. eapply (total_eq0 _ (fun j => total (Z.to_nat m) (fun l => A l j * A l j))); eauto.
    intros. apply total_ge0; intros. apply Rle_0_sqr. }
  assert (A i j * A i j = 0). { apply (total_eq0 _ _ (fun l _ => Rle_0_sqr (A l j)) Hj i); auto. }
  nra.
Qed.
Lemma psd_trace m p A X : psd m A -> sized m p X -> 0 <= trace p (mmul m (mtr X) (mmul m A X)).
Proof.
  intros H [Hr Hc]. unfold trace. apply total_ge0; intros j Hj.
  set (x := fun i k => if (k =? 0)%nat then X i j else 0 : R).
  assert (S : sized m 1 x).
  { split; intros i k Hi; unfold x; destruct (Nat.eqb_spec k 0); auto; simpl in Hi; lia. }
  generalize (H x S). unfold inner, trace. simpl. unfold Pos.to_nat; simpl. intros G.
  replace (mmul m (mtr X) (mmul m A X) j j) with (0 + mmul m (mtr x) (mmul m A x) 0%nat 0%nat). exact G.
  unfold mmul, mtr, x; simpl. ring.
Qed.

(* --- powers: x^e for x > 0; 0^e is 0, and 1 for e = 0 ------------------------------------------------------------------ *)
Definition power (x e : R) : R := if Rlt_dec 0 x then exp (e * ln x) else if Req_EM_T e 0 then 1 else 0.
Lemma power_exp x e : 0 < x -> power x e = exp (e * ln x).
Proof. intros H. unfold power. destruct (Rlt_dec 0 x); [reflexivity | contradiction]. Qed.
Lemma power_pos x e : 0 < x -> 0 < power x e.
Proof. intros H. rewrite power_exp by exact H. apply exp_pos. Qed.
Lemma power_ge0 x e : 0 <= power x e.
Proof. unfold power. destruct (Rlt_dec 0 x). apply Rlt_le, exp_pos. destruct (Req_EM_T e 0); lra. Qed.
Lemma power_zero e : e <> 0 -> power 0 e = 0.
Proof. intros H. unfold power. destruct (Rlt_dec 0 0); [lra |]. destruct (Req_EM_T e 0); [contradiction | reflexivity]. Qed.
Lemma power_le u v e : 0 <= u -> u <= v -> 0 < e -> power u e <= power v e.
Proof.
  intros Hu H He. destruct (Rle_lt_or_eq_dec 0 u Hu) as [P | <-].
  - rewrite !power_exp by lra. assert (ln u <= ln v) by (destruct H; [apply Rlt_le, ln_increasing; lra | subst; lra]).
    destruct (Req_dec (ln u) (ln v)) as [-> |]; [lra |]. apply Rlt_le, exp_increasing. nra.
  - rewrite power_zero by lra. apply power_ge0.
Qed.
Lemma power_lt u v e : 0 <= u -> u < v -> 0 < e -> power u e < power v e.
Proof.
  intros Hu H He. destruct (Rle_lt_or_eq_dec 0 u Hu) as [P | <-].
  - rewrite !power_exp by lra. assert (ln u < ln v) by (apply ln_increasing; lra). apply exp_increasing. nra.
  - rewrite power_zero by lra. apply power_pos; lra.
Qed.
Lemma power_down u v e : 0 < u -> u <= v -> e < 0 -> power v e <= power u e.
Proof.
  intros Hu H He. rewrite !power_exp by lra. assert (ln u <= ln v) by (destruct H; [apply Rlt_le, ln_increasing; lra | subst; lra]).
  destruct (Req_dec (ln u) (ln v)) as [-> |]; [lra |]. apply Rlt_le, exp_increasing. nra.
Qed.
Lemma power_down_lt u v e : 0 < u -> u < v -> e < 0 -> power v e < power u e.
Proof. intros Hu H He. rewrite !power_exp by lra. assert (ln u < ln v) by (apply ln_increasing; lra). apply exp_increasing. nra. Qed.
Lemma power_up x a b : 1 <= x -> a <= b -> power x a <= power x b.
Proof.
  intros Hx H. rewrite !power_exp by lra. assert (0 <= ln x) by (rewrite <- ln_1; destruct Hx; [apply Rlt_le, ln_increasing; lra | subst; lra]).
  destruct (Req_dec (a * ln x) (b * ln x)) as [-> |]; [lra |]. apply Rlt_le, exp_increasing. nra.
Qed.
Lemma power_ge1 x e : 1 <= x -> 0 <= e -> 1 <= power x e.
Proof. intros Hx He. replace 1 with (power x 0) by (rewrite power_exp by lra; rewrite Rmult_0_l; apply exp_0). now apply power_up. Qed.
Lemma power_half x : 0 <= x -> power x (1 / 2) = sqrt x.
Proof.
  intros Hx. destruct (Rle_lt_or_eq_dec 0 x Hx) as [P | <-].
  - apply Rsqr_inj; [apply power_ge0 | apply sqrt_pos |]. rewrite Rsqr_sqrt by lra. unfold Rsqr. rewrite power_exp by lra.
    rewrite <- exp_plus. replace (1 / 2 * ln x + 1 / 2 * ln x) with (ln x) by field. now apply exp_ln.
  - rewrite power_zero by lra. now rewrite sqrt_0.
Qed.
Lemma power_nat x n : 0 < x -> power x (INR n) = x ^ n.
Proof. intros H. rewrite power_exp by exact H. rewrite <- (exp_ln x H) at 2. induction n; [simpl; rewrite Rmult_0_l; apply exp_0 |]. rewrite S_INR, Rmult_plus_distr_r, exp_plus, IHn, Rmult_1_l. simpl; ring. Qed.
Lemma power_one e : power 1 e = 1.
Proof. rewrite power_exp, ln_1, Rmult_0_r by lra. apply exp_0. Qed.
Lemma power_at_0 x : 0 < x -> power x 0 = 1.
Proof. intros H. rewrite power_exp, Rmult_0_l by exact H. apply exp_0. Qed.
Lemma power_at_1 x : 0 <= x -> power x 1 = x.
Proof.
  intros [H | <-]; [| apply power_zero; lra]. rewrite power_exp, Rmult_1_l by exact H. now apply exp_ln.
Qed.
Lemma power_minus_1 x : 0 < x -> power x (- (1)) = / x ^ 1.
Proof. intros H. rewrite power_exp by exact H. replace (- (1) * ln x) with (- ln x) by ring. rewrite exp_Ropp, exp_ln by exact H. now rewrite pow_1. Qed.
Lemma power_power x a b : 0 <= x -> power (power x a) b = power x (a * b).
Proof.
  assert (O : power 0 0 = 1) by (unfold power; destruct (Rlt_dec 0 0); [lra |]; destruct (Req_EM_T 0 0); [reflexivity | lra]).
  intros [H | <-].
  - rewrite (power_exp (power x a)) by now apply power_pos. rewrite !power_exp, ln_exp by exact H. f_equal; ring.
  - destruct (Req_dec a 0) as [-> | A]; [rewrite Rmult_0_l, O; apply power_one |].
    rewrite (power_zero a A). destruct (Req_dec b 0) as [-> | B]; [now rewrite Rmult_0_r |].
    rewrite !power_zero; auto.
Qed.
Lemma power_root x y e : 0 <= x -> 0 < e -> power x e = y -> x = power y (1 / e).
Proof. intros H He <-. rewrite power_power by exact H. replace (e * (1 / e)) with 1 by (field; lra). now rewrite power_at_1. Qed.
Lemma power_inj x y e : 0 <= x -> 0 <= y -> 0 < e -> power x e = power y e -> x = y.
Proof.
  intros Hx Hy He H. apply power_root in H; auto. rewrite power_power in H by exact Hy.
  replace (e * (1 / e)) with 1 in H by (field; lra). now rewrite power_at_1 in H.
Qed.

(* Equations between powers are shown by logarithms; `power_atom` names a number by its logarithm. *)
Lemma power_atom a : exists g, 0 < g /\ ln g = a.
Proof. exists (exp a). split; [apply exp_pos | apply ln_exp]. Qed.
Lemma ln_power x e : 0 < x -> ln (power x e) = e * ln x.
Proof. intros H. rewrite power_exp by exact H. apply ln_exp. Qed.
Lemma ln_sqrt x : 0 < x -> ln (sqrt x) = ln x / 2.
Proof.
  intros H. assert (P : 0 < sqrt x) by now apply sqrt_lt_R0.
  replace (ln x) with (ln (sqrt x * sqrt x)) by (f_equal; now apply sqrt_sqrt, Rlt_le). rewrite ln_mult by exact P. field.
Qed.
Lemma ln_pow_nat x n : 0 < x -> ln (x ^ n) = INR n * ln x.
Proof. intros H. rewrite <- power_nat by exact H. now apply ln_power. Qed.
Lemma ln_over x y : 0 < x -> 0 < y -> ln (x / y) = ln x - ln y.
Proof. intros Hx Hy. unfold Rdiv. rewrite ln_mult, ln_Rinv; auto using Rinv_0_lt_compat. Qed.
Definition peq (x y : R) := x = y.  (* a power, as a product *)
Definition plain (x y : R) := x = y.  (* a base, as a power *)
Definition numeral (x y : R) := x = y.  (* a power that is a number *)

(* --- singular values: the largest s such that A stretches a space of dimension k at least by s --------------------------- *)
Definition singular (m n : Z) (A : M) (k : Z) : R :=
  real (Lub_Rbar (fun s => exists V, sized n k V /\ mmul n (mtr V) V = eye k /\
    forall x, sized k 1 x -> s * norm k 1 x <= norm m 1 (mmul n A (mmul k V x)))).
Lemma singular_ge0 m n A k : 0 <= singular m n A k.
Proof.
  unfold singular. match goal with |- 0 <= real (Lub_Rbar ?P) => set (S := P) end.
  destruct (Lub_Rbar_correct S) as [U L]. destruct (Lub_Rbar S) as [r | |] eqn:E; simpl; try lra.
  destruct (Rle_lt_dec 0 r) as [H | H]; [exact H | exfalso].
  assert (N : forall s, ~ S s).
  { intros s [V [H1 [H2 H3]]]. assert (Z0 : S 0). { exists V. repeat split; auto; try apply H1. intros x Hx. rewrite Rmult_0_l. apply norm_ge0. }
    specialize (U 0 Z0). simpl in U. lra. }
  apply (L m_infty). intros s Hs. destruct (N s Hs).
Qed.
Fixpoint positives (k : nat) (f : nat -> R) : nat :=
  match k with O => O | S k' => (positives k' f + if Rlt_dec 0 (f k') then 1 else 0)%nat end.
Definition rank (m n : Z) (A : M) : Z := Z.of_nat (positives (Z.to_nat (Z.min m n)) (fun i => singular m n A (Z.of_nat i + 1))).
(* (sum of s^p over the positive singular values)^(1/p) *)
Definition schatten (m n : Z) (A : M) (p : R) : R := power (zsum 1 (Z.min m n) (fun i => power (singular m n A i) p)) (/ p).
Lemma schatten_ge0 m n A p : 0 <= schatten m n A p.
Proof. apply power_ge0. Qed.
