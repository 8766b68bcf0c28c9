(* Real matrices of symbolic sizes, products of layers, gradients: what the lemmas of theorycheck are written in.

   A matrix is a function of two indices that vanishes outside its sizes (`sized m n A`); sizes and indices of layers are integers.
   Nothing is assumed here: every lemma is proved, from the axioms of Coq's real numbers and functional extensionality. *)
From Coq Require Export Reals ZArith Lia Lra.
From Coq Require Import FunctionalExtensionality Bool Arith.
From Coquelicot Require Export Coquelicot.
Open Scope R_scope.

Definition M := nat -> nat -> R.

Fixpoint total (k : nat) (f : nat -> R) : R := match k with O => 0 | S k' => total k' f + f k' end.

Definition madd (A B : M) : M := fun i j => A i j + B i j.
Definition mopp (A : M) : M := fun i j => - A i j.
Definition mscal (c : R) (A : M) : M := fun i j => c * A i j.
Definition mmul (k : Z) (A B : M) : M := fun i j => total (Z.to_nat k) (fun l => A i l * B l j).
Definition mtr (A : M) : M := fun i j => A j i.
Definition eye (m : Z) : M := fun i j => if ((i =? j) && (i <? Z.to_nat m))%nat then 1 else 0.
Definition mzero : M := fun _ _ => 0.
Definition trace (m : Z) (A : M) : R := total (Z.to_nat m) (fun i => A i i).
Definition inner (m n : Z) (A B : M) : R := trace n (mmul m (mtr A) B).
Definition norm (m n : Z) (A : M) : R := sqrt (inner m n A A).
Definition rows (m : Z) (A : M) := forall i j, (Z.to_nat m <= i)%nat -> A i j = 0.
Definition cols (n : Z) (A : M) := forall i j, (Z.to_nat n <= j)%nat -> A i j = 0.
Definition sized (m n : Z) (A : M) := rows m A /\ cols n A.
Definition psd (m : Z) (A : M) := forall x, sized m 1 x -> 0 <= inner m 1 x (mmul m A x).

(* Sums over lo .. hi, empty for hi < lo. *)
Definition zsum (lo hi : Z) (f : Z -> R) : R := total (Z.to_nat (hi - lo + 1)) (fun k => f (lo + Z.of_nat k)%Z).

(* W_hi ... W_lo for matrices W_l of sizes n_l x n_(l-1); the identity for hi = lo - 1. *)
Fixpoint chain_up (n : Z -> Z) (W : Z -> M) (lo : Z) (k : nat) : M :=
  match k with
  | O => eye (n (lo - 1)%Z)
  | S k' => mmul (n (lo + Z.of_nat k' - 1)%Z) (W (lo + Z.of_nat k')%Z) (chain_up n W lo k')
  end.
Definition chain (n : Z -> Z) (W : Z -> M) (hi lo : Z) : M := chain_up n W lo (Z.to_nat (hi - lo + 1)).
Definition put (W : Z -> M) (l : Z) (X : M) : Z -> M := fun k => if (k =? l)%Z then X else W k.

(* The derivative of a path of matrices, and the gradient of a function: its derivative along every path through X. *)
Definition mderive (p : R -> M) (t : R) (D : M) := forall i j, is_derive (fun s => p s i j) t (D i j).
Definition is_gradient (m n : Z) (f : M -> R) (X G : M) :=
  sized m n G /\
  forall (p : R -> M) (D : M) (t : R), (forall s, sized m n (p s)) -> p t = X -> sized m n D -> mderive p t D -> is_derive (fun s => f (p s)) t (inner m n G D).

(* --- sums ------------------------------------------------------------------------------------------------------------ *)
Lemma total_ext k f g : (forall i, (i < k)%nat -> f i = g i) -> total k f = total k g.
Proof. induction k; simpl; intros H; auto. rewrite IHk by auto. now rewrite H by lia. Qed.
Lemma total_add k f g : total k (fun i => f i + g i) = total k f + total k g.
Proof. induction k; simpl; [lra | rewrite IHk; lra]. Qed.
Lemma total_scal k c f : total k (fun i => c * f i) = c * total k f.
Proof. induction k; simpl; [lra | rewrite IHk; lra]. Qed.
Lemma total_scal_r k c f : total k (fun i => f i * c) = total k f * c.
Proof. induction k; simpl; [lra | rewrite IHk; lra]. Qed.
Lemma total_opp k f : total k (fun i => - f i) = - total k f.
Proof. induction k; simpl; [lra | rewrite IHk; lra]. Qed.
Lemma total_zero k f : (forall i, (i < k)%nat -> f i = 0) -> total k f = 0.
Proof. induction k; simpl; intros H; auto. rewrite IHk by auto. rewrite H by lia. lra. Qed.
Lemma total_swap k p f : total k (fun i => total p (fun j => f i j)) = total p (fun j => total k (fun i => f i j)).
Proof.
  induction k; simpl. symmetry; apply total_zero; auto.
  rewrite IHk, <- total_add. reflexivity.
Qed.
Lemma total_one k f i : (i < k)%nat -> (forall j, (j < k)%nat -> j <> i -> f j = 0) -> total k f = f i.
Proof.
  induction k; simpl; intros Hi H. lia.
  destruct (Nat.eq_dec i k) as [-> | Hne].
  - rewrite total_zero. lra. intros j Hj. apply H; lia.
  - rewrite (H k) by lia. rewrite IHk; try lia. lra. intros; apply H; lia.
Qed.
Lemma total_ge0 k f : (forall i, (i < k)%nat -> 0 <= f i) -> 0 <= total k f.
Proof. induction k; simpl; intros H. lra. assert (0 <= total k f) by auto. assert (0 <= f k) by (apply H; lia). lra. Qed.
Lemma total_eq0 k f : (forall i, (i < k)%nat -> 0 <= f i) -> total k f = 0 -> forall i, (i < k)%nat -> f i = 0.
Proof.
  induction k; simpl; intros H H0 i Hi. lia.
  assert (0 <= total k f) by (apply total_ge0; auto). assert (0 <= f k) by (apply H; lia).
  destruct (Nat.eq_dec i k) as [-> |]. lra. apply IHk; auto; try lia. lra.
Qed.
Lemma total_const k c : total k (fun _ => c) = INR k * c.
Proof. induction k. simpl; lra. rewrite S_INR. change (total k (fun _ => c) + c = (INR k + 1) * c). rewrite IHk. lra. Qed.

Lemma zsum_eq lo hi f g : (forall i, (lo <= i)%Z -> (i <= hi)%Z -> f i = g i) -> zsum lo hi f = zsum lo hi g.
Proof. intros H. unfold zsum. apply total_ext. intros. apply H; lia. Qed.
Lemma total_le k f g : (forall i, (i < k)%nat -> f i <= g i) -> total k f <= total k g.
Proof. induction k; simpl; intros H. lra. assert (f k <= g k) by (apply H; lia). assert (total k f <= total k g) by auto. lra. Qed.
Lemma zsum_le lo hi f g : (forall i, (lo <= i)%Z -> (i <= hi)%Z -> f i <= g i) -> zsum lo hi f <= zsum lo hi g.
Proof. intros H. unfold zsum. apply total_le. intros. apply H; lia. Qed.
Lemma zsum_add lo hi f g : zsum lo hi (fun i => f i + g i) = zsum lo hi f + zsum lo hi g.
Proof. unfold zsum. apply total_add. Qed.
Lemma zsum_scal lo hi c f : zsum lo hi (fun i => c * f i) = c * zsum lo hi f.
Proof. unfold zsum. apply (total_scal _ c (fun k => f (lo + Z.of_nat k)%Z)). Qed.
Lemma zsum_scal_r lo hi c f : zsum lo hi (fun i => f i * c) = zsum lo hi f * c.
Proof. unfold zsum. apply (total_scal_r _ c (fun k => f (lo + Z.of_nat k)%Z)). Qed.
Lemma zsum_const lo hi c : (lo <= hi + 1)%Z -> zsum lo hi (fun _ => c) = (IZR hi - IZR lo + 1) * c.
Proof.
  intros H. unfold zsum. rewrite total_const, INR_IZR_INZ, Z2Nat.id by lia. rewrite plus_IZR, minus_IZR. ring.
Qed.
Lemma zsum_opp lo hi f : zsum lo hi (fun i => - f i) = - zsum lo hi f.
Proof. unfold zsum. apply (total_opp _ (fun k => f (lo + Z.of_nat k)%Z)). Qed.
Lemma zsum_sub lo hi f g : zsum lo hi (fun i => f i - g i) = zsum lo hi f - zsum lo hi g.
Proof. unfold Rminus. rewrite zsum_add, zsum_opp. reflexivity. Qed.
Lemma zsum_div lo hi c f : zsum lo hi (fun i => f i / c) = zsum lo hi f / c.
Proof. unfold Rdiv. apply zsum_scal_r. Qed.

(* --- algebra of matrices --------------------------------------------------------------------------------------------- *)
Lemma mat_ext (A B : M) : (forall i j, A i j = B i j) -> A = B.
Proof. intros H. extensionality i. extensionality j. apply H. Qed.
Ltac entries := apply mat_ext; intros i j; unfold madd, mopp, mscal, mmul, mtr, mzero.
Lemma madd_ij A B i j : madd A B i j = A i j + B i j. Proof. reflexivity. Qed.
Lemma mopp_ij A i j : mopp A i j = - A i j. Proof. reflexivity. Qed.
Lemma mscal_ij c A i j : mscal c A i j = c * A i j. Proof. reflexivity. Qed.
Lemma mzero_ij i j : mzero i j = 0. Proof. reflexivity. Qed.
Lemma mmul_assoc p k A B C : mmul p (mmul k A B) C = mmul k A (mmul p B C).
Proof.
  entries.
  transitivity (total (Z.to_nat p) (fun l => total (Z.to_nat k) (fun h => A i h * B h l * C l j))).
  apply total_ext; intros; now rewrite total_scal_r.
  rewrite total_swap. apply total_ext; intros. rewrite <- total_scal. apply total_ext; intros; ring.
Qed.
Lemma mmul_add_l k A B C : mmul k (madd A B) C = madd (mmul k A C) (mmul k B C).
Proof. entries. rewrite <- total_add. apply total_ext; intros; ring. Qed.
Lemma mmul_add_r k A B C : mmul k A (madd B C) = madd (mmul k A B) (mmul k A C).
Proof. entries. rewrite <- total_add. apply total_ext; intros; ring. Qed.
Lemma mmul_opp_l k A B : mmul k (mopp A) B = mopp (mmul k A B).
Proof. entries. rewrite <- total_opp. apply total_ext; intros; ring. Qed.
Lemma mmul_opp_r k A B : mmul k A (mopp B) = mopp (mmul k A B).
Proof. entries. rewrite <- total_opp. apply total_ext; intros; ring. Qed.
Lemma mmul_scal_l k c A B : mmul k (mscal c A) B = mscal c (mmul k A B).
Proof. entries. rewrite <- total_scal. apply total_ext; intros; ring. Qed.
Lemma mmul_scal_r k c A B : mmul k A (mscal c B) = mscal c (mmul k A B).
Proof. entries. rewrite <- total_scal. apply total_ext; intros; ring. Qed.
Lemma mmul_zero_l k A : mmul k mzero A = mzero.
Proof. entries. apply total_zero; intros; ring. Qed.
Lemma mmul_zero_r k A : mmul k A mzero = mzero.
Proof. entries. apply total_zero; intros; ring. Qed.
Lemma mtr_mmul k A B : mtr (mmul k A B) = mmul k (mtr B) (mtr A).
Proof. entries. apply total_ext; intros; ring. Qed.
Lemma mtr_add A B : mtr (madd A B) = madd (mtr A) (mtr B). Proof. reflexivity. Qed.
Lemma mtr_opp A : mtr (mopp A) = mopp (mtr A). Proof. reflexivity. Qed.
Lemma mtr_scal c A : mtr (mscal c A) = mscal c (mtr A). Proof. reflexivity. Qed.
Lemma mtr_tr A : mtr (mtr A) = A. Proof. reflexivity. Qed.
Lemma mtr_zero : mtr mzero = mzero. Proof. reflexivity. Qed.
Lemma mtr_eye m : mtr (eye m) = eye m.
Proof.
  apply mat_ext; intros i j; unfold mtr, eye. rewrite Nat.eqb_sym.
  destruct (Nat.eqb_spec i j) as [-> |]; reflexivity.
Qed.
Lemma mscal_add c A B : mscal c (madd A B) = madd (mscal c A) (mscal c B). Proof. entries; ring. Qed.
Lemma mscal_opp c A : mscal c (mopp A) = mopp (mscal c A). Proof. entries; ring. Qed.
Lemma mscal_scal c d A : mscal c (mscal d A) = mscal (c * d) A. Proof. entries; ring. Qed.
Lemma eye_l m A : rows m A -> mmul m (eye m) A = A.
Proof.
  intros H. apply mat_ext; intros i j; unfold mmul, eye.
  destruct (Nat.ltb_spec i (Z.to_nat m)) as [Hi | Hi].
  - rewrite (total_one _ _ i Hi). rewrite Nat.eqb_refl; simpl; ring.
    intros l _ Hl. destruct (Nat.eqb_spec i l); [congruence | simpl; ring].
  - rewrite (H i j Hi). apply total_zero; intros. rewrite andb_false_r; ring.
Qed.
Lemma eye_r n A : cols n A -> mmul n A (eye n) = A.
Proof.
  intros H. rewrite <- (mtr_tr (mmul n A (eye n))), mtr_mmul, mtr_eye, eye_l; auto.
  intros i j Hi; apply (H j i Hi).
Qed.
Lemma rows_add m A B : rows m A -> rows m B -> rows m (madd A B).
Proof. intros HA HB i j H. rewrite madd_ij, HA, HB; auto; ring. Qed.
Lemma cols_add m A B : cols m A -> cols m B -> cols m (madd A B).
Proof. intros HA HB i j H. rewrite madd_ij, HA, HB; auto; ring. Qed.
Lemma rows_opp m A : rows m A -> rows m (mopp A).
Proof. intros HA i j H. rewrite mopp_ij, HA; auto; ring. Qed.
Lemma cols_opp m A : cols m A -> cols m (mopp A).
Proof. intros HA i j H. rewrite mopp_ij, HA; auto; ring. Qed.
Lemma rows_scal m c A : rows m A -> rows m (mscal c A).
Proof. intros HA i j H. rewrite mscal_ij, HA; auto; ring. Qed.
Lemma cols_scal m c A : cols m A -> cols m (mscal c A).
Proof. intros HA i j H. rewrite mscal_ij, HA; auto; ring. Qed.
Lemma rows_mmul m k A B : rows m A -> rows m (mmul k A B).
Proof. intros HA i j H. apply total_zero; intros. rewrite HA; auto; ring. Qed.
Lemma cols_mmul m k A B : cols m B -> cols m (mmul k A B).
Proof. intros HA i j H. apply total_zero; intros. rewrite HA; auto; ring. Qed.
Lemma rows_tr m A : cols m A -> rows m (mtr A). Proof. intros H i j; apply H. Qed.
Lemma cols_tr m A : rows m A -> cols m (mtr A). Proof. intros H i j; apply H. Qed.
Lemma rows_zero m : rows m mzero. Proof. intros i j H; reflexivity. Qed.
Lemma cols_zero m : cols m mzero. Proof. intros i j H; reflexivity. Qed.
Lemma rows_eye m : rows m (eye m).
Proof. intros i j H; unfold eye. destruct (Nat.ltb_spec i (Z.to_nat m)); [lia | rewrite andb_false_r; reflexivity]. Qed.
Lemma cols_eye m : cols m (eye m).
Proof. intros i j H. rewrite <- mtr_eye. now apply rows_eye. Qed.
Lemma sized_rows m n A : sized m n A -> rows m A. Proof. intros [H _]; exact H. Qed.
Lemma sized_cols m n A : sized m n A -> cols n A. Proof. intros [_ H]; exact H. Qed.
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

(* --- products of layers ---------------------------------------------------------------------------------------------- *)
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
