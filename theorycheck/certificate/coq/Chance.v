(* Expectations of polynomials in the entries of random layers with independent Gaussian entries, by integration by parts. *)
From Coq Require Import FunctionalExtensionality.
From TheoryCheck Require Export Tactics.
Import ListNotations.
Local Transparent total mmul mtr trace chain madd mzero eye.
Open Scope R_scope.

(* --- what is assumed of an expectation ---------------------------------------------------------------------------------
   V a w l is layer l of network a at the outcome w. The entries of layer l are independent of each other and of other layers;
   entries (i, j) of layer l of the networks a and b have the covariance K a b. `derives a l i j F D`: F is a polynomial in
   entries, and D is the sum, over the entries x that F is made of, of the covariance of x with V a l i j, times dF/dx. *)
Section Assumed.
Variables (Omega : Type) (K : nat -> nat -> R) (V : nat -> Omega -> Z -> M).
Inductive derives (a : nat) (l : Z) (i j : nat) : (Omega -> R) -> (Omega -> R) -> Prop :=
  | of_number c : derives a l i j (fun _ => c) (fun _ => 0)
  | of_entry b k p q : derives a l i j (fun w => V b w k p q) (fun _ => if ((k =? l)%Z && (p =? i)%nat && (q =? j)%nat)%bool then K a b else 0)
  | of_sum F G D D' : derives a l i j F D -> derives a l i j G D' -> derives a l i j (fun w => F w + G w) (fun w => D w + D' w)
  | of_product F G D D' : derives a l i j F D -> derives a l i j G D' -> derives a l i j (fun w => F w * G w) (fun w => D w * G w + F w * D' w).
Definition poly (F : Omega -> R) := forall a l i j, exists D, derives a l i j F D.
Record gaussian (n : Z -> Z) (E : (Omega -> R) -> R) : Prop := {
  layers_sized : forall a w l, sized (n l) (n (l - 1)%Z) (V a w l);
  mean_of_one : E (fun _ => 1) = 1;
  mean_of_sum : forall F G, poly F -> poly G -> E (fun w => F w + G w) = E F + E G;
  mean_of_multiple : forall c F, poly F -> E (fun w => c * F w) = c * E F;
  by_parts : forall a l i j F D, (i < Z.to_nat (n l))%nat -> (j < Z.to_nat (n (l - 1)%Z))%nat ->
    derives a l i j F D -> E (fun w => V a w l i j * F w) = E D;
  independent : forall F G, poly F -> poly G ->
    (forall l, (forall a i j, derives a l i j F (fun _ => 0)) \/ (forall a i j, derives a l i j G (fun _ => 0))) ->
    E (fun w => F w * G w) = E F * E G }.
End Assumed.
Arguments derives {Omega}. Arguments poly {Omega}. Arguments gaussian {Omega}.
Arguments of_number {Omega}. Arguments of_entry {Omega}. Arguments of_sum {Omega}. Arguments of_product {Omega}.

Section Polynomials.
Context {Omega : Type} {K : nat -> nat -> R} {V : nat -> Omega -> Z -> M}.
Notation der := (derives K V).
Lemma der_eq a l i j (F G D D' : Omega -> R) : der a l i j F D -> (forall w, F w = G w) -> (forall w, D w = D' w) -> der a l i j G D'.
Proof.
  intros H HF HD. replace G with F by (extensionality w; auto). replace D' with D by (extensionality w; auto). exact H.
Qed.
Lemma der_total a l i j m (f d : nat -> Omega -> R) :
  (forall k, der a l i j (f k) (d k)) -> der a l i j (fun w => total m (fun k => f k w)) (fun w => total m (fun k => d k w)).
Proof. intros H. induction m; simpl. apply of_number. apply (of_sum K V a l i j _ _ _ _ IHm (H m)). Qed.
Lemma poly_number c : poly K V (fun _ => c).
Proof. intros a l i j. eexists. apply of_number. Qed.
Lemma poly_entry b k p q : poly K V (fun w => V b w k p q).
Proof. intros a l i j. eexists. apply of_entry. Qed.
Lemma poly_add F G : poly K V F -> poly K V G -> poly K V (fun w => F w + G w).
Proof. intros HF HG a l i j. destruct (HF a l i j) as [D H], (HG a l i j) as [D' H']. eexists. apply of_sum; eassumption. Qed.
Lemma poly_mul F G : poly K V F -> poly K V G -> poly K V (fun w => F w * G w).
Proof. intros HF HG a l i j. destruct (HF a l i j) as [D H], (HG a l i j) as [D' H']. eexists. apply of_product; eassumption. Qed.
Lemma poly_total m (f : nat -> Omega -> R) : (forall k, poly K V (f k)) -> poly K V (fun w => total m (fun k => f k w)).
Proof. intros H. induction m; simpl. apply poly_number. apply (poly_add _ _ IHm (H m)). Qed.
Lemma poly_scal c F : poly K V F -> poly K V (fun w => c * F w).
Proof. apply poly_mul, poly_number. Qed.
(* What a derivation yields is a polynomial. *)
Lemma der_poly a l i j F D : der a l i j F D -> poly K V F /\ poly K V D.
Proof.
  induction 1 as [c | b k p q | F G D D' _ [F1 D1] _ [G1 D2] | F G D D' _ [F1 D1] _ [G1 D2]]; split;
    eauto using poly_number, poly_entry, poly_add, poly_mul.
Qed.
(* Matrices of polynomials, and those that do not depend on layer l. *)
Definition mpoly (A : Omega -> M) := forall p q, poly K V (fun w => A w p q).
Definition apart_from l (A : Omega -> M) := forall a i j p q, der a l i j (fun w => A w p q) (fun _ => 0).
Definition mder a l i j (A D : Omega -> M) := forall p q, der a l i j (fun w => A w p q) (fun w => D w p q).
Lemma mder_mul a l i j k A B D D' : mder a l i j A D -> mder a l i j B D' ->
  mder a l i j (fun w => mmul k (A w) (B w)) (fun w => madd (mmul k (D w) (B w)) (mmul k (A w) (D' w))).
Proof.
  intros HA HB p q. eapply der_eq; [apply (der_total a l i j (Z.to_nat k) (fun r w => A w p r * B w r q)); intros r; apply of_product; [apply HA | apply HB] | reflexivity |].
  intros w. cbv beta. rewrite madd_ij. unfold mmul. rewrite <- total_add. reflexivity.
Qed.
Lemma apart_mul l k A B : apart_from l A -> apart_from l B -> apart_from l (fun w => mmul k (A w) (B w)).
Proof.
  intros HA HB a i j p q. eapply der_eq; [apply (mder_mul a l i j k A B (fun _ => mzero) (fun _ => mzero)); intros p' q'; [apply HA | apply HB] | reflexivity |].
  intros w. cbv beta. now rewrite mmul_zero_l, mmul_zero_r, madd_ij, mzero_ij, Rplus_0_r.
Qed.
Lemma apart_constant l A : apart_from l (fun _ => A).
Proof. intros a i j p q. apply of_number. Qed.
Lemma apart_layer l b k : k <> l -> apart_from l (fun w => V b w k).
Proof.
  intros N a i j p q. eapply der_eq; [apply (of_entry K V a l i j b k p q) | reflexivity |]. intros w. cbv beta.
  destruct (Z.eqb_spec k l); [congruence | reflexivity].
Qed.
Lemma apart_chain l b n hi lo : ((l < lo) \/ (hi < l))%Z -> apart_from l (fun w => chain n (V b w) hi lo).
Proof.
  intros H. unfold chain.
  assert (G : forall k, (Z.of_nat k <= hi - lo + 1)%Z -> apart_from l (fun w => chain_up n (V b w) lo k)).
  - induction k; intros L; simpl. apply apart_constant. apply apart_mul; [apply apart_layer; lia | apply IHk; lia].
  - destruct (Z_le_gt_dec 0 (hi - lo + 1)); [apply G; lia |]. replace (Z.to_nat (hi - lo + 1)) with O by lia. exact (apart_constant l (eye (n (lo - 1)%Z))).
Qed.
Lemma mpoly_constant A : mpoly (fun _ => A).
Proof. intros p q. apply poly_number. Qed.
Lemma mpoly_mul k A B : mpoly A -> mpoly B -> mpoly (fun w => mmul k (A w) (B w)).
Proof.
  intros HA HB p q a l i j. destruct (poly_total (Z.to_nat k) (fun r w => A w p r * B w r q) (fun r => poly_mul _ _ (HA p r) (HB r q)) a l i j) as [D H].
  exists D. eapply der_eq; [exact H | | reflexivity]. intros w. unfold mmul. reflexivity.
Qed.
Lemma mpoly_tr A : mpoly A -> mpoly (fun w => mtr (A w)).
Proof. intros H p q. unfold mtr. apply H. Qed.
Lemma mpoly_layer b k : mpoly (fun w => V b w k).
Proof. intros p q. apply poly_entry. Qed.
Lemma mpoly_chain b n hi lo : mpoly (fun w => chain n (V b w) hi lo).
Proof.
  unfold chain. induction (Z.to_nat (hi - lo + 1)); simpl. apply mpoly_constant. apply mpoly_mul; auto using mpoly_layer.
Qed.
Lemma poly_trace m A : mpoly A -> poly K V (fun w => trace m (A w)).
Proof.
  intros H a l i j. destruct (poly_total (Z.to_nat m) (fun r w => A w r r) (fun r => H r r) a l i j) as [D G].
  exists D. eapply der_eq; [exact G | | reflexivity]. intros w. unfold trace. reflexivity.
Qed.
End Polynomials.
