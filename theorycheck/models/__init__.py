"""Exact instances that domains draw from, and the legs that run on them.

instances
    costs.py        quadratic costs, rational orthogonal matrices      paths.py             PL costs with exact flows
    regression.py   least squares                                      completion.py        observed entries of a matrix
    ridge_costs.py  costs with a ridge on the layers                   spectral.py          matrices with a decomposition
    homogeneous.py  sums of powers with exact flows                    linear_form.py       Tr[G^T A] and its escape directions
    networks.py     networks of a given matrix                         balanced.py          balanced networks
    included.py     networks inside wider ones                         modes.py             scalar modes of diagonal networks
    mode_times.py   their escape times                                 mode_coordinates.py  a coordinate of a diagonal network
legs
    matrix_flow.py, trajectories.py        flows of matrix and network costs on the engine and in balls
    *_checks.py                            of the instances of the same name; gap, frame, limit and scaling measurements
"""
