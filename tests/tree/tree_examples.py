"""One tree per head with its two printed forms: the golden table of the printers."""

from __future__ import annotations

from fractions import Fraction

from theorycheck import tree as tc
from theorycheck.tree.build import Not
from theorycheck.tree.node import Node, neg, num

n, s = tc.scalars("n"), tc.scalars("s")
W, V = tc.layers("W", n), tc.layers("V", n)
C = tc.Function("C")
d, L, l, i, p = map(tc.sym, ["d", "L", "l", "i", "p"])
a, b, t, beta, lam, C_min = map(tc.sym, ["a", "b", "t", "beta", "lambda", "C_min"])
A, B = tc.mat("A", d, d), tc.mat("B", d, d)
x0, x_star, theta = tc.vec("x0", d), tc.vec("x_star", d), tc.vec("theta", d)
gamma = tc.Flow("gamma", "C", (d, num(1)))
half = num(Fraction(1, 2))

# tree, LaTeX, text
GOLDEN: list[tuple[Node, str, str]] = [
    (num(-3), "-3", "-3"),
    (half, r"\frac{1}{2}", "1/2"),
    (tc.sym("s_1"), "s_{1}", "s_1"),
    (C_min, r"C_{\min}", "C_min"),
    (x_star, "x^{*}", "x_star"),
    (tc.sym("x_tilde_0"), r"\tilde{x}_{0}", "x_tilde_0"),
    (tc.sym("rate"), r"\mathrm{rate}", "rate"),
    (Node("item", ("V", l), (d, d)), r"V_{\ell}", "V[l]"),
    (n[0], "n_{0}", "n[0]"),
    (s[i + 1], "s_{i + 1}", "s[i + 1]"),
    (W[l], r"W_{\ell}", "W[l]"),
    (tc.scalars("sigma_A")[i], r"\sigma_{A,i}", "sigma_A[i]"),
    (W.chain(L, l + 1), r"W_{L:\ell + 1}", "W[L:l + 1]"),
    (C(x0), "C(x_{0})", "C(x0)"),
    (C.grad(x0), r"\nabla C(x_{0})", "grad C(x0)"),
    (gamma(t), r"\gamma(t)", "gamma(t)"),
    (tc.INFINITY, r"\infty", "oo"),
    (a + b - 2, "a + b - 2", "a + b - 2"),
    (a - (b - 2), "a - (b - 2)", "a - (b - 2)"),
    (Node("add", (a, a + b)), "a + (a + b)", "a + (a + b)"),
    (-2 * beta * t, r"-2 \beta t", "-2*beta*t"),
    (a - 2 * beta, r"a - 2 \beta", "a - 2*beta"),
    (a + num(-2) * b, "a - 2 b", "a - 2*b"),
    (neg(neg(a)), "-(-a)", "-(-a)"),
    (a * (-b), "a (-b)", "a*(-b)"),
    ((a + b) * t, "(a + b) t", "(a + b) * t"),
    (num(2) * num(3), r"2 \cdot 3", "2*3"),
    (2 / beta * (C(x0) - C_min), r"\frac{2}{\beta} (C(x_{0}) - C_{\min})", "2/beta * (C(x0) - C_min)"),
    (a / (b * t), r"\frac{a}{b t}", "a/(b*t)"),
    (a / (b / t), r"\frac{a}{\frac{b}{t}}", "a/(b/t)"),
    ((a + b) / t, r"\frac{a + b}{t}", "(a + b) / t"),
    (a**2, "a^{2}", "a^2"),
    ((-a) ** 2, "(-a)^{2}", "(-a)^2"),
    (-(a**2), "-a^{2}", "-a^2"),
    ((a**b) ** t, r"(a^{b})^{t}", "(a^b)^t"),
    (a ** (b**t), "a^{b^{t}}", "a^b^t"),
    (a**half, "a^{1/2}", "a^(1/2)"),
    (half**a, r"\left(\frac{1}{2}\right)^{a}", "(1/2)^a"),
    (tc.sym("x_star") ** 2, "(x^{*})^{2}", "x_star^2"),
    (A**2, "A^{2}", "A^2"),
    (A.T**2, "(A^{T})^{2}", "(A^T)^2"),
    (W[l + 1].T @ W[l + 1], r"W_{\ell + 1}^{T} W_{\ell + 1}", "W[l + 1]^T @ W[l + 1]"),
    ((A @ B).T, "(A B)^{T}", "(A @ B)^T"),
    (A @ (2 * B), "A (2 B)", "A @ (2*B)"),
    (-4 * lam * (A - B), r"-4 \lambda (A - B)", "-4 * lambda * (A - B)"),
    (tc.sqrt(2 / beta), r"\sqrt{\frac{2}{\beta}}", "sqrt(2/beta)"),
    (tc.exp(-2 * beta * t), r"e^{-2 \beta t}", "exp(-2*beta*t)"),
    (tc.exp(a) ** 2, "(e^{a})^{2}", "exp(a)^2"),
    (tc.log(a / b), r"\log\left(\frac{a}{b}\right)", "log(a/b)"),
    (tc.absolute(a - b), "|a - b|", "|a - b|"),
    (tc.sign(a), r"\operatorname{sign}(a)", "sign(a)"),
    (tc.minimum(n[0], n[L]), r"\min(n_{0}, n_{L})", "min(n[0], n[L])"),
    (tc.total(i, 1, n[0], s[i] ** p), "\\sum_{i=1}^{n_{0}} s_{i}^{p}", "sum(i=1..n[0], s[i]^p)"),
    (tc.total(i, 1, L, a + b) * t, r"\left(\sum_{i=1}^{L} (a + b)\right) t", "sum(i=1..L, a + b) * t"),
    (t * tc.total(i, 1, L, s[i]), r"t \sum_{i=1}^{L} s_{i}", "t * sum(i=1..L, s[i])"),
    (tc.product(l, 1, L, n[l]), r"\prod_{\ell=1}^{L} n_{\ell}", "prod(l=1..L, n[l])"),
    (
        tc.over_sequences(tc.scalars("p"), L, 3, s[tc.scalars("p")[L]]),
        r"\sum_{p_{1}, \dots, p_{L} = 1 .. 3} s_{p_{L}}",
        "sum(p[1]..p[L]=1..3, s[p[L]])",
    ),
    (tc.integral(t, 0, b, a + t), r"\int_{0}^{b} a + t \, dt", "int(t=0..b, a + t)"),
    (tc.limit(p, 0, a**p), r"\lim_{p \downarrow 0} a^{p}", "lim(p -> 0+, a^p)"),
    (tc.limit(t, tc.INFINITY, gamma(t)), r"\lim_{t \to \infty} \gamma(t)", "lim(t -> oo, gamma(t))"),
    (tc.eye(n[0]), "I_{n_{0}}", "I[n[0]]"),
    (tc.zero(d, d), "0", "0"),
    (tc.trace(A.T @ B), r"\operatorname{Tr}[A^{T} B]", "Tr[A^T @ B]"),
    (tc.inner(A, B), r"\langle A, B \rangle", "<A, B>"),
    (tc.norm(C.grad(x0)) ** 2, r"\|\nabla C(x_{0})\|^{2}", "||grad C(x0)||^2"),
    (tc.norm(A / 2), r"\left\|\frac{A}{2}\right\|", "||A/2||"),
    (tc.schatten(A, p) ** p, r"\|A\|_{p}^{p}", "||A||_p^p"),
    (tc.schatten(A, 2 / L), r"\|A\|_{\frac{2}{L}}", "||A||_(2/L)"),
    (tc.rank(A), r"\operatorname{Rank}(A)", "rank(A)"),
    (tc.singular(A, 1), r"\sigma_{1}(A)", "sigma[1](A)"),
    (tc.gradient_of(C(A) + a, A), r"\nabla_{A} (C(A) + a)", "grad_A (C(A) + a)"),
    (
        tc.second_derivative(C(A), [(A, B)]),
        r"\partial_{\varepsilon}^{2} [C(A)]_{A \to A + \varepsilon B,\, \varepsilon = 0}",
        "second(C(A); A along B)",
    ),
    (tc.expect(tc.norm(W[1]) ** 2, W, a), r"\mathbb{E}_{W \sim N(0, a)}[\|W_{1}\|^{2}]", "E[||W[1]||^2; W ~ N(0; a)]"),
    (tc.expect(W[1] / 2, W, a), r"\mathbb{E}_{W \sim N(0, a)}\left[\frac{W_{1}}{2}\right]", "E[W[1]/2; W ~ N(0; a)]"),
    (
        tc.expect_joint(tc.inner(W[1], V[1]), [W, V], [a, b, 1]),
        r"\mathbb{E}_{W, V}[\langle W_{1}, V_{1} \rangle]",
        "E[<W[1], V[1]>; W V ~ N(0; a, b, 1)]",
    ),
    (
        tc.probability(tc.Le(tc.norm(W[1]), b), W, a),
        r"\mathbb{P}_{W \sim N(0, a)}[\|W_{1}\| \le b]",
        "P[||W[1]|| <= b; W ~ N(0; a)]",
    ),
    (tc.Dt(C(gamma(t))), r"\partial_t C(\gamma(t))", "Dt C(gamma(t))"),
    (tc.Dt(a * b), r"\partial_t (a b)", "Dt (a*b)"),
    (tc.Dt(a) * b, r"(\partial_t a) b", "(Dt a) * b"),
    (tc.Dt(a) ** 2, r"(\partial_t a)^{2}", "(Dt a)^2"),
    (tc.Eq(a, b), "a = b", "a = b"),
    (tc.Lt(a, b), "a < b", "a < b"),
    (tc.Ge(a, b), r"a \ge b", "a >= b"),
    (tc.Gt(a, b), "a > b", "a > b"),
    (tc.All(tc.Lt(a, b), tc.Lt(b, t)), r"a < b \;\text{and}\; b < t", "a < b and b < t"),
    (
        tc.Converges(gamma(t), t, tc.INFINITY, x_star),
        r"\gamma(t) \to x^{*} \quad (t \to \infty)",
        "gamma(t) -> x_star as t -> oo",
    ),
    (Not(tc.Le(a, b)), r"\neg (a \le b)", "not (a <= b)"),
    (tc.Member(theta, x0, tc.sym("r")), r"\theta \in B(x_{0}, r)", "theta in B(x0, r)"),
    (tc.Psd(A), r"A \succeq 0", "A is positive semidefinite"),
    (
        tc.Each(i, 1, L, tc.Le(tc.norm(A), b)),
        r"\|A\| \le b \;\text{for } i = 1 .. L",
        "||A|| <= b for i=1..L",
    ),
    (tc.Every(A, tc.Le(tc.norm(A), b)), r"\|A\| \le b \;\text{for all } A", "||A|| <= b for all A"),
    (tc.Defined(A @ B), r"A B \text{ is defined}", "A @ B is defined"),
    (
        tc.Le(C(gamma(t)) - C_min, (C(x0) - C_min) * tc.exp(-2 * beta * t)),
        r"C(\gamma(t)) - C_{\min} \le (C(x_{0}) - C_{\min}) e^{-2 \beta t}",
        "C(gamma(t)) - C_min <= (C(x0) - C_min) * exp(-2*beta*t)",
    ),
]
