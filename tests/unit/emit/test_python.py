"""The text of trees: as one would type it, and the same tree when parsed."""

from __future__ import annotations

import ast
from pathlib import Path

import gast
import numpy as np
import pytest

from adgen.emit.python import to_source

SPELLINGS = [
    "x = a + b * c",
    "x = (a + b) * c",
    "x = a - (b - c)",
    "x = a - b - c",
    "x = -a ** 2",
    "x = (-a) ** 2",
    "x = a ** -b",
    "x = (a ** b) ** c",
    "x = a ** b ** c",
    "x = (a / b) * c",
    "x = a * b / c",
    "x = a / (b * c)",
    "x = A[i, :]",
    "x = A[i + 1 :, ::2, ..., None]",
    "x = A[1:-1, :n]",
    "A[i, j] += x",
    "a, b = b, a",
    "x = (a,)",
    "return_value = f(a, *b, key=c, **d)",
    "x = not a < b",
    "x = (a and b) or not (c or d)",
    "x = a if b else c if d else e",
    "x = (a if b else c) + 1",
    "x = (2).bit_length()",
    "x = 2.0.real",
    "x = (a + b).T @ (c @ d)",
    "x = [a, (b, c), {}]",
    'x = {"one": 1, **others}',
    "x = 'say \"no\"'",
    'x = "it\'s"',
    "x = f'{a:.3f} of {b!r}'",
    "x = [y for y in z if y > 0]",
    "f = lambda x, y=2: x + y",
    "x = (lambda y: y)(2)",
    "if a:\n    b = 1\nelif c:\n    b = 2\nelse:\n    b = 3",
    "while a < b:\n    a += 1\n    if a > 3:\n        break",
    "for i in range(n - 1, -1, -1):\n    pass",
    "match a:\n    case [1, x]:\n        y = x\n    case _:\n        pass",
    "with open(name) as file:\n    text = file.read()",
    "try:\n    f()\nexcept (A, B) as error:\n    raise C() from error\nfinally:\n    g()",
    "assert a > 0, f'no: {a}'",
    'raise ValueError("no") from None',
    "if (y := f(x)) > 0:\n    z = y",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_text_survives(text: str) -> None:
    assert to_source(gast.parse(text).body) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(-1.5, "-1.5"), (1e300 * 10, "1e+301"), (float("inf"), "np.inf"), (float("-inf"), "-np.inf"),
     (2j, "2j"), (1 + 2j, "complex(1.0, 2.0)"), (np.float64(0.5), "np.float64(0.5)"), (True, "True"), (..., "...")],
)  # fmt: skip
def test_constants_are_written_as_values(value: object, text: str) -> None:
    assert to_source(gast.Constant(value, None)) == text


def test_negative_constants_know_their_precedence() -> None:
    two = gast.Constant(2, None)
    power = gast.BinOp(gast.Constant(-1.0, None), gast.Pow(), two)
    assert to_source(power) == "(-1.0) ** 2"


def test_a_difference_between_text_and_tree_is_an_error() -> None:
    broken = gast.parse("x = a").body
    broken[0].targets[0].id = "not a name"
    with pytest.raises(AssertionError):
        to_source(broken)


def test_long_lines_are_broken_inside_brackets() -> None:
    names = ", ".join(f"argument_number_{k}" for k in range(12))
    terms = " + ".join(f"term_number_{k} * factor_{k}" for k in range(8))
    text = to_source(gast.parse(f"value = function({names})\ntotal = {terms}").body)
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith("value = function(\n    argument_number_0,\n")
    assert "total = (\n    term_number_0 * factor_0\n    + term_number_1 * factor_1\n" in text


def test_chains_of_a_thousand_terms_are_written() -> None:
    node: gast.expr = gast.Name("x", gast.Load(), None, None)
    for _ in range(1000):
        node = gast.BinOp(node, gast.Add(), gast.Name("x", gast.Load(), None, None))
    assert to_source(node).count("+") == 1000


def test_the_standard_library_survives() -> None:
    """Whatever is copied from a user may hold any Python; nested multi-line texts are left alone here."""
    for name in ("bisect", "colorsys", "fractions", "heapq", "statistics", "textwrap", "numbers", "abc"):
        tree = gast.parse(Path(ast.__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
        to_source([s for s in tree.body if not isinstance(s, gast.ClassDef)])


def test_a_hundred_statements_come_back_as_they_were() -> None:
    line = "y{0} = np.exp(-x[{0}, :]) * (a + b{0}) / 2.0 - k * x{0} ** 2"
    text = "\n".join(line.format(k) for k in range(100))
    body = gast.parse(text).body
    assert to_source(body) == text
