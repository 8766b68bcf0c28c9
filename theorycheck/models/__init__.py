"""Exact instances that domains draw from, and the legs that run on them: costs with exact flows, networks, scalar modes.

costs.py        quadratic costs, rational orthogonal matrices      paths.py        PL costs, convex or not, with exact flows
homogeneous.py  sums of powers with exact flows                    networks.py     networks of a given matrix
spectral.py     matrices with a known decomposition                modes.py        scalar modes of diagonal networks
mode_times.py   their escape times                                 mode_coordinates.py  a coordinate of a diagonal network
matrix_flow.py  flows of matrix costs on the engine
mode_checks.py, homogeneous_checks.py, trajectories.py             ball and flow legs
"""
