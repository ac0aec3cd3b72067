"""The order of loops: random nests compute the same before and after, and known ones are exchanged or left alone."""

from __future__ import annotations

import ast
import random

import gast
import numpy as np
import pytest

from adgen.analyses.sizes import Sizes
from adgen.lower import order_loops
from adgen.optimize.showing import array, small_function, source, strip
from adgen.program.types import INT

TYPES = {"A": array("n", "n"), "B": array("n", "n"), "x": array("n"), "k": INT, "p": INT, "q": INT, "j": INT, "i": INT}


def ordered(text: str) -> str:
    return source(order_loops(small_function(strip(text), ("A", "B", "x", "n"), TYPES), Sizes()))


def values(text: str) -> list[np.ndarray] | None:
    """What is in the arrays afterwards; None if an index is out of range."""
    rng = np.random.default_rng(0)
    space = {"np": np, "A": rng.random((7, 7)), "B": rng.random((7, 7)), "x": rng.random(7), "n": 7, "s": 0.0, "t": 0.0}
    try:
        exec(text, space)  # noqa: S102  text of this test
    except IndexError:
        return None
    return [space["A"], space["B"], space["x"], np.array(space["s"])]


RANGES = ("range(n)", "range(1, n - 1)", "range(n - 1, -1, -1)", "range(n - 2, 0, -1)", "range(k, n)", "range(1, k)")
PLACES = ("i", "j", "k", "i + 1", "i - 1", "j + 1", "j - 1", "0", "n - 1", "k + 1", "k - 1")


def random_nest(seed: int) -> str:
    rng = random.Random(seed)

    def element() -> str:
        if rng.random() < 0.3:
            return f"x[{rng.choice(PLACES)}]"
        return f"{rng.choice('AAB')}[{rng.choice(PLACES)}, {rng.choice(PLACES)}]"

    def statement() -> str:
        value = rng.choice([f"0.3 * {element()}", f"{element()} * {element()}", f"t - {element()}", "0.5"])
        return rng.choice(
            [f"{element()} = {value}", f"{element()} += {value}", f"{element()} -= {value}", f"t = {value}",
             f"s += {value}"]
        )  # fmt: skip

    body = [statement() for _ in range(rng.choice([1, 1, 2, 3]))]
    if rng.random() < 0.3:
        body.insert(0, f"t = {element()}")
    inside = "\n".join(f"            {line}" for line in body)
    outer, inner = rng.choice(RANGES), rng.choice(RANGES)
    return f"for k in range(2, n - 2):\n    for j in {outer}:\n        for i in {inner}:\n{inside}"


def test_random_nests_compute_the_same_in_the_new_order() -> None:
    exchanged = turned = 0
    for seed in range(1500):
        text = random_nest(seed)
        after = ordered(text)
        if after == ast.unparse(ast.parse(text)) or (before := values(text)) is None:
            continue
        exchanged += after.index("for i") < after.index("for j")
        turned += after.count("-1)") < text.count("-1)")
        for one, two in zip(before, values(after) or [], strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-10, err_msg=f"{text}\n{after}")
    assert exchanged > 40
    assert turned > 100


@pytest.mark.parametrize(
    "text",
    [
        "for j in range(n):\n    for i in range(j, n):\n        A[i, j] = B[i, j] * 2.0",  # a triangle
        "for j in range(n):\n    for i in range(n):\n        s = s * 0.5 + A[i, j]",  # a number carried on
        "for j in range(n):\n    for i in range(n):\n        s += A[i, j]",  # a sum keeps its order
        "for j in range(1, n):\n    for i in range(1, n - 1):\n        A[i, j] = A[i + 1, j - 1]",
        "for j in range(n):\n    for i in range(n):\n        A[i, j] = A[i, j] + x[i]\n        p = p + 1",
        "for i in range(n - 1, -1, -1):\n    x[i] = x[i + 1] * 0.5",
        "for i in range(n - 1, -1, -1):\n    x[i] = s\np = i",  # the counter is read afterwards
    ],
)
def test_loops_that_depend_on_their_order_stay(text: str) -> None:
    assert ordered(text) == ast.unparse(ast.parse(text))


def test_sums_into_neighbours_have_loops_of_their_own() -> None:
    text = """
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            A[i, j + 1] += B[i, j]
            A[i, j - 1] += B[i, j]
            A[i + 1, j] += B[i, j]
            s += B[i, j] * x[j]"""
    body = gast.parse(ordered(text)).body[0].body
    assert [len(loop.body) for loop in body] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "for i in range(n - 2):\n    x[i + 1] += s\n    x[i + 2] += x[i]",  # one sum is read by the other
        "for i in range(n - 2):\n    t = x[i] * 0.5\n    x[i] += t\n    x[i + 2] += t",
        "for k in range(3):\n    A[i, k] += B[i, k]\n    A[j, k] -= B[i, k]",  # never in two iterations
    ],
)
def test_sums_that_need_each_other_or_never_meet_stay_in_one_loop(text: str) -> None:
    assert ordered(text) == ast.unparse(ast.parse(text))


def test_columns_of_a_triangular_factorisation_are_computed_row_by_row() -> None:
    text = """
    for j in range(n):
        for k in range(j):
            for i in range(j, n):
                A[i, j] -= A[i, k] * A[j, k]"""
    after = gast.parse(ordered(text)).body[0]
    assert [s.target.id for s in (after, after.body[0], after.body[0].body[0])] == ["j", "i", "k"]
