"""Every sample through the compiler, by hand: ``python -m tests.rules.through_compiler [first] [last]``.

For each sample a one-line function is written to a temporary folder; its vjp and jvp must satisfy the
dot-product identity, and the jvp must agree with differences.  Failures are printed, one a line.
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
from tests.rules.samples import Const, Sample
from tests.rules.test_every_row import CASES, find

SIGNS = {"operator.add": "+", "operator.sub": "-", "operator.mul": "*", "operator.truediv": "/", "operator.pow": "**",
         "operator.mod": "%", "operator.matmul": "@"}
SPACE = {"np": np, "math": math, "cmath": cmath, "scipy": scipy}


class Program:
    """A sample as a function of its arrays and floats."""

    def __init__(self, sample: Sample) -> None:
        row, _, values = find(sample)
        self.held = {id(v) for n, v in values.items() if n not in row.differentiable or n in sample.constant}
        self.names: list[str] = []
        self.values: list[Any] = []
        self.globals: dict[str, Any] = {}     # arrays that the rule holds constant
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
    return direction if isinstance(value, np.ndarray) else type(value)(direction)


def leaves(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value]


def check(sample: Sample, program: Program, f: Any) -> None:
    random = np.random.default_rng(0)
    values = program.values
    dots = [like(v, random) for v in values]
    y, pullback = adgen.vjp(f)(*values)
    y_bar = [like(v, random) for v in leaves(y)]
    x_bar = leaves(pullback(tuple(y_bar) if isinstance(y, tuple | list) else y_bar[0]))
    _, y_dot = adgen.jvp(f)(tuple(values), tuple(dots))
    pairs = [(b, d) for b, d in zip(y_bar, leaves(y_dot), strict=True) if b is not None]
    left = sum(float(np.sum(np.real(b * np.asarray(d)))) for b, d in pairs)
    right = sum(float(np.sum(np.real(np.asarray(b) * d))) for b, d in zip(x_bar, dots, strict=True)
                if b is not None and d is not None)
    assert abs(left - right) < 1e-7 * (1 + abs(left)), f"identity: {left} {right}"
    if sample.difference and sample.single and not sample.outputs:
        ends = [leaves(f(*(v if d is None else v + h * d for v, d in zip(values, dots, strict=True))))
                for h in (1e-5, -1e-5)]
        for plus, minus, (b, d) in zip(*ends, zip(y_bar, leaves(y_dot), strict=True), strict=True):
            if b is not None:
                np.testing.assert_allclose(d, (plus - minus) / 2e-5, rtol=2e-4, atol=2e-4)


def main(first: int = 0, last: int | None = None) -> None:
    failed = total = 0
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for number, sample in enumerate(CASES[first:last], first):
            if sample.callee.startswith("rt."):
                continue
            total += 1
            try:
                program = Program(sample)
                check(sample, program, program.load(Path(folder) / f"sample_{number}.py"))
            except Exception as error:  # noqa: BLE001  (whatever goes wrong is reported)
                failed += 1
                print(f"{number} {sample}: {type(error).__name__}: {' '.join(str(error).split())[:300]}", flush=True)
    print(f"{total - failed} of {total} samples agree")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
