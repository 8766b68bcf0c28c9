(* Words of matrices by computation: a matrix expression becomes a sum of coefficient * word, a trace a sum of coefficient * trace
   of a word in a canonical rotation. Equations between words are rules, used from left to right.

   An expression refers to a list of sizes and to a list of letters (row size, column size, matrix) by their places. *)
From Coq Require Export List Bool Arith.
From TheoryCheck Require Export Derivatives.
Import ListNotations.
Open Scope R_scope.

Inductive mexpr :=
  | Le (i : nat) | Tr (e : mexpr) | Ad (e f : mexpr) | Op (e : mexpr) | Sc (c : R) (e : mexpr) | Mu (k : nat) (e f : mexpr) | Ze | Id (k : nat).
Definition letter := (nat * bool)%type.  (* a place, and whether the letter is transposed *)
Definition word := list letter.
Definition poly := list (R * word).
Definition env := (list Z * list (nat * nat * M))%type.
Record rule := Rule { from_row : nat; to_col : nat; lhs : word; rhs : poly }.

Section Semantics.
Variable E : env.
Definition size_of k := nth k (fst E) 0%Z.
Definition entry i := nth i (snd E) (0%nat, 0%nat, mzero).
Definition row_of (x : letter) := let '(r, c, _) := entry (fst x) in if snd x then c else r.
Definition col_of (x : letter) := let '(r, c, _) := entry (fst x) in if snd x then r else c.
Definition mat_of (x : letter) := let '(_, _, A) := entry (fst x) in if snd x then mtr A else A.
Fixpoint eval (e : mexpr) : M :=
  match e with
  | Le i => mat_of (i, false) | Tr e => mtr (eval e) | Ad e f => madd (eval e) (eval f) | Op e => mopp (eval e)
  | Sc c e => mscal c (eval e) | Mu k e f => mmul (size_of k) (eval e) (eval f) | Ze => mzero | Id k => eye (size_of k)
  end.
Fixpoint typed (e : mexpr) (r c : nat) : bool :=
  match e with
  | Le i => (row_of (i, false) =? r) && (col_of (i, false) =? c) | Tr e => typed e c r | Ad e f => typed e r c && typed f r c
  | Op e => typed e r c | Sc _ e => typed e r c | Mu k e f => typed e r k && typed f k c | Ze => true | Id k => (k =? r) && (k =? c)
  end%nat.
Fixpoint all_sized (l : list (nat * nat * M)) : Prop :=
  match l with [] => True | (r, c, A) :: l => sized (size_of r) (size_of c) A /\ all_sized l end.
Definition valid := all_sized (snd E).

Fixpoint word_value (w : word) (c : nat) : M :=
  match w with [] => eye (size_of c) | x :: w => mmul (size_of (col_of x)) (mat_of x) (word_value w c) end.
Fixpoint fits (r : nat) (w : word) (c : nat) : bool :=
  match w with [] => (r =? c)%nat | x :: w => (row_of x =? r)%nat && fits (col_of x) w c end.
Fixpoint value (p : poly) (c : nat) : M :=
  match p with [] => mzero | (a, w) :: p => madd (mscal a (word_value w c)) (value p c) end.
Definition fit (r : nat) (p : poly) (c : nat) : bool := forallb (fun t => fits r (snd t) c) p.

(* --- normal forms --- *)
Definition flip (w : word) : word := rev (map (fun x => (fst x, negb (snd x))) w).
Definition scale (c : R) (p : poly) : poly := map (fun t => (c * fst t, snd t)) p.
Definition times (p q : poly) : poly := flat_map (fun t => map (fun u => (fst t * fst u, snd t ++ snd u)) q) p.
Fixpoint norm_of (e : mexpr) : poly :=
  match e with
  | Le i => [(1, [(i, false)])] | Tr e => map (fun t => (fst t, flip (snd t))) (norm_of e) | Ad e f => norm_of e ++ norm_of f
  | Op e => scale (-1) (norm_of e) | Sc c e => scale c (norm_of e) | Mu _ e f => times (norm_of e) (norm_of f)
  | Ze => [] | Id _ => [(1, [])]
  end.
Definition letter_eqb (x y : letter) := (fst x =? fst y)%nat && eqb (snd x) (snd y).
Fixpoint word_eqb (v w : word) : bool :=
  match v, w with [], [] => true | x :: v, y :: w => letter_eqb x y && word_eqb v w | _, _ => false end.
Fixpoint insert (a : R) (w : word) (p : poly) : poly :=
  match p with [] => [(a, w)] | (b, v) :: p => if word_eqb v w then (b + a, v) :: p else (b, v) :: insert a w p end.
Definition collect (p : poly) : poly := fold_right (fun t q => insert (fst t) (snd t) q) [] p.
Fixpoint zeroes (p : poly) : Prop := match p with [] => True | (a, _) :: p => a = 0 /\ zeroes p end.

(* --- rules --- *)
Fixpoint after (l w : word) : option word :=
  match l, w with [], _ => Some w | x :: l, y :: w => if letter_eqb x y then after l w else None | _, _ => None end.
Fixpoint find (l w : word) : option (word * word) :=
  match after l w with
  | Some rest => Some ([], rest)
  | None => match w with [] => None | x :: w => match find l w with Some (a, b) => Some (x :: a, b) | None => None end end
  end.
Fixpoint rewrite_word (rules : list rule) (a : R) (w : word) : option poly :=
  match rules with
  | [] => None
  | R :: rules =>
      match find (lhs R) w with
      | Some (l, r) => Some (map (fun t => (a * fst t, l ++ snd t ++ r)) (rhs R))
      | None => rewrite_word rules a w
      end
  end.
Definition step (rules : list rule) (p : poly) : poly :=
  flat_map (fun t => match rewrite_word rules (fst t) (snd t) with Some q => q | None => [t] end) p.
Fixpoint steps (k : nat) (rules : list rule) (p : poly) : poly := match k with O => p | S k => steps k rules (step rules p) end.
Definition sound (R : rule) : Prop :=
  lhs R <> [] /\ fits (from_row R) (lhs R) (to_col R) = true /\ fit (from_row R) (rhs R) (to_col R) = true /\
  word_value (lhs R) (to_col R) = value (rhs R) (to_col R).
Fixpoint all_sound (rules : list rule) : Prop := match rules with [] => True | R :: rules => sound R /\ all_sound rules end.

(* --- proofs --- *)
Hypothesis V : valid.
Lemma entry_sized i r c A : entry i = (r, c, A) -> sized (size_of r) (size_of c) A.
Proof.
  unfold entry. generalize V. unfold valid. generalize (snd E). intros l. revert i. induction l as [|[[r' c'] A'] l IH]; intros i H K.
  - destruct i; simpl in K; inversion K; subst; split; intros ? ? ?; reflexivity.
  - simpl in H. destruct H as [H G]. destruct i; simpl in K. inversion K; subst; assumption. eauto.
Qed.
Lemma mat_sized x : sized (size_of (row_of x)) (size_of (col_of x)) (mat_of x).
Proof.
  destruct x as [i b]. unfold row_of, col_of, mat_of. simpl. destruct (entry i) as [[r c] A] eqn:H.
  apply entry_sized in H. destruct H as [Hr Hc]. destruct b; split; auto. now apply rows_tr. now apply cols_tr.
Qed.
Lemma fits_fun r w c d : fits r w c = true -> fits r w d = true -> c = d.
Proof.
  revert r; induction w as [|x w IH]; simpl; intros r.
  - rewrite !Nat.eqb_eq. congruence.
  - rewrite !andb_true_iff. intros [_ H] [_ G]. eauto.
Qed.
Lemma word_sized r w c : fits r w c = true -> sized (size_of r) (size_of c) (word_value w c).
Proof.
  revert r; induction w as [|x w IH]; simpl; intros r.
  - rewrite Nat.eqb_eq; intros ->. split; [apply rows_eye | apply cols_eye].
  - rewrite andb_true_iff, Nat.eqb_eq. intros [<- H]. destruct (mat_sized x), (IH _ H). split; [apply rows_mmul | apply cols_mmul]; auto.
Qed.
Lemma fits_app r v k w c : fits r v k = true -> fits k w c = true -> fits r (v ++ w) c = true.
Proof.
  revert r; induction v as [|x v IH]; simpl; intros r.
  - rewrite Nat.eqb_eq; now intros ->.
  - rewrite !andb_true_iff. intros [? ?] ?; auto.
Qed.
Lemma word_app r v k w c : fits r v k = true -> fits k w c = true -> word_value (v ++ w) c = mmul (size_of k) (word_value v k) (word_value w c).
Proof.
  revert r; induction v as [|x v IH]; simpl; intros r.
  - intros _ H. symmetry; apply eye_l. eapply sized_rows, word_sized; eauto.
  - rewrite andb_true_iff. intros [_ H] G. rewrite (IH _ H G). now rewrite mmul_assoc.
Qed.
Lemma fits_split r v w c : fits r (v ++ w) c = true -> exists k, fits r v k = true /\ fits k w c = true.
Proof.
  revert r; induction v as [|x v IH]; simpl; intros r.
  - exists r. rewrite Nat.eqb_refl; auto.
  - rewrite andb_true_iff. intros [H G]. destruct (IH _ G) as [k [? ?]]. exists k. rewrite H; auto.
Qed.
Lemma row_flip i b : row_of (i, negb b) = col_of (i, b). Proof. unfold row_of, col_of; simpl; destruct (entry i) as [[? ?] ?], b; reflexivity. Qed.
Lemma col_flip i b : col_of (i, negb b) = row_of (i, b). Proof. unfold row_of, col_of; simpl; destruct (entry i) as [[? ?] ?], b; reflexivity. Qed.
Lemma mat_flip i b : mat_of (i, negb b) = mtr (mat_of (i, b)). Proof. unfold mat_of; simpl; destruct (entry i) as [[? ?] ?], b; reflexivity. Qed.
Lemma one_letter x : fits (row_of x) [x] (col_of x) = true. Proof. simpl. now rewrite !Nat.eqb_refl. Qed.
Lemma word_one x : word_value [x] (col_of x) = mat_of x.
Proof. simpl. apply eye_r. apply (mat_sized x). Qed.
Lemma fits_flip r w c : fits r w c = true -> fits c (flip w) r = true.
Proof.
  revert r; induction w as [|[i b] w IH]; intros r; simpl.
  - rewrite !Nat.eqb_eq; congruence.
  - rewrite andb_true_iff, Nat.eqb_eq. intros [<- H]. unfold flip; simpl. apply fits_app with (k := col_of (i, b)). apply IH; auto.
    simpl. rewrite row_flip, col_flip, !Nat.eqb_refl. reflexivity.
Qed.
Lemma word_flip r w c : fits r w c = true -> mtr (word_value w c) = word_value (flip w) r.
Proof.
  revert r; induction w as [|[i b] w IH]; intros r.
  - simpl. rewrite Nat.eqb_eq; intros ->. apply mtr_eye.
  - intros H. generalize H; simpl; rewrite andb_true_iff, Nat.eqb_eq. intros [<- G].
    rewrite mtr_mmul, (IH _ G). unfold flip; simpl. rewrite (word_app c _ (col_of (i, b))).
    + f_equal. rewrite <- (col_flip i b), word_one. now rewrite mat_flip.
    + now apply fits_flip.
    + rewrite <- (row_flip i b), <- (col_flip i b). apply one_letter.
Qed.
Lemma value_app p q c : value (p ++ q) c = madd (value p c) (value q c).
Proof. induction p as [|[a w] p IH]; simpl. now apply mat_ext; intros; rewrite !madd_ij, mzero_ij; ring. rewrite IH. apply mat_ext; intros; rewrite !madd_ij; ring. Qed.
Lemma value_scale a p c : value (scale a p) c = mscal a (value p c).
Proof.
  induction p as [|[b w] p IH]; simpl. apply mat_ext; intros; rewrite mscal_ij, mzero_ij; ring.
  rewrite IH. apply mat_ext; intros; rewrite !madd_ij, !mscal_ij, !madd_ij, !mscal_ij; ring.
Qed.
Lemma fit_app r p q c : fit r (p ++ q) c = fit r p c && fit r q c. Proof. apply forallb_app. Qed.
Lemma fit_scale r a p c : fit r (scale a p) c = fit r p c.
Proof. unfold fit, scale. induction p as [|[b w] p IH]; simpl; auto. now rewrite IH. Qed.
Lemma times_ok p q r k c : fit r p k = true -> fit k q c = true -> fit r (times p q) c = true /\ value (times p q) c = mmul (size_of k) (value p k) (value q c).
Proof.
  intros Hp Hq. induction p as [|[a w] p IH]; simpl.
  - split; auto. symmetry; apply mmul_zero_l.
  - simpl in Hp. apply andb_true_iff in Hp. destruct Hp as [Hw Hp]. destruct (IH Hp) as [F G]. simpl in Hw.
    assert (Q : fit r (map (fun u => (a * fst u, w ++ snd u)) q) c = true /\
      value (map (fun u => (a * fst u, w ++ snd u)) q) c = mmul (size_of k) (mscal a (word_value w k)) (value q c)).
    { clear - Hw Hq V. induction q as [|[b v] q IHq]; simpl. split; auto. symmetry; apply mmul_zero_r.
      simpl in Hq. apply andb_true_iff in Hq. destruct Hq as [Hv Hq]. destruct (IHq Hq) as [F G]. rewrite F, G. split.
      - rewrite andb_true_r. simpl in *. eapply fits_app; eauto.
      - rewrite (word_app r w k v c); auto. rewrite mmul_add_r, !mmul_scal_l, mmul_scal_r. f_equal. now rewrite mscal_scal. }
    destruct Q as [Q1 Q2]. rewrite fit_app, Q1, F. split; auto. rewrite value_app, Q2, G. now rewrite <- mmul_add_l.
Qed.
Lemma norm_ok e r c : typed e r c = true -> fit r (norm_of e) c = true /\ eval e = value (norm_of e) c.
Proof.
  revert r c; induction e; intros r c'; simpl.
  - rewrite andb_true_iff, !Nat.eqb_eq. intros [<- <-]. rewrite !Nat.eqb_refl. split; auto.
    rewrite eye_r by apply (mat_sized (i, false)). apply mat_ext; intros; rewrite madd_ij, mscal_ij, mzero_ij; ring.
  - intros H. destruct (IHe _ _ H) as [F ->]. clear - F V. induction (norm_of e) as [|[a w] p IH]; simpl; auto.
    simpl in F. apply andb_true_iff in F. destruct F as [F1 F2]. destruct (IH F2) as [G1 G2]. rewrite (fits_flip _ _ _ F1). split; auto.
    rewrite mtr_add, mtr_scal, (word_flip _ _ _ F1), G2. reflexivity.
  - rewrite andb_true_iff. intros [H G]. destruct (IHe1 _ _ H) as [F1 ->], (IHe2 _ _ G) as [F2 ->]. rewrite fit_app, F1, F2, value_app; auto.
  - intros H. destruct (IHe _ _ H) as [F ->]. rewrite fit_scale, value_scale; split; auto. apply mat_ext; intros; rewrite mopp_ij, mscal_ij; ring.
  - intros H. destruct (IHe _ _ H) as [F ->]. rewrite fit_scale, value_scale; auto.
  - rewrite andb_true_iff. intros [H G]. destruct (IHe1 _ _ H) as [F1 ->], (IHe2 _ _ G) as [F2 ->]. destruct (times_ok _ _ _ _ _ F1 F2) as [T1 T2]. split; auto.
  - intros _; split; auto.
  - rewrite andb_true_iff, !Nat.eqb_eq. intros [<- <-]. rewrite Nat.eqb_refl. split; auto. apply mat_ext; intros; rewrite madd_ij, mscal_ij, mzero_ij; ring.
Qed.
Lemma letter_eqb_eq x y : letter_eqb x y = true -> x = y.
Proof. destruct x, y; unfold letter_eqb; simpl. rewrite andb_true_iff, Nat.eqb_eq, eqb_true_iff. intros [-> ->]; auto. Qed.
Lemma word_eqb_eq v w : word_eqb v w = true -> v = w.
Proof.
  revert w; induction v as [|x v IH]; destruct w as [|y w]; simpl; try discriminate; auto.
  rewrite andb_true_iff. intros [H G]. now rewrite (letter_eqb_eq _ _ H), (IH _ G).
Qed.
Lemma value_insert a w p c : value (insert a w p) c = madd (mscal a (word_value w c)) (value p c).
Proof.
  induction p as [|[b v] p IH]; simpl; auto. destruct (word_eqb v w) eqn:H.
  - apply word_eqb_eq in H; subst. simpl. apply mat_ext; intros; rewrite !madd_ij, !mscal_ij; ring.
  - simpl. rewrite IH. apply mat_ext; intros; rewrite !madd_ij; ring.
Qed.
Lemma value_collect p c : value (collect p) c = value p c.
Proof. unfold collect; induction p as [|[a w] p IH]; simpl; auto. rewrite value_insert; simpl. now rewrite IH. Qed.
Lemma value_zeroes p c : zeroes p -> value p c = mzero.
Proof.
  induction p as [|[a w] p IH]; simpl; auto. intros [-> H]. rewrite IH; auto.
  apply mat_ext; intros; rewrite !madd_ij, mscal_ij, mzero_ij; ring.
Qed.
Lemma after_ok l w b : after l w = Some b -> w = l ++ b.
Proof.
  revert w; induction l as [|x l IH]; intros w; simpl. congruence.
  destruct w as [|y w]; try discriminate. destruct (letter_eqb x y) eqn:H; try discriminate.
  apply letter_eqb_eq in H; subst. intros G. now rewrite (IH _ G).
Qed.
Lemma find_ok l w a b : find l w = Some (a, b) -> w = a ++ l ++ b.
Proof.
  revert a b; induction w as [|x w IH]; intros a b; simpl.
  - destruct (after l []) eqn:H; try discriminate. intros G; inversion G; subst. now apply after_ok in H.
  - destruct (after l (x :: w)) eqn:H. intros G; inversion G; subst. now apply after_ok in H.
    destruct (find l w) as [[a' b']|] eqn:G; try discriminate. intros K; inversion K; subst. simpl. now rewrite (IH _ _ eq_refl).
Qed.
Lemma rewrite_ok rules a w q r c : all_sound rules -> rewrite_word rules a w = Some q -> fits r w c = true ->
  fit r q c = true /\ value q c = mscal a (word_value w c).
Proof.
  induction rules as [|R rules IH]; simpl; try discriminate. intros [[H0 [H1 [H2 H3]]] HS].
  destruct (find (lhs R) w) as [[u v]|] eqn:F; auto. intros K W; inversion K; subst; clear K IH HS.
  apply find_ok in F; subst w. destruct (fits_split _ _ _ _ W) as [k1 [W1 W2]]. destruct (fits_split _ _ _ _ W2) as [k2 [W3 W4]].
  assert (k1 = from_row R). { destruct (lhs R) as [|x l]; [congruence|]. simpl in W3, H1. rewrite andb_true_iff, Nat.eqb_eq in W3, H1. destruct W3, H1; congruence. }
  subst k1. assert (k2 = to_col R) by (eapply fits_fun; eauto). subst k2.
  rewrite (word_app r u (from_row R) (lhs R ++ v) c), (word_app (from_row R) (lhs R) (to_col R) v c), H3 by auto.
  clear H0 H1 H3 W W2 W3. induction (rhs R) as [|[b x] p IH]; simpl. split; auto. rewrite mmul_zero_l, mmul_zero_r. apply mat_ext; intros; rewrite mscal_ij, mzero_ij; ring.
  simpl in H2. apply andb_true_iff in H2. destruct H2 as [X P]. destruct (IH P) as [F G]. split.
  - apply andb_true_iff; split; [| exact F]. eapply fits_app; eauto. eapply fits_app; eauto.
  - rewrite G. rewrite (word_app r u (from_row R) (x ++ v) c), (word_app (from_row R) x (to_col R) v c); auto. 2: eapply fits_app; eauto.
    rewrite mmul_add_l, mmul_add_r, mmul_scal_l, mmul_scal_r, mscal_add, mscal_scal. reflexivity.
Qed.
Lemma step_ok rules p r c : all_sound rules -> fit r p c = true -> fit r (step rules p) c = true /\ value (step rules p) c = value p c.
Proof.
  intros HS. unfold step. induction p as [|[a w] p IH]; auto. change (fit r ((a, w) :: p) c) with (fits r w c && fit r p c).
  rewrite andb_true_iff. intros [W P]. destruct (IH P) as [F G]. cbn [flat_map fst snd]. rewrite fit_app, value_app, F, G.
  destruct (rewrite_word rules a w) as [q|] eqn:K.
  - destruct (rewrite_ok _ _ _ _ _ _ HS K W) as [-> ->]. auto.
  - simpl. rewrite W. split; auto. f_equal. apply mat_ext; intros; rewrite madd_ij, mzero_ij; ring.
Qed.
Lemma steps_ok k rules p r c : all_sound rules -> fit r p c = true -> fit r (steps k rules p) c = true /\ value (steps k rules p) c = value p c.
Proof.
  intros HS. revert p; induction k; simpl; intros p P; auto. destruct (step_ok _ _ _ _ HS P) as [F G]. destruct (IHk _ F) as [F' G']. rewrite <- G. auto.
Qed.
Theorem same_matrix rules e f r c : all_sound rules -> typed e r c = true -> typed f r c = true ->
  zeroes (collect (steps 12 rules (norm_of e ++ scale (-1) (norm_of f)))) -> eval e = eval f.
Proof.
  intros HS He Hf Z. destruct (norm_ok _ _ _ He) as [Fe ->], (norm_ok _ _ _ Hf) as [Ff ->].
  assert (F : fit r (norm_of e ++ scale (-1) (norm_of f)) c = true) by now rewrite fit_app, fit_scale, Fe, Ff.
  destruct (steps_ok 12 rules _ _ _ HS F) as [_ G]. apply value_zeroes with (c := c) in Z. rewrite value_collect, G, value_app, value_scale in Z.
  apply mat_ext; intros i j. apply (f_equal (fun X : M => X i j)) in Z. rewrite madd_ij, mscal_ij, mzero_ij in Z. lra.
Qed.
(* A rule from an equation between expressions: its left side must be one word, once. *)
Definition as_word (e : mexpr) : word := match norm_of e with [(_, w)] => w | _ => [] end.
Lemma rule_of e f r c : typed e r c = true -> typed f r c = true -> eval e = eval f ->
  (exists w, norm_of e = [(1, w)] /\ w <> []) -> sound (Rule r c (as_word e) (norm_of f)).
Proof.
  intros He Hf H [w [N W]]. destruct (norm_ok _ _ _ He) as [Fe Ge], (norm_ok _ _ _ Hf) as [Ff Gf]. unfold as_word. rewrite N in *.
  simpl in Fe. rewrite andb_true_r in Fe. repeat split; simpl; auto. rewrite <- Gf, <- H, Ge. simpl.
  apply mat_ext; intros; rewrite madd_ij, mscal_ij, mzero_ij; ring.
Qed.
Lemma flip_sound R : sound R -> sound (Rule (to_col R) (from_row R) (flip (lhs R)) (map (fun t => (fst t, flip (snd t))) (rhs R))).
Proof.
  intros [H0 [H1 [H2 H3]]]. unfold sound; simpl. repeat split.
  - unfold flip. destruct (lhs R) as [|x l]; [congruence|]. simpl. destruct (rev _); simpl; discriminate.
  - now apply fits_flip.
  - clear H3. induction (rhs R) as [|[a w] p IH]; simpl; auto. simpl in H2. apply andb_true_iff in H2. destruct H2 as [X P].
    rewrite (fits_flip _ _ _ X). now apply IH.
  - rewrite <- (word_flip _ _ _ H1), H3. clear H1 H3. induction (rhs R) as [|[a w] p IH]; simpl; auto. simpl in H2. apply andb_true_iff in H2. destruct H2 as [X P].
    rewrite mtr_add, mtr_scal, (word_flip _ _ _ X), (IH P). reflexivity.
Qed.

(* --- traces: (k, w) stands for the trace of the word w of size k x k --- *)
Definition loop := (nat * word)%type.
Definition loop_value (t : loop) : R := trace (size_of (fst t)) (word_value (snd t) (fst t)).
Definition round (t : loop) := fits (fst t) (snd t) (fst t) = true.
Definition loops := list (R * loop).
Fixpoint total_of (p : loops) : R := match p with [] => 0 | (a, t) :: p => a * loop_value t + total_of p end.
Definition turn (t : loop) : loop := match snd t with [] => t | x :: w => (col_of x, w ++ [x]) end.
Fixpoint turns (n : nat) (t : loop) : list loop := match n with O => [] | S n => t :: turns n (turn t) end.
Definition around (t : loop) : list loop := t :: turns (length (snd t)) t ++ turns (length (snd t)) (fst t, flip (snd t)).
Fixpoint word_ltb (v w : word) : bool :=
  match v, w with
  | x :: v, y :: w => if letter_eqb x y then word_ltb v w else if (fst x =? fst y)%nat then negb (snd x) else (fst x <? fst y)%nat
  | _, _ => false
  end.
Definition smaller (best t : loop) := if word_ltb (snd t) (snd best) then t else best.
Definition least (t : loop) : loop := fold_left smaller (around t) t.
Definition of_poly (k : nat) (p : poly) : loops := map (fun t => (fst t, (k, snd t))) p.
Fixpoint first_rewrite (rules : list rule) (a : R) (ts : list loop) : option loops :=
  match ts with
  | [] => None
  | t :: ts => match rewrite_word rules a (snd t) with Some q => Some (of_poly (fst t) q) | None => first_rewrite rules a ts end
  end.
Definition trace_step (rules : list rule) (p : loops) : loops :=
  flat_map (fun t => match first_rewrite rules (fst t) (around (snd t)) with Some q => q | None => [t] end) p.
Fixpoint trace_steps (k : nat) (rules : list rule) (p : loops) : loops :=
  match k with O => p | S k => trace_steps k rules (trace_step rules p) end.
Fixpoint put_in (a : R) (t : loop) (p : loops) : loops :=
  match p with
  | [] => [(a, t)]
  | (b, u) :: p => if (fst u =? fst t)%nat && word_eqb (snd u) (snd t) then (b + a, u) :: p else (b, u) :: put_in a t p
  end.
Definition gather (p : loops) : loops := fold_right (fun t q => put_in (fst t) (least (snd t)) q) [] p.
Definition trace_form (rules : list rule) (k : nat) (e : mexpr) : loops := gather (trace_steps 12 rules (of_poly k (norm_of e))).
Definition all_round (p : loops) := List.Forall (fun t => round (snd t)) p.

Lemma turn_ok (t : loop) : round t -> round (turn t) /\ loop_value (turn t) = loop_value t.
Proof.
  destruct t as [k [|x w]]; auto. unfold round, turn, loop_value; cbn [fst snd]. simpl fits at 1. rewrite andb_true_iff, Nat.eqb_eq. intros [<- H].
  split. eapply fits_app; eauto. apply one_letter.
  rewrite (word_app (col_of x) w (row_of x) [x] (col_of x)) by (auto; apply one_letter). rewrite word_one. simpl. now rewrite trace_cyc.
Qed.
Lemma turns_ok n (t u : loop) : round t -> In u (turns n t) -> round u /\ loop_value u = loop_value t.
Proof.
  revert t; induction n; simpl; intros t H; [tauto|]. intros [-> | G]; auto.
  destruct (turn_ok _ H) as [H1 H2]. destruct (IHn _ H1 G) as [H3 H4]. rewrite H4; auto.
Qed.
Lemma around_ok (t u : loop) : round t -> In u (around t) -> round u /\ loop_value u = loop_value t.
Proof.
  intros H. unfold around. simpl. rewrite in_app_iff. intros [<- | [G | G]]; auto. eapply turns_ok; eauto.
  assert (H1 : round (fst t, flip (snd t))) by (apply fits_flip; exact H).
  destruct (turns_ok _ _ _ H1 G) as [H3 H4]. rewrite H4. split; auto. unfold loop_value; simpl. rewrite <- (word_flip _ _ _ H). apply trace_tr.
Qed.
Lemma least_ok (t : loop) : round t -> loop_value (least t) = loop_value t.
Proof.
  intros H. unfold least. assert (A : forall l b, (forall u, In u l -> loop_value u = loop_value t) -> loop_value b = loop_value t ->
    loop_value (fold_left smaller l b) = loop_value t).
  { induction l as [|v l IH]; simpl; intros b Hl Hb; auto. apply IH; auto. unfold smaller. destruct (word_ltb (snd v) (snd b)); auto. }
  apply A; auto. intros u G. now apply around_ok.
Qed.
Lemma total_of_app p q : total_of (p ++ q) = total_of p + total_of q.
Proof. induction p as [|[a t] p IH]; simpl. ring. rewrite IH; ring. Qed.
Lemma of_poly_ok k p : fit k p k = true -> all_round (of_poly k p) /\ total_of (of_poly k p) = trace (size_of k) (value p k).
Proof.
  unfold all_round. induction p as [|[a w] p IH]; simpl. intros _; split; auto. symmetry; apply trace_zero.
  rewrite andb_true_iff. intros [W P]. destruct (IH P) as [C S]. rewrite trace_add, trace_scal, S. split; auto.
Qed.
Lemma first_ok rules a ts t q : all_sound rules -> (forall u, In u ts -> round u /\ loop_value u = loop_value t) -> first_rewrite rules a ts = Some q ->
  all_round q /\ total_of q = a * loop_value t.
Proof.
  intros HS. induction ts as [|u ts IH]; simpl; try discriminate. intros H. destruct (rewrite_word rules a (snd u)) as [p|] eqn:K.
  - intros G; inversion G; subst. destruct (H u (or_introl eq_refl)) as [U1 U2]. destruct (rewrite_ok _ _ _ _ _ _ HS K U1) as [F V'].
    destruct (of_poly_ok _ _ F) as [A T]. split; auto. rewrite T, V', trace_scal, <- U2. reflexivity.
  - apply IH. auto.
Qed.
Lemma trace_step_ok rules p : all_sound rules -> all_round p -> all_round (trace_step rules p) /\ total_of (trace_step rules p) = total_of p.
Proof.
  intros HS. unfold trace_step, all_round. induction p as [|[a t] p IH]; auto. intros H; inversion H; subst. destruct (IH H3) as [A T].
  cbn [flat_map fst snd]. rewrite total_of_app, T. rewrite Forall_app. simpl in H2.
  destruct (first_rewrite rules a (around t)) as [q|] eqn:K.
  - destruct (first_ok rules a (around t) t q HS (fun u G => around_ok t u H2 G) K) as [B S]. rewrite S. auto.
  - simpl. split; auto. ring.
Qed.
Lemma trace_steps_ok k rules p : all_sound rules -> all_round p -> all_round (trace_steps k rules p) /\ total_of (trace_steps k rules p) = total_of p.
Proof.
  intros HS. revert p; induction k; simpl; intros p P; auto. destruct (trace_step_ok _ _ HS P) as [F G]. destruct (IHk _ F) as [F' G']. rewrite <- G. auto.
Qed.
Lemma total_put a t p : total_of (put_in a t p) = a * loop_value t + total_of p.
Proof.
  induction p as [|[b u] p IH]; simpl; auto. destruct ((fst u =? fst t)%nat && word_eqb (snd u) (snd t)) eqn:H; simpl.
  - rewrite andb_true_iff, Nat.eqb_eq in H. destruct H as [H1 H2]. apply word_eqb_eq in H2. destruct u, t; simpl in *; subst; ring.
  - rewrite IH; ring.
Qed.
Theorem trace_is rules k e : all_sound rules -> typed e k k = true -> trace (size_of k) (eval e) = total_of (trace_form rules k e).
Proof.
  intros HS T. destruct (norm_ok _ _ _ T) as [F ->]. destruct (of_poly_ok _ _ F) as [A S]. rewrite <- S. unfold trace_form.
  destruct (trace_steps_ok 12 rules _ HS A) as [A' <-]. clear S. induction A' as [|[a t] p H P IH]; simpl; auto.
  rewrite total_put, least_ok by exact H. now rewrite <- IH.
Qed.
End Semantics.
