(* Derivatives of paths of matrices and of numbers, one lemma for each head; gradients along paths. *)
From TheoryCheck Require Export Numbers.
Open Scope R_scope.

Lemma is_derive_eq (f : R -> R) (t u v : R) : is_derive f t u -> u = v -> is_derive f t v.
Proof. now intros H <-. Qed.
Lemma mderive_eq p t A B : mderive p t A -> A = B -> mderive p t B.
Proof. now intros H <-. Qed.
Lemma mderive_const A t : mderive (fun _ => A) t mzero.
Proof. intros i j. unfold mzero. apply is_derive_Reals. apply derivable_pt_lim_const. Qed.
Lemma mderive_add p q t D E : mderive p t D -> mderive q t E -> mderive (fun s => madd (p s) (q s)) t (madd D E).
Proof. intros HD HE i j. unfold madd. exact (is_derive_plus _ _ _ _ _ (HD i j) (HE i j)). Qed.
Lemma mderive_opp p t D : mderive p t D -> mderive (fun s => mopp (p s)) t (mopp D).
Proof. intros HD i j. unfold mopp. exact (is_derive_opp _ _ _ (HD i j)). Qed.
Lemma mderive_tr p t D : mderive p t D -> mderive (fun s => mtr (p s)) t (mtr D).
Proof. intros HD i j. apply HD. Qed.
Lemma is_derive_times (f g : R -> R) (t u v : R) :
  is_derive f t u -> is_derive g t v -> is_derive (fun s => f s * g s) t (u * g t + f t * v).
Proof. intros Hf Hg. exact (is_derive_mult _ _ _ _ _ Hf Hg Rmult_comm). Qed.
Lemma is_derive_total k (f : nat -> R -> R) (d : nat -> R) t :
  (forall i, is_derive (f i) t (d i)) -> is_derive (fun s => total k (fun i => f i s)) t (total k d).
Proof.
  intros H. induction k; simpl. apply is_derive_Reals, derivable_pt_lim_const.
  exact (is_derive_plus _ _ _ _ _ IHk (H k)).
Qed.
Lemma is_derive_c c t : is_derive (fun _ : R => c : R) t 0.
Proof. apply is_derive_Reals, derivable_pt_lim_const. Qed.
Lemma is_derive_add (f g : R -> R) (t u v : R) : is_derive f t u -> is_derive g t v -> is_derive (fun s => f s + g s) t (u + v).
Proof. intros Hf Hg. exact (is_derive_plus _ _ _ _ _ Hf Hg). Qed.
Lemma is_derive_neg (f : R -> R) (t u : R) : is_derive f t u -> is_derive (fun s => - f s) t (- u).
Proof. intros Hf. exact (is_derive_opp _ _ _ Hf). Qed.
Lemma is_derive_over (f : R -> R) (t u c : R) : is_derive f t u -> is_derive (fun s => f s / c) t (u / c).
Proof. intros H. apply is_derive_eq with (u * / c + f t * 0). exact (is_derive_times _ _ _ _ _ H (is_derive_c (/ c) t)). unfold Rdiv; ring. Qed.
Lemma is_derive_square (f : R -> R) (t u : R) : is_derive f t u -> is_derive (fun s => f s ^ 2) t (2 * f t * u).
Proof.
  intros H. apply is_derive_ext with (fun s => f s * f s). intros s; change (@eq R (f s * f s) (f s ^ 2)); ring.
  apply is_derive_eq with (u * f t + f t * u). exact (is_derive_times _ _ _ _ _ H H). ring.
Qed.
Lemma is_derive_cube (f : R -> R) (t u : R) : is_derive f t u -> is_derive (fun s => f s ^ 3) t (3 * f t ^ 2 * u).
Proof.
  intros H. apply is_derive_ext with (fun s => f s * f s ^ 2). intros s; change (@eq R (f s * f s ^ 2) (f s ^ 3)); ring.
  apply is_derive_eq with (u * f t ^ 2 + f t * (2 * f t * u)). exact (is_derive_times _ _ _ _ _ H (is_derive_square _ _ _ H)). ring.
Qed.
Lemma is_derive_fourth (f : R -> R) (t u : R) : is_derive f t u -> is_derive (fun s => f s ^ 4) t (4 * f t ^ 3 * u).
Proof.
  intros H. apply is_derive_ext with (fun s => f s ^ 2 * f s ^ 2). intros s; change (@eq R (f s ^ 2 * f s ^ 2) (f s ^ 4)); ring.
  apply is_derive_eq with (2 * f t * u * f t ^ 2 + f t ^ 2 * (2 * f t * u)). exact (is_derive_times _ _ _ _ _ (is_derive_square _ _ _ H) (is_derive_square _ _ _ H)). ring.
Qed.
Lemma mderive_mmul k p q t D E :
  mderive p t D -> mderive q t E -> mderive (fun s => mmul k (p s) (q s)) t (madd (mmul k D (q t)) (mmul k (p t) E)).
Proof.
  intros HD HE i j. rewrite madd_ij. unfold mmul. rewrite <- total_add.
  apply (is_derive_total _ (fun l s => p s i l * q s l j)). intros l. apply is_derive_times; [apply HD | apply HE].
Qed.
Lemma mderive_scal (c : R -> R) p t d D :
  is_derive c t d -> mderive p t D -> mderive (fun s => mscal (c s) (p s)) t (madd (mscal d (p t)) (mscal (c t) D)).
Proof. intros Hc HD i j. unfold madd, mscal. apply is_derive_times; [exact Hc | apply HD]. Qed.
Lemma is_derive_trace m p t D : mderive p t D -> is_derive (fun s => trace m (p s)) t (trace m D).
Proof. intros H. unfold trace. apply (is_derive_total _ (fun i s => p s i i)). intros; apply H. Qed.
Lemma is_derive_inner m n p q t D E :
  mderive p t D -> mderive q t E -> is_derive (fun s => inner m n (p s) (q s)) t (inner m n D (q t) + inner m n (p t) E).
Proof.
  intros HD HE. unfold inner. rewrite <- trace_add. apply is_derive_trace. apply (mderive_mmul m (fun s => mtr (p s)) q); [now apply mderive_tr | exact HE].
Qed.
Lemma is_derive_norm2 m n p t D : mderive p t D -> is_derive (fun s => norm m n (p s) ^ 2) t (2 * inner m n (p t) D).
Proof.
  intros H. apply is_derive_ext with (fun s => inner m n (p s) (p s)). intros s; change (@eq R (inner m n (p s) (p s)) (norm m n (p s) ^ 2)); now rewrite norm_sqr.
  eapply is_derive_eq. exact (is_derive_inner m n p p t D D H H).
  replace (inner m n D (p t)) with (inner m n (p t) D). ring.
  unfold inner. rewrite <- trace_tr, mtr_mmul. reflexivity.
Qed.
Lemma is_derive_norm m n p t D :
  0 < norm m n (p t) ^ 2 -> mderive p t D -> is_derive (fun s => norm m n (p s)) t (inner m n (p t) D / norm m n (p t)).
Proof.
  intros P H. apply is_derive_ext with (fun s => sqrt (norm m n (p s) ^ 2)). intros s; change (@eq R (sqrt (norm m n (p s) ^ 2)) (norm m n (p s))). apply sqrt_pow2, norm_ge0.
  apply is_derive_eq with (2 * inner m n (p t) D * / (2 * sqrt (norm m n (p t) ^ 2))).
  - apply (is_derive_comp sqrt (fun s => norm m n (p s) ^ 2)); [| now apply is_derive_norm2]. apply is_derive_Reals. now apply derivable_pt_lim_sqrt.
  - rewrite sqrt_pow2 by apply norm_ge0. field. intros Z. rewrite Z in P. lra.
Qed.
Lemma is_derive_zsum lo hi (f : Z -> R -> R) (d : Z -> R) t :
  (forall i, is_derive (f i) t (d i)) -> is_derive (fun s => zsum lo hi (fun i => f i s)) t (zsum lo hi d).
Proof. intros H. unfold zsum. apply (is_derive_total _ (fun k s => f (lo + Z.of_nat k)%Z s)). intros; apply H. Qed.
Lemma gradient_along m n f g p D t :
  mderive p t D -> (forall A, sized m n A -> is_gradient m n f A (g A)) -> (forall s, sized m n (p s)) -> sized m n D ->
  is_derive (fun s => f (p s)) t (inner m n (g (p t)) D).
Proof. intros HD Hg Hs Hz. destruct (Hg (p t) (Hs t)) as [_ H]. now apply H. Qed.
Lemma is_derive_self (t : R) : is_derive (fun s : R => s) t 1.
Proof. apply (is_derive_id (K := R_AbsRing)). Qed.
Lemma is_derive_of_exp (f : R -> R) (t u : R) : is_derive f t u -> is_derive (fun s => exp (f s)) t (u * exp (f t)).
Proof. intros H. apply (is_derive_comp exp f t (exp (f t)) u). apply is_derive_Reals, derivable_pt_lim_exp. exact H. Qed.
Lemma is_derive_sub (f g : R -> R) (t u v : R) : is_derive f t u -> is_derive g t v -> is_derive (fun s => f s - g s) t (u - v).
Proof. intros Hf Hg. exact (is_derive_minus _ _ _ _ _ Hf Hg). Qed.
