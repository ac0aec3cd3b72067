"""Every call of `breadth` goes through both modes, and agrees with differences and with the dot-product identity."""

from __future__ import annotations

import ast
import cmath
import functools
import itertools
import linecache
import math
import operator
import re
import statistics
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.fft
import scipy.integrate
import scipy.linalg
import scipy.signal
import scipy.special

import adgen
from adgen.errors import AdgenError
from tests.rules.breadth import ARGUMENTS, CONSTANTS, GROUPS

MODULES = {"np": np, "math": math, "cmath": cmath, "operator": operator, "functools": functools}
MODULES |= {"itertools": itertools, "statistics": statistics, "scipy": scipy}
LINES = [(group, line) for group, lines in GROUPS.items() if group != "refused" for line in lines]
STEP = 1e-4


def function_of(line: str) -> tuple[Callable[..., Any], list[Any]]:
    """The line as a function of the arguments that it names, and their values."""
    body = line if re.search(r"(^|; |\\n)return ", line) else f"return {line}"
    text = "\n".join("    " + part.strip() for part in body.replace("; ", "\n").replace("\\n", "\n").split("\n"))
    nodes = list(ast.walk(ast.parse(f"def f():\n{text}\n")))
    names = {n.id for n in nodes if isinstance(n, ast.Name)}
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {a.arg for n in nodes if isinstance(n, ast.Lambda) for a in n.args.args}
    arguments = [n for n in ARGUMENTS if n in names - bound]
    text = f"def f({', '.join(arguments)}):\n{text}\n"
    file = f"<breadth: {line}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space = {**MODULES, **CONSTANTS}
    exec(compile(text, file, "exec"), space)
    return space["f"], [ARGUMENTS[n] for n in arguments]


def leaves(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, tuple | list) else [value]


def is_float(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "fc"


def direction(value: Any, random: np.random.Generator) -> Any:
    if isinstance(value, tuple | list):
        return tuple(direction(v, random) for v in value)
    if not is_float(value):
        return None
    imaginary = 1j * random.normal(size=np.shape(value)) if np.iscomplexobj(value) else 0
    moved = random.normal(size=np.shape(value)) + imaginary
    return moved if isinstance(value, np.ndarray) else moved.item() if hasattr(moved, "item") else moved


def fresh(arguments: list[Any]) -> tuple[Any, ...]:
    return tuple(v.copy() if isinstance(v, np.ndarray) else v for v in arguments)


def differences(f: Callable[..., Any], arguments: list[Any], dots: list[Any]) -> list[Any]:
    """Central differences, extrapolated once."""

    def at(step: float) -> list[Any]:
        return leaves(f(*(v + step * d for v, d in zip(arguments, dots, strict=True))))

    def central(plus: Any, minus: Any, step: float) -> Any:
        return (np.asarray(plus) - np.asarray(minus)) / (2 * step) if is_float(plus) else None

    coarse = [central(p, m, STEP) for p, m in zip(at(STEP), at(-STEP), strict=True)]
    fine = [central(p, m, STEP / 2) for p, m in zip(at(STEP / 2), at(-STEP / 2), strict=True)]
    return [None if a is None else (4 * b - a) / 3 for a, b in zip(coarse, fine, strict=True)]


def inner(bars: Any, dots: Any) -> float:
    pairs = zip(leaves(bars), leaves(dots), strict=True)
    return sum(float(np.sum(np.real(np.asarray(b) * d))) for b, d in pairs if b is not None and d is not None)


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize(("group", "line"), LINES, ids=[line for _, line in LINES])
def test_both_modes_agree_with_differences(group: str, line: str) -> None:
    f, arguments = function_of(line)
    random = np.random.default_rng(0)
    dots = [direction(v, random) for v in arguments]
    value, value_dot = adgen.jvp(f)(fresh(arguments), tuple(dots))
    for found, expected in zip(leaves(value), leaves(f(*fresh(arguments))), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)
    for found, expected in zip(leaves(value_dot), differences(f, arguments, dots), strict=True):
        if expected is not None:
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    value, pullback = adgen.vjp(f)(*fresh(arguments))
    bars = direction(value, random)
    gradients = pullback(bars)
    left, right = inner(bars, value_dot), inner(gradients, dots)
    assert abs(left - right) < 1e-7 * (1 + abs(left)), (left, right)
    for gradient, argument in zip(gradients, arguments, strict=True):
        assert gradient is None or np.shape(gradient) == np.shape(argument)


@pytest.mark.parametrize("line", GROUPS["refused"])
def test_what_is_refused_is_refused_by_name(line: str) -> None:
    f, arguments = function_of(line)
    dots = [direction(v, np.random.default_rng(0)) for v in arguments]
    with pytest.raises(AdgenError):
        adgen.jvp(f)(fresh(arguments), tuple(dots))
    with pytest.raises(AdgenError):
        adgen.vjp(f)(*fresh(arguments))
