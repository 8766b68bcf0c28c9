"""The formula grammar raises nothing but its own error, and never runs what it reads."""

import subprocess
import sys

from hypothesis import given, settings, strategies as st

from theorycheck.errors import InputError
from theorycheck.formula import parse
from theorycheck.tree import sym
from theorycheck.tree.heads import validate
from theorycheck.tree.text import text

NAMES = {"beta": sym("beta"), "L": sym("L"), "exp": sym("exp")}
WORDS = [
    *"0123456789.+-*/^() ",
    "**",
    "beta",
    "L",
    "exp",
    "sqrt(",
    "log(",
    "1e9",
    "__class__",
    "lambda ",
    "if ",
    "[",
    "'",
    "\\",
]

CHILD = """
import random, sys
from theorycheck.errors import InputError
from theorycheck.formula import parse
from theorycheck.tree import sym
import theorycheck.tree.text
names = {"beta": sym("beta"), "L": sym("L")}
ALLOWED = {"object.__getattr__"}
heard = []
sys.addaudithook(lambda event, args: heard.append(event))
random = random.Random(0)
words = WORDS
attacks = ["__import__('os').system('true')", "beta.__class__.__mro__", "exec('1')", "eval('1')", "open('/etc/passwd')",
    "().__class__.__bases__[0]", "(lambda: 1)()", "[x for x in ()]", "f'{1}'", "breakpoint()", "globals()", "9**9**9**9"]
read = 0
for k in range(4000):
    line = "".join(random.choice(words) for _ in range(random.randint(1, 25))) if k >= len(attacks) else attacks[k]
    try:
        parse(line, names)
        read += 1
    except InputError:
        pass
bad = sorted(set(heard) - ALLOWED)
assert not bad, bad
assert read > 50, read
print("quiet", read)
""".replace("WORDS", repr(WORDS))


def test_nothing_is_compiled_imported_or_opened():
    """An audit hook hears compile, exec, import, open, object.__getattr__ of code, ctypes and so on."""
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("quiet")


def test_the_hook_would_hear_an_evaluation():
    loud = CHILD.replace("parse(line, names)", "eval('1 + 1')")
    done = subprocess.run([sys.executable, "-c", loud], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "compile" in done.stderr


@settings(max_examples=300)
@given(st.one_of(st.text(), st.binary().map(lambda b: b.decode("latin-1")), st.lists(st.sampled_from(WORDS)).map("".join)))
def test_reads_or_refuses(line):
    try:
        tree = parse(line, NAMES)
    except InputError:
        return
    assert text(validate(tree))
