"""Reasons in a function itself why its derivative may disagree with a reference, or fail."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from adgen.survey.directions import SIDE_STEP, moved, whole_direction
from adgen.survey.samples import Sample
from adgen.testing.trees import copied, smooth_leaves

ROUNDING = 4e-16  # relative steps that do not move a derivative, unless it is all rounding ...
FINE_STEP = 1e-10  # relative; a search for a root goes another way, an iteration goes on as long
UNSTEADY = 1e-4  # ... and moves by this share of itself

Instruction = tuple[types.CodeType, int]


def reason_to_doubt(sample: Sample, found: str) -> str:
    """Why a disagreement is no fault of the derivative's, if there is a reason in the function itself."""
    real = not any(np.iscomplexobj(a) for a in smooth_leaves(sample.args))
    if real and "nan" in found and any(np.iscomplexobj(a) for a in smooth_leaves(sample.value)):
        return "real numbers whose power or root is complex"
    here = path_through(sample.function, sample.args)
    if set(here) not in [set(path_beside(sample, step)) for step in (SIDE_STEP, -SIDE_STEP)]:
        return "a branch for these values alone (x == 0)"
    if here not in [path_beside(sample, step) for step in (FINE_STEP, -FINE_STEP)]:
        return "branches for each value (a bisection): differences see the root, derivatives the path to it"
    return ""


def reason_in_rounding(sample: Sample, derived: Callable[[Any], Any]) -> str:
    """Whether the derivatives at arguments that differ by their rounding only have no digit in common."""
    here = smooth_leaves(derived(copied(sample.args)))
    for step in (ROUNDING, -ROUNDING, 2 * ROUNDING):
        there = smooth_leaves(derived(moved(sample.args, whole_direction(sample.args), step)))
        if any(not largest(a - b) <= UNSTEADY * largest(a) for a, b in zip(here, there, strict=True)):
            return "a derivative that is all rounding"
    return ""


def largest(values: np.ndarray) -> float:
    return float(np.max(np.abs(values), initial=0.0))


def drops_exceptions(sample: Sample) -> bool:
    """Whether the Python function behind compiled code raises something, which ufuncs made by Numba do not show."""
    function = in_python(sample.function)
    if function is None:
        return False
    scope = function.__globals__
    compiled = {name: value for name, value in scope.items() if in_python(value) is not None}
    scope |= {name: elementwise(value) for name, value in compiled.items()}
    try:
        elementwise(sample.function)(*copied(sample.args))
    except Exception:  # noqa: BLE001 -- the package's functions may raise anything
        return True
    finally:
        scope |= compiled
    return False


def in_python(function: Any) -> Any:
    """The Python function behind one that Numba compiles, or None."""
    return getattr(getattr(function, "_dispatcher", function), "py_func", None)


def elementwise(function: Any) -> Callable[..., Any]:
    """What a compiled function does, in Python."""
    plain = in_python(function)
    return np.vectorize(plain) if hasattr(function, "_dispatcher") else plain


def path_beside(sample: Sample, step: float) -> list[Instruction]:
    return path_through(sample.function, moved(sample.args, whole_direction(sample.args), step))


def path_through(f: Callable[..., Any], args: tuple[Any, ...]) -> list[Instruction]:
    """The instructions that a call executes."""
    found: list[Instruction] = []

    def note(frame: types.FrameType, event: str, _: Any) -> Any:
        frame.f_trace_opcodes = True
        found.append((frame.f_code, frame.f_lasti))
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        f(*copied(args))
    finally:
        sys.settrace(before)
    return found
