"""Ball arithmetic on python-flint: rigorous enclosures, or an honest "undecided".

precision   working precision, conversion to balls, decisions     quadrature  integrals of real integrands
spectrum    eigenvalues and singular values                       subdivide   sign of a function on a box
linear      norms, ranks, definiteness                            roots       certified zeros of systems
taylor      flows of polynomial fields (with recurrence)          network     the gradient flow of a deep linear network
"""
