"""Certificates as lemmas of Coq: `coq_file` writes one, `kernel.judged` lets coqc accept or reject those of a folder."""
