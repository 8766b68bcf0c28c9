(* A claim that is false: values at which its hypotheses hold and its relation does not, shown by computing with intervals. *)
From Interval Require Import Tactic.
From TheoryCheck Require Export Tactics.
Open Scope R_scope.

(* Families at numbers, sums and products over numbers of members, powers as exponentials. *)
Ltac at_numbers :=
  cbv beta; repeat first [rewrite zprod_empty by lia | rewrite zsum_empty by lia | rewrite zprod_last by lia | rewrite zsum_last by lia];
  cbv beta; simpl Z.sub; simpl Z.add; simpl Z.mul; simpl Z.opp; simpl Z.eqb; cbv iota;
  repeat match goal with |- context [power ?x ?e] => rewrite (power_exp x e) by first [lra | interval | (apply (IZR_lt 0); lia)] end.
Ltac compared := at_numbers; first [lra | lia | interval | reflexivity | by_ring | (rewrite ?sqrt_1; lra)].
Ltac members_checked := intros; cbv beta; repeat match goal with |- context [Z.eqb ?a ?b] => destruct (Z.eqb_spec a b) end; subst; first [lia | lra | compared].
Ltac refuted :=
  repeat match goal with |- _ /\ _ => split end;
  lazymatch goal with
  | |- ~ (_ /\ _) => at_numbers; intros G; decompose [and] G; first [lia | lra]
  | |- ~ (_ <= _) => apply Rlt_not_le; compared
  | |- ~ (_ < _) => apply Rle_not_lt; compared
  | |- ~ (_ >= _) => apply Rlt_not_ge; compared
  | |- ~ (_ > _) => apply Rle_not_gt; compared
  | |- ~ (@eq R _ _) => first [apply Rlt_not_eq; compared | apply Rgt_not_eq, Rlt_gt; compared]
  | |- forall _, _ => members_checked
  | |- _ => first [compared | lia]
  end.
