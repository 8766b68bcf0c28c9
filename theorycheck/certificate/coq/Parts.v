(* Expectations of polynomials in traces: contracted layer by layer, then in one form. *)
From Coq Require Import FunctionalExtensionality.
From TheoryCheck Require Export Contraction.
Import ListNotations.
Local Transparent total mmul mtr trace chain madd mscal mzero eye.
Open Scope R_scope.
Open Scope list_scope.

Section Mean.
Context {Omega : Type} {K : nat -> nat -> R} {V : nat -> Omega -> Z -> M} {n : Z -> Z} {E : (Omega -> R) -> R}.
Hypothesis G : gaussian K V n E.
Lemma mean_ext (f g : Omega -> R) : (forall w, f w = g w) -> E f = E g.
Proof. intros H. f_equal. extensionality w. apply H. Qed.
Lemma mean_number c : E (fun _ => c) = c.
Proof.
  rewrite (mean_ext _ (fun w => c * 1)) by (intros; ring). rewrite (mean_of_multiple _ _ _ _ _ G), (mean_of_one _ _ _ _ _ G) by apply poly_number. ring.
Qed.
Lemma mean_total m (f : nat -> Omega -> R) : (forall k, poly K V (f k)) -> E (fun w => total m (fun k => f k w)) = total m (fun k => E (f k)).
Proof.
  intros H. induction m; simpl. apply mean_number. rewrite (mean_of_sum _ _ _ _ _ G) by (auto using poly_total). now rewrite IHm.
Qed.
Lemma mean_double r c (f : nat -> nat -> Omega -> R) : (forall i j, poly K V (f i j)) -> E (fun w => double r c (fun i j => f i j w)) = double r c (fun i j => E (f i j)).
Proof.
  intros H. unfold double. rewrite (mean_total _ (fun i w => total (Z.to_nat c) (fun j => f i j w))) by (intros; apply poly_total; auto).
  apply total_ext; intros. now apply mean_total.
Qed.

Variables (sizes : list Z) (letters : list (nat * nat * (Omega -> M))).
Notation env_at := (at_outcome sizes letters).
Hypothesis valid_at : forall w, valid (env_at w).
Hypothesis polys : forall p, mpoly (K := K) (V := V) (snd (nth p letters (0%nat, 0%nat, fun _ => mzero))).
Notation pv := (poly_value sizes letters). Notation mv := (mono_value sizes letters).

(* --- one layer ------------------------------------------------------------------------------------------------------- *)
Section Layer.
Variables (kind : nat -> option nat) (l : Z) (r c : nat).
Hypothesis ok : all_ok (K := K) (V := V) letters kind l r c.
Hypothesis row_is : size_at sizes r = n l.
Hypothesis col_is : size_at sizes c = n (l - 1)%Z.
Notation dw := (dword sizes letters (K := K) kind).
Fixpoint dmono a i j (m : monomial) (w : Omega) : R :=
  match m with [] => 0 | t :: m => trace (size_at sizes (fst t)) (dw a i j (snd t) (fst t) w) * mv w m + loop_value (env_at w) t * dmono a i j m w end.
Lemma mono_derives a i j m : derives K V a l i j (fun w => mv w m) (dmono a i j m).
Proof.
  induction m as [| t m IH]; [exact (of_number K V a l i j 1) |].
  eapply der_eq; [apply of_product; [| exact IH] | intros w; reflexivity | intros w; reflexivity].
  exact (der_total a l i j _ (fun s w => word_value (env_at w) (snd t) (fst t) s s) (fun s w => dw a i j (snd t) (fst t) w s s)
    (fun s => word_derives sizes letters kind l r c ok a i j (snd t) (fst t) s s)).
Qed.
Lemma eye_at m X j i : (j < Z.to_nat m)%nat -> mmul m (eye m) X j i = X j i.
Proof.
  intros H. unfold mmul, eye. rewrite (total_one _ _ j H).
  - rewrite Nat.eqb_refl. destruct (Nat.ltb_spec j (Z.to_nat m)); [simpl; ring | lia].
  - intros k _ N. destruct (Nat.eqb_spec j k); [congruence | simpl; ring].
Qed.
Lemma others_ok a u w m : fits (env_at w) c u r = true -> List.Forall (round (env_at w)) m -> forall done,
  double (size_at sizes r) (size_at sizes c) (fun i j => word_value (env_at w) u r j i * dmono a i j m w) * mv w done = pv w (others K kind r c a u done m).
Proof.
  intros HU Hm. induction Hm as [| t m Ht Hm IH]; intros done.
  - simpl. rewrite double_zero; intros; ring.
  - cbn [others]. rewrite poly_value_app, <- IH, mono_value_app. clear IH.
    rewrite <- (across_ok sizes letters kind l r c ok valid_at a (done ++ m) u w (snd t) HU [] (fst t) (fst t)) by (simpl; first [apply Nat.eqb_refl | exact Ht]).
    rewrite mono_value_app. cbn [mono_value fold_right]. fold (mv w m).
    transitivity (double (size_at sizes r) (size_at sizes c) (fun i j => mv w m * (word_value (env_at w) u r j i * trace (size_at sizes (fst t)) (dw a i j (snd t) (fst t) w)))  * mv w done
      + double (size_at sizes r) (size_at sizes c) (fun i j => loop_value (env_at w) t * (word_value (env_at w) u r j i * dmono a i j m w)) * mv w done).
    { rewrite <- Rmult_plus_distr_r, <- double_add. f_equal. apply double_ext. intros i j _ _. cbn [dmono]. ring. }
    rewrite !double_scal. f_equal.
    + assert (Q : double (size_at sizes r) (size_at sizes c) (fun i j => word_value (env_at w) u r j i * trace (size_at sizes (fst t)) (mmul (size_at sizes (fst t)) (word_value (env_at w) [] (fst t)) (dw a i j (snd t) (fst t) w)))
        = double (size_at sizes r) (size_at sizes c) (fun i j => word_value (env_at w) u r j i * trace (size_at sizes (fst t)) (dw a i j (snd t) (fst t) w))).
      { apply double_ext. intros i j _ _. f_equal. unfold trace. apply total_ext. intros s Hs. now apply eye_at. }
      rewrite Q. ring.
    + ring.
Qed.
Theorem parts a p u m : kind p = Some a -> (forall w, fits (env_at w) c u r = true) -> (forall w, List.Forall (round (env_at w)) m) ->
  E (fun w => loop_value (env_at w) (r, (p, false) :: u) * mv w m) = E (fun w => pv w (within K kind r c a [] u m ++ others K kind r c a u [] m)).
Proof.
  intros Hp Hu Hm. set (D := fun i j w => dw a i j u r w j i * mv w m + word_value (env_at w) u r j i * dmono a i j m w).
  assert (HD : forall i j, derives K V a l i j (fun w => word_value (env_at w) u r j i * mv w m) (D i j)).
  { intros i j. unfold D. apply of_product; [exact (word_derives sizes letters kind l r c ok a i j u r j i) | apply mono_derives]. }
  assert (P : forall i j, poly K V (fun w => V a w l i j * (word_value (env_at w) u r j i * mv w m))).
  { intros i j. apply poly_mul; [apply poly_entry | apply (der_poly _ _ _ _ _ _ (HD i j))]. }
  transitivity (E (fun w => double (n l) (n (l - 1)%Z) (fun i j => V a w l i j * (word_value (env_at w) u r j i * mv w m)))).
  { apply mean_ext. intros w. unfold loop_value; cbn [fst snd]. change (word_value (env_at w) ((p, false) :: u) r) with (mmul (size_at sizes (col_of (env_at w) (p, false))) (mat_of (env_at w) (p, false)) (word_value (env_at w) u r)).
    destruct (places sizes letters kind l r c ok w (p, false) a Hp) as [_ Q]. rewrite Q. cbn [snd].
    change (size_of (env_at w) r) with (size_at sizes r). rewrite row_is, col_is.
    assert (A : mat_of (env_at w) (p, false) = V a w l).
    { unfold mat_of. simpl. rewrite entry_at. generalize (ok p). destruct (nth p letters _) as [[rr cc] A]. unfold letter_ok. rewrite Hp. intros [[H _] _]. apply H. }
    rewrite A. unfold double, trace, mmul. rewrite <- total_scal_r. apply total_ext; intros. rewrite <- total_scal_r. apply total_ext; intros. ring. }
  rewrite (mean_double _ _ (fun i j w => V a w l i j * (word_value (env_at w) u r j i * mv w m)) P).
  rewrite (double_ext _ _ _ (fun i j => E (D i j))) by (intros i j Hi Hj; apply (by_parts _ _ _ _ _ G); auto).
  rewrite <- (mean_double _ _ D) by (intros i j; apply (der_poly _ _ _ _ _ _ (HD i j))).
  apply mean_ext. intros w. rewrite poly_value_app. unfold D. rewrite double_add. rewrite <- row_is, <- col_is. f_equal.
  - rewrite <- (within_ok sizes letters kind l r c ok valid_at a m w u [] c) by (simpl; first [apply Nat.eqb_refl | apply Hu]).
    rewrite (double_ext _ _ _ (fun i j => mv w m * (dw a i j u r w j i))) by (intros; ring). rewrite double_scal, Rmult_comm. f_equal.
    apply double_ext. intros i j _ Hj. symmetry. simpl. now apply eye_at.
  - rewrite <- (others_ok a u w m (Hu w) (Hm w) []). simpl. ring.
Qed.
End Layer.
End Mean.
