"""Certificates as Coq files, and what coqc says of true ones and of corrupted ones."""

from __future__ import annotations

import copy
import json
import shutil
from fractions import Fraction

import pytest

from theorycheck import cli
from theorycheck.certificate.coq import kernel, memory
from theorycheck.certificate.coq.compiler import CLOSED, judged
from theorycheck.certificate.coq.kernel import judge
from theorycheck.certificate.coq.script import coq_file
from theorycheck.certificate.coq.trees import NotTranslated
from theorycheck.certificate.folder import Folder
from theorycheck.domain import Domain, hypothesis, matrix, real, size
from theorycheck.exact import rules as by
from theorycheck.run import run
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Le, Lt, exp, mat, sqrt, sym, trace

needs_coq = pytest.mark.skipif(
    not shutil.which("coqc"), reason="no coqc on the PATH (Debian: apt-get install coq libcoq-interval)"
)

x, y, a, m, n = (sym(name) for name in ("x", "y", "a", "m", "n"))
A, B = mat("A", m, n), mat("B", n, m)
numbers = Domain("numbers with 1 <= x and y <= 5", (real("x"), real("y"), real("a", above=0)), (hypothesis("below", Le(1, x)),))
matrices = Domain("two matrices", (size("m"), size("n"), matrix("A", m, n), matrix("B", n, m)))
ends = (hypothesis("from 1/2", Le(Fraction(1, 2), x)), hypothesis("to 2", Le(x, 2)))
between = Domain("1/2 <= x <= 2 and n >= 1", (real("x"), size("n")), ends)
statement = Statement("small", "Small claims", "1", numbers)


@statement.claim("square", line=1, main=True, expects="proved")
def square():
    """2 x y <= x^2 + y^2"""
    goal = yield Le(2 * x * y, x**2 + y**2)
    yield goal, by.linear(squares=[(1, x - y)])


@statement.claim("scaled", line=1, expects="proved")
def scaled():
    """a <= a x, as 1 <= x"""
    goal = yield Le(a, a * x)
    low = yield Le(1, x), by.given("below")
    yield goal, by.linear((low, a))


@statement.claim("fraction", line=1, expects="proved")
def fraction():
    """(x / a)^2 a = x^2 / a"""
    goal = yield Eq((x / a) ** 2 * a, x**2 / a)
    yield goal, by.identity()


@statement.claim("words", line=1, expects="proved", domain=matrices)
def words():
    """Tr[(A B)^T A B] = Tr[A^T A B B^T] for all sizes"""
    goal = yield Eq(trace((A @ B).T @ A @ B), trace(A.T @ A @ B @ B.T))
    yield goal, by.identity()


@statement.claim("powers", line=1, expects="proved")
def powers():
    """sqrt(a) a^(x + 1) = a^(x + 3/2)"""
    goal = yield Eq(sqrt(a) * a ** (x + 1), a ** (x + Fraction(3, 2)))
    yield goal, by.identity()


@statement.claim("boxed", line=1, expects="certified", domain=between, box={"x": (Fraction(1, 2), 2), "n": 2})
def boxed():
    """e^x < 7 + 2/5 n, as e^2 < 7.4"""
    yield Lt(exp(x), 7 + n * 2 / 5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The certificates of the claims above, and of one that is false."""
    false = Statement("false", "A false claim", "1", numbers)

    @false.claim("bounded", line=1, main=True)
    def bounded():
        """x <= 2, which nothing says"""
        yield Le(x, 2)

    made = Folder(tmp_path_factory.mktemp("small"), [statement, false])
    run([statement, false], progress=made.keep)
    return made.path


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """The compiled library lies in a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def certificate(folder, name):
    return json.loads((folder / f"{name if '.' in name else f'small.{name}'}.json").read_text())


def test_the_lemma_is_the_claim_with_its_hypotheses(folder):
    text = coq_file(certificate(folder, "scaled")).text
    statement_part = text.partition("Proof.")[0]
    assert "1 <= x" in statement_part
    assert "a > 0" in statement_part
    assert ": a <= (a * x)." in statement_part
    assert "forall" not in statement_part


def test_a_rule_without_a_script_is_named(folder):
    data = certificate(folder, "square")
    data["proof"]["lines"][0]["rule"] = "algebra_rules.unheard_of"
    with pytest.raises(NotTranslated, match=r"algebra_rules\.unheard_of"):
        coq_file(data)


def test_another_kind_of_proof_is_named(folder):
    data = certificate(folder, "square")
    data["proof"] = {"kind": "sample", "tries": 10, "holds": 10}
    with pytest.raises(NotTranslated, match="sample"):
        coq_file(data)


@pytest.mark.parametrize(
    ("code", "said", "accepted"),
    [
        (0, CLOSED, True),
        (0, "Axioms:\nClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}\n", True),
        (0, "Axioms:\nmine.magic : 0 = 1\n", False),
        (0, "", False),
        (0, f"{CLOSED}\n{CLOSED}", False),
        (1, "Error: Tactic failure.", False),
    ],
)
def test_only_standard_axioms_are_accepted(code, said, accepted):
    assert judged(code, said).accepted is accepted


def test_without_coq_one_line_names_the_packages(folder, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert cli.main(["recheck", str(folder), "--kernel", "coq"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "libcoq-interval" in captured.err


# --- with coqc --------------------------------------------------------------------------------------------------------------
def _digit(data, old, new):
    row = next(r for r in data["nodes"] if r[:2] == ["num", [old]])
    row[1] = [new]


def _head(data, old, new):
    next(r for r in data["nodes"] if r[0] == old)[0] = new


def _multiplier(data):
    """The square is subtracted, not added."""
    one = next(k for k, r in enumerate(data["nodes"]) if r[:2] == ["num", ["1"]])
    data["proof"]["lines"][-1]["args"]["squares"][0][0] = ["tree", one]
    data["nodes"][one][1] = ["-1"]


def _dropped(data):
    """The hypothesis 1 <= x says 1 <= y."""
    hypotheses = data["domain"]["hypotheses"]
    below = next(h for h in hypotheses if h["name"] == "below")
    data["nodes"].append(["sym", ["y"], []])
    old = data["nodes"][below["shows"]]
    data["nodes"].append([old[0], [old[1][0], len(data["nodes"]) - 1], None])
    below["shows"] = len(data["nodes"]) - 1


def _positive(data):
    """a > 0 is left out."""
    data["domain"]["hypotheses"] = [h for h in data["domain"]["hypotheses"] if h["name"] == "below"]


def _value(data):
    """The witness is a number at which the claim holds."""
    data["proof"]["values"] = {name: "1" for name in data["proof"]["values"]}


def _outside(data):
    """The witness violates the hypothesis 1 <= x."""
    data["proof"]["values"]["x"] = "1/2"
    _digit(data, "2", "1/4")


def _wider(data):
    """The variable may be 3."""
    data["domain"]["hypotheses"] = []
    data["proof"]["ranges"]["x"] = ["1", "3"]


def _order(data):
    """The letters of one product change places: the sizes no longer fit."""
    row = next(r for r in data["nodes"] if r[0] == "matmul")
    row[1] = row[1][::-1]


CORRUPTED = {
    "constant": ("square", lambda d: _digit(d, "2", "9/4")),
    "relation": ("square", lambda d: _head(d, "le", "ge")),
    "sign": ("square", _multiplier),
    "hypothesis changed": ("scaled", _dropped),
    "hypothesis dropped": ("scaled", _positive),
    "exponent": ("fraction", lambda d: _digit(d, "2", "3")),
    "division": ("fraction", _positive),
    "order of a product": ("words", _order),
    "constant on a box": ("boxed", lambda d: _digit(d, "7", "6")),
    "a larger box": ("boxed", _wider),
    "power": ("powers", lambda d: _digit(d, "3/2", "5/2")),
    "witness": ("false.bounded", _value),
    "witness outside the domain": ("false.bounded", _outside),
    "transpose": ("words", lambda d: _head(d, "transpose", "neg")),
}


@needs_coq
def test_true_certificates_are_accepted_and_corrupted_ones_are_not(folder, tmp_path):
    names = ["false.bounded", *(f"small.{name}" for name in ("square", "scaled", "fraction", "words", "powers", "boxed"))]
    assert {r.claim: r.outcome for r in judge(folder, names).results} == dict.fromkeys(names, "accepted")
    for k, (name, corrupt) in enumerate(CORRUPTED.values()):
        data = copy.deepcopy(certificate(folder, name))
        corrupt(data)
        (tmp_path / f"{k}.json").write_text(json.dumps(data | {"claim": str(k)}))
    found = {r.claim: r.outcome for r in judge(tmp_path, map(str, range(len(CORRUPTED)))).results}
    assert not [name for k, name in enumerate(CORRUPTED) if found[str(k)] not in {"rejected", "not translated"}]
    assert list(found.values()).count("rejected") >= 6


def _coefficient(data, value):
    """The coefficient of -log(alpha) in the claim's body is another one."""
    nodes = data["nodes"]
    minus = next(k for k, r in enumerate(nodes) if r[0] == "neg" and nodes[r[1][0]][0] == "log")
    place = next(k for k, r in enumerate(nodes) if r[0] == "mul" and minus in r[1])
    end = len(nodes)
    nodes.append(["num", [value], []])
    nodes.append(["mul", [end, *nodes[place][1][1:]], []])
    changed = {place: end + 1}
    for k in range(place + 1, end):  # what the product is a part of
        head, args, shape = nodes[k]
        if any(a in changed for a in args):
            nodes.append([head, [changed.get(a, a) for a in args], shape])
            changed[k] = len(nodes) - 1
    data["tree"] = changed[data["tree"]]
    for line in data["proof"]["lines"]:
        line["shows"] = changed.get(line["shows"], line["shows"])


def _sizes(data):
    """The witness has sizes that agree."""
    data["proof"]["values"]["n_L"] = "1"


def _matrix(data):
    """The witness is a matrix at which the claim holds."""
    data["proof"]["values"]["theta_1"] = ["matrix", [["0", "0"]]]


def _reversed(data):
    """The claim's order is turned around, in its last line too."""
    row = data["nodes"][data["tree"]]
    row[0] = {"le": "ge", "ge": "le"}[row[0]]


def _lost(data):
    """The claim's right side, a product, is its last factor, in its lines too."""
    nodes, k = data["nodes"], data["nodes"][data["tree"]][1][1]
    while nodes[k][0] != "mul":
        k = nodes[k][1][0]
    nodes[k] = list(nodes[nodes[k][1][-1]])


PAPER = {  # a claim of the paper for each form, and its certificate with another constant
    "escape-times.appendix-shallow-corrected": lambda d: _coefficient(d, "1/3"),
    "escape-times.appendix-shallow": lambda d: _coefficient(d, "1/2"),  # the true one: the limit exists
    "lemma-39.order-of-the-trace": lambda d: _digit(d, "2", "1"),
    "prop-5.narrow": lambda d: _digit(d, "1/2", "1/3"),
    "pl-not-convex.slope": lambda d: _digit(d, "9/5", "8/5"),
    "pl-transfer.kernel": lambda d: _digit(d, "1/2", "1/3"),
    "mse-pl.shapes": _sizes,
    "lemma-15.third": _matrix,
    "lemma-22.gradient": _lost,
    "prop-11.integrand": _reversed,
    "cor-12.nearest": _reversed,
    "layer-moments.mass": _lost,
}


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    where = tmp_path_factory.mktemp("paper") / "certificates"
    assert cli.main(["check", *PAPER, "lemma-15.term", "prop-17.wick", "--certificates", str(where)]) in {0, 1}
    return where


def test_a_name_may_be_a_size_in_a_fact_and_a_number_in_the_claim(paper):
    before = coq_file(certificate(paper, "lemma-15.term")).text.partition("Proof.")[0]
    assert "(b : R)" in before
    assert "(b_F1 : Z)" in before


def test_the_limit_and_the_derivatives_of_a_sum_bind_their_variable(paper):
    limit = coq_file(certificate(paper, "escape-times.appendix-shallow-corrected")).text.partition("Proof.")[0]
    assert ": tends (fun alpha => " in limit
    assert "alpha > 0)  (*" not in limit
    assert "exists G1 : Z -> M, (forall l : Z, " in coq_file(certificate(paper, "pl-transfer.kernel")).text


@needs_coq
def test_forms_of_the_paper_are_accepted_and_not_with_other_constants(paper, tmp_path):
    for name, corrupt in PAPER.items():
        data = certificate(paper, name)
        corrupt(data)
        (tmp_path / f"{name}.json").write_text(json.dumps(data))
    assert {r.claim: r.outcome for r in judge(paper, PAPER).results} == dict.fromkeys(PAPER, "accepted")
    corrupted = {r.claim: r.outcome for r in judge(tmp_path, PAPER).results}
    limit = "escape-times.appendix-shallow"  # nothing grows any more
    assert corrupted == dict.fromkeys(PAPER, "rejected") | {limit: "not translated"}


@needs_coq
def test_the_same_file_is_not_judged_twice(folder, monkeypatch):
    names = ["small.square", "false.bounded"]
    first = judge(folder, names)
    monkeypatch.setattr(kernel, "compile_file", lambda *_: pytest.fail("coqc was asked again"))
    assert judge(folder, names) == first


def test_what_is_remembered_depends_on_the_text_the_version_and_the_library():
    one = "From TheoryCheck Require Import Tactics.\nLemma claim : True.\n"
    others = (one.replace("True", "False"), one.replace("Tactics", "Refute"))
    keys = [memory.key(one, "8.16.1"), memory.key(one, "8.17.0"), *(memory.key(o, "8.16.1") for o in others)]
    assert len(set(keys)) == 4


def test_what_an_expectation_is_assumed_to_be_is_said(paper):
    before = coq_file(certificate(paper, "layer-moments.mass")).text.partition("Proof.")[0]
    assert "gaussian (fun _ _ : nat => s_) (fun _ : nat => W') n Mean1" in before
    assert ": (Mean1 (fun o' : Omega => (inner " in before


def test_places_beyond_the_last_network_are_the_last_network_in_its_law_too(paper):
    before = coq_file(certificate(paper, "prop-17.wick")).text.partition("Proof.")[0]
    law = next(l for l in before.splitlines() if "gaussian" in l)
    assert "| _, _ => K_44 end" in law  # what is said of one network twice must agree, or the lemma would say nothing
    assert "| _ => W_4' end" in law


def test_uniqueness_of_the_flow_is_said_and_named(paper):
    file = coq_file(certificate(paper, "prop-11.integrand"))
    assert "unique_flows n 1%Z grad_C)" in file.text.partition("Proof.")[0]
    assert "uniqueness of the gradient flow (a convention of the domain)" in file.rests_on


@needs_coq
def test_what_it_accepts_is_written_and_told(tmp_path, capsys):
    where = str(tmp_path / "certificates")
    assert cli.main(["check", "linear-flow.flat", "--certificates", where]) == 0
    assert cli.main(["recheck", where, "--kernel", "coq"]) == 0
    assert "1 accepted by Coq" in capsys.readouterr().out
    assert cli.main(["explain", "linear-flow.flat", "--certificates", where]) == 0
    assert "accepted by Coq" in capsys.readouterr().out
    assert cli.main(["check", "linear-flow.flat", "--certificates", where, "--json", str(tmp_path / "report.json")]) == 0
    claim = json.loads((tmp_path / "report.json").read_text())["statements"][0]["claims"][0]
    assert [e["kind"] for e in claim["evidence"]] == ["derivation", "kernel"]
    assert claim["verdict"] == "proved"
    file = tmp_path / "certificates" / "linear-flow.flat.json"
    file.write_bytes(file.read_bytes().replace(b'"num",["-1"]', b'"num",["-2"]') + b" ")
    capsys.readouterr()
    assert cli.main(["explain", "linear-flow.flat", "--certificates", where]) == 0
    assert "accepted by Coq" not in capsys.readouterr().out
