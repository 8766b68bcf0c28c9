(* Integration by parts for traces of words: one letter of a random layer is contracted with all others of the same layer. *)
From Coq Require Import FunctionalExtensionality.
From TheoryCheck Require Export Chance.
Import ListNotations.
Local Transparent total mmul mtr trace chain madd mscal mzero eye.
Open Scope R_scope.

Definition unit (i j : nat) : M := fun p q => if ((p =? i) && (q =? j))%nat then 1 else 0.
Lemma unit_left c i j Q p q : (j < Z.to_nat c)%nat -> mmul c (unit i j) Q p q = (if (p =? i)%nat then 1 else 0) * Q j q.
Proof.
  intros H. unfold mmul, unit. rewrite (total_one _ _ j H).
  - rewrite Nat.eqb_refl, andb_true_r. reflexivity.
  - intros t _ N. destruct (Nat.eqb_spec t j); [congruence |]. rewrite andb_false_r. ring.
Qed.
Lemma unit_between r c i j P Q p q : (i < Z.to_nat r)%nat -> (j < Z.to_nat c)%nat ->
  mmul r P (mmul c (unit i j) Q) p q = P p i * Q j q.
Proof.
  intros Hi Hj. unfold mmul at 1. rewrite (total_one _ _ i Hi).
  - rewrite unit_left by exact Hj. rewrite Nat.eqb_refl. ring.
  - intros s _ N. rewrite unit_left by exact Hj. destruct (Nat.eqb_spec s i); [congruence |]. ring.
Qed.
Definition double (r c : Z) (f : nat -> nat -> R) : R := total (Z.to_nat r) (fun i => total (Z.to_nat c) (fun j => f i j)).
Lemma double_ext r c f g : (forall i j, (i < Z.to_nat r)%nat -> (j < Z.to_nat c)%nat -> f i j = g i j) -> double r c f = double r c g.
Proof. intros H. unfold double. apply total_ext; intros. apply total_ext; intros. now apply H. Qed.
Lemma double_add r c f g : double r c (fun i j => f i j + g i j) = double r c f + double r c g.
Proof. unfold double. rewrite <- total_add. apply total_ext; intros. now rewrite total_add. Qed.
Lemma double_scal r c k f : double r c (fun i j => k * f i j) = k * double r c f.
Proof. unfold double. rewrite <- total_scal. apply total_ext; intros. now rewrite total_scal. Qed.
Lemma double_zero r c f : (forall i j, (i < Z.to_nat r)%nat -> (j < Z.to_nat c)%nat -> f i j = 0) -> double r c f = 0.
Proof. intros H. unfold double. apply total_zero; intros. apply total_zero; auto. Qed.
Lemma inside_plain r c P Q : double r c (fun i j => mmul r P (mmul c (unit i j) Q) j i) = trace r (mmul c (mtr P) Q).
Proof. erewrite double_ext; [| intros; apply unit_between; assumption]. reflexivity. Qed.
Lemma inside_turned r c P Q : double r c (fun i j => mmul c P (mmul r (unit j i) Q) j i) = trace c P * trace r Q.
Proof.
  erewrite double_ext; [| intros; apply unit_between; assumption]. unfold double, trace.
  transitivity (total (Z.to_nat r) (fun i => total (Z.to_nat c) (fun j => P j j) * Q i i)).
  - apply total_ext; intros. apply total_scal_r.
  - rewrite total_scal. reflexivity.
Qed.
Lemma trace_unit k r c i j P Q : (i < Z.to_nat r)%nat -> (j < Z.to_nat c)%nat -> trace k (mmul r P (mmul c (unit i j) Q)) = mmul k Q P j i.
Proof. intros Hi Hj. unfold trace. erewrite total_ext; [| intros; apply unit_between; assumption]. unfold mmul. apply total_ext; intros; ring. Qed.
Lemma outside_plain k r c U P Q : double r c (fun i j => U j i * trace k (mmul r P (mmul c (unit i j) Q))) = trace r (mmul c (mtr U) (mmul k Q P)).
Proof. erewrite double_ext; [| intros; rewrite trace_unit by assumption; reflexivity]. reflexivity. Qed.
Lemma outside_turned k r c U P Q : double r c (fun i j => U j i * trace k (mmul c P (mmul r (unit j i) Q))) = trace c (mmul r U (mmul k Q P)).
Proof.
  erewrite double_ext; [| intros; rewrite trace_unit by assumption; reflexivity]. unfold double. rewrite total_swap. reflexivity.
Qed.

Section Words.
Context {Omega : Type} {K : nat -> nat -> R} {V : nat -> Omega -> Z -> M}.
Variables (sizes : list Z) (letters : list (nat * nat * (Omega -> M))).
Definition at_outcome (w : Omega) : env := (sizes, map (fun x => (fst x, snd x w)) letters).
Definition size_at (k : nat) := nth k sizes 0%Z.
Variable kind : nat -> option nat.  (* which network's layer l a letter is *)
Variables (l : Z) (r c : nat).  (* the layer, and the places of its sizes *)
Notation wv := (fun w => word_value (at_outcome w)).
Definition letter_ok (p : nat) (A : Omega -> M) (row col : nat) : Prop :=
  match kind p with Some b => (forall w, A w = V b w l) /\ row = r /\ col = c | None => apart_from (K := K) (V := V) l A end.
Definition all_ok := forall p, let '(row, col, A) := nth p letters (0%nat, 0%nat, fun _ => mzero) in letter_ok p A row col /\ mpoly (K := K) (V := V) A.
Hypothesis ok : all_ok.
Hypothesis valid_at : forall w, valid (at_outcome w).
Lemma entry_at w p : entry (at_outcome w) p = (fst (nth p letters (0%nat, 0%nat, fun _ => mzero)), snd (nth p letters (0%nat, 0%nat, fun _ => mzero)) w).
Proof.
  unfold entry, at_outcome. simpl. change (0%nat, 0%nat, mzero) with ((fun x : nat * nat * (Omega -> M) => (fst x, snd x w)) (0%nat, 0%nat, fun _ => mzero)). apply map_nth.
Qed.
Definition col_at (x : letter) := let '(row, col, _) := nth (fst x) letters (0%nat, 0%nat, fun _ => mzero) in if snd x then row else col.
Lemma col_of_at w x : col_of (at_outcome w) x = col_at x.
Proof. unfold col_of, col_at. rewrite entry_at. destruct (nth _ _ _) as [[row col] A]. reflexivity. Qed.

Definition dletter (a i j : nat) (x : letter) : M :=
  match kind (fst x) with Some b => mscal (K a b) (if snd x then unit j i else unit i j) | None => mzero end.
Fixpoint dword (a i j : nat) (u : word) (k : nat) (w : Omega) : M :=
  match u with
  | [] => mzero
  | x :: u => madd (mmul (size_at (col_at x)) (dletter a i j x) (word_value (at_outcome w) u k)) (mmul (size_at (col_at x)) (mat_of (at_outcome w) x) (dword a i j u k w))
  end.
Lemma letter_derives a i j x : mder (K := K) (V := V) a l i j (fun w => mat_of (at_outcome w) x) (fun _ => dletter a i j x).
Proof.
  destruct x as [p t]. generalize (ok p). intros H q q'. unfold dletter; simpl fst; simpl snd.
  assert (G : forall s s', derives K V a l i j (fun w => snd (nth p letters (0%nat, 0%nat, fun _ => mzero)) w s s')
    (fun _ => match kind p with Some b => mscal (K a b) (unit i j) s s' | None => 0 end)).
  { intros s s'. destruct (nth p letters _) as [[row col] A]. simpl. destruct H as [H _]. unfold letter_ok in H. destruct (kind p) as [b |].
    - destruct H as [H _]. eapply der_eq; [apply (of_entry K V a l i j b l s s') | intros w; cbv beta; now rewrite H |].
      intros w. cbv beta. unfold mscal, unit. rewrite Z.eqb_refl. simpl. destruct ((s =? i)%nat && (s' =? j)%nat)%bool; ring.
    - apply H. }
  destruct t.
  - eapply der_eq; [apply (G q' q) | |]; intros w; cbv beta.
    + unfold mat_of. simpl. rewrite entry_at. destruct (nth p letters _) as [[row col] A]. reflexivity.
    + cbn [fst snd]. destruct (kind p); [| reflexivity]. unfold mscal, unit. rewrite (andb_comm (q' =? i)%nat). reflexivity.
  - eapply der_eq; [apply (G q q') | |]; intros w; cbv beta.
    + unfold mat_of. simpl. rewrite entry_at. destruct (nth p letters _) as [[row col] A]. reflexivity.
    + cbn [fst snd]. destruct (kind p); reflexivity.
Qed.
Lemma word_derives a i j u k : mder (K := K) (V := V) a l i j (fun w => word_value (at_outcome w) u k) (dword a i j u k).
Proof.
  induction u as [| x u IH].
  - intros p q. exact (of_number K V a l i j (eye (size_at k) p q)).
  - intros p q. eapply der_eq; [apply (mder_mul a l i j (size_at (col_at x)) _ _ _ _ (letter_derives a i j x) IH p q) | |]; intros w; cbv beta; [| reflexivity].
    simpl. now rewrite col_of_at.
Qed.
Lemma word_poly u k : mpoly (K := K) (V := V) (fun w => word_value (at_outcome w) u k).
Proof.
  induction u as [| x u IH]; [exact (mpoly_constant (eye (size_at k))) |]. intros p q a l' i j.
  assert (P : mpoly (K := K) (V := V) (fun w => mat_of (at_outcome w) x)).
  { destruct x as [s t]. generalize (ok s). unfold mat_of; simpl. intros H p' q' a' l'' i' j'.
    assert (G : mpoly (K := K) (V := V) (snd (nth s letters (0%nat, 0%nat, fun _ => mzero)))) by (destruct (nth s letters _) as [[row col] A]; apply H).
    destruct t; [destruct (G q' p' a' l'' i' j') as [D HD] | destruct (G p' q' a' l'' i' j') as [D HD]]; exists D;
      (eapply der_eq; [exact HD | | reflexivity]); intros w; cbv beta; rewrite entry_at; destruct (nth s letters _) as [[row col] A]; reflexivity. }
  destruct (mpoly_mul (size_at (col_at x)) _ _ P IH p q a l' i j) as [D HD]. exists D. eapply der_eq; [exact HD | | reflexivity].
  intros w. cbv beta. simpl. now rewrite col_of_at.
Qed.
End Words.
