(* The tactic for expectations: every [E f] of the goal in one form. *)
From TheoryCheck Require Export Forms.
Import ListNotations.
Open Scope R_scope.

Definition marked (x : R) := x.
(* Products of layers opened (by equations for all outcomes), norms and scalar products as traces. *)
Ltac open_mean E f :=
  lazymatch type of f with ?Omega -> R =>
    let g := fresh "g" in let H := fresh "H" in
    evar (g : Omega -> R);
    assert (H : forall w, f w = marked (g w));
    [ let w := fresh "w" in intros w; cbv beta;
      repeat match goal with O : forall _ : Omega, chain _ _ _ _ = _ |- context [chain ?n ?X ?h ?m] => rewrite (O w) end;
      repeat first [rewrite norm_sqr | rewrite inner_trace];
      unfold marked; subst g; reflexivity
    | rewrite (mean_ext (E := E) f (fun w => marked (g w)) H); subst g; cbv beta; clear H ]
  end.
Ltac open_means :=
  repeat match goal with G : gaussian ?K ?V ?n ?E |- context [?E ?f] =>
    lazymatch f with (fun w => marked _) => fail | _ => open_mean E f end end.
Ltac reify_scalar E e :=
  lazymatch e with
  | marked ?a => reify_scalar E a
  | ?a + ?b => lazymatch reify_scalar E a with (?E, ?s) => lazymatch reify_scalar E b with (?E, ?t) => constr:((E, SA s t)) end end
  | ?a - ?b => lazymatch reify_scalar E a with (?E, ?s) => lazymatch reify_scalar E b with (?E, ?t) => constr:((E, SA s (SO t))) end end
  | ?a * ?b => lazymatch reify_scalar E a with (?E, ?s) => lazymatch reify_scalar E b with (?E, ?t) => constr:((E, SM s t)) end end
  | - ?a => lazymatch reify_scalar E a with (?E, ?s) => constr:((E, SO s)) end
  | ?a / ?c => lazymatch reify_scalar E a with (?E, ?s) => constr:((E, SM s (SC (/ c)))) end
  | ?a ^ 2 => lazymatch reify_scalar E a with (?E, ?s) => constr:((E, SM s (SM s (SC 1)))) end
  | trace ?m ?X => lazymatch size_in m E with (?k, ?E) => lazymatch reify E X k k with (?E, ?t) => constr:((E, ST k t)) end end
  | _ => constr:((E, SC e))
  end.
Ltac reify_mean Omega S L f :=
  let r := constr:(fun w : Omega => ltac:(let e := eval cbv beta in (f w) in let l := eval cbv beta in (L w) in let r := reify_scalar (S, l) e in exact r)) in
  lazymatch r with (fun w => ((?S, @?L w), ?s)) => constr:((S, L, s)) end.
Ltac means_in Omega E S L done :=
  match goal with
  | |- context [E ?f] =>
      let __ := lazymatch done with context [f] => fail | _ => constr:(tt) end in
      lazymatch reify_mean Omega S L f with (?S, ?L, ?s) => means_in Omega E S L constr:((done, (f, s))) end
  | _ => constr:((S, L, done))
  end.
Ltac letters_of Omega L :=
  lazymatch L with
  | (fun w => nil) => constr:(@nil (nat * nat * (Omega -> M)))
  | (fun w => (?r, ?c, @?A w) :: @?rest w) => let t := letters_of Omega rest in constr:(cons (r, c, A) t)
  end.
Ltac base_of ls :=
  lazymatch ls with
  | nil => constr:((@nil (nat * nat * M), @nil bool))
  | (?r, ?c, fun _ => ?A) :: ?ls => lazymatch base_of ls with (?b, ?f) => constr:((cons (r, c, A) b, cons true f)) end
  | (?r, ?c, _) :: ?ls => lazymatch base_of ls with (?b, ?f) => constr:((cons (r, c, mzero) b, cons false f)) end
  end.
(* The place of the size 1. *)
Ltac one_in S k :=
  lazymatch S with
  | nil => constr:(@None nat)
  | 1%Z :: _ => constr:(Some k)
  | _ :: ?S => one_in S (Datatypes.S k)
  end.
(* The layers that occur as letters: (index, row, column), each once. *)
Ltac layers_of ls done :=
  lazymatch ls with
  | nil => done
  | (?r, ?c, fun w => ?X w ?k) :: ?ls => lazymatch done with context [(k, _, _)] => layers_of ls done | _ => layers_of ls constr:((done, (k, r, c))) end
  | _ :: ?ls => layers_of ls done
  end.
Ltac network_of V A k :=
  let rec go b := lazymatch eval cbv beta iota in (fun w => V b w k) with A => b | _ => lazymatch b with 4%nat => fail | _ => go constr:(S b) end end in go 0%nat.
Ltac kinds_of V k ls :=
  lazymatch ls with
  | nil => constr:(@nil (option nat))
  | (_, _, ?A) :: ?ls =>
      let t := kinds_of V k ls in
      lazymatch A with
      | (fun w => ?X w k) => let b := network_of V A k in constr:(cons (Some b) t)
      | _ => constr:(cons (@None nat) t)
      end
  end.
Ltac letter_apart :=
  lazymatch goal with
  | |- apart_from _ (fun _ => ?A) => exact (apart_constant _ A)
  | |- @apart_from ?Omega ?K ?V ?l (fun w => chain ?n _ ?h ?m) =>
      let side := constr:(ltac:(lia) : ((l < m) \/ (h < l))%Z) in
      first [exact (apart_chain (K := K) (V := V) l 0 n h m side) | exact (apart_chain (K := K) (V := V) l 1 n h m side)
            | exact (apart_chain (K := K) (V := V) l 2 n h m side) | exact (apart_chain (K := K) (V := V) l 3 n h m side)]
  | |- @apart_from ?Omega ?K ?V ?l (fun w => _ ?k) =>
      let side := constr:(ltac:(lia) : k <> l) in
      first [exact (apart_layer (K := K) (V := V) l 0 k side) | exact (apart_layer (K := K) (V := V) l 1 k side)
            | exact (apart_layer (K := K) (V := V) l 2 k side) | exact (apart_layer (K := K) (V := V) l 3 k side)]
  end.
Ltac letter_poly_at :=
  lazymatch goal with
  | |- mpoly (fun _ => ?A) => exact (mpoly_constant A)
  | |- @mpoly ?Omega ?K ?V (fun w => chain ?n _ ?h ?m) =>
      first [exact (mpoly_chain (K := K) (V := V) 0 n h m) | exact (mpoly_chain (K := K) (V := V) 1 n h m)
            | exact (mpoly_chain (K := K) (V := V) 2 n h m) | exact (mpoly_chain (K := K) (V := V) 3 n h m)]
  | |- @mpoly ?Omega ?K ?V (fun w => _ ?k) =>
      first [exact (mpoly_layer (K := K) (V := V) 0 k) | exact (mpoly_layer (K := K) (V := V) 1 k)
            | exact (mpoly_layer (K := K) (V := V) 2 k) | exact (mpoly_layer (K := K) (V := V) 3 k)]
  end.
Ltac computed_mean K :=
  cbv [loop word letter expand scaled multiplied contracted contract rounds pick cut within across others final outside inside mean_of parts_of started pieces canon placed before loop_fixed sfits srow scol
       norm_of flip scale times letter_eqb word_eqb word_ltb least smaller around turn turns col_of row_of mat_of entry size_of loop_value word_value
       fst snd map app rev flat_map fold_right fold_left forallb nth length negb andb orb eqb Nat.eqb Nat.ltb Nat.leb hd tl].
(* From here: sizes S, letters ls, base and fixed letters; V the networks. *)
Ltac contract_layers G S ls P VA done :=
  lazymatch done with
  | tt => idtac
  | (?rest, (?k, ?r, ?c)) =>
      lazymatch type of G with gaussian ?K ?V ?n ?E =>
      let ks := kinds_of V k ls in
      let O := fresh "O" in
      assert (O : all_ok (K := K) (V := V) ls (fun p => nth p ks None) k r c)
        by (apply kinds_at; [exact P | cbn [all_kinds hd tl]; repeat (apply conj; [first [letter_apart | (split; [intros; reflexivity | split; reflexivity])] |]); exact I | simpl; lia]);
      rewrite (contracted_ok S ls G VA (polys_at ls P) (fun p => nth p ks None) k r c O ltac:(cbv [size_at nth]; equal_sizes) ltac:(cbv [size_at nth]; equal_sizes) 4);
      clear O; contract_layers G S ls P VA rest end
  end.
Ltac put_means G S ls base fixed one P VA same layers done :=
  lazymatch done with
  | tt => idtac
  | (?rest, (?f, ?s)) =>
      lazymatch type of G with gaussian ?K ?V ?n ?E =>
      let H := fresh "H" in let v := fresh "v" in
      evar (v : R);
      assert (H : E f = v);
      [ rewrite (mean_ext (E := E) f (fun w => poly_value S ls w (expand s)) (fun w => expand_ok S ls VA w s eq_refl));
        contract_layers G S ls P VA layers; rewrite (final_ok S ls base fixed G VA same one ltac:(reflexivity || exact I) P);
        computed_mean K; cbv beta; subst v; reflexivity
      | rewrite H; subst v; clear H; put_means G S ls base fixed one P VA same layers rest ] end
  end.
(* Traces whose layers are different: of each layer, one side is free. *)
Ltac no_common_layer :=
  let l := fresh "l" in intros l; cbn [aside word_aside fst snd nth];
  let parted k := (let C := fresh in destruct (Z_le_gt_dec k l) as [C | C]; first [left; all_apart | right; all_apart]) in
  match goal with
  | |- context [apart_from _ (fun w => chain _ (@?X w) _ ?k)] => solve [parted k]
  | |- context [apart_from _ (fun w => ?X w ?k)] => solve [parted k]
  | _ => first [left; all_apart | right; all_apart]
  end
with all_apart := solve [repeat (apply conj; [first [letter_apart | all_apart] |]); exact I].
Ltac separate G S ls P :=
  lazymatch type of G with gaussian ?K ?V ?n ?E =>
    repeat match goal with |- context [E (fun w => mono_value S ls w (@cons ?A ?t (@cons _ ?u ?m)))] =>
      let both := constr:(E (fun w => mono_value S ls w (@cons A t (@cons A u m)))) in
      first
      [ replace both with (E (fun w => mono_value S ls w (@cons A t (@nil A))) * E (fun w => mono_value S ls w (@cons A u m)))
          by (symmetry; apply (separated S ls G P t u m); no_common_layer)
      | replace both with (E (fun w => mono_value S ls w (@cons A u (@nil A))) * E (fun w => mono_value S ls w (@cons A t m)))
          by (symmetry; apply (separated_second S ls G P t u m); no_common_layer) ] end end.
Ltac means_of G :=
  lazymatch type of G with @gaussian ?Omega ?K ?V ?n ?E =>
    let r := means_in Omega E (@nil Z) (fun _ : Omega => @nil (nat * nat * M)) tt in
    lazymatch r with (?S, ?L, ?done) =>
      let ls := letters_of Omega L in
      lazymatch base_of ls with (?base, ?fixed) =>
      let layers := layers_of ls tt in
      let Z := fresh "Z" in pose proof (layers_sized _ _ _ _ _ G) as Z;
      let VA := fresh "VA" in
      assert (VA : forall w, valid (at_outcome S ls w))
        by (let w := fresh "w" in intros w;
            try pose proof (Z 0%nat w); try pose proof (Z 1%nat w); try pose proof (Z 2%nat w); try pose proof (Z 3%nat w); cbv beta iota in *;
            cbv [at_outcome map fst snd]; sizes_fit);
      let P := fresh "P" in assert (P : all_polys (K := K) (V := V) ls) by (cbn [all_polys]; repeat (apply conj; [letter_poly_at |]); exact I);
      let same := fresh "same" in
      assert (same : same_letters fixed ls base) by (cbn [same_letters hd tl]; repeat (apply conj; [split; [reflexivity | split; [reflexivity | first [exact I | (intros; reflexivity)]]] |]); exact I);
      let one := one_in S 0%nat in
      put_means G S ls base fixed one P VA same layers done; separate G S ls P; clear VA P same Z
      end end end.
Ltac means :=
  open_means;
  repeat match goal with G : gaussian _ _ _ ?E |- context [?E (fun w => marked _)] => means_of G end;
  unfold marked.
Ltac expectations_first ::= means.
Ltac tidied E ::= rewrite ?Rmult_1_l, ?Rmult_1_r, ?Rplus_0_r in E.
(* Layers at an outcome have their sizes. *)
Ltac layers_at o :=
  repeat match goal with G : gaussian _ _ _ _ |- _ =>
    let Z := fresh "Z" in pose proof (fun a => layers_sized _ _ _ _ _ G a o) as Z; clear G;
    pose proof (Z 0%nat); pose proof (Z 1%nat); pose proof (Z 2%nat); pose proof (Z 3%nat); clear Z end; cbv beta iota in *.
