"""Every pass, alone and together, leaves the results of random programs as they were."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable

import gast
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from adgen.optimize import INTERPRETED, optimize
from adgen.optimize.names import name_after_variables, number_anew, renumber_temporaries
from adgen.optimize.showing import source
from adgen.program.function import Function
from tests.unit.optimize.random_programs import PARAMS, SIZE, programs

ALL = [*INTERPRETED, renumber_temporaries, number_anew, name_after_variables, optimize]
LARGE = 1e5
EXAMPLES = int(os.environ.get("ADGEN_EXAMPLES", "100"))


def run(text: str) -> tuple[list[np.ndarray], tuple[np.ndarray, ...], object]:
    """Results, the arguments afterwards, and the raw result."""
    space: dict[str, object] = {"np": np}
    exec(text, space)  # noqa: S102
    rng = np.random.default_rng(7)
    arguments = (0.7, -0.4, rng.uniform(-1, 1, SIZE), rng.uniform(-1, 1, SIZE))
    with np.errstate(all="ignore"):
        result = space["f"](*arguments)  # type: ignore[operator]
    raw = result if isinstance(result, tuple) else (result,)
    return [np.array(r, float) for r in raw], arguments, raw


def text_of(function: Function) -> str:
    body = "\n".join("    " + line for line in source(function).splitlines())
    return f"def f({', '.join(PARAMS)}):\n{body}"


def check(function: Function, transform: Callable[[Function], Function], text: str) -> None:
    before, arguments, raw = run(text)
    assume(all(np.all(np.isfinite(r)) and np.all(np.abs(r) < LARGE) for r in before))
    new = transform(function)
    assert source(function) == ast.unparse(ast.parse(text).body[0].body), "the input was changed"
    assert_no_shared_nodes(new)
    after, later, new_raw = run(text_of(new))
    for old_value, new_value in zip(before, after, strict=True):
        np.testing.assert_allclose(new_value, old_value, rtol=1e-7, atol=1e-7)
    for one, two in zip(arguments, later, strict=True):
        np.testing.assert_array_equal(one, two)
    for old_value, new_value in zip(raw, new_raw, strict=True):
        for argument_old, argument_new in zip(arguments[2:], later[2:], strict=True):
            if isinstance(new_value, np.ndarray) and np.shares_memory(new_value, argument_new):
                assert np.shares_memory(old_value, argument_old), "the caller's array is returned"


def assert_no_shared_nodes(function: Function) -> None:
    seen: set[int] = set()
    for stmt in function.body:
        for node in gast.walk(stmt):
            if isinstance(node, gast.stmt | gast.expr):
                assert id(node) not in seen, f"a node stands in two places: {gast.dump(node)}"
                seen.add(id(node))


@pytest.mark.parametrize("transform", ALL, ids=lambda t: t.__name__)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs())
def test_results_are_the_same(transform: Callable[[Function], Function], program: tuple[Function, str]) -> None:
    function, text = program
    check(function, transform, text)


@pytest.mark.parametrize("transform", INTERPRETED, ids=lambda t: t.__name__)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs())
def test_a_pass_that_finds_nothing_returns_the_same_object(
    transform: Callable[[Function], Function], program: tuple[Function, str]
) -> None:
    function, _ = program
    for _ in range(12):
        new = transform(function)
        if new is function:
            return
        assert source(new) != source(function), "changed, yet the same text"
        function = new
    pytest.fail("a pass never comes to rest")
