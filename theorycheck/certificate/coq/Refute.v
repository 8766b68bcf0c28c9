(* A claim that is false: values at which its hypotheses hold and its relation does not, shown by computing with intervals. *)
From Coq Require Import Bool Arith.
From Coq Require Export List.
From Interval Require Import Tactic.
From TheoryCheck Require Export Tactics.
Open Scope R_scope.

(* Families at numbers, sums and products over numbers of members, powers as exponentials. *)
Ltac at_numbers :=
  cbv beta; repeat first [rewrite zprod_empty by lia | rewrite zsum_empty by lia | rewrite zprod_last by lia | rewrite zsum_last by lia];
  cbv beta; rewrite ?power_one; simpl Z.sub; simpl Z.add; simpl Z.mul; simpl Z.opp; simpl Z.eqb; cbv iota;
  repeat first [rewrite power_at_1 by lra | rewrite power_at_0 by lra];
  repeat match goal with |- context [power ?x ?e] => rewrite (power_exp x e) by first [lra | interval | (apply (IZR_lt 0); lia)] end.
(* Matrices of numbers, by rows; entries of what is made of them. *)
Definition of_rows (rows : list (list R)) : M := fun i j => nth j (nth i rows nil) 0.
Arguments of_rows rows%list_scope.
Definition fits_rows (m n : nat) (rows : list (list R)) := (Nat.leb (length rows) m && forallb (fun r => Nat.leb (length r) n) rows)%bool.
Lemma sized_rows m n rows : fits_rows (Z.to_nat m) (Z.to_nat n) rows = true -> sized m n (of_rows rows).
Proof.
  unfold fits_rows. rewrite andb_true_iff, forallb_forall, Nat.leb_le. intros [H G]. split; intros i j L; unfold of_rows.
  - rewrite (nth_overflow rows) by lia. now destruct j.
  - destruct (Nat.lt_ge_cases i (length rows)) as [K | K].
    + apply nth_overflow. specialize (G _ (nth_In rows nil K)). apply Nat.leb_le in G. lia.
    + rewrite (nth_overflow rows) by exact K. now destruct j.
Qed.
Ltac entries :=
  with_strategy transparent [total trace mmul mtr eye inner norm madd mopp mscal mzero]
    (cbv [total trace mmul mtr eye inner norm madd mopp mscal mzero of_rows nth Z.to_nat Pos.to_nat Pos.iter_op Init.Nat.add Nat.eqb Nat.ltb Nat.leb andb]).
Ltac same_entries :=
  apply mat_ext; intros i j; do 4 (try destruct i as [|i]); do 4 (try destruct j as [|j]); entries;
  repeat match goal with |- context [if ?b then false else false] => destruct b end; first [lra | by_ring].
Ltac in_rows := at_numbers; first [apply sized_rows; lazy; reflexivity | size].
Lemma root_le a b : 0 <= b -> a <= b * b -> sqrt a <= b.
Proof. intros H L. rewrite <- (sqrt_square b H). now apply sqrt_le_1_alt. Qed.
Ltac squared := try (apply root_le; [lra |]); rewrite ?pow2_sqrt by lra; first [lra | interval].
Ltac compared := at_numbers; try entries; first [lra | lia | interval | squared | lra | lia | interval | reflexivity | by_ring | (rewrite ?sqrt_1; lra)].
Ltac nothing := at_numbers; entries; lazymatch goal with |- sqrt ?e = 0 => replace e with 0 by ring; apply sqrt_0 end.
Ltac members_checked := intros; cbv beta; repeat match goal with |- context [Z.eqb ?a ?b] => destruct (Z.eqb_spec a b) end; subst; first [in_rows | lia | lra | compared].
Ltac refuted :=
  repeat match goal with |- _ /\ _ => split end;
  lazymatch goal with
  | |- ~ (_ /\ _) => at_numbers; intros G; decompose [and] G; first [lia | lra | match goal with N : ?x <> 0 |- False => apply N; first [nothing | lra] end]
  | |- ~ (_ <= _) => apply Rlt_not_le; compared
  | |- ~ (_ < _) => apply Rle_not_lt; compared
  | |- ~ (_ >= _) => apply Rlt_not_ge; compared
  | |- ~ (_ > _) => apply Rle_not_gt; compared
  | |- ~ (@eq R _ _) => first [(at_numbers; intros N; lra) | apply Rlt_not_eq; compared | apply Rgt_not_eq, Rlt_gt; compared]
  | |- sized _ _ _ => in_rows
  | |- forall _, _ => members_checked
  | |- _ => first [compared | lia | (at_numbers; same_entries)]
  end.
