"""Comparisons that the conditions in force decide."""

import itertools
import math

import numpy as np
import pytest

import adgen

OPERATORS = ("<", "<=", "==", ">=", ">", "!=")
VALUES = (-2.0, -1.0, -0.0, 0.0, 1.0, 2.0, math.inf, -math.inf, math.nan)


def made(outer, inner, tmp_path):
    """A function that adds a power of two for each condition that holds, on both sides of another condition."""
    lines = ["def f(x):", "    y = 0.0 * x", f"    if {outer}:"]
    lines += [f"        y = y + {2.0**k} if {test} else y" for k, test in enumerate(inner)]
    lines += ["        y = y + 0.5 * x", "    else:"]
    lines += [f"        y = y + {2.0**k} if {test} else y" for k, test in enumerate(inner)]
    file = tmp_path / "made.py"
    file.write_text("\n".join([*lines, "    return y"]))
    space = {}
    exec(compile(file.read_text(), str(file), "exec"), space)
    return space["f"]


@pytest.mark.parametrize("bound", [0.0, 1.0])
@pytest.mark.parametrize("outer", OPERATORS)
def test_a_branch_is_taken_as_in_the_function_whatever_the_numbers(outer, bound, tmp_path):
    spellings = (f"x {{}} {bound}", f"{bound} {{}} x", f"-x {{}} {-bound}", f"-x {{}} {bound}", f"not x {{}} {bound}")
    inner = [spelling.format(op) for op, spelling in itertools.product(OPERATORS, spellings)]
    f = made(f"x {outer} {bound}", inner, tmp_path)
    derivative = adgen.jvp(f)
    for x in VALUES:
        with np.errstate(invalid="ignore"):
            value, slope = derivative((x,), (1.0,))
        assert np.array_equal(value, f(x), equal_nan=True), x
        if math.isfinite(x):
            assert slope == (0.5 if eval(f"{x} {outer} {bound}") else 0.0)


def test_a_condition_that_is_known_leaves_no_test(tmp_path):
    f = made("x > 0.0", ["-x < 0.0"], tmp_path)
    derivative = adgen.jvp(f)
    derivative((1.0,), (1.0,))
    assert derivative.source.count("if ") == 1
