(* Gradients are unique; gradient flows: uniqueness as a hypothesis, values above the minimum, exponential decay, limits. *)
From TheoryCheck Require Export Limits.
Open Scope R_scope.

Lemma line_through A D : mderive (fun s => madd A (mscal s D)) 0 D.
Proof.
  intros i j. unfold madd, mscal. apply is_derive_eq with (0 + (1 * D i j + 0 * 0)); [| ring].
  apply (is_derive_add (fun _ => A i j)); [apply is_derive_c |].
  apply (is_derive_times (fun s => s) (fun _ => D i j)); [apply is_derive_self | apply is_derive_c].
Qed.
Lemma line_at_0 A D : madd A (mscal 0 D) = A.
Proof. apply mat_ext; intros. rewrite madd_ij, mscal_ij. ring. Qed.
Lemma line_sized m n A D s : sized m n A -> sized m n D -> sized m n (madd A (mscal s D)).
Proof. intros [? ?] [? ?]. split; [apply rows_add; [| apply rows_scal] | apply cols_add; [| apply cols_scal]]; assumption. Qed.
Lemma along_line m n f A G D : is_gradient m n f A G -> sized m n A -> sized m n D -> is_derive (fun s => f (madd A (mscal s D))) 0 (inner m n G D).
Proof.
  intros [_ H] HA HD. apply H; auto using line_through, line_at_0. intros; now apply line_sized.
Qed.
Lemma inner_diff m n A B D : inner m n (madd A (mopp B)) D = inner m n A D - inner m n B D.
Proof. unfold inner. rewrite mtr_add, mtr_opp, mmul_add_l, mmul_opp_l, trace_add, trace_opp. ring. Qed.
Lemma gradient_same m n f g A G H :
  sized m n A -> is_gradient m n f A G -> is_gradient m n g A H -> (forall Y, sized m n Y -> f Y = g Y) -> G = H.
Proof.
  intros HA HG HH E. set (D := madd G (mopp H)).
  assert (S : sized m n D). { destruct HG as [[? ?] _], HH as [[? ?] _]. split; [apply rows_add; [| apply rows_opp] | apply cols_add; [| apply cols_opp]]; assumption. }
  assert (Z : inner m n D D = 0).
  { unfold D at 1. rewrite inner_diff. apply Rminus_diag_eq.
    rewrite <- (is_derive_unique _ _ _ (along_line m n f A G D HG HA S)). rewrite <- (is_derive_unique _ _ _ (along_line m n g A H D HH HA S)).
    apply Derive_ext. intros s. apply E. now apply line_sized. }
  apply norm_zero in Z; auto. apply mat_ext; intros i j. generalize (f_equal (fun X : M => X i j) Z). unfold D.
  rewrite madd_ij, mopp_ij, mzero_ij. lra.
Qed.
(* Two numbers that agree near x have the same derivative. *)
Lemma derive_same (f g : R -> R) (x u v : R) : 0 < x -> is_derive f x u -> is_derive g x v -> (forall y, 0 < y -> f y = g y) -> u = v.
Proof.
  intros P Hf Hg E. rewrite <- (is_derive_unique _ _ _ Hf), <- (is_derive_unique _ _ _ Hg). apply Derive_ext_loc. exists (mkposreal x P). intros y Hy. apply E.
  unfold ball in Hy; simpl in Hy. unfold AbsRing_ball, abs, minus, plus, opp in Hy; simpl in Hy. apply Rabs_def2 in Hy. lra.
Qed.
Lemma gradient_at_minimum m n f A G : sized m n A -> is_gradient m n f A G -> (forall Y, sized m n Y -> f A <= f Y) -> G = mzero.
Proof.
  intros HA HG Hm. assert (S := proj1 HG). assert (D := along_line m n f A G G HG HA S).
  apply (norm_zero m n); auto. change (inner m n G G = 0).
  set (phi := fun s => f (madd A (mscal s G))) in *.
  assert (pr : derivable_pt phi 0). { exists (inner m n G G). now apply is_derive_Reals. }
  rewrite <- (deriv_minimum phi (-1) 1 0 pr); [| lra | lra |].
  - rewrite Derive_Reals. symmetry. now apply is_derive_unique.
  - intros x _ _. unfold phi. rewrite line_at_0. apply Hm. now apply line_sized.
Qed.

(* Flow lines of - g that agree at one time of [0, T] agree on it: what locally Lipschitz g have, here a hypothesis. *)
Definition unique_flows (m n : Z) (g : M -> M) := forall (y z : R -> M) (T : R),
  (forall s, 0 <= s <= T -> (sized m n (y s) /\ mderive y s (mopp (g (y s)))) /\ (sized m n (z s) /\ mderive z s (mopp (g (z s))))) ->
  (exists r, 0 <= r <= T /\ y r = z r) -> forall s, 0 <= s <= T -> y s = z s.
Lemma above_minimum m n C g x c t :
  unique_flows m n g -> (forall A, sized m n A -> is_gradient m n C A (g A)) -> (forall s, sized m n (x s)) ->
  (forall s, mderive x s (mopp (g (x s)))) -> (forall y, sized m n y -> C y >= c) -> C (x 0) > c -> 0 <= t -> c < C (x t).
Proof.
  intros U Hg Hs Hx Hm H0 Ht. destruct (Rle_lt_or_eq_dec c (C (x t))) as [L | E]; [apply Rge_le, Hm, Hs | exact L | exfalso].
  assert (Z : g (x t) = mzero). { apply (gradient_at_minimum m n C (x t)); auto. intros Y HY. rewrite <- E. now apply Rge_le, Hm. }
  assert (K : x 0 = x t).
  { apply (U x (fun _ => x t) t); [| exists t; split; [lra | reflexivity] | lra]. intros s _. split; split; [apply Hs | apply Hx | apply Hs |].
    apply mderive_eq with mzero; [apply mderive_const |]. rewrite Z. apply mat_ext; intros. rewrite mopp_ij, mzero_ij. ring. }
  rewrite K in H0. lra.
Qed.
(* Gronwall: f' <= - r f on [0, t]. *)
Lemma decays (f d : R -> R) (r t : R) :
  0 <= t -> (forall s, 0 <= s <= t -> is_derive f s (d s)) -> (forall s, 0 <= s <= t -> d s <= - r * f s) -> f t <= f 0 * exp (- r * t).
Proof.
  intros Ht Hd H. set (h := fun s => f s * exp (r * s)). set (dh := fun s => (d s + r * f s) * exp (r * s)).
  assert (D : forall s, 0 <= s <= t -> is_derive h s (dh s)).
  { intros s Hs. unfold h, dh. apply is_derive_eq with (d s * exp (r * s) + f s * ((0 * s + r * 1) * exp (r * s))); [| ring].
    apply (is_derive_times f (fun s => exp (r * s))); [now apply Hd |]. apply (is_derive_of_exp (fun s => r * s)).
    apply (is_derive_times (fun _ => r) (fun s => s)); [apply is_derive_c | apply is_derive_self]. }
  edestruct (MVT_gen h 0 t dh) as [c [Hc E]].
  - rewrite Rmin_left, Rmax_right by lra. intros s Hs. apply D. lra.
  - rewrite Rmin_left, Rmax_right by lra. intros s Hs. apply continuity_pt_filterlim. apply (ex_derive_continuous h). exists (dh s). now apply D.
  - rewrite Rmin_left, Rmax_right in Hc by lra. assert (N : dh c <= 0).
    { unfold dh. generalize (H c Hc), (exp_pos (r * c)). intros. nra. }
    assert (F : f t * exp (r * t) <= f 0). { unfold h in E. rewrite Rmult_0_r, exp_0 in E. nra. }
    apply (Rmult_le_compat_r (exp (- r * t))) in F; [| apply Rlt_le, exp_pos].
    rewrite Rmult_assoc, <- exp_plus in F. replace (r * t + - r * t) with 0 in F by ring. rewrite exp_0 in F. lra.
Qed.
(* The limit of a path as the time grows. *)
Definition limit_of (x : R -> M) : M := fun i j => real (Lim (fun t => x t i j) p_infty).
Definition settles (x : R -> M) := forall i j, is_lim (fun t => x t i j) p_infty (limit_of x i j).
Lemma limit_zero (x : R -> M) i j : (forall s, x s i j = 0) -> limit_of x i j = 0.
Proof. intros H. unfold limit_of. rewrite (Lim_ext (fun _ => 0)) by (intros; symmetry; apply H). now rewrite Lim_const. Qed.
Lemma limit_rows m x : (forall s, rows m (x s)) -> rows m (limit_of x).
Proof. intros H i j K. apply limit_zero. intros s. now apply H. Qed.
Lemma limit_cols n x : (forall s, cols n (x s)) -> cols n (limit_of x).
Proof. intros H i j K. apply limit_zero. intros s. now apply H. Qed.
(* Derivatives through a time that is a function of another, and of powers with any exponent. *)
Lemma mderive_comp x f D t u : (forall s, mderive x s (D s)) -> is_derive f t u -> mderive (fun s => x (f s)) t (mscal u (D (f t))).
Proof.
  intros H Hf i j. unfold mscal. apply (is_derive_comp (fun s => x s i j) f t (D (f t) i j) u); [apply H | exact Hf].
Qed.
Lemma is_derive_power (f : R -> R) (t u e : R) : 0 < f t -> is_derive f t u -> is_derive (fun s => power (f s) e) t (e * power (f t) (e - 1) * u).
Proof.
  intros P Hf. assert (L : is_derive (fun s => exp (e * ln (f s))) t (u * / f t * e * exp (e * ln (f t)))).
  { apply is_derive_eq with ((0 * ln (f t) + e * (u * / f t)) * exp (e * ln (f t))); [| ring].
    apply (is_derive_of_exp (fun s => e * ln (f s))). apply (is_derive_times (fun _ => e) (fun s => ln (f s))); [apply is_derive_c |].
    apply (is_derive_comp ln f t (/ f t) u); [| exact Hf]. apply is_derive_Reals. now apply derivable_pt_lim_ln. }
  apply is_derive_ext_loc with (fun s => exp (e * ln (f s))).
  - assert (C : continuous f t) by (apply (ex_derive_continuous f); now exists u).
    apply (C (fun y => exp (e * ln y) = power y e)). exists (mkposreal _ P). intros y Hy.
    unfold ball in Hy; simpl in Hy. unfold AbsRing_ball, abs, minus, plus, opp in Hy; simpl in Hy. apply Rabs_def2 in Hy.
    rewrite power_exp; [reflexivity | lra].
  - eapply is_derive_eq; [exact L |]. rewrite !power_exp by exact P. replace ((e - 1) * ln (f t)) with (e * ln (f t) + - ln (f t)) by ring.
    rewrite exp_plus, exp_Ropp, exp_ln by exact P. field. lra.
Qed.
