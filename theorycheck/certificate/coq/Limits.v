(* One-sided limits: f(v) as v > 0 tends to 0. *)
From TheoryCheck Require Export Derivatives.
Open Scope R_scope.

Definition tends (f : R -> R) (l : R) := filterlim f (at_right 0) (locally l).

Lemma right_of_0 (P : R -> Prop) : (forall v, 0 < v -> P v) -> at_right 0 P.
Proof. intros H. exists (mkposreal 1 Rlt_0_1). intros v _ Hv. now apply H. Qed.
Lemma tends_same f g l m : tends f l -> (forall v, 0 < v -> f v = g v) -> l = m -> tends g m.
Proof. intros Hf H <-. unfold tends. apply (filterlim_ext_loc f); [now apply right_of_0 | exact Hf]. Qed.
Lemma tends_close f l e : tends f l -> 0 < e -> at_right 0 (fun v => Rabs (f v - l) < e).
Proof. intros H He. apply (H (fun y => Rabs (y - l) < e)). exists (mkposreal e He). intros y Hy. exact Hy. Qed.

(* What grows beyond all bounds. *)
Definition grows (h : R -> R) := forall B, at_right 0 (fun v => B < h v).
Lemma ln_grows : grows (fun v => - ln v).
Proof. intros B. apply (is_lim_ln_0 (fun y => B < - y)). exists (- B). intros y Hy. lra. Qed.
Lemma power_grows e : e < 0 -> grows (fun v => power v e).
Proof.
  intros He B. assert (H := ln_grows (B / - e)). assert (P := right_of_0 (fun v => 0 < v) (fun v h => h)).
  generalize (filter_and _ _ H P). apply filter_imp. intros v [Hv Hp].
  rewrite power_exp by exact Hp. apply Rlt_trans with (e * ln v).
  - apply (Rmult_lt_compat_r (- e)) in Hv; [| lra]. unfold Rdiv in Hv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in Hv by lra. lra.
  - generalize (exp_ineq1_le (e * ln v)). lra.
Qed.
Lemma parts_from f g h k l m :
  tends f l -> grows h -> (forall v, 0 < v -> g v - f v = k * h v) -> k <> 0 -> ~ tends g m.
Proof.
  intros Hf Hh E K Hg. assert (P : 0 < Rabs k) by now apply Rabs_pos_lt.
  set (B := Rabs (m - l) / Rabs k + 2).
  assert (A : at_right 0 (fun v => (Rabs (f v - l) < Rabs k /\ Rabs (g v - m) < Rabs k) /\ (B < h v /\ 0 < v))).
  { repeat apply filter_and; try (apply tends_close; assumption); [apply Hh | now apply right_of_0]. }
  destruct (filter_ex _ A) as [v [[H1 H2] [H3 H4]]]. specialize (E v H4).
  assert (N : Rabs (k * h v) < 2 * Rabs k + Rabs (m - l)).
  { rewrite <- E. replace (g v - f v) with ((g v - m) + (m - l) + - (f v - l)) by ring.
    eapply Rle_lt_trans; [apply Rabs_triang |]. rewrite Rabs_Ropp. generalize (Rabs_triang (g v - m) (m - l)). lra. }
  rewrite Rabs_mult in N. assert (S : B < Rabs (h v)) by (generalize (Rle_abs (h v)); lra).
  apply (Rmult_lt_compat_l (Rabs k) _ _ P) in S. unfold B in S.
  replace (Rabs k * (Rabs (m - l) / Rabs k + 2)) with (Rabs (m - l) + 2 * Rabs k) in S by (field; lra). lra.
Qed.
