"""Independent checks of derivatives: differences, the complex step, and the dot-product identity.

A derivative is right if it agrees with the function itself (`richardson`, `complex_step`) and if both modes
agree with each other (`dot_product_gap`).  None of the checks knows how the derivative was made.
"""

from __future__ import annotations

import copy
import dataclasses
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

# Differences of float32 results carry rounding of 6e-8 / step; nothing closer can be asked.
SINGLE_TOLERANCE = 5e-3
# Complex step and Richardson agree at least to this if the function is analytic where it was evaluated.
ANALYTIC_TOLERANCE = 1e-5
COMPLEX_STEP = 1e-30
FIRST_STEP = 1e-2
STEP_RATIO = 2.0
LEVELS = 9
# Rounding of the dot products themselves, relative to the sum of the absolute terms.
DOT_TOLERANCE = 1e-9

Tree = Any


# ---------------------------------------------------------------------------- containers


def _items(tree: Tree) -> list[tuple[str, Tree]] | None:
    """Children of a container with the text that selects each, or None for a leaf."""
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return [(f".{name}", getattr(tree, name)) for name in tree._fields]
    if isinstance(tree, (tuple, list)):
        return [(f"[{i}]", item) for i, item in enumerate(tree)]
    if isinstance(tree, dict):
        return [(f"[{key!r}]", item) for key, item in tree.items()]
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        return [(f".{field.name}", getattr(tree, field.name)) for field in dataclasses.fields(tree)]
    return None


def _rebuild(tree: Tree, children: list[Tree]) -> Tree:
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*children)
    if isinstance(tree, (tuple, list)):
        return type(tree)(children)
    if isinstance(tree, dict):
        return dict(zip(tree, children, strict=True))
    made = copy.copy(tree)
    for field, child in zip(dataclasses.fields(tree), children, strict=True):
        object.__setattr__(made, field.name, child)
    return made


def _map(function: Callable[..., Any], tree: Tree, *others: Tree, path: str = "") -> Tree:
    """Apply ``function(path, leaf, other_leaf, ...)`` to each leaf; None stands for a container of None."""
    items = _items(tree)
    if items is None:
        return function(path, tree, *others)
    rest: list[list[Tree]] = []
    for other in others:
        if other is None:
            rest.append([None] * len(items))
            continue
        found = _items(other)
        if found is None or [key for key, _ in found] != [key for key, _ in items]:
            message = f"result{path} should be built like {_describe(tree)}, but is {_describe(other)}"
            raise AssertionError(message)
        rest.append([child for _, child in found])
    children = [
        _map(function, child, *(column[i] for column in rest), path=path + key)
        for i, (key, child) in enumerate(items)
    ]
    return _rebuild(tree, children)


def _leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, Any]]:
    items = _items(tree)
    if items is None:
        yield path, tree
        return
    for key, child in items:
        yield from _leaves(child, path + key)


def _describe(tree: Tree) -> str:
    items = _items(tree)
    if items is None:
        shape = f" of shape {tree.shape}" if isinstance(tree, np.ndarray) else ""
        return f"{type(tree).__name__}{shape}"
    return f"{type(tree).__name__}({', '.join(_describe(child) for _, child in items)})"


def _is_smooth(leaf: Any) -> bool:
    """Whether a leaf can carry a derivative."""
    if isinstance(leaf, (np.ndarray, np.generic)):
        return leaf.dtype.kind in "fc"
    return isinstance(leaf, (float, complex))


def _copied(args: Sequence[Any]) -> tuple[Any, ...]:
    """Copies that a function may mutate; modules and functions stay themselves."""
    return tuple(_map(lambda _, leaf: _copied_leaf(leaf), arg) for arg in args)


def _copied_leaf(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        return leaf.copy(order="K")
    try:
        return copy.deepcopy(leaf)
    except TypeError:  # generators, modules, open files: not values
        return leaf


# ---------------------------------------------------------------------------- the function as it is


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return np.shape(left) == np.shape(right) and np.array_equal(
            left, right, equal_nan=np.asarray(left).dtype.kind in "fc"
        )
    return bool(left is right or left == right)


def _is_changed(before: Tree, after: Tree) -> bool:
    old, new = list(_leaves(before)), list(_leaves(after))
    if [path for path, _ in old] != [path for path, _ in new]:
        return True
    return not all(_same(a, b) for (_, a), (_, b) in zip(old, new, strict=True))


def written_arguments(f: Callable[..., Any], args: Sequence[Any]) -> tuple[int, ...]:
    """Positions of the arguments whose values `f` changes."""
    mine = _copied(args)
    f(*mine)
    return tuple(
        i for i, (before, after) in enumerate(zip(args, mine, strict=True)) if _is_changed(before, after)
    )


def delivering(f: Callable[..., Any], args: Sequence[Any]) -> Callable[..., Any]:
    """`f` on copies of its arguments; if it returns None, the final values of those it writes are its result."""
    if f(*_copied(args)) is not None:
        return lambda *given: f(*_copied(given))
    written = written_arguments(f, args)

    def final_values(*given: Any) -> Any:
        mine = _copied(given)
        f(*mine)
        return mine[written[0]] if len(written) == 1 else tuple(mine[i] for i in written)

    return final_values


# ---------------------------------------------------------------------------- directions


def _random_like(leaf: Any, rng: np.random.Generator) -> Any:
    """A normal variate of the leaf's shape and dtype."""
    drawn = rng.standard_normal(np.shape(leaf))
    dtype = np.asarray(leaf).dtype
    if dtype.kind == "c":
        drawn = drawn + 1j * rng.standard_normal(np.shape(leaf))
    if isinstance(leaf, (np.ndarray, np.generic)):
        drawn = np.asarray(drawn, dtype=dtype)
        return drawn if isinstance(leaf, np.ndarray) else drawn[()]
    return complex(drawn) if dtype.kind == "c" else float(drawn)


def random_direction(tree: Tree, rng: np.random.Generator) -> Tree:
    """A random element of the tangent space: None at leaves that carry no derivative."""
    if not any(_is_smooth(leaf) for _, leaf in _leaves(tree)):
        return None
    return _map(lambda _, leaf: _random_like(leaf, rng) if _is_smooth(leaf) else None, tree)


def _move(x: Sequence[Any], v: Sequence[Any], step: complex) -> tuple[Any, ...]:
    """``x + step * v``, as float64 or complex128, so that differences do not drown in single precision."""

    def moved(_: str, leaf: Any, dot: Any) -> Any:
        if dot is None or not _is_smooth(leaf):
            return _copied_leaf(leaf)
        if isinstance(leaf, (np.ndarray, np.generic)):
            wide = leaf.astype(np.result_type(leaf.dtype, np.float64)) + step * dot
            return np.asarray(wide) if isinstance(leaf, np.ndarray) else wide
        return leaf + step * dot

    return tuple(_map(moved, arg, dot) for arg, dot in zip(x, v, strict=True))


def _flat(tree: Tree) -> list[np.ndarray]:
    """The smooth leaves, as arrays."""
    return [np.asarray(leaf) for _, leaf in _leaves(tree) if _is_smooth(leaf)]


# ---------------------------------------------------------------------------- two references


def richardson(f: Callable[..., Any], x: Sequence[Any], v: Sequence[Any]) -> list[np.ndarray]:
    """Derivative of ``f(*x)`` in the direction `v`, one array for each differentiable leaf of the result.

    Central differences with steps that halve, extrapolated (Ridders, Adv. Eng. Software 4, 1982); every entry
    takes the extrapolation whose error estimate is least, so a kink that only the long steps cross does no harm.
    """
    g = delivering(f, x)
    base = _flat(g(*x))
    widest = max((float(np.max(np.abs(a), initial=0.0)) for a in _flat(tuple(v))), default=0.0)
    step = FIRST_STEP / max(widest, 1e-30)
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
    return best


def _central_difference(
    g: Callable[..., Any], x: Sequence[Any], v: Sequence[Any], step: float, base: list[np.ndarray]
) -> list[np.ndarray]:
    up, down = _flat(g(*_move(x, v, step))), _flat(g(*_move(x, v, -step)))
    if [a.shape for a in up] != [a.shape for a in base] or [a.shape for a in down] != [a.shape for a in base]:
        return [np.full(a.shape, np.nan) for a in base]  # the step crossed into another shape
    return [(a - b) / (2 * step) for a, b in zip(up, down, strict=True)]


def complex_step(f: Callable[..., Any], x: Sequence[Any], v: Sequence[Any]) -> list[np.ndarray] | None:
    """Derivative of ``f(*x)`` in the direction `v` by one evaluation off the real axis, exact to rounding.

    None if `f` does not take complex arguments, or has complex ones already.  A function that is not analytic
    (``abs``, ``np.conj``) gives a wrong answer without notice: compare with `richardson`.
    """
    if any(a.dtype.kind == "c" for a in _flat(tuple(x))):
        return None
    g = delivering(f, x)
    expected = [a.shape for a in _flat(g(*x))]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error")
            result = g(*_move(x, v, 1j * COMPLEX_STEP))
    except Exception:  # whatever the function raises, it does not take complex numbers
        return None
    found = _flat(result)
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


def inner_product(left: Tree, right: Tree) -> tuple[float, float]:
    """Real part of the sum of products, and the sum of absolute products (its scale); None counts as zero.

    Without conjugation: the cotangent of a complex number is df/dx - i df/dy.
    """
    total, scale = 0.0, 0.0

    def add(_: str, a: Any, b: Any) -> None:
        nonlocal total, scale
        if a is None or b is None:
            return
        products = np.real(
            np.asarray(a).astype(np.result_type(np.asarray(a).dtype, np.float64)) * np.asarray(b)
        )
        total += float(np.sum(products))
        scale += float(np.sum(np.abs(products)))

    _map(add, left, right)
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
    right, right_scale = inner_product(tuple(v), _unnest(v, bars))
    return abs(left - right) / max(left_scale, right_scale, 1.0)


def _unnest(v: Sequence[Any], bars: Any) -> tuple[Any, ...]:
    if not isinstance(bars, tuple) or len(bars) != len(v):
        message = f"a pullback gives one cotangent for each of {len(v)} arguments, this one {_describe(bars)}"
        raise AssertionError(message)
    return tuple(bar if dot is not None else None for dot, bar in zip(v, bars, strict=True))


def directions(
    args: Sequence[Any], argnums: Sequence[int] | None, rng: np.random.Generator
) -> tuple[Any, ...]:
    """A random direction for each argument; None for those that are held fixed or carry no derivative."""
    return tuple(
        random_direction(arg, rng) if argnums is None or i in argnums else None for i, arg in enumerate(args)
    )


# ---------------------------------------------------------------------------- the check


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
) -> None:
    """Check adgen's derivatives of `f` at `args`; raise AssertionError with a table of what disagrees.

    Forward mode is compared with differences of `f` (or the complex step) in random directions; reverse mode
    with forward mode by the dot-product identity, and with the differences if "fwd" is not among `modes`.
    With ``order=2`` the gradient (of a scalar function) and the tangent are themselves checked so.  Neither `f`
    nor the derivatives get to modify `args`.
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
    expected_dot = reference_derivative(f, args, v)
    guarded = _copied(args)
    w = random_direction(expected_value, rng)

    if "fwd" in modes:
        value, dot = adgen.jvp(f, **_jit(jit))(args, v)
        _compare("value of jvp", expected_value, value, rtol=rtol, atol=atol)
        _compare("tangent", _as_tangent(expected_value, expected_dot), dot, rtol=rtol, atol=atol)
        _expect_unchanged("jvp", guarded, args)
    if "rev" in modes and w is not None:
        value, pullback = adgen.vjp(f, **_jit(jit))(*args)
        _compare("value of vjp", expected_value, value, rtol=rtol, atol=atol)
        bars = _unnest(v, pullback(w))
        _expect_unchanged("vjp", guarded, args)
        _expect_cotangents_fit(args, v, bars)
        reference = dot if "fwd" in modes else _as_tangent(expected_value, expected_dot)
        tolerance = DOT_TOLERANCE if "fwd" in modes else rtol
        _expect_dot_product(w, reference, v, bars, max(tolerance, _precision(args, expected_value)))

    if order > 1:
        again: dict[str, Any] = {
            "order": order - 1,
            "modes": modes,
            "rtol": rtol,
            "atol": atol,
            "seed": seed + 1,
        }
        smooth = tuple(i for i, dot in enumerate(v) if dot is not None)
        if "rev" in modes and np.ndim(expected_value) == 0 and _is_smooth(expected_value):
            check_grads(adgen.grad(f, argnums=smooth, **_jit(jit)), args, argnums=smooth, jit=jit, **again)
        if "fwd" in modes:
            check_grads(adgen.jvp(f, **_jit(jit)), (args, v), argnums=(0,), jit=jit, **again)


def _jit(jit: bool) -> dict[str, bool]:
    return {"jit": True} if jit else {}


def _precision(*trees: Tree) -> float:
    """The tolerance that the least precise leaf imposes."""
    single = any(a.dtype in (np.float32, np.complex64, np.float16) for tree in trees for a in _flat(tree))
    return SINGLE_TOLERANCE if single else 0.0


def _as_tangent(value: Tree, flat: list[np.ndarray]) -> Tree:
    """Arrays of the smooth leaves, put back into the structure of the value."""
    parts = iter(flat)
    return _map(lambda _, leaf: next(parts) if _is_smooth(leaf) else None, value)


def _compare(what: str, expected: Tree, found: Tree, *, rtol: float, atol: float) -> None:
    rows: list[tuple[str, ...]] = []

    def compare(path: str, right: Any, left: Any) -> None:
        if right is None and what == "tangent":
            return
        if left is None and what == "tangent":
            left = np.zeros(np.shape(right))
        if not _is_number(right):
            if not _same(right, left):
                rows.append((f"{what}{path}", "", repr(left), repr(right), ""))
            return
        if np.shape(left) != np.shape(right):
            rows.append((f"{what}{path}", "shape", str(np.shape(left)), str(np.shape(right)), ""))
            return
        slack = max(_precision(left), _precision(right))
        near = np.isclose(left, right, rtol=max(rtol, slack), atol=max(atol, slack), equal_nan=True)
        rows.extend(_rows_of_array(f"{what}{path}", np.asarray(left), np.asarray(right), near))

    _map(compare, expected, found)
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


def _expect_unchanged(what: str, before: Tree, after: Tree) -> None:
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        if _is_changed(old, new):
            message = f"{what} modified argument {i} of its caller"
            raise AssertionError(message)


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
                rows.append((name, "", "None", _describe(leaf)))
            elif np.shape(bar_leaf) != np.shape(leaf):
                rows.append((name, "shape", str(np.shape(bar_leaf)), str(np.shape(leaf))))
            elif isinstance(leaf, np.ndarray) and np.asarray(bar_leaf).dtype != leaf.dtype:
                rows.append((name, "dtype", str(np.asarray(bar_leaf).dtype), str(leaf.dtype)))

        _map(fit, arg, dot, bar)
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
    lines = [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join(["derivatives disagree", "", *lines])
