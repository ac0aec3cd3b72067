"""Samples as programs: each a one-line function, differentiated by the compiler as a user's would be.

first     vjp and jvp have the shapes and dtypes of the primal's values, satisfy the dot-product identity, and
          agree with differences;
second    the jvp of the gradient of a weighted sum of the results agrees with differences of the gradient;
single    in single precision, vjp and jvp keep it, and agree with those in double precision;
compiled  vjp and jvp with ``jit=True`` agree with those without;
third     (of smooth functions of numbers) the tangent of the second derivative agrees with its differences.

The tests make them all; ``python -m tests.rules.through_compiler [first] [last] [what] [step]`` makes a range of them
by hand, prints failures, one a line, and counts refusals (an `AdgenError`).
"""

from __future__ import annotations

import cmath
import linecache
import math
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import scipy.linalg
import scipy.special

import adgen
from adgen.errors import AdgenError
from tests.rules.samples import Const, Sample
from tests.rules.test_every_row import CASES, find, finest, narrowed

SIGNS = {
    "operator.add": "+",
    "operator.sub": "-",
    "operator.mul": "*",
    "operator.truediv": "/",
    "operator.pow": "**",
    "operator.mod": "%",
    "operator.matmul": "@",
}
SPACE = {"np": np, "math": math, "cmath": cmath, "scipy": scipy}


class Program:
    """A sample as a function of its arrays and floats."""

    def __init__(self, sample: Sample) -> None:
        row, _, values = find(sample)
        held = [v for n, v in values.items() if n not in row.differentiable or n in sample.constant]
        self.held = {id(item) for v in held for item in ([v, *v] if isinstance(v, tuple | list) else [v])}
        self.names: list[str] = []
        self.values: list[Any] = []
        self.globals: dict[str, Any] = {}  # arrays that the rule holds constant
        args = [self.spelt(a) for a in sample.arguments]
        options = [f"{k}={self.spelt(v)}" for k, v in sample.keywords.items()]
        self.text = f"def f({', '.join(self.names)}):\n    return {self.body(sample.callee, args, options)}\n"

    def body(self, callee: str, args: list[str], options: list[str]) -> str:
        if callee in SIGNS:
            return f"{args[0]} {SIGNS[callee]} {args[1]}"
        if callee.startswith("operator."):
            return {"neg": "-{}", "pos": "+{}", "abs": "abs({})"}[callee[9:]].format(args[0])
        return f"{callee.replace('sp.', 'scipy.')}({', '.join(args + options)})"

    def spelt(self, value: Any) -> str:
        if isinstance(value, Const):
            return {math.inf: "np.inf", -math.inf: "-np.inf"}.get(float(value), repr(float(value)))
        if isinstance(value, np.ndarray) and id(value) in self.held and value.dtype.kind in "fc":
            self.globals[f"C{len(self.globals)}"] = value
            return f"C{len(self.globals) - 1}"
        if isinstance(value, np.ndarray) or (type(value) in (float, complex) and id(value) not in self.held):
            self.names.append(f"x{len(self.names)}")
            self.values.append(value)
            return self.names[-1]
        if isinstance(value, list):
            return f"[{', '.join(map(self.spelt, value))}]"
        if isinstance(value, tuple):
            return f"({', '.join(map(self.spelt, value))}{',' if value else ''})"
        return f"np.{value.__name__}" if isinstance(value, type) else repr(value)

    def load(self, path: Path) -> Any:
        path.write_text(self.text, encoding="utf-8")
        space = {**SPACE, **self.globals}
        exec(compile(self.text, str(path), "exec"), space)
        linecache.checkcache(str(path))
        return space["f"]


def like(value: Any, random: np.random.Generator) -> Any:
    kind = np.asarray(value).dtype.kind
    if kind not in "fc":
        return None
    direction = random.normal(size=np.shape(value)) + (1j * random.normal(size=np.shape(value)) if kind == "c" else 0)
    return np.asarray(direction) if isinstance(value, np.ndarray) else type(value)(direction)


def leaves(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value]


def check(sample: Sample, program: Program, f: Any, _: Path) -> None:
    random = np.random.default_rng(0)
    values = program.values
    dots = [like(v, random) for v in values]
    y, pullback = adgen.vjp(f)(*values)
    y_bar = [like(v, random) for v in leaves(y)]
    x_bar = leaves(pullback(tuple(y_bar) if isinstance(y, tuple | list) else y_bar[0]))
    _, y_dot = adgen.jvp(f)(tuple(values), tuple(dots))
    for given, found in (*zip(values, x_bar, strict=True), *zip(leaves(y), leaves(y_dot), strict=True)):
        if is_inexact(given):
            check_type(given, found)
    pairs = [(b, d) for b, d in zip(y_bar, leaves(y_dot), strict=True) if b is not None]
    left = sum(float(np.sum(np.real(b * np.asarray(d)))) for b, d in pairs)
    right = sum(
        float(np.sum(np.real(np.asarray(b) * d)))
        for b, d in zip(x_bar, dots, strict=True)
        if b is not None and d is not None
    )
    tolerance = max([1e-7, *(2 * finest(d) for d in leaves(y_dot) if d is not None)])
    assert abs(left - right) < tolerance * (1 + abs(left)), f"identity: {left} {right}"
    if sample.difference and sample.single and not sample.outputs:
        ends = [
            leaves(f(*(v if d is None else v + h * d for v, d in zip(values, dots, strict=True))))
            for h in (1e-5, -1e-5)
        ]
        for plus, minus, (b, d) in zip(*ends, zip(y_bar, leaves(y_dot), strict=True), strict=True):
            if b is not None:
                np.testing.assert_allclose(d, (plus - minus) / 2e-5, rtol=2e-4, atol=2e-4)


def check_type(value: Any, derivative: Any) -> None:
    """A tangent or adjoint has the shape and dtype of its value; an array is an array."""
    own, other = np.asarray(value), np.asarray(derivative)
    assert own.shape == other.shape, f"shape {other.shape} for {own.shape}"
    assert own.dtype == other.dtype, f"{other.dtype} for {own.dtype}"
    assert not isinstance(value, np.ndarray) or isinstance(derivative, np.ndarray) or not own.ndim, type(derivative)


def weighted(f: Any, program: Program, path: Path) -> Any:
    """A real number made of the results of a sample, as a function of the same arguments."""
    random = np.random.default_rng(1)
    results = f(*program.values)
    several = isinstance(results, tuple | list)
    weights = [like(r, random) for r in leaves(results)]
    terms = [f"np.sum(np.real(W{k} * {f'y[{k}]' if several else 'y'}))" for k, w in enumerate(weights) if w is not None]
    path = path.with_suffix(".weighted.py")
    names = ", ".join(program.names)
    text = f"def s({names}):\n    y = f({names})\n    return {' + '.join(terms)}\n"
    path.write_text(text, encoding="utf-8")
    space = {**SPACE, "f": f, **{f"W{k}": w for k, w in enumerate(weights)}}
    exec(compile(text, str(path), "exec"), space)
    linecache.checkcache(str(path))
    return space["s"]


def check_second(sample: Sample, program: Program, f: Any, path: Path) -> None:
    random = np.random.default_rng(0)
    values = program.values
    dots = [like(v, random) for v in values]
    chosen = tuple(k for k, d in enumerate(dots) if d is not None)
    gradient = adgen.grad(weighted(f, program, path), argnums=chosen)
    found, second = adgen.jvp(gradient)(tuple(values), tuple(dots))
    if not sample.difference or not sample.single or sample.outputs:
        return
    plus, minus = (
        gradient(*(v if d is None else v + h * d for v, d in zip(values, dots, strict=True))) for h in (1e-5, -1e-5)
    )
    for own, dot, p, m in zip(found, second, plus, minus, strict=True):
        scale = 1e-4 * (1 + float(np.max(np.abs(own), initial=0.0)))
        np.testing.assert_allclose(dot, (p - m) / 2e-5, rtol=1e-3, atol=scale)


def check_single(sample: Sample, program: Program, f: Any, path: Path) -> None:
    if not sample.single:
        return
    random = np.random.default_rng(0)
    dots = [like(v, random) for v in program.values]
    values, small_dots = ([narrowed(v) for v in group] for group in (program.values, dots))
    if not all(np.asarray(y).dtype.name in ("float32", "complex64") for y in leaves(f(*values)) if is_inexact(y)):
        return  # the function computes in double precision
    y, y_dot = adgen.jvp(f)(tuple(values), tuple(small_dots))
    _, expected = adgen.jvp(f)(tuple(program.values), tuple(dots))
    y_bar = [None if np.asarray(v).dtype.kind not in "fc" else narrowed(like(v, random)) for v in leaves(y)]
    x_bar = adgen.vjp(f)(*values)[1](tuple(y_bar) if isinstance(y, tuple | list) else y_bar[0])
    names = find(sample)[1].outputs
    for k, (v, d, e) in enumerate(zip(leaves(y), leaves(y_dot), leaves(expected), strict=True)):
        if is_inexact(v):
            assert np.asarray(d).dtype == np.asarray(v).dtype, f"tangent of {np.asarray(d).dtype}"
            if sample.outputs and names[k] not in sample.outputs:
                continue
            np.testing.assert_allclose(d, e, rtol=1e-2, atol=1e-2 * (1 + float(np.max(np.abs(e), initial=0.0))))
    for v, b in zip(values, x_bar, strict=True):
        assert b is None or not isinstance(v, np.ndarray) or b.dtype == v.dtype, f"gradient of {b.dtype}"


def is_inexact(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "fc"


def check_third(sample: Sample, program: Program, f: Any, path: Path) -> None:
    """Forward over forward over reverse, against differences of forward over reverse."""
    gradient = adgen.grad(weighted(f, program, path), argnums=tuple(range(len(program.values))))
    dots = tuple(like(v, np.random.default_rng(0)) for v in program.values)
    names = ", ".join(program.names)
    text = f"def second({names}):\n    return jvp(gradient)(({names},), {tuple(map(float, dots))})[1]\n"
    path = path.with_suffix(".third.py")
    path.write_text(text, encoding="utf-8")
    space = {"jvp": adgen.jvp, "gradient": gradient}
    exec(compile(text, str(path), "exec"), space)
    linecache.checkcache(str(path))
    found, third = adgen.jvp(space["second"])(tuple(program.values), dots)
    ends = (adgen.jvp(gradient)(tuple(v + h * d for v, d in zip(program.values, dots)), dots)[1] for h in (1e-5, -1e-5))
    for own, dot, plus, minus in zip(found, third, *ends, strict=True):
        np.testing.assert_allclose(dot, (plus - minus) / 2e-5, rtol=1e-4, atol=1e-4 * (1 + abs(own)))


def dtypes_of(sample: Sample, value: Any) -> set[np.dtype]:
    """The dtypes that a compiled result may have: the interpreted one's, unless NumPy's hangs on values."""
    dtype = np.asarray(value).dtype
    return {dtype, np.result_type(dtype, np.complex64)} if sample.callee == "np.linalg.eigvals" else {dtype}


def check_compiled(sample: Sample, program: Program, f: Any, _: Path) -> None:
    random = np.random.default_rng(0)
    dots = tuple(like(v, random) for v in program.values)
    y, pullback = adgen.vjp(f)(*program.values)
    y_bar = [like(v, random) for v in leaves(y)]
    seed = tuple(y_bar) if isinstance(y, tuple | list) else y_bar[0]
    expected = [*leaves(pullback(seed)), *leaves(adgen.jvp(f)(tuple(program.values), dots)[1])]
    found = [*leaves(adgen.vjp(f, jit=True)(*program.values)[1](seed))]
    found += leaves(adgen.jvp(f, jit=True)(tuple(program.values), dots)[1])
    for own, other in zip(found, expected, strict=True):
        assert (own is None) == (other is None)
        if own is not None and not isinstance(other, str):
            assert np.shape(own) == np.shape(other), f"shapes {np.shape(own)} {np.shape(other)}"
            assert np.ndim(other) == 0 or np.asarray(own).dtype in dtypes_of(sample, other), "dtypes differ"
            scale = 1e-9 * (1 + float(np.max(np.abs(other), initial=0.0)))
            np.testing.assert_allclose(own, other, rtol=1e-8, atol=scale)


CHECKS = {
    "first": check,
    "second": check_second,
    "single": check_single,
    "compiled": check_compiled,
    "third": check_third,
}


def main(first: str = "0", last: str = "100000", what: str = "first", step: str = "1") -> None:
    failed = refused = total = 0
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for number, sample in list(enumerate(CASES))[int(first) : int(last) : int(step)]:
            if sample.callee.startswith("rt."):
                continue
            total += 1
            try:
                program = Program(sample)
                path = Path(folder) / f"sample_{number}.py"
                CHECKS[what](sample, program, program.load(path), path)
            except AdgenError as error:
                refused += 1
                print(f"{number} {sample}: refused [{error.slug}] {error.what}", flush=True)
            except Exception as error:  # noqa: BLE001  (whatever goes wrong is reported)
                failed += 1
                print(f"{number} {sample}: {type(error).__name__}: {' '.join(str(error).split())[:300]}", flush=True)
    print(f"{total - failed - refused} of {total} samples agree, {refused} are refused, {failed} fail")


if __name__ == "__main__":
    main(*sys.argv[1:])
