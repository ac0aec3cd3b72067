"""Statements over arrays as loops: the text says what is fused, the corpus that nothing changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import adgen
from adgen import pipeline
from adgen.lower import LOOPS, write_loops
from adgen.program.function import Function
from adgen.testing import check_grads
from adgen.transforms.reverse import Reverse
from tests.programs import Program
from tests.programs.test_programs import ACCEPTED

SHARE = 3  # one program in this many is run every time
FEWER = 60  # of those, one in this many without each of the passes
NAMES = [transform.__name__ for transform in LOOPS]


def run_as_loops(monkeypatch: pytest.MonkeyPatch, without: str = "") -> None:
    """Derivatives with their arrays as loops, that Python runs; one of the passes may be left out."""
    passes = tuple(transform for transform in LOOPS if transform.__name__ != without)
    sizes: list[Any] = []
    specialize, optimize = pipeline.specialize, pipeline.optimize

    def remembering(*args: Any, **kwargs: Any) -> Any:
        program = specialize(*args, **kwargs)
        sizes.append(program.sizes)
        return program

    def fusing(function: Function, _: Any) -> Function:
        return write_loops(optimize(function), sizes[-1], passes)

    monkeypatch.setattr(pipeline, "specialize", remembering)
    monkeypatch.setattr(pipeline, "optimize", fusing)
    monkeypatch.setattr(Reverse, "compiled", property(lambda _: True, lambda *_: None))


def cases() -> list[Any]:
    found = []
    for k, p in enumerate(ACCEPTED):
        for i, args in enumerate(p.inputs):
            marks = () if k % SHARE == 0 else pytest.mark.slow
            found.append(pytest.param(p, args, id=f"{p.name}-{i}", marks=marks))
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("program", "args"), cases())
def test_programs_whose_arrays_are_loops_have_the_same_derivatives(
    program: Program, args: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_as_loops(monkeypatch)
    with np.errstate(all="ignore"):  # Python's numbers warn where arrays were told not to
        check_grads(program.function, args, argnums=program.argnums)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("without", NAMES)
@pytest.mark.parametrize("program", ACCEPTED[::FEWER], ids=lambda p: p.name)
def test_derivatives_are_the_same_without_each_of_the_passes(
    program: Program, without: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_as_loops(monkeypatch, without)
    with np.errstate(all="ignore"):
        check_grads(program.function, program.inputs[0], argnums=program.argnums)


def loops_of(function: Any, *args: Any) -> str:
    derivative = adgen.grad(function, jit=True)
    text = derivative.source if not args else generated(derivative, args)
    return text[text.index('mode."""') + len('mode."""') :]


def generated(derivative: Any, args: tuple) -> str:
    names = derivative._signature.bind(*args).arguments
    return derivative.generate(dict(names)).text


def test_a_chain_of_elementwise_statements_is_one_loop_without_arrays() -> None:
    def energy(x, w):
        y = np.sin(x) * w
        z = np.exp(-y) + y
        return np.sum(z * z)

    text = loops_of(energy, np.ones(3), np.ones(3))
    assert text.count("for ") == 1
    assert text.count("np.empty") == 1  # the gradient


def test_what_triangular_loops_record_stands_in_arrays() -> None:
    def triangle(x):
        total = 0.0
        for i in range(x.shape[0]):
            for j in range(2, 2 * i):
                total = np.sin(total * x[i]) + x[i] * j
        return total

    text = loops_of(triangle, np.ones(7))
    assert ".append" not in text
    assert "np.empty((x.shape[0], max(2 * x.shape[0] - 4, 0)))" in text


def test_a_store_that_meets_what_is_read_keeps_its_order() -> None:
    def shifted(x):
        y = x * 1.0
        y[1:] = y[:-1] * y[1:]
        return np.sum(y)

    x = np.array([0.5, 1.5, 2.0, 0.7])
    check_grads(shifted, (x,), jit=True)


def test_different_rows_of_one_array_share_a_loop() -> None:
    def wrapped(a):
        a = a.copy()
        a[0, :] = a[-2, :]
        a[-1, :] = a[1, :]
        return np.sum(a * a)

    assert loops_of(wrapped, np.ones((4, 3))).count("a1[0, i] = a1[-2, i]\n        a1[-1, i] = a1[1, i]") == 1
    check_grads(wrapped, (np.arange(12.0).reshape(4, 3),), jit=True)


def test_short_arrays_have_empty_slices() -> None:
    def inner(x):
        return np.sum(x[1:-1] * x[2:]) + np.sum(x)

    for n in (0, 1, 2, 3):
        np.testing.assert_allclose(adgen.grad(inner, jit=True)(np.ones(n)), adgen.grad(inner)(np.ones(n)))


def test_an_element_that_a_loop_adds_to_is_a_number_while_it_runs() -> None:
    def products(a):
        a = a.copy()
        for k in range(a.shape[0]):
            for i in range(k + 1, a.shape[0]):
                for j in range(k + 1, a.shape[0]):
                    a[i, j] -= a[i, k] * a[k, j]
        return np.sum(a * a)

    matrix = np.arange(9.0).reshape(3, 3) * 0.1 + np.eye(3)
    assert "a_bar_ik += t_bar * a1[k, j]" in loops_of(products, matrix)
    check_grads(products, (matrix,), jit=True)


def test_elements_that_may_be_the_same_stay_in_the_array() -> None:
    def powers(x, i):
        x = x.copy()
        for j in range(x.size):
            x[j] = x[j] * x[i]
        return np.sum(x)

    for i in (0, 2):
        check_grads(powers, (np.array([1.1, 0.7, 1.3]), i), jit=True)


def test_workspaces_of_loops_are_made_once() -> None:
    def decay(x, n: int):
        for _ in range(n):
            y = np.sin(x)
            y[0] = 0.0
            x = x - 0.1 * y * x.size
        return np.sum(x)

    text = loops_of(decay, np.ones(3), 4)
    before, _, loops = text.partition("for ")
    assert "y = np.empty(x.shape[0])" in before
    check_grads(decay, (np.array([0.5, 1.5, 2.5]), 3), jit=True)
