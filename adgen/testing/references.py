"""Derivatives found from a function's values alone: extrapolated differences and the complex step."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from adgen.program.trees import copied_in_place
from adgen.testing.trees import copied, copied_leaf, is_changed, is_smooth, map_leaves, smooth_leaves

# Complex step and Richardson agree at least to this if the function is analytic where it was evaluated.
ANALYTIC_TOLERANCE = 1e-5
COMPLEX_STEP = 1e-30
FIRST_STEP = 1e-2
STEP_RATIO = 2.0
LEVELS = 9


def written_arguments(f: Callable[..., Any], args: Sequence[Any]) -> tuple[int, ...]:
    """Positions of the arguments whose values `f` changes."""
    mine = copied(args)
    f(*mine)
    return tuple(i for i, (before, after) in enumerate(zip(args, mine, strict=True)) if is_changed(before, after))


def delivering(f: Callable[..., Any], args: Sequence[Any]) -> Callable[..., Any]:
    """`f` on copies of its arguments; if it returns None, the final values of those it writes are its result."""
    if f(*copied(args)) is not None:
        return lambda *given: f(*copied(given))
    written = written_arguments(f, args)

    def final_values(*given: Any) -> Any:
        mine = copied(given)
        f(*mine)
        return mine[written[0]] if len(written) == 1 else tuple(mine[i] for i in written)

    return final_values


def _move(x: Sequence[Any], v: Sequence[Any], step: complex) -> tuple[Any, ...]:
    """``x + step * v``, as float64 or complex128, so that differences do not drown in single precision."""

    def moved(_: str, leaf: Any, dot: Any) -> Any:
        if dot is None or not is_smooth(leaf):
            return copied_leaf(leaf)
        if isinstance(leaf, (np.ndarray, np.generic)):
            wide = leaf.astype(np.result_type(leaf.dtype, np.float64)) + step * dot
            return copied_in_place(leaf, wide) if isinstance(leaf, np.ndarray) else wide
        return leaf + step * dot

    return tuple(map_leaves(moved, arg, dot) for arg, dot in zip(x, v, strict=True))


def richardson(f: Callable[..., Any], x: Sequence[Any], v: Sequence[Any]) -> list[np.ndarray]:
    """Derivative of ``f(*x)`` in the direction `v`, one array for each differentiable leaf of the result."""
    return richardson_with_errors(f, x, v)[0]


def richardson_with_errors(
    f: Callable[..., Any], x: Sequence[Any], v: Sequence[Any], first_step: float = FIRST_STEP
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The derivative of `richardson`, and an estimate of its error, entry by entry.

    Central differences with steps that halve, extrapolated (Ridders, Adv. Eng. Software 4, 1982); every entry
    takes the extrapolation whose error estimate is least, so a kink that only the long steps cross does no harm.
    """
    g = delivering(f, x)
    base = smooth_leaves(g(*x))
    widest = max((float(np.max(np.abs(a), initial=0.0)) for a in smooth_leaves(tuple(v))), default=0.0)
    step = first_step / max(widest, 1e-30)
    best = [np.full(a.shape, np.nan, np.result_type(a.dtype, np.float64)) for a in base]
    error = [np.full(a.shape, np.inf) for a in base]
    previous: list[list[np.ndarray]] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for _ in range(LEVELS):
            row = [_central_difference(g, x, v, step, base)]
            factor = STEP_RATIO**2
            for order, older in enumerate(previous):
                newer = row[order]
                row.append([(factor * a - b) / (factor - 1) for a, b in zip(newer, older, strict=True)])
                for k, entry in enumerate(row[-1]):
                    guess = np.maximum(np.abs(entry - newer[k]), np.abs(entry - older[k]))
                    better = guess < error[k]
                    error[k] = np.where(better, guess, error[k])
                    best[k] = np.where(better, entry, best[k])
                factor *= STEP_RATIO**2
            previous = row
            step /= STEP_RATIO
    return best, error


def _central_difference(
    g: Callable[..., Any], x: Sequence[Any], v: Sequence[Any], step: float, base: list[np.ndarray]
) -> list[np.ndarray]:
    up, down = smooth_leaves(g(*_move(x, v, step))), smooth_leaves(g(*_move(x, v, -step)))
    if [a.shape for a in up] != [a.shape for a in base] or [a.shape for a in down] != [a.shape for a in base]:
        return [np.full(a.shape, np.nan) for a in base]  # the step crossed into another shape
    return [(a - b) / (2 * step) for a, b in zip(up, down, strict=True)]


def complex_step(f: Callable[..., Any], x: Sequence[Any], v: Sequence[Any]) -> list[np.ndarray] | None:
    """Derivative of ``f(*x)`` in the direction `v` by one evaluation off the real axis, exact to rounding.

    None if `f` does not take complex arguments, or has complex ones already.  A function that is not analytic
    (``abs``, ``np.conj``) gives a wrong answer without notice: compare with `richardson`.
    """
    if any(a.dtype.kind == "c" for a in smooth_leaves(tuple(x))):
        return None
    g = delivering(f, x)
    expected = [a.shape for a in smooth_leaves(g(*x))]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error")
            result = g(*_move(x, v, 1j * COMPLEX_STEP))
    except Exception:  # noqa: BLE001 -- whatever the function raises, it does not take complex numbers
        return None
    found = smooth_leaves(result)
    if [a.shape for a in found] != expected:
        return None
    return [a.imag / COMPLEX_STEP if a.dtype.kind == "c" else np.zeros(a.shape) for a in found]


def reference_derivative(f: Callable[..., Any], x: Sequence[Any], v: Sequence[Any]) -> list[np.ndarray]:
    """The complex step where it agrees with differences, the differences elsewhere."""
    differences = richardson(f, x, v)
    exact = complex_step(f, x, v)
    if exact is None:
        return differences
    return [
        np.where(np.isclose(sharp, rough, rtol=ANALYTIC_TOLERANCE, atol=ANALYTIC_TOLERANCE), sharp, rough)
        for sharp, rough in zip(exact, differences, strict=True)
    ]
