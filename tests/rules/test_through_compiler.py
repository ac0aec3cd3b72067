"""Every sample of every row through the compiler: first and second order, single precision, third order, compiled."""

from __future__ import annotations

import linecache
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError, BackendRefused
from tests.rules.samples import Sample
from tests.rules.test_every_row import CASES, find
from tests.rules.through_compiler import SPACE, Program, check, check_compiled, check_second, check_single, check_third

PROGRAMS = [s for s in CASES if not s.callee.startswith("rt.")]

# What has a gradient but no second one, and why.
ONCE = {
    "sp.special.gamma(c[3])": "SciPy has no derivative of the digamma function of complex numbers",
    "sp.special.loggamma(c[3])": "the same",
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def shared(samples: list[Sample], share: int) -> list[Any]:
    """One in `share` of the samples for `make test`; the others are slow only together."""
    return [
        pytest.param(s, id=str(s), marks=[] if k % share == 0 else [pytest.mark.slow]) for k, s in enumerate(samples)
    ]


def loaded(sample: Sample, folder: Path) -> tuple[Program, Any, Path]:
    program = Program(sample)
    path = folder / "sample.py"
    return program, program.load(path), path


@pytest.mark.parametrize("sample", shared(PROGRAMS, 3))
def test_gradient_and_tangent_agree_with_each_other_and_with_differences(sample: Sample, tmp_path: Path) -> None:
    check(sample, *loaded(sample, tmp_path))


@pytest.mark.parametrize("sample", shared(PROGRAMS, 6))
def test_second_derivative_agrees_with_differences_of_the_gradient(sample: Sample, tmp_path: Path) -> None:
    if sample.callee in ONCE or str(sample) in ONCE:
        with pytest.raises(AdgenError):
            check_second(sample, *loaded(sample, tmp_path))
        return
    check_second(sample, *loaded(sample, tmp_path))


@pytest.mark.parametrize("sample", shared([s for s in PROGRAMS if s.single], 6))
def test_single_precision_is_kept(sample: Sample, tmp_path: Path) -> None:
    check_single(sample, *loaded(sample, tmp_path))


def is_smooth_function_of_numbers(sample: Sample) -> bool:
    return (
        find(sample)[0].kind == "elementwise"
        and sample.difference
        and sample.single
        and not sample.keywords
        and sample.callee.split(".")[0] != "cmath"  # whose results are complex
        and all(type(a) is float for a in sample.arguments)
    )


NUMBERS = [s for s in PROGRAMS if is_smooth_function_of_numbers(s)]


@pytest.mark.parametrize("sample", shared(NUMBERS, 4))
def test_third_derivative_agrees_with_differences_of_the_second(sample: Sample, tmp_path: Path) -> None:
    check_third(sample, *loaded(sample, tmp_path))


NUMBA_KNOWS = [s for s in NUMBERS if find(s)[0].numba or s.callee.split(".")[0] in ("np", "math", "operator")]
GROUPS = [NUMBA_KNOWS[k : k + 8] for k in range(0, len(NUMBA_KNOWS), 8)]


@pytest.mark.parametrize("number", [pytest.param(k, marks=[pytest.mark.slow] if k else []) for k in range(len(GROUPS))])
def test_compiled_gradients_agree_with_interpreted_ones(number: int, tmp_path: Path) -> None:
    """Several rows in one function, since compiling it takes seconds."""
    pytest.importorskip("numba")
    lines, values = [], []
    for k, sample in enumerate(GROUPS[number]):
        program = Program(sample)
        body = program.text.splitlines()[1]
        renamed = body
        for j, name in enumerate(program.names):
            renamed = renamed.replace(name, f"v{k}_{j}")
        lines.append(renamed.replace("return ", f"y{k} = "))
        values += [(f"v{k}_{j}", v) for j, v in enumerate(program.values)]
    several = [k for k, s in enumerate(GROUPS[number]) if len(find(s)[1].outputs) > 1]
    total = " + ".join(f"y{k}[0]" if k in several else f"y{k}" for k in range(len(lines)))
    names = [n for n, _ in values]
    text = "\n".join([f"def f({', '.join(names)}):", *lines, f"    return {total}", ""])
    path = tmp_path / "group.py"
    path.write_text(text, encoding="utf-8")
    space = dict(SPACE)
    exec(compile(text, str(path), "exec"), space)
    linecache.checkcache(str(path))
    arguments = [v for _, v in values]
    places = tuple(range(len(names)))
    plain = adgen.grad(space["f"], argnums=places)(*arguments)
    compiled = adgen.grad(space["f"], argnums=places, jit=True)(*arguments)
    np.testing.assert_allclose(compiled, plain, rtol=1e-10, atol=1e-12)


FAILED_ONCE = ("np.linalg.eigvals(f[3,3])", "np.linalg.qr(f[2,4])")


@pytest.mark.slow
@pytest.mark.parametrize("sample", PROGRAMS[::20] + [s for s in PROGRAMS if str(s) in FAILED_ONCE], ids=str)
def test_compiled_derivatives_agree_with_interpreted_ones(sample: Sample, tmp_path: Path) -> None:
    """Compiling takes seconds a sample: one in twenty (all of them: ``python -m tests.rules.through_compiler``)."""
    pytest.importorskip("numba")
    try:
        check_compiled(sample, *loaded(sample, tmp_path))
    except BackendRefused:
        pass  # Numba does not know the function itself, and the refusal says so
