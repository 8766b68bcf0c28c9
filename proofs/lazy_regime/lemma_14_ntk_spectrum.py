"""draft"""
from fractions import Fraction

from proofs.lazy_regime import lemma_14_moments as m14
from theorycheck.statement import Statement

statement = Statement("lemma-14", "Spectrum of the NTK at initialization", "B.2", m14.below)
statement.claim("below", line=419, where="proof", expects="proved", half=Fraction(1, 2), domain=m14.below)(m14.lower)
statement.claim("above", line=419, where="proof", expects="proved", half=Fraction(1, 2), domain=m14.above)(m14.upper)
