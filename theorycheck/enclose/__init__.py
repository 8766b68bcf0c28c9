"""Ball arithmetic on python-flint: rigorous enclosures, or an honest "undecided".

precision   working precision, conversion to balls, decisions     quadrature  integrals of real integrands
spectrum    eigenvalues and singular values                       subdivide   sign of a function on a box
linear      norms, ranks, definiteness                            roots       certified zeros of systems
taylor      flows of polynomial fields (with recurrence)          network     the gradient flow of a deep linear network
pl_constant the best PL constant of a quadratic cost on a ball
segments    what a rigorous flow returns                          packed      series of integer matrices, multiplied online
expansion   Taylor polynomials of networks, fixed-point           steps       orders and lengths of steps
defect      bound of the defect of an expansion                   curvature   bound of the logarithmic norm, in float64
network_steps  rigorous steps made of these four
"""
