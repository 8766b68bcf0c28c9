(* Expectations in one form: fixed traces before the expectation, the others in a canonical rotation and order. *)
From Coq Require Import FunctionalExtensionality.
From TheoryCheck Require Export Contracted.
Import ListNotations.
Open Scope R_scope.
Open Scope list_scope.

Section Form.
Context {Omega : Type} {K : nat -> nat -> R} {V : nat -> Omega -> Z -> M} {n : Z -> Z} {E : (Omega -> R) -> R}.
Variables (sizes : list Z) (letters : list (nat * nat * (Omega -> M))) (base : list (nat * nat * M)) (fixed : list bool).
Notation env_at := (at_outcome sizes letters).
Notation shape := (map fst letters).
Notation pv := (poly_value sizes letters). Notation mv := (mono_value sizes letters).
Hypothesis G : gaussian K V n E.
Hypothesis valid_at : forall w, valid (env_at w).
(* --- lists of letters: conditions as one conjunction each --- *)
Fixpoint all_polys (ls : list (nat * nat * (Omega -> M))) : Prop := match ls with [] => True | (_, _, A) :: ls => mpoly (K := K) (V := V) A /\ all_polys ls end.
Lemma polys_at ls : all_polys ls -> forall p, mpoly (K := K) (V := V) (snd (nth p ls (0%nat, 0%nat, fun _ => mzero))).
Proof.
  induction ls as [| [[r c] A] ls IH]; intros H p; [destruct p; exact (mpoly_constant mzero) |]. destruct H as [H H']. destruct p; [exact H | exact (IH H' p)].
Qed.
Fixpoint all_kinds (l : Z) (r c : nat) (kinds : list (option nat)) (ls : list (nat * nat * (Omega -> M))) : Prop :=
  match ls with
  | [] => True
  | (row, col, A) :: ls =>
      match hd None kinds with Some b => (forall w, A w = V b w l) /\ row = r /\ col = c | None => apart_from (K := K) (V := V) l A end
      /\ all_kinds l r c (tl kinds) ls
  end.
Lemma kinds_at l r c kinds ls : all_polys ls -> all_kinds l r c kinds ls -> (length kinds <= length ls)%nat ->
  all_ok (K := K) (V := V) ls (fun p => nth p kinds None) l r c.
Proof.
  unfold all_ok, letter_ok. intros HP HK HL p. revert kinds HP HK HL p. induction ls as [| [[row col] A] ls IH]; intros kinds HP HK HL p.
  - destruct kinds; [| simpl in HL; lia]. destruct p; simpl; (split; [exact (apart_constant l mzero) | exact (mpoly_constant mzero)]).
  - simpl in HP, HK. destruct HP as [P HP], HK as [H HK]. destruct p.
    + destruct kinds; simpl in *; split; auto.
    + destruct kinds as [| k kinds].
      * specialize (IH [] HP HK ltac:(simpl; lia) p). destruct p; exact IH.
      * exact (IH kinds HP HK ltac:(simpl in HL; lia) p).
Qed.
(* --- letters that are the same at all outcomes --- *)
Fixpoint same_letters (fs : list bool) (ls : list (nat * nat * (Omega -> M))) (bs : list (nat * nat * M)) : Prop :=
  match ls, bs with
  | [], [] => True
  | (r, c, A) :: ls, (r', c', B) :: bs => (r = r' /\ c = c' /\ (if hd false fs then (forall w, A w = B) else True)) /\ same_letters (tl fs) ls bs
  | _, _ => False
  end.
Hypothesis same : same_letters fixed letters base.
Notation fixed_env := (sizes, base).
Lemma same_at p w : fst (nth p letters (0%nat, 0%nat, fun _ => mzero)) = fst (nth p base (0%nat, 0%nat, mzero)) /\
  (nth p fixed false = true -> snd (nth p letters (0%nat, 0%nat, fun _ => mzero)) w = snd (nth p base (0%nat, 0%nat, mzero))).
Proof.
  clear valid_at G. revert base fixed same p. induction letters as [| [[r c] A] ls IH]; intros [| [[r' c'] B] bs] fs H p; simpl in H; try tauto.
  - destruct p; split; auto.
  - destruct H as [[-> [-> H]] HS]. destruct p as [| p].
    + destruct fs as [| f fs]; simpl in *; (split; [reflexivity |]); [discriminate | intros ->; auto].
    + destruct fs as [| f fs]; [| exact (IH bs fs HS p)]. destruct (IH bs [] HS p) as [I J]. split; [exact I |]. intros N. simpl in N. discriminate.
Qed.
Lemma col_same w x : col_of (env_at w) x = col_of fixed_env x.
Proof.
  unfold col_of. rewrite entry_at. unfold entry. simpl. destruct (same_at (fst x) w) as [H _].
  destruct (nth (fst x) letters _) as [[r c] A], (nth (fst x) base _) as [[r' c'] B]. simpl in *. inversion H; reflexivity.
Qed.
Definition loop_fixed (t : loop) : bool := forallb (fun x => nth (fst x) fixed false) (snd t).
Lemma loop_same w t : loop_fixed t = true -> loop_value (env_at w) t = loop_value fixed_env t.
Proof.
  unfold loop_fixed, loop_value. destruct t as [k u]; cbn [fst snd]. intros H. change (size_of (env_at w) k) with (size_of fixed_env k). f_equal.
  induction u as [| x u IH]; [reflexivity |]. simpl in H. apply andb_true_iff in H. destruct H as [Hx Hu]. cbn [word_value]. rewrite IH, col_same by exact Hu.
  change (size_of (env_at w)) with (size_of fixed_env). f_equal. unfold mat_of. rewrite entry_at. unfold entry. simpl.
  destruct (same_at (fst x) w) as [_ J]. specialize (J Hx). destruct (nth (fst x) letters _) as [[r c] A], (nth (fst x) base _) as [[r' c'] B]. simpl in *. now rewrite J.
Qed.
Lemma turn_same w t : turn (env_at w) t = turn fixed_env t.
Proof. unfold turn. destruct (snd t); [reflexivity |]. now rewrite col_same. Qed.
Lemma turns_same w k t : turns (env_at w) k t = turns fixed_env k t.
Proof. revert t. induction k; intros t; simpl; [reflexivity |]. now rewrite turn_same, IHk. Qed.
Lemma least_same w t : least (env_at w) t = least fixed_env t.
Proof. unfold least, around. now rewrite !turns_same. Qed.
Definition canon (t : loop) : loop := if sfits shape (fst t) (snd t) (fst t) then least fixed_env t else t.
Lemma canon_ok w t : loop_value (env_at w) (canon t) = loop_value (env_at w) t.
Proof.
  unfold canon. destruct (sfits shape (fst t) (snd t) (fst t)) eqn:F; [| reflexivity]. rewrite <- (least_same w). apply least_ok; [apply valid_at |].
  unfold round. now rewrite sfits_ok.
Qed.
Definition before (t u : loop) : bool := ((fst t <? fst u) || ((fst t =? fst u) && word_ltb (snd t) (snd u)))%nat.
Fixpoint placed (t : loop) (m : list loop) : list loop := match m with [] => t :: nil | u :: m => if before u t then u :: placed t m else t :: u :: m end.
Definition sorted (m : list loop) : list loop := fold_right placed [] m.
Lemma placed_ok w t m : mv w (placed t m) = loop_value (env_at w) t * mv w m.
Proof.
  induction m as [| u m IH]; [reflexivity |]. cbn [placed]. destruct (before u t); [| reflexivity].
  change (loop_value (env_at w) u * mv w (placed t m) = loop_value (env_at w) t * (loop_value (env_at w) u * mv w m)). rewrite IH. ring.
Qed.
(* A trace through a size 1 is a product of traces. *)
Variable one : option nat.
Hypothesis one_ok : match one with Some k => size_at sizes k = 1%Z | None => True end.
Fixpoint started (k : nat) (pre u : word) : option word :=
  match u with [] => None | x :: u => if (srow shape x =? k)%nat then Some (x :: u ++ pre) else started k (pre ++ (x :: nil)) u end.
Fixpoint pieces (k : nat) (cur u : word) : list loop :=
  match u with
  | [] => match cur with [] => [] | _ => (k, cur) :: nil end
  | x :: u => if (scol shape x =? k)%nat then (k, cur ++ (x :: nil)) :: pieces k [] u else pieces k (cur ++ (x :: nil)) u
  end.
Definition parts_of (t : loop) : list loop :=
  match one with
  | Some k => if sfits shape (fst t) (snd t) (fst t) then match started k [] (snd t) with Some u => pieces k [] u | None => t :: nil end else t :: nil
  | None => t :: nil
  end.
Lemma started_ok w k k0 v u : forall pre j, fits (env_at w) k0 pre j = true -> fits (env_at w) j v k0 = true -> started k pre v = Some u ->
  loop_value (env_at w) (k0, pre ++ v) = loop_value (env_at w) (k, u) /\ fits (env_at w) k u k = true.
Proof.
  induction v as [| x v IH]; intros pre j Hp Hv; simpl; [discriminate |].
  simpl in Hv. apply andb_true_iff in Hv. destruct Hv as [F Hv]. destruct (srow shape x =? k)%nat eqn:S.
  - intros H. inversion H; subst; clear H. apply Nat.eqb_eq in F. rewrite <- (srow_ok sizes letters w) in S. apply Nat.eqb_eq in S. replace j with k in Hp by congruence.
    assert (X : fits (env_at w) k (x :: v) k0 = true) by (simpl; rewrite S, Nat.eqb_refl; exact Hv). split.
    + unfold loop_value; cbn [fst snd]. rewrite (word_app (env_at w) (valid_at w) k0 pre k (x :: v) k0 Hp X), trace_cyc.
      change (x :: v ++ pre) with ((x :: v) ++ pre). now rewrite (word_app (env_at w) (valid_at w) k (x :: v) k0 pre k X Hp).
    + change (x :: v ++ pre) with ((x :: v) ++ pre). eapply fits_app; eassumption.
  - intros H. replace (pre ++ x :: v) with ((pre ++ (x :: nil)) ++ v) by (now rewrite <- app_assoc). apply (IH _ (col_of (env_at w) x)); auto.
    apply Nat.eqb_eq in F. apply fits_app with (k := j); [exact Hp |]. subst j. apply one_letter.
Qed.
Lemma pieces_ok w k : size_at sizes k = 1%Z -> forall u cur j, fits (env_at w) k cur j = true -> fits (env_at w) j u k = true ->
  loop_value (env_at w) (k, cur ++ u) = mv w (pieces k cur u).
Proof.
  intros S. induction u as [| x u IH]; intros cur j Hc Hu.
  - rewrite app_nil_r. simpl. destruct cur as [| y cur].
    + unfold loop_value; cbn [fst snd word_value]. change (size_of (env_at w) k) with (size_at sizes k). rewrite S, trace_eye by lia. reflexivity.
    + change (loop_value (env_at w) (k, y :: cur) = loop_value (env_at w) (k, y :: cur) * 1). ring.
  - simpl in Hu. apply andb_true_iff in Hu. destruct Hu as [F Hu]. apply Nat.eqb_eq in F.
    assert (C : fits (env_at w) k (cur ++ (x :: nil)) (col_of (env_at w) x) = true) by (apply fits_app with (k := j); [exact Hc |]; subst j; apply one_letter).
    replace (cur ++ x :: u) with ((cur ++ (x :: nil)) ++ u) by (now rewrite <- app_assoc). cbn [pieces]. destruct (scol shape x =? k)%nat eqn:Q.
    + rewrite <- (scol_ok sizes letters w) in Q. apply Nat.eqb_eq in Q. rewrite Q in *.
      change (loop_value (env_at w) (k, (cur ++ (x :: nil)) ++ u) = loop_value (env_at w) (k, cur ++ (x :: nil)) * mv w (pieces k [] u)).
      rewrite <- (IH [] k) by (simpl; first [apply Nat.eqb_refl | exact Hu]). unfold loop_value; cbn [fst snd app].
      rewrite (word_app (env_at w) (valid_at w) k (cur ++ (x :: nil)) k u k C Hu). change (size_of (env_at w) k) with (size_at sizes k). rewrite S. apply trace_split.
    + exact (IH _ _ C Hu).
Qed.
Lemma parts_ok w t : loop_value (env_at w) t = mv w (parts_of t).
Proof.
  unfold parts_of. assert (A : loop_value (env_at w) t = mv w (t :: nil)) by (change (loop_value (env_at w) t = loop_value (env_at w) t * 1); ring).
  generalize one_ok. destruct one as [k |]; [| intros; exact A]. intros S. destruct (sfits shape (fst t) (snd t) (fst t)) eqn:F; [| exact A].
  destruct (started k [] (snd t)) as [u |] eqn:C; [| exact A]. destruct t as [k0 v]. cbn [fst snd] in *. rewrite <- (sfits_ok sizes letters w) in F.
  assert (Q : fits (env_at w) k0 [] k0 = true) by (simpl; apply Nat.eqb_refl).
  destruct (started_ok w k k0 v u [] k0 Q F C) as [E1 E2]. cbn [app] in E1. transitivity (loop_value (env_at w) (k, u)); [exact E1 |].
  apply (pieces_ok w k S u [] k); [simpl; apply Nat.eqb_refl | exact E2].
Qed.
Lemma all_parts_ok w m : mv w m = mv w (flat_map parts_of m).
Proof.
  induction m as [| t m IH]; [reflexivity |]. cbn [flat_map]. rewrite mono_value_app, <- parts_ok, <- IH. reflexivity.
Qed.
Fixpoint outside (m : list loop) : R := match m with [] => 1 | t :: m => if loop_fixed t then loop_value fixed_env t * outside m else outside m end.
Fixpoint inside (m : list loop) : list loop := match m with [] => [] | t :: m => if loop_fixed t then inside m else placed (canon t) (inside m) end.
Lemma parted w m : mv w m = outside m * mv w (inside m).
Proof.
  induction m as [| t m IH]; [change (1 = 1 * 1); ring |]. cbn [outside inside].
  change (loop_value (env_at w) t * mv w m = (if loop_fixed t then loop_value fixed_env t * outside m else outside m) * mv w (if loop_fixed t then inside m else placed (canon t) (inside m))).
  rewrite IH. destruct (loop_fixed t) eqn:F.
  - rewrite (loop_same w t F). ring.
  - rewrite placed_ok, canon_ok. ring.
Qed.
Definition mean_of (m : list loop) : R := match m with [] => 1 | _ => E (fun w => mv w m) end.
Fixpoint final (p : list (R * list loop)) : R := match p with [] => 0 | t :: p => let m := flat_map parts_of (snd t) in fst t * (outside m * mean_of (inside m)) + final p end.
Hypothesis polys : all_polys letters.
(* --- products of traces of different layers --- *)
Fixpoint word_aside (l : Z) (u : word) : Prop :=
  match u with [] => True | x :: u => apart_from (K := K) (V := V) l (snd (nth (fst x) letters (0%nat, 0%nat, fun _ => mzero))) /\ word_aside l u end.
Fixpoint aside (l : Z) (m : list loop) : Prop := match m with [] => True | t :: m => word_aside l (snd t) /\ aside l m end.
Lemma letter_aside l x : apart_from (K := K) (V := V) l (snd (nth (fst x) letters (0%nat, 0%nat, fun _ => mzero))) -> apart_from (K := K) (V := V) l (fun w => mat_of (env_at w) x).
Proof.
  destruct x as [p b]. intros H a i j q q'. destruct b; [generalize (H a i j q' q) | generalize (H a i j q q')]; intros D;
    (eapply der_eq; [exact D | | reflexivity]); intros w; unfold mat_of; simpl; rewrite entry_at; destruct (nth p letters _) as [[r c] A]; reflexivity.
Qed.
Lemma word_apart l u k : word_aside l u -> apart_from (K := K) (V := V) l (fun w => word_value (env_at w) u k).
Proof.
  induction u as [| x u IH]; intros H; [exact (apart_constant l (eye (size_at sizes k))) |]. destruct H as [H Hu].
  intros a i j p q. eapply der_eq; [exact (apart_mul l (size_at sizes (scol shape x)) _ _ (letter_aside l x H) (IH Hu) a i j p q) | | reflexivity].
  intros w. cbv beta. cbn [word_value]. now rewrite scol_ok.
Qed.
Lemma aside_ok l m : aside l m -> forall a i j, derives K V a l i j (fun w => mv w m) (fun _ => 0).
Proof.
  intros H a i j. induction m as [| t m IH]; [exact (of_number K V a l i j 1) |]. destruct H as [H Hm].
  eapply der_eq; [apply (of_product K V a l i j (fun w => loop_value (env_at w) t) (fun w => mv w m) (fun _ => 0) (fun _ => 0)); [| exact (IH Hm)] | reflexivity | intros w; cbv beta; ring].
  eapply der_eq; [exact (der_total a l i j (Z.to_nat (size_at sizes (fst t))) (fun s w => word_value (env_at w) (snd t) (fst t) s s) (fun _ _ => 0) (fun s => word_apart l (snd t) (fst t) H a i j s s)) | reflexivity |].
  intros w. cbv beta. apply total_zero; reflexivity.
Qed.
Theorem separated t u m : (forall l, aside l (t :: nil) \/ aside l (u :: m)) ->
  E (fun w => mv w (t :: u :: m)) = E (fun w => mv w (t :: nil)) * E (fun w => mv w (u :: m)).
Proof.
  intros H. assert (P := polys_at letters polys). rewrite <- (independent _ _ _ _ _ G) by (first [apply (mono_poly sizes letters P) |
    intros l; destruct (H l) as [A | A]; [left | right]; intros a i j; now apply aside_ok]).
  apply mean_ext. intros w. change (mv w ((t :: nil) ++ (u :: m)) = mv w (t :: nil) * mv w (u :: m)). apply mono_value_app.
Qed.
Theorem separated_second t u m : (forall l, aside l (u :: nil) \/ aside l (t :: m)) ->
  E (fun w => mv w (t :: u :: m)) = E (fun w => mv w (u :: nil)) * E (fun w => mv w (t :: m)).
Proof.
  intros H. rewrite <- (mean_ext (E := E) (fun w => mv w (u :: t :: m))).
  - destruct m as [| v m]; apply separated; exact H.
  - intros w. change (loop_value (env_at w) u * (loop_value (env_at w) t * mv w m) = loop_value (env_at w) t * (loop_value (env_at w) u * mv w m)). ring.
Qed.
Theorem final_ok p : E (fun w => pv w p) = final p.
Proof.
  assert (P := polys_at letters polys). induction p as [| t p IH]; [exact (mean_number G 0) |].
  rewrite (mean_cons sizes letters G P), IH. cbn [final]. f_equal. f_equal.
  rewrite (mean_ext (E := E) _ _ (fun w => all_parts_ok w (snd t))). generalize (flat_map parts_of (snd t)). intros m.
  rewrite (mean_ext (E := E) _ _ (fun w => parted w m)). rewrite (mean_of_multiple _ _ _ _ _ G) by (apply (mono_poly sizes letters P)). f_equal.
  unfold mean_of. destruct (inside m); [exact (mean_number G 1) | reflexivity].
Qed.
End Form.
