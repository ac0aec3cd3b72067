"""What becomes of each public function of NumPy, `math`, `cmath` and SciPy, for the manual and the tests."""

from __future__ import annotations

import cmath
import importlib
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from adgen.frontend import calls  # noqa: F401 - with all that fills the tables
from adgen.frontend.draws import DRAWS, STANDARD, WITHOUT_FLOATS
from adgen.frontend.handlers import HANDLERS, METHODS, REFUSED_METHODS
from adgen.rules.definitions import definition_of
from adgen.rules.registry import registry

# How the manual calls it, how a row does, and the module that is walked.
MODULES: dict[str, Any] = {
    "np": np,
    "np.linalg": np.linalg,
    "np.fft": np.fft,
    "np.emath": np.emath,
    "np.lib.stride_tricks": np.lib.stride_tricks,
    "math": math,
    "cmath": cmath,
}
POLYNOMIALS = ("polynomial", "chebyshev", "legendre", "hermite", "hermite_e", "laguerre")
MODULES |= {f"np.polynomial.{name}": getattr(np.polynomial, name) for name in POLYNOMIALS}
SCIPY = ("special", "linalg")
ATTRIBUTES = frozenset("T dtype flat imag itemsize mT nbytes ndim real shape size".split())
GENERATOR_REFUSED = frozenset("bit_generator permuted shuffle spawn".split())


@dataclass(frozen=True)
class Coverage:
    """One public name: `status` is row, definition, frontend, constant, refused or (a fault of ours) missing."""

    module: str
    name: str
    status: str
    kinds: tuple[str, ...] = ()
    numba: str = ""
    kinks: tuple[str, ...] = ()
    reason: str = ""


def modules() -> dict[str, Any]:
    """The modules that are walked; those of SciPy where it is installed."""
    found = dict(MODULES)
    for name in SCIPY:
        try:
            found[f"sp.{name}"] = importlib.import_module(f"scipy.{name}")
        except ModuleNotFoundError:
            continue
    return found


def public_functions(module: Any) -> list[str]:
    """Public names that can be called; those that warn when they are read are on their way out."""
    names = []
    for name in dir(module):
        if name.startswith("_"):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                value = getattr(module, name)
            except (AttributeError, Warning):
                continue
        if callable(value):
            names.append(name)
    return names


def coverage_of(module: str, name: str, function: Any) -> Coverage:
    """What becomes of a function that is called."""
    rows = [row for _, row in registry().lookup(function)]
    derived = [row for row in rows if row.kind not in ("constant", "refused")]
    kinds = tuple(dict.fromkeys(row.kind for row in derived))
    kinks = tuple(dict.fromkeys(row.at for row in derived if row.at))
    numba = next((row.numba for row in derived if row.numba), "")
    reason = next((row.reason for row in rows if row.kind == "refused"), "")
    if derived:
        return Coverage(module, name, "row", kinds, numba, kinks, reason)
    if function in HANDLERS:
        return Coverage(module, name, "frontend")
    if definition_of(function) is not None:
        return Coverage(module, name, "definition", reason=reason)
    return Coverage(module, name, rows[0].kind if rows else "missing", reason=reason)


def coverage() -> Iterator[Coverage]:
    """Every public function, module by module; then the methods of arrays and of random generators."""
    for path, module in modules().items():
        for name in public_functions(module):
            yield coverage_of(path, name, getattr(module, name))
    for name in dir(np.ndarray):
        if not name.startswith("_"):
            if name in METHODS["array"] or name in ATTRIBUTES:
                yield Coverage("np.ndarray", name, "frontend")
            else:
                status = "refused" if name in REFUSED_METHODS else "missing"
                yield Coverage("np.ndarray", name, status, reason=REFUSED_METHODS.get(name, ("", ""))[0])
    for name in dir(np.random.Generator):
        if not name.startswith("_"):
            yield generator_method(name)


def generator_method(name: str) -> Coverage:
    if name in DRAWS:
        return Coverage("np.random.Generator", name, "definition")
    if name in STANDARD | WITHOUT_FLOATS:
        return Coverage("np.random.Generator", name, "constant")
    if name in GENERATOR_REFUSED:
        return Coverage("np.random.Generator", name, "refused", reason="it is no draw of numbers into a new array.")
    return Coverage("np.random.Generator", name, "missing")
