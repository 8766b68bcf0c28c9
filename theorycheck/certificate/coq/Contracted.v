(* The contraction of all letters of a layer in a polynomial, and the form in which expectations are compared. *)
From Coq Require Import FunctionalExtensionality.
From TheoryCheck Require Export Parts.
Import ListNotations.
Local Transparent total mmul mtr trace chain madd mscal mzero eye.
Open Scope R_scope.
Open Scope list_scope.

(* --- scalar expressions of traces, as polynomials --- *)
Inductive sexpr := SC (c : R) | ST (k : nat) (e : mexpr) | SA (s t : sexpr) | SM (s t : sexpr) | SO (s : sexpr).
Definition scaled (a : R) (p : mpolynomial) : mpolynomial := map (fun t => (a * fst t, snd t)) p.
Definition multiplied (p q : mpolynomial) : mpolynomial := flat_map (fun t => map (fun u => (fst t * fst u, snd t ++ snd u)) q) p.
Fixpoint expand (s : sexpr) : mpolynomial :=
  match s with
  | SC c => (c, []) :: nil | ST k e => map (fun t => (fst t, (k, snd t) :: nil)) (norm_of e)
  | SA s t => expand s ++ expand t | SM s t => multiplied (expand s) (expand t) | SO s => scaled (-1) (expand s)
  end.
Fixpoint sval (E : env) (s : sexpr) : R :=
  match s with
  | SC c => c | ST k e => trace (size_of E k) (eval E e) | SA s t => sval E s + sval E t | SM s t => sval E s * sval E t | SO s => - sval E s
  end.
Fixpoint styped (E : env) (s : sexpr) : bool :=
  match s with SC _ => true | ST k e => typed E e k k | SA s t => styped E s && styped E t | SM s t => styped E s && styped E t | SO s => styped E s end.

(* --- what is computed, from the shapes of letters only --- *)
Section Computed.
Variable shape : list (nat * nat).
Definition srow (x : letter) := let '(r, c) := nth (fst x) shape (0%nat, 0%nat) in if snd x then c else r.
Definition scol (x : letter) := let '(r, c) := nth (fst x) shape (0%nat, 0%nat) in if snd x then r else c.
Fixpoint sfits (r : nat) (u : word) (c : nat) : bool :=
  match u with [] => (r =? c)%nat | x :: u => (srow x =? r)%nat && sfits (scol x) u c end.
Definition rounds (m : monomial) : bool := forallb (fun t => sfits (fst t) (snd t) (fst t)) m.
Variables (K : nat -> nat -> R) (kind : nat -> option nat) (r c : nat).
Fixpoint cut (pre v : word) : option (nat * nat * word) :=
  match v with
  | [] => None
  | x :: v => match kind (fst x) with Some a => Some (fst x, a, if snd x then flip (v ++ pre) else v ++ pre) | None => cut (pre ++ (x :: nil)) v end
  end.
Fixpoint pick (done m : monomial) : option (nat * word * monomial) :=
  match m with
  | [] => None
  | t :: m => match cut [] (snd t) with Some (p, a, u) => Some (a, u, done ++ m) | None => pick (done ++ (t :: nil)) m end
  end.
Definition contract (t : R * monomial) : mpolynomial :=
  if rounds (snd t) then
    match pick [] (snd t) with
    | Some (a, u, m) => scaled (fst t) (within K kind r c a [] u m ++ others K kind r c a u [] m)
    | None => t :: nil
    end
  else t :: nil.
Fixpoint contracted (k : nat) (p : mpolynomial) : mpolynomial := match k with O => p | S k => contracted k (flat_map contract p) end.
End Computed.

Section Mean.
Context {Omega : Type} {K : nat -> nat -> R} {V : nat -> Omega -> Z -> M} {n : Z -> Z} {E : (Omega -> R) -> R}.
Variables (sizes : list Z) (letters : list (nat * nat * (Omega -> M))).
Notation env_at := (at_outcome sizes letters).
Notation shape := (map fst letters).
Notation pv := (poly_value sizes letters). Notation mv := (mono_value sizes letters).
Hypothesis G : gaussian K V n E.
Hypothesis valid_at : forall w, valid (env_at w).
Hypothesis polys : forall p, mpoly (K := K) (V := V) (snd (nth p letters (0%nat, 0%nat, fun _ => mzero))).

Lemma shape_at p : nth p shape (0%nat, 0%nat) = fst (nth p letters (0%nat, 0%nat, fun _ => mzero)).
Proof. change (0%nat, 0%nat) with (fst (0%nat, 0%nat, fun _ : Omega => mzero)) at 1. apply map_nth. Qed.
Lemma srow_ok w x : row_of (env_at w) x = srow shape x.
Proof. unfold row_of, srow. rewrite entry_at, shape_at. destruct (nth (fst x) letters _) as [[rr cc] A]. reflexivity. Qed.
Lemma scol_ok w x : col_of (env_at w) x = scol shape x.
Proof. unfold col_of, scol. rewrite entry_at, shape_at. destruct (nth (fst x) letters _) as [[rr cc] A]. reflexivity. Qed.
Lemma sfits_ok w r u c : fits (env_at w) r u c = sfits shape r u c.
Proof. revert r. induction u as [| x u IH]; intros r; simpl; [reflexivity |]. now rewrite srow_ok, scol_ok, IH. Qed.
Lemma rounds_ok w m : rounds shape m = true -> List.Forall (round (env_at w)) m.
Proof.
  unfold rounds. rewrite forallb_forall. intros H. apply List.Forall_forall. intros t Ht. unfold round. rewrite sfits_ok. now apply H.
Qed.
Lemma pv_cons w t p : pv w (t :: p) = fst t * mv w (snd t) + pv w p.
Proof. reflexivity. Qed.
Lemma pv_times w t q : pv w (map (fun u => (fst t * fst u, snd t ++ snd u)) q) = fst t * mv w (snd t) * pv w q.
Proof.
  induction q as [| u q IH]; [change (0 = fst t * mv w (snd t) * 0); ring |]. cbn [map]. rewrite !pv_cons, IH. cbn [fst snd]. rewrite mono_value_app. ring.
Qed.
Lemma expand_ok w s : styped (env_at w) s = true -> sval (env_at w) s = pv w (expand s).
Proof.
  induction s; simpl; intros H.
  - ring.
  - destruct (norm_ok (env_at w) (valid_at w) e k k H) as [F ->]. clear H. induction (norm_of e) as [| [a u] p IH].
    + apply trace_zero.
    + simpl in F. apply andb_true_iff in F. cbn [value map poly_value fold_right mono_value fst snd]. rewrite trace_add, trace_scal, IH by tauto.
      unfold loop_value; cbn [fst snd]. unfold poly_value, mono_value. ring.
  - apply andb_true_iff in H. rewrite poly_value_app, IHs1, IHs2 by tauto. reflexivity.
  - apply andb_true_iff in H. rewrite IHs1, IHs2 by tauto. clear. unfold multiplied. induction (expand s1) as [| t p IH]; [change (0 * pv w (expand s2) = 0); ring |].
    cbn [flat_map]. rewrite poly_value_app, <- IH, pv_cons, pv_times. ring.
  - rewrite IHs by exact H. clear H IHs. unfold scaled. induction (expand s) as [| t p IH]; [change (- 0 = 0); ring |]. cbn [map]. rewrite !pv_cons, <- IH. cbn [fst snd]. ring.
Qed.
Lemma letter_poly x : mpoly (K := K) (V := V) (fun w => mat_of (env_at w) x).
Proof.
  destruct x as [s b]. intros p q a l i j. generalize (polys s). intros Q.
  destruct b; [destruct (Q q p a l i j) as [D HD] | destruct (Q p q a l i j) as [D HD]]; exists D; (eapply der_eq; [exact HD | | reflexivity]);
    intros w; unfold mat_of; simpl; rewrite entry_at; destruct (nth s letters _) as [[row col] A]; reflexivity.
Qed.
Lemma word_poly' u k : mpoly (K := K) (V := V) (fun w => word_value (env_at w) u k).
Proof.
  induction u as [| x u IH]; [exact (mpoly_constant (eye (size_at sizes k))) |]. intros p q a l i j.
  destruct (mpoly_mul (size_at sizes (scol shape x)) _ _ (letter_poly x) IH p q a l i j) as [D HD]. exists D. eapply der_eq; [exact HD | | reflexivity].
  intros w. cbv beta. cbn [word_value]. now rewrite scol_ok.
Qed.
Lemma mono_poly m : poly K V (fun w => mv w m).
Proof.
  induction m as [| t m IH]; [exact (poly_number 1) |]. apply (poly_mul (fun w => loop_value (env_at w) t) (fun w => mv w m)); [| exact IH].
  exact (poly_trace (size_at sizes (fst t)) (fun w => word_value (env_at w) (snd t) (fst t)) (word_poly' (snd t) (fst t))).
Qed.
Lemma pv_poly p : poly K V (fun w => pv w p).
Proof.
  induction p as [| t p IH]; [exact (poly_number 0) |]. apply (poly_add (fun w => fst t * mv w (snd t)) (fun w => pv w p)); [| exact IH].
  apply poly_scal, mono_poly.
Qed.
Lemma mean_cons t p : E (fun w => pv w (t :: p)) = fst t * E (fun w => mv w (snd t)) + E (fun w => pv w p).
Proof.
  change (E (fun w => fst t * mv w (snd t) + pv w p) = fst t * E (fun w => mv w (snd t)) + E (fun w => pv w p)).
  rewrite (mean_of_sum _ _ _ _ _ G) by (first [apply pv_poly | apply poly_scal, mono_poly]).
  rewrite (mean_of_multiple _ _ _ _ _ G) by apply mono_poly. reflexivity.
Qed.
Lemma mean_app p q : E (fun w => pv w (p ++ q)) = E (fun w => pv w p) + E (fun w => pv w q).
Proof.
  induction p as [| t p IH]; [| now rewrite <- app_comm_cons, !mean_cons, IH, Rplus_assoc].
  change (E (fun w => pv w q) = E (fun _ => 0) + E (fun w => pv w q)). rewrite (mean_number G). ring.
Qed.
Lemma mean_scaled a p : E (fun w => pv w (scaled a p)) = a * E (fun w => pv w p).
Proof.
  induction p as [| t p IH].
  - change (E (fun _ => 0) = a * E (fun _ => 0)). rewrite (mean_number G). ring.
  - cbn [scaled map]. fold (scaled a p). rewrite !mean_cons, IH. cbn [fst snd]. ring.
Qed.
(* --- a letter brought to the front of its trace --- *)
Section Layer.
Variables (kind : nat -> option nat) (l : Z) (r c : nat).
Hypothesis ok : all_ok (K := K) (V := V) letters kind l r c.
Hypothesis row_is : size_at sizes r = n l.
Hypothesis col_is : size_at sizes c = n (l - 1)%Z.
Lemma cut_ok w k p a u v : forall pre k0, fits (env_at w) k pre k0 = true -> fits (env_at w) k0 v k = true -> cut kind pre v = Some (p, a, u) ->
  loop_value (env_at w) (k, pre ++ v) = loop_value (env_at w) (r, (p, false) :: u) /\ fits (env_at w) c u r = true /\ kind p = Some a.
Proof.
  induction v as [| x v IH]; intros pre k0 Hp Hv; simpl; [discriminate |].
  simpl in Hv. apply andb_true_iff in Hv. destruct Hv as [F Hv]. apply Nat.eqb_eq in F.
  destruct (kind (fst x)) as [b |] eqn:B.
  - intros H. inversion H; subst; clear H. destruct (places sizes letters kind l r c ok w x a B) as [P Q].
    assert (T : loop_value (env_at w) (k, pre ++ x :: v) = trace (size_of (env_at w) (row_of (env_at w) x)) (word_value (env_at w) (x :: v ++ pre) (row_of (env_at w) x))).
    { unfold loop_value; cbn [fst snd]. rewrite (word_app (env_at w) (valid_at w) k pre (row_of (env_at w) x) (x :: v) k Hp) by (simpl; now rewrite Nat.eqb_refl).
      rewrite trace_cyc. change (x :: v ++ pre) with ((x :: v) ++ pre).
      rewrite (word_app (env_at w) (valid_at w) (row_of (env_at w) x) (x :: v) k pre (row_of (env_at w) x)) by (first [exact Hp | simpl; now rewrite Nat.eqb_refl]). reflexivity. }
    rewrite T. clear T. assert (W : fits (env_at w) (col_of (env_at w) x) (v ++ pre) (row_of (env_at w) x) = true) by (eapply fits_app; eassumption).
    destruct x as [p b]. cbn [fst snd] in *. rewrite P, Q in *. destruct b; cbn [fst] in *.
    + split; [| split; [now apply fits_flip | exact B]]. unfold loop_value; cbn [fst snd].
      destruct (places sizes letters kind l r c ok w (p, false) a B) as [P' Q']. cbn [snd] in P', Q'.
      cbn [word_value]. rewrite Q, Q'. rewrite <- (trace_tr (size_of (env_at w) c)), mtr_mmul, (word_flip (env_at w) (valid_at w) _ _ _ W).
      change (mat_of (env_at w) (p, true)) with (mat_of (env_at w) (p, negb false)). rewrite (mat_flip (env_at w) p false), mtr_tr. now rewrite trace_cyc.
    + split; [reflexivity | split; [exact W | exact B]].
  - intros H. replace (pre ++ x :: v) with ((pre ++ (x :: nil)) ++ v) by (now rewrite <- app_assoc). apply (IH _ (col_of (env_at w) x)); auto.
    apply fits_app with (k := k0); [exact Hp |]. subst k0. apply one_letter.
Qed.
Lemma pick_ok a u q m : rounds shape m = true -> forall done, rounds shape done = true -> pick kind done m = Some (a, u, q) ->
  exists p, kind p = Some a /\ rounds shape q = true /\ (forall w, fits (env_at w) c u r = true) /\
    forall w, mv w (done ++ m) = loop_value (env_at w) (r, (p, false) :: u) * mv w q.
Proof.
  induction m as [| t m IH]; intros Hm done Hd; simpl; [discriminate |].
  simpl in Hm. apply andb_true_iff in Hm. destruct Hm as [Ht Hm].
  destruct (cut kind [] (snd t)) as [[[p b] v] |] eqn:C.
  - intros H. inversion H; subst; clear H. exists p.
    assert (A : forall w, loop_value (env_at w) t = loop_value (env_at w) (r, (p, false) :: u) /\ fits (env_at w) c u r = true /\ kind p = Some a).
    { intros w. destruct t as [k v]. cbn [fst snd] in *. apply (cut_ok w k p a u v [] k); auto; [simpl; apply Nat.eqb_refl | now rewrite sfits_ok]. }
    split; [| split; [| split]].
    + generalize C. clear. generalize (@nil letter) as pre. induction (snd t) as [| x v IH]; simpl; intros pre; [discriminate |].
      destruct (kind (fst x)) eqn:B; [intros H; inversion H; subst; exact B | apply IH].
    + unfold rounds. rewrite forallb_app. apply andb_true_iff. split; assumption.
    + intros w. apply A.
    + intros w. rewrite !mono_value_app. cbn [mono_value fold_right]. fold (mv w m). rewrite (proj1 (A w)). ring.
  - intros H. destruct (IH Hm (done ++ (t :: nil))) as [p R]; auto.
    + unfold rounds. rewrite forallb_app. apply andb_true_iff. split; [exact Hd |]. simpl. now rewrite Ht.
    + exists p. replace (done ++ t :: m) with ((done ++ (t :: nil)) ++ m) by (now rewrite <- app_assoc). exact R.
Qed.
Theorem contracted_ok k p : E (fun w => pv w p) = E (fun w => pv w (contracted shape K kind r c k p)).
Proof.
  revert p. induction k as [| k IH]; intros p; [reflexivity |]. cbn [contracted]. rewrite <- IH. clear IH k.
  induction p as [| t p IH]; [reflexivity |]. rewrite mean_cons. cbn [flat_map]. rewrite mean_app, <- IH. f_equal. clear IH p.
  unfold contract. assert (S : fst t * E (fun w => mv w (snd t)) = E (fun w => pv w (t :: nil))).
  { rewrite mean_cons. change (fun w => pv w []) with (fun _ : Omega => 0). rewrite (mean_number G). ring. }
  destruct (rounds shape (snd t)) eqn:R; [| exact S]. destruct (pick kind [] (snd t)) as [[[a u] m] |] eqn:C; [| exact S].
  destruct (pick_ok a u m (snd t) R [] eq_refl C) as [q [Hq [Hm [Hu Hv]]]]. rewrite mean_scaled. f_equal.
  rewrite (mean_ext (E := E) (fun w => mv w (snd t)) (fun w => loop_value (env_at w) (r, (q, false) :: u) * mv w m)) by exact Hv.
  apply (parts G sizes letters valid_at kind l r c ok row_is col_is a q u m Hq Hu). intros w. now apply rounds_ok.
Qed.
End Layer.
End Mean.
