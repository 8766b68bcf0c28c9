(* The contraction as a computation on traces of words, and that the expectation agrees with it. *)
From Coq Require Import FunctionalExtensionality.
From TheoryCheck Require Export Wick.
Import ListNotations.
Local Transparent total mmul mtr trace chain madd mscal mzero eye.
Open Scope R_scope.
Open Scope list_scope.

Notation monomial := (list loop).
Notation mpolynomial := (list (R * list loop)).
Section Contraction.
Variables (K : nat -> nat -> R) (kind : nat -> option nat) (r c : nat).
(* The letters of u contracted with V_a before u, of the word V_a u; pre is what of u is done. *)
Fixpoint within (a : nat) (pre u : word) (rest : monomial) : mpolynomial :=
  match u with
  | [] => []
  | x :: u =>
      match kind (fst x) with
      | Some b => (K a b, if snd x then (c, pre) :: (r, u) :: rest else (r, flip pre ++ u) :: rest) :: nil
      | None => []
      end ++ within a (pre ++ (x :: nil)) u rest
  end.
(* The letters of another trace, contracted with V_a before u. *)
Fixpoint across (a : nat) (u pre v : word) (rest : monomial) : mpolynomial :=
  match v with
  | [] => []
  | x :: v =>
      match kind (fst x) with
      | Some b => (K a b, if snd x then (c, u ++ v ++ pre) :: rest else (r, flip u ++ v ++ pre) :: rest) :: nil
      | None => []
      end ++ across a u (pre ++ (x :: nil)) v rest
  end.
Fixpoint others (a : nat) (u : word) (done m : monomial) : mpolynomial :=
  match m with [] => [] | t :: m => across a u [] (snd t) (done ++ m) ++ others a u (done ++ (t :: nil)) m end.
End Contraction.

Section Agrees.
Context {Omega : Type} {K : nat -> nat -> R} {V : nat -> Omega -> Z -> M}.
Variables (sizes : list Z) (letters : list (nat * nat * (Omega -> M))) (kind : nat -> option nat) (l : Z) (r c : nat).
Notation env_at := (at_outcome sizes letters).
Hypothesis ok : all_ok (K := K) (V := V) letters kind l r c.
Hypothesis valid_at : forall w, valid (env_at w).
Notation row := (size_at sizes r). Notation col := (size_at sizes c).
Definition mono_value (w : Omega) (m : monomial) : R := fold_right (fun t v => loop_value (env_at w) t * v) 1 m.
Definition poly_value (w : Omega) (p : mpolynomial) : R := fold_right (fun t v => fst t * mono_value w (snd t) + v) 0 p.
Notation dw := (dword sizes letters (K := K) kind).
Lemma poly_value_app w p q : poly_value w (p ++ q) = poly_value w p + poly_value w q.
Proof. induction p as [| t p IH]; simpl. ring. rewrite IH. ring. Qed.
Lemma mono_value_app w m m' : mono_value w (m ++ m') = mono_value w m * mono_value w m'.
Proof. induction m as [| t m IH]; simpl. ring. rewrite IH. ring. Qed.

Lemma places w x b : kind (fst x) = Some b -> row_of (env_at w) x = (if snd x then c else r) /\ col_of (env_at w) x = (if snd x then r else c).
Proof.
  intros H. generalize (ok (fst x)). unfold row_of, col_of. rewrite entry_at. destruct (nth (fst x) letters _) as [[rr cc] A]. simpl.
  unfold letter_ok. rewrite H. intros [[_ [-> ->]] _]. now destruct (snd x).
Qed.
Lemma within_ok a rest w u : forall pre k, fits (env_at w) c pre k = true -> fits (env_at w) k u r = true ->
  double row col (fun i j => mmul (size_at sizes k) (word_value (env_at w) pre k) (dw a i j u r w) j i) * mono_value w rest = poly_value w (within K kind r c a pre u rest).
Proof.
  induction u as [| x u IH]; intros pre k Hp Hu.
  - simpl. rewrite double_zero. ring. intros. simpl. now rewrite mmul_zero_r.
  - simpl in Hu. apply andb_true_iff in Hu. destruct Hu as [E Hu]. apply Nat.eqb_eq in E. cbn [within]. rewrite poly_value_app.
    assert (W : fits (env_at w) c (pre ++ (x :: nil)) (col_of (env_at w) x) = true).
    { apply fits_app with (k := k); [exact Hp |]. subst k. apply one_letter. }
    rewrite <- (IH _ _ W Hu). clear IH.
    assert (S : forall i j, mmul (size_at sizes k) (word_value (env_at w) pre k) (dw a i j (x :: u) r w) j i =
      mmul (size_at sizes k) (word_value (env_at w) pre k) (mmul (size_at sizes (col_of (env_at w) x)) (dletter kind a i j x (K := K)) (word_value (env_at w) u r)) j i +
      mmul (size_at sizes (col_of (env_at w) x)) (word_value (env_at w) (pre ++ (x :: nil)) (col_of (env_at w) x)) (dw a i j u r w) j i).
    { intros i j. cbn [dword]. rewrite <- (col_of_at sizes letters w x). rewrite mmul_add_r, madd_ij. f_equal.
      assert (R : fits (env_at w) k (x :: nil) (col_of (env_at w) x) = true) by (subst k; apply one_letter).
      rewrite (word_app (env_at w) (valid_at w) c pre k (x :: nil) _ Hp R). rewrite word_one by apply valid_at. now rewrite mmul_assoc. }
    rewrite (double_ext _ _ _ _ (fun i j _ _ => S i j)), double_add. clear S. rewrite Rmult_plus_distr_r. f_equal.
    unfold dletter. destruct (kind (fst x)) as [b |] eqn:B.
    + destruct (places w x b B) as [P Q]. rewrite Q. rewrite P in E. subst k. cbn [poly_value fold_right fst snd]. rewrite Rplus_0_r.
      transitivity (K a b * (double row col (fun i j => mmul (size_at sizes (if snd x then c else r)) (word_value (env_at w) pre (if snd x then c else r))
        (mmul (size_at sizes (if snd x then r else c)) (if snd x then unit j i else unit i j) (word_value (env_at w) u r)) j i) * mono_value w rest)).
      { rewrite <- Rmult_assoc. f_equal. rewrite <- double_scal. apply double_ext. intros i j _ _. now rewrite mmul_scal_l, mmul_scal_r, mscal_ij. }
      f_equal. rewrite Q in Hu. destruct (snd x).
      * rewrite inside_turned. cbn [mono_value fold_right]. unfold loop_value; cbn [fst snd]. fold (mono_value w rest). rewrite Rmult_assoc. reflexivity.
      * rewrite inside_plain. cbn [mono_value fold_right]. fold (mono_value w rest). f_equal. unfold loop_value; cbn [fst snd].
        rewrite (word_app (env_at w) (valid_at w) r (flip pre) c u r) by (first [exact Hu | apply fits_flip; exact Hp]).
        rewrite <- (word_flip (env_at w) (valid_at w) c pre r Hp). reflexivity.
    + rewrite double_zero. simpl. ring. intros. now rewrite mmul_zero_l, mmul_zero_r.
Qed.
Lemma across_ok a rest u w v : fits (env_at w) c u r = true -> forall pre k k0, fits (env_at w) k0 pre k = true -> fits (env_at w) k v k0 = true ->
  double row col (fun i j => word_value (env_at w) u r j i * trace (size_at sizes k0) (mmul (size_at sizes k) (word_value (env_at w) pre k) (dw a i j v k0 w))) * mono_value w rest
  = poly_value w (across K kind r c a u pre v rest).
Proof.
  intros HU. induction v as [| x v IH]; intros pre k k0 Hp Hv.
  - simpl. rewrite double_zero. ring. intros. simpl. rewrite mmul_zero_r, trace_zero. ring.
  - simpl in Hv. apply andb_true_iff in Hv. destruct Hv as [E Hv]. apply Nat.eqb_eq in E. cbn [across]. rewrite poly_value_app.
    assert (W : fits (env_at w) k0 (pre ++ (x :: nil)) (col_of (env_at w) x) = true).
    { apply fits_app with (k := k); [exact Hp |]. subst k. apply one_letter. }
    rewrite <- (IH _ _ _ W Hv). clear IH.
    assert (S : forall i j, word_value (env_at w) u r j i * trace (size_at sizes k0) (mmul (size_at sizes k) (word_value (env_at w) pre k) (dw a i j (x :: v) k0 w)) =
      word_value (env_at w) u r j i * trace (size_at sizes k0) (mmul (size_at sizes k) (word_value (env_at w) pre k) (mmul (size_at sizes (col_of (env_at w) x)) (dletter kind a i j x (K := K)) (word_value (env_at w) v k0))) +
      word_value (env_at w) u r j i * trace (size_at sizes k0) (mmul (size_at sizes (col_of (env_at w) x)) (word_value (env_at w) (pre ++ (x :: nil)) (col_of (env_at w) x)) (dw a i j v k0 w))).
    { intros i j. cbn [dword]. rewrite <- (col_of_at sizes letters w x). rewrite mmul_add_r, trace_add.
      assert (R : fits (env_at w) k (x :: nil) (col_of (env_at w) x) = true) by (subst k; apply one_letter).
      rewrite (word_app (env_at w) (valid_at w) k0 pre k (x :: nil) _ Hp R). rewrite word_one by apply valid_at. rewrite mmul_assoc. change (size_of (env_at w)) with (size_at sizes). ring. }
    rewrite (double_ext _ _ _ _ (fun i j _ _ => S i j)), double_add. clear S. rewrite Rmult_plus_distr_r. f_equal.
    unfold dletter. destruct (kind (fst x)) as [b |] eqn:B.
    + destruct (places w x b B) as [P Q]. rewrite Q. rewrite P in E. subst k. cbn [poly_value fold_right fst snd]. rewrite Rplus_0_r.
      transitivity (K a b * (double row col (fun i j => word_value (env_at w) u r j i * trace (size_at sizes k0) (mmul (size_at sizes (if snd x then c else r)) (word_value (env_at w) pre (if snd x then c else r))
        (mmul (size_at sizes (if snd x then r else c)) (if snd x then unit j i else unit i j) (word_value (env_at w) v k0)))) * mono_value w rest)).
      { rewrite <- Rmult_assoc. f_equal. rewrite <- double_scal. apply double_ext. intros i j _ _. rewrite mmul_scal_l, mmul_scal_r, trace_scal. ring. }
      f_equal. rewrite Q in Hv. destruct (snd x).
      * rewrite outside_turned. cbn [mono_value fold_right]. fold (mono_value w rest). f_equal. unfold loop_value; cbn [fst snd].
        rewrite (word_app (env_at w) (valid_at w) c u r (v ++ pre) c HU) by (eapply fits_app; [exact Hv | exact Hp]).
        rewrite (word_app (env_at w) (valid_at w) r v k0 pre c Hv Hp). reflexivity.
      * rewrite outside_plain. cbn [mono_value fold_right]. fold (mono_value w rest). f_equal. unfold loop_value; cbn [fst snd].
        rewrite (word_app (env_at w) (valid_at w) r (flip u) c (v ++ pre) r) by (first [apply fits_flip; exact HU | eapply fits_app; [exact Hv | exact Hp]]).
        rewrite (word_app (env_at w) (valid_at w) c v k0 pre r Hv Hp). rewrite <- (word_flip (env_at w) (valid_at w) c u r HU). reflexivity.
    + rewrite double_zero. simpl. ring. intros. rewrite mmul_zero_l, mmul_zero_r, trace_zero. ring.
Qed.
End Agrees.
