(* Products of layers W_hi ... W_lo: their sizes, and where they are opened. *)
From TheoryCheck Require Export Matrices.
Open Scope R_scope.

(* W_hi ... W_lo for matrices W_l of sizes n_l x n_(l-1); the identity for hi = lo - 1. *)
Fixpoint chain_up (n : Z -> Z) (W : Z -> M) (lo : Z) (k : nat) : M :=
  match k with
  | O => eye (n (lo - 1)%Z)
  | S k' => mmul (n (lo + Z.of_nat k' - 1)%Z) (W (lo + Z.of_nat k')%Z) (chain_up n W lo k')
  end.
Definition chain (n : Z -> Z) (W : Z -> M) (hi lo : Z) : M := chain_up n W lo (Z.to_nat (hi - lo + 1)).
Definition put (W : Z -> M) (l : Z) (X : M) : Z -> M := fun k => if (k =? l)%Z then X else W k.

Lemma chain_up_rows n W lo k : (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> rows (n (lo - 1 + Z.of_nat k)%Z) (chain_up n W lo k).
Proof.
  intros H. destruct k; simpl chain_up.
  - replace (lo - 1 + Z.of_nat 0)%Z with (lo - 1)%Z by lia. apply rows_eye.
  - apply rows_mmul. replace (lo - 1 + Z.of_nat (S k))%Z with (lo + Z.of_nat k)%Z by lia. apply H.
Qed.
Lemma chain_up_cols n W lo k : (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> cols (n (lo - 1)%Z) (chain_up n W lo k).
Proof. intros H. induction k; simpl. apply cols_eye. now apply cols_mmul. Qed.
Lemma chain_rows n W m hi lo : (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> (lo <= hi + 1)%Z -> m = n hi -> rows m (chain n W hi lo).
Proof.
  intros H Hl ->. unfold chain. replace (n hi) with (n (lo - 1 + Z.of_nat (Z.to_nat (hi - lo + 1)))%Z) by (f_equal; lia).
  now apply chain_up_rows.
Qed.
Lemma chain_cols n W m hi lo : (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> m = n (lo - 1)%Z -> cols m (chain n W hi lo).
Proof. intros H ->. now apply chain_up_cols. Qed.

Lemma chain_empty n W hi lo : hi = (lo - 1)%Z -> chain n W hi lo = eye (n hi).
Proof. intros ->. unfold chain. replace (Z.to_nat (lo - 1 - lo + 1)) with O by lia. reflexivity. Qed.
Lemma chain_top n W hi lo : (lo <= hi)%Z -> chain n W hi lo = mmul (n (hi - 1)%Z) (W hi) (chain n W (hi - 1) lo).
Proof.
  intros H. unfold chain. replace (Z.to_nat (hi - lo + 1)) with (S (Z.to_nat (hi - 1 - lo + 1))) by lia. simpl.
  replace (lo + Z.of_nat (Z.to_nat (hi - 1 - lo + 1)))%Z with hi by lia. reflexivity.
Qed.
Lemma chain_one n W l : cols (n (l - 1)%Z) (W l) -> chain n W l l = W l.
Proof. intros H. rewrite chain_top by lia. rewrite chain_empty by lia. now apply eye_r. Qed.
Lemma chain_split n W m hi lo :
  (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> (lo <= m + 1)%Z -> (m <= hi)%Z ->
  chain n W hi lo = mmul (n m) (chain n W hi (m + 1)) (chain n W m lo).
Proof.
  intros H Hl Hh. remember (Z.to_nat (hi - m)) as k eqn:E. revert hi Hh E. induction k; intros.
  - assert (hi = m) by lia; subst hi. rewrite (chain_empty n W m (m + 1)) by lia.
    symmetry; apply eye_l. now apply chain_rows.
  - rewrite (chain_top n W hi lo), (chain_top n W hi (m + 1)) by lia.
    rewrite (IHk (hi - 1)%Z) by lia. now rewrite mmul_assoc.
Qed.
Lemma chain_cut n W m k hi lo :
  (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> k = (m + 1)%Z -> (lo <= m + 1)%Z -> (m <= hi)%Z ->
  chain n W hi lo = mmul (n m) (chain n W hi k) (chain n W m lo).
Proof. intros H -> Hl Hh. now apply chain_split. Qed.
Lemma chain_single n W hi lo : (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> hi = lo -> chain n W hi lo = W hi.
Proof. intros H <-. apply chain_one. apply H. Qed.
Lemma chain_ext n V W hi lo : (forall l, (lo <= l <= hi)%Z -> V l = W l) -> chain n V hi lo = chain n W hi lo.
Proof.
  intros H. unfold chain. assert (G : forall k, (Z.of_nat k <= hi - lo + 1)%Z -> chain_up n V lo k = chain_up n W lo k).
  - induction k; intros; simpl; auto. rewrite IHk by lia. rewrite H by lia. reflexivity.
  - destruct (Z_le_gt_dec 0 (hi - lo + 1)). apply G; lia. replace (Z.to_nat (hi - lo + 1)) with O by lia. reflexivity.
Qed.
Lemma chain_put n W l X hi lo :
  (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> sized (n l) (n (l - 1)%Z) X -> (lo <= l <= hi)%Z ->
  chain n (put W l X) hi lo = mmul (n l) (chain n W hi (l + 1)) (mmul (n (l - 1)%Z) X (chain n W (l - 1) lo)).
Proof.
  intros H HX Hl. assert (HP : forall k, sized (n k) (n (k - 1)%Z) (put W l X k)).
  { intros k; unfold put. destruct (Z.eqb_spec k l) as [-> |]; auto. }
  rewrite (chain_split n _ l) by (auto; lia). rewrite (chain_top n _ l lo) by lia.
  unfold put at 2. rewrite Z.eqb_refl.
  rewrite (chain_ext n (put W l X) W hi), (chain_ext n (put W l X) W (l - 1)); auto;
    intros k Hk; unfold put; destruct (Z.eqb_spec k l); auto; lia.
Qed.
Lemma chain_at n W l a b X hi lo :
  (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> sized (n l) (n (l - 1)%Z) X -> (lo <= l <= hi)%Z -> a = (l + 1)%Z -> b = (l - 1)%Z ->
  chain n (put W l X) hi lo = mmul (n l) (chain n W hi a) (mmul (n b) X (chain n W b lo)).
Proof. intros H HX Hl -> ->. now apply chain_put. Qed.
Lemma chain_open n W l a b hi lo :
  (forall l, sized (n l) (n (l - 1)%Z) (W l)) -> (lo <= l <= hi)%Z -> a = (l + 1)%Z -> b = (l - 1)%Z ->
  mmul (n l) (chain n W hi a) (mmul (n b) (W l) (chain n W b lo)) = chain n W hi lo.
Proof.
  intros H Hl -> ->. rewrite <- chain_put by auto. apply chain_ext. intros k _. unfold put. destruct (Z.eqb_spec k l); congruence.
Qed.
Lemma mmul_eq k A B C D : A = C -> B = D -> mmul k A B = mmul k C D.
Proof. now intros -> ->. Qed.
Lemma put_out W l X k : k <> l -> put W l X k = W k.
Proof. intros H; unfold put. destruct (Z.eqb_spec k l); congruence. Qed.
Lemma put_in W l X : put W l X l = X.
Proof. unfold put. now rewrite Z.eqb_refl. Qed.
