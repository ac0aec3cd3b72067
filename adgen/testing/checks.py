"""The check of a derivative, and the table that says what disagrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from adgen.testing.references import delivering, reference_derivative, richardson
from adgen.testing.trees import (
    Tree,
    copied,
    describe,
    is_changed,
    is_smooth,
    map_leaves,
    random_direction,
    same,
    smooth_leaves,
)

# Differences of float32 results carry rounding of 6e-8 / step; nothing closer can be asked.
SINGLE_TOLERANCE = 5e-3
# Rounding of the dot products themselves, relative to the sum of the absolute terms.
DOT_TOLERANCE = 1e-9


def inner_product(left: Tree, right: Tree) -> tuple[float, float]:
    """Real part of the sum of products, and the sum of absolute products (its scale); None counts as zero.

    Without conjugation: the cotangent of a complex number is df/dx - i df/dy.
    """
    total, scale = 0.0, 0.0

    def add(_: str, a: Any, b: Any) -> None:
        nonlocal total, scale
        if a is None or b is None:
            return
        products = np.real(np.asarray(a).astype(np.result_type(np.asarray(a).dtype, np.float64)) * np.asarray(b))
        total += float(np.sum(products))
        scale += float(np.sum(np.abs(products)))

    map_leaves(add, left, right)
    return total, scale


def dot_product_gap(
    f: Callable[..., Any],
    args: Sequence[Any],
    *,
    argnums: Sequence[int] | None = None,
    jit: bool = False,
    seed: int = 0,
) -> float:
    """``|<w, J v> - <J' w, v>|`` for random `v` and `w`, relative to the size of the terms."""
    import adgen.api as adgen

    rng = np.random.default_rng(seed)
    v = directions(args, argnums, rng)
    value, dot = adgen.jvp(f, jit=jit)(tuple(args), v)
    _, pullback = adgen.vjp(f, jit=jit)(*args)
    w = random_direction(value, rng)
    bars = pullback(w)
    left, left_scale = inner_product(w, dot)
    right, right_scale = inner_product(tuple(v), one_per_argument(v, bars))
    return abs(left - right) / max(left_scale, right_scale, 1.0)


def one_per_argument(v: Sequence[Any], bars: Any) -> tuple[Any, ...]:
    if not isinstance(bars, tuple) or len(bars) != len(v):
        message = f"a pullback gives one cotangent for each of {len(v)} arguments, this one {describe(bars)}"
        raise AssertionError(message)
    return tuple(bar if dot is not None else None for dot, bar in zip(v, bars, strict=True))


def directions(args: Sequence[Any], argnums: Sequence[int] | None, rng: np.random.Generator) -> tuple[Any, ...]:
    """A random direction for each argument; None for those that are held fixed or carry no derivative."""
    return tuple(random_direction(arg, rng) if argnums is None or i in argnums else None for i, arg in enumerate(args))


def check_grads(
    f: Callable[..., Any],
    args: Sequence[Any],
    *,
    order: int = 1,
    modes: Sequence[str] = ("fwd", "rev"),
    argnums: int | Sequence[int] | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-6,
    jit: bool = False,
    seed: int = 0,
    reference: Callable[..., list[np.ndarray] | None] = reference_derivative,
) -> None:
    """Check adgen's derivatives of `f` at `args`; raise AssertionError with a table of what disagrees.

    Forward mode is compared with differences of `f` (or the complex step) in random directions; reverse mode
    with forward mode by the dot-product identity, and with the differences if "fwd" is not among `modes`; the
    gradient of a scalar function is compared with its pullback.
    With ``order=2`` the gradient (of a scalar function) and the tangent are themselves checked so.  Neither `f`
    nor the derivatives get to modify `args`.  `reference` is `reference_derivative`, `richardson` or `complex_step`.
    """
    import adgen.api as adgen

    chosen = (argnums,) if isinstance(argnums, int) else argnums
    args = tuple(args)
    rng = np.random.default_rng(seed)
    if all(direction is None for direction in directions(args, chosen, rng)):
        message = "none of the arguments is a float, a complex number or an array of those"
        raise AssertionError(message)
    v = directions(args, chosen, rng)
    expected_value = delivering(f, args)(*args)
    expected_dot = reference(f, args, v)
    if expected_dot is None:
        message = "the function does not take complex arguments"
        raise AssertionError(message)
    w = random_direction(expected_value, rng)
    guarded = copied((args, v, w))

    if "fwd" in modes:
        value, dot = adgen.jvp(f, **_jit(jit))(args, v)
        _compare("value of jvp", expected_value, value, rtol=rtol, atol=atol)
        _compare("tangent", _as_tangent(expected_value, expected_dot), dot, rtol=rtol, atol=atol)
        _expect_unchanged("jvp", guarded, (args, v, w))
    if "rev" in modes and w is not None:
        value, pullback = adgen.vjp(f, **_jit(jit))(*args)
        _compare("value of vjp", expected_value, value, rtol=rtol, atol=atol)
        bars = one_per_argument(v, pullback(w))
        _expect_unchanged("vjp", guarded, (args, v, w))
        _expect_cotangents_fit(args, v, bars)
        once_more = one_per_argument(v, pullback(w))
        # Compiled sums are taken in the order that suits where arrays lie in memory: the last digits may differ.
        if is_changed(bars, once_more) and not (jit and _nearly(bars, once_more)):
            message = "a pullback gives another result when it is called again"
            raise AssertionError(message)
        against = dot if "fwd" in modes else _as_tangent(expected_value, expected_dot)
        tolerance = DOT_TOLERANCE if "fwd" in modes else rtol
        _expect_dot_product(w, against, v, bars, max(tolerance, _precision(args, expected_value)))
        if isinstance(w, float):
            smooth = tuple(i for i, bar in enumerate(bars) if bar is not None)
            gradient = adgen.grad(f, argnums=smooth, **_jit(jit))(*args)
            _expect_cotangents_fit([args[i] for i in smooth], [v[i] for i in smooth], gradient)
            for i, found, bar in zip(smooth, gradient, (pullback(1.0)[i] for i in smooth), strict=True):
                _compare(f"gradient {i}", bar, found, rtol=rtol, atol=atol)

    if order > 1:
        again: dict[str, Any] = {
            "order": order - 1,
            "modes": modes,
            "rtol": rtol,
            "atol": atol,
            "seed": seed + 1,
            "reference": richardson,
        }
        smooth = tuple(i for i, dot in enumerate(v) if dot is not None)
        if "rev" in modes and is_smooth(expected_value) and np.ndim(expected_value) == 0:
            check_grads(adgen.grad(f, argnums=smooth, **_jit(jit)), args, argnums=smooth, jit=jit, **again)
        if "fwd" in modes:
            check_grads(adgen.jvp(f, **_jit(jit)), (args, v), argnums=(0,), jit=jit, **again)


def _jit(jit: bool) -> dict[str, bool]:
    return {"jit": True} if jit else {}


def _precision(*trees: Tree) -> float:
    """The tolerance that the least precise leaf imposes."""
    single = any(a.dtype in (np.float32, np.complex64, np.float16) for tree in trees for a in smooth_leaves(tree))
    return SINGLE_TOLERANCE if single else 0.0


def _as_tangent(value: Tree, flat: list[np.ndarray]) -> Tree:
    """Arrays of the smooth leaves, put back into the structure of the value."""
    parts = iter(flat)
    return map_leaves(lambda _, leaf: next(parts) if is_smooth(leaf) else None, value)


def _is_absent(value: Any) -> bool:
    return value is None


def _compare(what: str, expected: Tree, found: Tree, *, rtol: float, atol: float) -> None:
    rows: list[tuple[str, ...]] = []

    def compare(path: str, right: Any, left: Any) -> None:
        if what == "tangent" and _is_absent(right):
            return
        if what == "tangent" and _is_absent(left):
            left = np.zeros(np.shape(right))
        if not _is_number(right):
            if not same(right, left):
                rows.append((f"{what}{path}", "", repr(left), repr(right), ""))
            return
        if np.shape(left) != np.shape(right):
            rows.append((f"{what}{path}", "shape", str(np.shape(left)), str(np.shape(right)), ""))
            return
        slack = max(_precision(left), _precision(right))
        near = np.isclose(left, right, rtol=max(rtol, slack), atol=max(atol, slack), equal_nan=True)
        rows.extend(_rows_of_array(f"{what}{path}", np.asarray(left), np.asarray(right), near))

    map_leaves(compare, expected, found)
    if rows:
        raise AssertionError(_table(("quantity", "at", "adgen", "reference", "difference"), rows))


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, (bool, int, float, complex, np.generic)) or (
        isinstance(leaf, np.ndarray) and leaf.dtype.kind in "biufc"
    )


def _rows_of_array(
    name: str, left: np.ndarray, right: np.ndarray, near: np.ndarray, most: int = 6
) -> list[tuple[str, ...]]:
    wrong = np.argwhere(~np.asarray(near))
    rows = []
    for index in map(tuple, wrong[:most]):
        at = f"[{', '.join(map(str, index))}]" if index else ""
        a, b = left[index], right[index]
        difference = "" if a.dtype.kind == "b" else f"{abs(a - b):.2g}"
        rows.append(
            (
                name,
                at,
                f"{a:.9g}" if a.dtype.kind in "fc" else str(a),
                f"{b:.9g}" if b.dtype.kind in "fc" else str(b),
                difference,
            )
        )
    if len(wrong) > most:
        rows.append((name, f"and {len(wrong) - most} more of {left.size}", "", "", ""))
    return rows


def _expect_unchanged(what: str, before: tuple[Tree, ...], after: tuple[Tree, ...]) -> None:
    """Neither the arguments of the derivative nor tangents and cotangents are the derivative's to write."""
    for name, old, new in zip(("argument", "tangent", "cotangent"), before, after, strict=True):
        for i, (left, right) in enumerate(zip(old, new, strict=True) if name != "cotangent" else [(old, new)]):
            if is_changed(left, right):
                message = f"{what} modified {name} {i} of its caller"
                raise AssertionError(message)


def _nearly(one: Any, other: Any) -> bool:
    """Whether two results differ by rounding alone."""
    if isinstance(one, tuple | list):
        return all(map(_nearly, one, other))
    if isinstance(one, dict):
        return all(_nearly(one[key], other[key]) for key in one)
    return one is other or bool(np.allclose(one, other, rtol=1e-12, atol=1e-14, equal_nan=True))


def _expect_cotangents_fit(args: Sequence[Any], v: Sequence[Any], bars: Sequence[Any]) -> None:
    """Every cotangent has the structure, shape and dtype of its argument."""
    rows: list[tuple[str, ...]] = []
    for i, (arg, dot, bar) in enumerate(zip(args, v, bars, strict=True)):
        if dot is None:
            continue

        def fit(path: str, leaf: Any, dot_leaf: Any, bar_leaf: Any, i: int = i) -> None:
            if dot_leaf is None:
                return
            name = f"argument {i}{path}"
            if bar_leaf is None:
                rows.append((name, "", "None", describe(leaf)))
            elif np.shape(bar_leaf) != np.shape(leaf):
                rows.append((name, "shape", str(np.shape(bar_leaf)), str(np.shape(leaf))))
            elif isinstance(leaf, np.ndarray) and np.asarray(bar_leaf).dtype != leaf.dtype:
                rows.append((name, "dtype", str(np.asarray(bar_leaf).dtype), str(leaf.dtype)))

        map_leaves(fit, arg, dot, bar)
    if rows:
        raise AssertionError(_table(("cotangent of", "", "adgen", "expected"), rows))


def _expect_dot_product(w: Tree, dot: Tree, v: Sequence[Any], bars: Sequence[Any], tolerance: float) -> None:
    left, left_scale = inner_product(w, dot)
    right, right_scale = inner_product(tuple(v), tuple(bars))
    scale = max(left_scale, right_scale, 1.0)
    if abs(left - right) <= tolerance * scale:
        return
    rows = [
        ("<w, J v>", f"{left:.12g}"),
        ("<J' w, v>", f"{right:.12g}"),
        ("difference", f"{abs(left - right):.2g}"),
    ]
    for i, (dot_part, bar) in enumerate(zip(v, bars, strict=True)):
        if dot_part is not None:
            rows.append((f"of which argument {i}", f"{inner_product(dot_part, bar)[0]:.12g}"))
    raise AssertionError(_table(("dot-product identity", ""), rows))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)]
    return "\n".join(["derivatives disagree", "", *lines])
