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
Fixpoint product (k : nat) (f : nat -> R) : R := match k with O => 1 | S k' => product k' f * f k' end.
Definition zprod (lo hi : Z) (f : Z -> R) : R := product (Z.to_nat (hi - lo + 1)) (fun k => f (lo + Z.of_nat k)%Z).
Definition msum (lo hi : Z) (f : Z -> M) : M := fun i j => zsum lo hi (fun k => f k i j).

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

Lemma zsum_last lo hi f : (lo <= hi)%Z -> zsum lo hi f = zsum lo (hi - 1) f + f hi.
Proof.
  intros H. unfold zsum. replace (Z.to_nat (hi - lo + 1)) with (S (Z.to_nat (hi - 1 - lo + 1))) by lia. simpl.
  f_equal. f_equal. lia.
Qed.
Lemma zsum_empty lo hi f : (hi < lo)%Z -> zsum lo hi f = 0.
Proof. intros H. unfold zsum. replace (Z.to_nat (hi - lo + 1)) with O by lia. reflexivity. Qed.
Lemma zprod_last lo hi f : (lo <= hi)%Z -> zprod lo hi f = zprod lo (hi - 1) f * f hi.
Proof.
  intros H. unfold zprod. replace (Z.to_nat (hi - lo + 1)) with (S (Z.to_nat (hi - 1 - lo + 1))) by lia. simpl.
  f_equal. f_equal. lia.
Qed.
Lemma zprod_empty lo hi f : (hi < lo)%Z -> zprod lo hi f = 1.
Proof. intros H. unfold zprod. replace (Z.to_nat (hi - lo + 1)) with O by lia. reflexivity. Qed.
Lemma zprod_one lo hi f : hi = lo -> zprod lo hi f = f hi.
Proof. intros ->. rewrite zprod_last, zprod_empty by lia. ring. Qed.
Lemma zsum_one lo hi f : hi = lo -> zsum lo hi f = f hi.
Proof. intros ->. rewrite zsum_last, zsum_empty by lia. ring. Qed.
Lemma zsum_equal lo hi k c : (lo <= hi + 1)%Z -> k = (hi - lo + 1)%Z -> zsum lo hi (fun _ => c) = IZR k * c.
Proof. intros H ->. rewrite zsum_const by exact H. rewrite plus_IZR, minus_IZR. ring. Qed.
Lemma zprod_pos lo hi f : (forall i, (lo <= i)%Z -> (i <= hi)%Z -> 0 < f i) -> 0 < zprod lo hi f.
Proof.
  intros H. unfold zprod. assert (G : forall k, (Z.of_nat k <= hi - lo + 1)%Z -> 0 < product k (fun k => f (lo + Z.of_nat k)%Z)).
  { induction k; intros K; simpl. lra. apply Rmult_lt_0_compat; [apply IHk; lia | apply H; lia]. }
  destruct (Z_le_gt_dec 0 (hi - lo + 1)). apply G; lia. replace (Z.to_nat (hi - lo + 1)) with O by lia. simpl; lra.
Qed.
Lemma total_member k f j : (forall i, (i < k)%nat -> 0 <= f i) -> (j < k)%nat -> f j <= total k f.
Proof.
  induction k; simpl; intros H Hj. lia. assert (0 <= f k) by (apply H; lia). assert (0 <= total k f) by (apply total_ge0; auto).
  destruct (Nat.eq_dec j k) as [-> |]. lra. assert (f j <= total k f) by (apply IHk; auto; lia). lra.
Qed.
Lemma zsum_member lo hi f j : (forall i, (lo <= i)%Z -> (i <= hi)%Z -> 0 <= f i) -> (lo <= j)%Z -> (j <= hi)%Z -> f j <= zsum lo hi f.
Proof.
  intros H Hl Hh. unfold zsum. replace (f j) with (f (lo + Z.of_nat (Z.to_nat (j - lo)))%Z) by (f_equal; lia).
  apply (total_member _ (fun k => f (lo + Z.of_nat k)%Z)). intros; apply H; lia. lia.
Qed.
Lemma zsum_ge0 lo hi f : (forall i, (lo <= i)%Z -> (i <= hi)%Z -> 0 <= f i) -> 0 <= zsum lo hi f.
Proof. intros H. unfold zsum. apply total_ge0. intros. apply H; lia. Qed.

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
