"""Calls in many forms, each through both modes and twice: what `variants.txt` lists, one a line, as in `breadth`."""

from __future__ import annotations

import linecache
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import adgen
from tests.rules import test_breadth as breadth

LINES = (Path(__file__).parent / "variants.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_both_modes_agree(line: str) -> None:
    breadth.test_both_modes_agree_with_differences("variants", line)


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_forward_over_reverse_agrees_with_differences_of_the_gradient(line: str) -> None:
    f, arguments = breadth.function_of(line)
    random = np.random.default_rng(0)
    dots = [breadth.direction(v, random) for v in arguments]
    results = f(*breadth.fresh(arguments))
    if any(isinstance(v, tuple | list) for v in (results if isinstance(results, tuple | list) else [])):
        pytest.skip("results within results")
    several = isinstance(results, tuple | list)
    weights = {
        f"W{k}": breadth.direction(v, random) for k, v in enumerate(breadth.leaves(results)) if breadth.is_float(v)
    }
    terms = [f"np.sum(np.real({w} * {f'y[{w[1:]}]' if several else 'y'}))" for w in weights]
    names = ", ".join(f"x{k}" for k in range(len(arguments)))
    text = f"def s({names}):\n    y = f({names})\n    return {' + '.join(terms)}\n"
    file = f"<variants: {line}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"np": np, "f": f, **weights}
    exec(compile(text, file, "exec"), space)
    gradient = adgen.grad(space["s"], argnums=tuple(range(len(arguments))))
    _, found = adgen.jvp(gradient)(breadth.fresh(arguments), tuple(dots))
    ends = [gradient(*(v + h * d for v, d in zip(arguments, dots, strict=True))) for h in (1e-5, -1e-5)]
    for own, plus, minus in zip(found, *ends, strict=True):
        scale = 1e-3 * (1 + float(np.max(np.abs(own), initial=0.0)))
        np.testing.assert_allclose(own, (np.asarray(plus) - np.asarray(minus)) / 2e-5, rtol=1e-3, atol=scale)
