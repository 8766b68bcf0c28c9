"""The Jacobian and the NTK in a ball around a Gaussian start (Lemma 15, paper lines 436 to 468)."""

from proofs.lazy_regime import (
    lemma_15_ball,
    lemma_15_constants,
    lemma_15_drift,
    lemma_15_event,
    lemma_15_jacobian,
    lemma_15_kernel,
    lemma_15_layers,
    lemma_15_probability,
    lemma_15_second_bound,
    lemma_15_segment,
    lemma_15_third,
)
from theorycheck.cli import run_module
from theorycheck.statement import Statement

statement = Statement(
    "lemma-15", "The NTK in a ball around the start", "B.2", lemma_15_constants.domain, depends_on=("thm-20", "lemma-14")
)
statement.add(lemma_15_constants.part, lemma_15_probability.part, lemma_15_layers.part, lemma_15_event.part)
statement.add(lemma_15_drift.part, lemma_15_ball.part, lemma_15_jacobian.part, lemma_15_second_bound.part)
statement.add(lemma_15_segment.part, lemma_15_kernel.part, lemma_15_third.part)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
