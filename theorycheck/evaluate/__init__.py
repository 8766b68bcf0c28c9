"""The numerical reader of claims: the printed tree at an instance, in rationals where it can, in balls otherwise."""

from theorycheck.evaluate.judge import Judgement as Judgement, judge as judge
from theorycheck.evaluate.numbers import Undefined as Undefined
from theorycheck.evaluate.values import evaluate as evaluate
