"""Macros of right-hand sides: spellings that depend on what is known when the code is generated.

A macro is called with one `Operand` for each argument and returns a right-hand side over its own
parameter names, which is expanded in turn.  It sees text, type and static value, never run-time values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adgen.program.types import Array, Scalar, TupleOf, Type


class Missing:
    """The static value of an operand that has none."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()
MACROS: dict[str, Callable[..., str]] = {}


@dataclass(frozen=True)
class Operand:
    """An argument of a macro: its text, its type where known, its value where static."""

    text: str
    type: Type | None = None
    static: Any = MISSING

    @property
    def rank(self) -> int:
        assert isinstance(self.type, Scalar | Array), f"rank of {self.text} is unknown"
        return self.type.rank

    @property
    def is_complex(self) -> bool:
        return isinstance(self.type, Scalar | Array) and self.type.kind == "c"

    @property
    def items(self) -> tuple[Type, ...]:
        assert isinstance(self.type, TupleOf), f"items of {self.text} are unknown"
        return self.type.items


def macro(function: Callable[..., str]) -> Callable[..., str]:
    """Make a function known to right-hand sides by its name."""
    MACROS[function.__name__] = function
    return function


def _axes(axis: Any, rank: int) -> tuple[int, ...]:
    """Static axes, counted from the front.

    >>> _axes(-1, 3), _axes((0, -1), 3), _axes(None, 2)
    ((2,), (0, 2), (0, 1))
    """
    if axis is None:
        return tuple(range(rank))
    return tuple(a % rank if rank else a for a in (axis if isinstance(axis, tuple | list) else (axis,)))


# Reductions ----------------------------------------------------------------------------------


@macro
def unreduce(y_bar: Operand, x: Operand, axis: Operand, keepdims: Operand) -> str:
    """What a reduction over `axis` yields, made to broadcast against `x` again."""
    if keepdims.static is True or axis.static is None:
        return "y_bar"
    if axis.static is MISSING:
        return "np.expand_dims(y_bar, axis)"
    reduced = _axes(axis.static, x.rank)
    kept = [a for a in range(x.rank) if a not in reduced]
    trailing = all(a < min(kept, default=x.rank) for a in reduced)
    return "y_bar" if trailing else "np.expand_dims(y_bar, axis)"


@macro
def count(x: Operand, axis: Operand, where: Operand) -> str:
    """How many elements of `x` a reduction takes together."""
    if where.static is not True:
        return "np.sum(np.broadcast_to(where, x.shape), axis=axis, keepdims=True, dtype=x.dtype)"
    if axis.static is None:
        return "x.size" if x.rank else "1"
    if axis.static is MISSING:
        return "x.shape[axis]"
    axes = _axes(axis.static, x.rank)
    if len(axes) == x.rank:
        return "x.size"
    return "(" + " * ".join(f"x.shape[{a}]" for a in axes) + ")" if axes else "1"


# Complex numbers: these vanish where everything is real ---------------------------------------


@macro
def conj(x: Operand) -> str:
    """The conjugate where `x` is complex, else `x` itself."""
    return "np.conj(x)" if x.is_complex else "x"


@macro
def real(e: Operand, x: Operand) -> str:
    """The real part where `x` is complex, else `e` itself."""
    return "np.real(e)" if x.is_complex else "e"


# Matrices and stacks of matrices ---------------------------------------------------------------


@macro
def mT(a: Operand) -> str:  # noqa: N802  (NumPy's name)
    """The transpose of a matrix, or of each matrix of a stack."""
    return "a.T" if a.rank == 2 else "np.swapaxes(a, -1, -2)"


@macro
def mH(a: Operand) -> str:  # noqa: N802  (NumPy's name)
    """The conjugate transpose."""
    return "np.conj(mT(a))" if a.is_complex else "mT(a)"


@macro
def sum_to(e: Operand, x: Operand, *others: Operand) -> str:
    """Sum `e` over the leading axes along which `x` was broadcast against `others` (the last two: matrices)."""
    stacks = [o.type.shape[:-2] for o in (x, *others) if isinstance(o.type, Array)]
    return "e" if all(s == stacks[0] or not s for s in stacks) else "rt.sum_to(e, x.shape)"


# Powers ------------------------------------------------------------------------------------------


@macro
def power_slope(y: Operand, a: Operand, b: Operand) -> str:
    """Partial of ``a ** b`` by `a`; an exponent 0 gives 0, at ``a == 0`` too."""
    spelt = {0: "0", 1: "1", 2: "2 * a", 0.5: "0.5 / y", -1: "-y * y"}
    if not isinstance(b.static, Missing):
        return spelt.get(b.static, "b * a ** (b - 1)")
    return "b * a ** (b - (b != 0))"


# Sequences and pieces --------------------------------------------------------------------------


def _slices(rank: int, axis: int, text: str) -> str:
    return ", ".join([":"] * axis + [text] + [":"] * (rank - axis - 1 if axis < rank - 1 else 0))


def _between(start: str, width: str) -> str:
    return f":{width}" if not start else f"{start}:{start} + {width}"


@macro
def piece(y_bar: Operand, xs: Operand, k: Operand, axis: Operand) -> str:
    """The part of a concatenation that came from item `k`."""
    before, last = range(k.static), k.static == len(xs.items) - 1
    if axis.static is None:
        start = " + ".join(f"xs[{j}].size" for j in before)
        part = f"y_bar[{start}:]" if last and start else f"y_bar[{_between(start, f'xs[{k.static}].size')}]"
        return part if _rank(xs.items[k.static]) == 1 else f"np.reshape({part}, xs[{k.static}].shape)"
    rank = _rank(xs.items[k.static])
    a = axis.static % rank
    start = " + ".join(f"xs[{j}].shape[{a}]" for j in before)
    cut = f"{start}:" if last and start else _between(start, f"xs[{k.static}].shape[{a}]")
    return f"y_bar[{', '.join([':'] * a + [cut])}]"


def _rank(type_: Type) -> int:
    assert isinstance(type_, Scalar | Array)
    return type_.rank


@macro
def item(y_bar: Operand, k: Operand, axis: Operand) -> str:
    """Item `k` of a stack along `axis`."""
    a = axis.static % y_bar.rank
    return f"y_bar[{', '.join([':'] * a + [str(k.static)])}]"


@macro
def inverse_permutation(axes: Operand) -> str:
    """The transposition that undoes `axes`."""
    if isinstance(axes.static, Missing):
        return "np.argsort(axes)"
    rank = len(axes.static)
    forward = [a % rank for a in axes.static]
    return repr(tuple(forward.index(a) for a in range(rank)))


# Products ---------------------------------------------------------------------------------------


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _contraction(axes: Any, rank_a: int, rank_b: int) -> tuple[list[int], list[int]]:
    if isinstance(axes, int):
        return list(range(rank_a - axes, rank_a)), list(range(axes))
    pair = [[x] if isinstance(x, int) else list(x) for x in axes]
    return [x % rank_a for x in pair[0]], [x % rank_b for x in pair[1]]


@macro
def tensordot_a(y_bar: Operand, a: Operand, b: Operand, axes: Operand) -> str:
    """Adjoint of the first factor of ``np.tensordot(a, b, axes)``."""
    ca, cb = _contraction(axes.static, a.rank, b.rank)
    free_a = [i for i in range(a.rank) if i not in ca]
    free_b = [i for i in range(b.rank) if i not in cb]
    over_y = list(range(len(free_a), len(free_a) + len(free_b)))
    layout = free_a + [ca[cb.index(i)] for i in sorted(cb)]
    return _arranged(f"np.tensordot(y_bar, b, ({over_y}, {free_b}))", layout)


@macro
def tensordot_b(y_bar: Operand, a: Operand, b: Operand, axes: Operand) -> str:
    """Adjoint of the second factor of ``np.tensordot(a, b, axes)``."""
    ca, cb = _contraction(axes.static, a.rank, b.rank)
    free_a = [i for i in range(a.rank) if i not in ca]
    free_b = [i for i in range(b.rank) if i not in cb]
    layout = [cb[ca.index(i)] for i in sorted(ca)] + free_b
    return _arranged(f"np.tensordot(a, y_bar, ({free_a}, {list(range(len(free_a)))}))", layout)


def _arranged(text: str, layout: Sequence[int]) -> str:
    """Transpose `text`, whose axis ``i`` is to become axis ``layout[i]``."""
    if list(layout) == sorted(layout):
        return text
    return f"np.transpose({text}, {tuple(layout.index(a) for a in range(len(layout)))})"


@macro
def einsum_bar(s: Operand, y_bar: Operand, xs: Operand, k: Operand) -> str:
    """Adjoint of operand `k` of ``np.einsum(s, *xs)``, as another einsum.

    Letters that occur in this operand alone become axes of length one (the adjoint is constant along them);
    a letter that it repeats is spread over the diagonal by an identity matrix.
    """
    terms, out = _spelt_out(s.static, [_rank(t) for t in xs.items])
    mine = terms[k.static]
    others = [(terms[j], f"xs[{j}]") for j in range(len(terms)) if j != k.static]
    spare = [c for c in LETTERS if c not in "".join(terms) + out]
    result, identities = "", []
    for position, letter in enumerate(mine):
        if letter in mine[:position]:
            fresh = spare.pop(0)
            identities.append((letter + fresh, f"np.eye(xs[{k.static}].shape[{position}], dtype=xs[{k.static}].dtype)"))
            result += fresh
        else:
            result += letter
    sources = [(out, "y_bar"), *others, *identities]
    known = set("".join(term for term, _ in sources))
    kept = "".join(c for c in result if c in known)
    missing = tuple(i for i, c in enumerate(result) if c not in known)
    shrunk = _ones(xs.items[k.static], mine, kept, result, y_bar, out)
    spelling = ",".join(term for term, _ in sources) + "->" + kept
    text = "y_bar" if spelling == f"{kept}->{kept}" else (
        f"np.einsum({spelling!r}, {', '.join(name for _, name in sources)})")
    if shrunk:
        text = f"np.sum({text}, axis={shrunk}, keepdims=True)"
    return f"np.expand_dims({text}, {missing})" if missing else text


def _ones(type_: Type, mine: str, kept: str, result: str, y_bar: Operand, out: str) -> tuple[int, ...]:
    """Axes of length one in this operand that its letter, longer elsewhere, broadcasts."""
    if not isinstance(type_, Array):
        return ()
    lengths = dict(zip(out, y_bar.type.shape if isinstance(y_bar.type, Array) else ()))
    return tuple(
        kept.index(c) for c, extent in zip(result, type_.shape)
        if c in kept and c in mine and extent.is_one and lengths.get(c, extent) != extent)


def _spelt_out(subscripts: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """Subscripts with an explicit output and letters for the ellipsis.

    >>> _spelt_out("...ij,...jk", [3, 3])
    (['aij', 'ajk'], 'aik')
    """
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    dots = [rank - len(term.replace("...", "")) for term, rank in zip(terms, ranks, strict=True)]
    widest = max((d for d, term in zip(dots, terms) if "..." in term), default=0)
    fresh = [c for c in LETTERS if c not in subscripts][:widest]
    if not arrow:
        plain = left.replace("...", "").replace(",", "")
        once = sorted(c for c in set(plain) if plain.count(c) == 1)
        right = ("..." if "..." in left else "") + "".join(once)
    spelt = [t.replace("...", "".join(fresh[widest - d:])) if "..." in t else t for t, d in zip(terms, dots)]
    return spelt, right.replace("...", "".join(fresh))


@macro
def kron_bar(y_bar: Operand, a: Operand, b: Operand, first: Operand) -> str:
    """Adjoint of one factor of ``np.kron(a, b)``: the product's axes split into pairs."""
    rank = max(a.rank, b.rank)
    left = [f"a.shape[{i - rank + a.rank}]" if i >= rank - a.rank else "1" for i in range(rank)]
    right = [f"b.shape[{i - rank + b.rank}]" if i >= rank - b.rank else "1" for i in range(rank)]
    pairs = ", ".join(f"{p}, {q}" for p, q in zip(left, right))
    la, lb = LETTERS[:rank], LETTERS[rank: 2 * rank]
    blocks = "".join(p + q for p, q in zip(la, lb))
    split = f"np.reshape(y_bar, ({pairs}))"
    if first.static:
        own, other, factor, target = la, lb[rank - b.rank:], "b", a.rank
    else:
        own, other, factor, target = lb, la[rank - a.rank:], "a", b.rank
    narrow = {c: "" for c in (lb[: rank - b.rank] if first.static else la[: rank - a.rank])}
    narrow |= {c: "" for c in own[: rank - target]}
    if narrow:
        split = f"np.reshape(y_bar, ({', '.join(e for e in pairs.split(', ') if e != '1')},))"
        blocks = "".join(c for c in blocks if c not in narrow)
    return f"np.einsum('{blocks},{other}->{own[rank - target:]}', {split}, {factor})"


# Clipping ----------------------------------------------------------------------------------------


@macro
def clip_x(x: Operand, low: Operand, high: Operand, y_bar: Operand) -> str:
    """Adjoint of `x` under a clip with one bound or two; half at a bound."""
    inside = [f"(x {sign} {name})" for name, sign, bound in (("low", ">", low), ("high", "<", high))
              if bound.static is not None]
    onto = [f"(x == {name})" for name, bound in (("low", low), ("high", high)) if bound.static is not None]
    if not inside:
        return "y_bar"
    return f"np.where({' & '.join(inside)}, y_bar, np.where({' | '.join(onto)}, 0.5 * y_bar, 0))"


@macro
def clip_dot(
    x: Operand, low: Operand, high: Operand, x_dot: Operand, low_dot: Operand, high_dot: Operand,
) -> str:
    """Tangent of a clip with one bound or two; half at a bound."""
    text = "x_dot"
    if low.static is not None:
        text = f"np.where(x == low, 0.5 * (x_dot + low_dot), np.where(x < low, low_dot, {text}))"
    if high.static is not None:
        text = f"np.where(x == high, 0.5 * (x_dot + high_dot), np.where(x > high, high_dot, {text}))"
    return text


# Axes ------------------------------------------------------------------------------------------


@macro
def flat_to(e: Operand, x: Operand) -> str:
    """`e`, the adjoint of ``np.ravel(x)``, in the shape of `x`."""
    return "e" if x.rank == 1 else "np.reshape(e, x.shape)"


@macro
def along(w: Operand, x: Operand, axis: Operand) -> str:
    """The vector `w` laid along one axis of `x`."""
    after = x.rank - 1 - axis.static % x.rank
    return f"np.expand_dims(w, {tuple(range(1, after + 1))})" if after else "w"


@macro
def across(e: Operand, x: Operand, axis: Operand) -> str:
    """The sum of `e` over all axes of `x` but one."""
    others = tuple(a for a in range(x.rank) if a != axis.static % x.rank)
    return f"np.sum(e, axis={others})" if others else "e"


@macro
def tail(e: Operand, axis: Operand) -> str:
    """`e` without the first entry along an axis."""
    return f"e[{', '.join([':'] * (axis.static % e.rank) + ['1:'])}]"


@macro
def pad_axis(e: Operand, n: Operand, axis: Operand) -> str:
    """`e` with `n` zeros before and after along one axis."""
    if e.rank == 1:
        return "np.pad(e, n)"
    widths = ["(n, n)" if a == axis.static % e.rank else "(0, 0)" for a in range(e.rank)]
    return f"np.pad(e, ({', '.join(widths)}))"


@macro
def diff_piece(
    joined: Operand, x: Operand, prepend: Operand, append: Operand, axis: Operand, which: Operand,
) -> str:
    """The part of ``concatenate((prepend, x, append))`` that came from one of the three; numbers are spread."""
    a = axis.static % x.rank

    def width(o: Operand, name: str) -> str:
        return "0" if o.static is None else f"{name}.shape[{a}]" if o.rank else "1"

    first, last = width(prepend, "prepend"), width(append, "append")
    cut = {-1: f":{first}", 0: f"{first}:{first} + x.shape[{a}]", 1: f"-{last}:"}[which.static]
    text = f"joined[{', '.join([':'] * a + [cut])}]"
    source = {-1: prepend, 1: append}.get(which.static, x)
    return text if source.rank else f"np.sum({text})"


def _over_axes(call: str, x: Operand, axis: Operand) -> str:
    """A function along one axis, applied to several axes as if they were one."""
    if axis.static is MISSING or isinstance(axis.static, int):
        return call.format("x", "axis")
    if axis.static is None or len(_axes(axis.static, x.rank)) == x.rank:
        return f"flat_to({call.format('np.ravel(x)', 0)}, x)" if x.rank > 1 else call.format("x", 0)
    axes = _axes(axis.static, x.rank)
    kept = [a for a in range(x.rank) if a not in axes]
    last = tuple(range(len(kept), x.rank))
    moved = f"np.moveaxis(x, {axes}, {last})"
    flat = f"np.reshape({moved}, ({', '.join(f'x.shape[{a}]' for a in kept)}, -1))"
    shape = ", ".join(f"x.shape[{a}]" for a in (*kept, *axes))
    return f"np.moveaxis(np.reshape({call.format(flat, -1)}, ({shape})), {last}, {axes})"


@macro
def product_of_others(x: Operand, axis: Operand) -> str:
    """For each element, the product of the others that a reduction over `axis` takes together."""
    return _over_axes("rt.product_of_others({}, {})", x, axis)


@macro
def quantile_weights(x: Operand, q: Operand, axis: Operand, method: Operand) -> str:
    """The weight of each element in the quantile `q` over `axis`."""
    return _over_axes("rt.quantile_weights({}, q, {}, method)", x, axis)


# Shapes ------------------------------------------------------------------------------------------


@macro
def cast(y_bar: Operand, x: Operand) -> str:
    """`y_bar` in the dtype of `x`."""
    same = isinstance(y_bar.type, Scalar | Array) and y_bar.type.dtype == x.type.dtype
    if same:
        return "y_bar"
    if isinstance(x.type, Scalar) and x.type.weak:
        return "np.real(y_bar)" if y_bar.is_complex and not x.is_complex else "y_bar"
    return "np.astype(y_bar, x.dtype)" if x.is_complex or not y_bar.is_complex else "np.astype(np.real(y_bar), x.dtype)"


@macro
def positions(x: Operand) -> str:
    """The numbers of the elements of `x`, in its shape."""
    if x.rank == 0:
        return "0"
    return "np.arange(x.size)" if x.rank == 1 else "np.reshape(np.arange(x.size), x.shape)"


@macro
def rolled_to(x: Operand, axis: Operand, start: Operand) -> str:
    """Where ``np.rollaxis(x, axis, start)`` puts the axis."""
    a, s = axis.static % x.rank, start.static + (x.rank if start.static < 0 else 0)
    return str(s - 1 if a < s else s)


@macro
def negated(shift: Operand) -> str:
    """Minus an integer, or each of several."""
    if isinstance(shift.static, tuple | list):
        return repr(tuple(-s for s in shift.static))
    return "-shift"


@macro
def stacked_piece(y_bar: Operand, xs: Operand, k: Operand, axis: Operand) -> str:
    """The part of np.vstack (axis 0), np.column_stack (1) or np.dstack (2) that came from item `k`."""
    a = axis.static

    def grows(j: int) -> bool:
        return _rank(xs.items[j]) <= max(a, 1)

    before = [f"xs[{j}].shape[{a}]" for j in range(k.static) if not grows(j)]
    single = sum(grows(j) for j in range(k.static))
    start = " + ".join(before + [str(single)] * (single > 0 or not before))
    width = f"xs[{k.static}].shape[{a}]"
    if grows(k.static):
        leading = [":"] * a if _rank(xs.items[k.static]) == a or a < 2 else ["0", ":"]
        return f"y_bar[{', '.join([*leading, start])}]"
    return f"y_bar[{', '.join([':'] * a + [_between('' if start == '0' else start, width)])}]"


@macro
def part(y_bar: Operand, start: Operand, stop: Operand, axis: Operand) -> str:
    """The slice from `start` to `stop` along one axis."""
    cut = ("" if start.static == 0 else "start") + ":" + ("" if stop.static is None else "stop")
    return f"y_bar[{', '.join([':'] * (axis.static % y_bar.rank) + [cut])}]"


@macro
def tile_bar(y_bar: Operand, x: Operand, reps: Operand) -> str:
    """Adjoint of ``np.tile(x, reps)``: the copies summed."""
    if reps.static is MISSING:
        return "rt.scatter_sum(y_bar, np.tile(positions(x), reps), x.shape)"
    counts = (reps.static,) if isinstance(reps.static, int) else tuple(reps.static)
    rank = max(len(counts), x.rank)
    counts = (1,) * (rank - len(counts)) + counts
    lengths = ["1"] * (rank - x.rank) + [f"x.shape[{a}]" for a in range(x.rank)]
    shape, copies = [], []
    for copied, length in zip(counts, lengths, strict=True):
        if copied != 1:
            copies.append(len(shape))
            shape.append(str(copied))
        if length != "1":
            shape.append(length)
    if not copies:
        return "np.reshape(y_bar, x.shape)"
    axes = copies[0] if len(copies) == 1 else tuple(copies)
    return f"np.sum(np.reshape(y_bar, ({', '.join(shape)},)), axis={axes})"


@macro
def repeat_bar(y_bar: Operand, x: Operand, repeats: Operand, axis: Operand) -> str:
    """Adjoint of ``np.repeat(x, repeats, axis)`` for one number of repeats."""
    if axis.static is None:
        return "flat_to(np.sum(np.reshape(y_bar, (x.size, repeats)), axis=1), x)"
    a = axis.static % x.rank
    shape = [f"x.shape[{i}]" for i in range(x.rank)]
    shape.insert(a + 1, "repeats")
    return f"np.sum(np.reshape(y_bar, ({', '.join(shape)})), axis={a + 1})"


def _widths(pad_width: Operand, rank: int) -> list[tuple[str, str]]:
    """Text of the widths before and after each axis; those that are not static are indexed."""
    known = pad_width.static
    if known is MISSING:
        assert isinstance(pad_width.type, Scalar), "the widths of np.pad must be known, or one number"
        return [("pad_width", "pad_width")] * rank
    if isinstance(known, int):
        return [(str(known), str(known))] * rank
    rows = [(r, r) if isinstance(r, int) else tuple(r) * (2 // len(r)) for r in known]
    if len(known) == 2 and all(isinstance(r, int) for r in known):
        rows = [tuple(known)]
    rows = rows * rank if len(rows) == 1 else rows
    return [(str(p), str(q)) for p, q in rows]


@macro
def pairs(pad_width: Operand, x: Operand) -> str:
    """The widths of a padding as one pair for each axis."""
    return "(" + ", ".join(f"({p}, {q})" for p, q in _widths(pad_width, x.rank)) + ",)"


@macro
def unpad(y_bar: Operand, x: Operand, pad_width: Operand) -> str:
    """The middle of a padded array."""
    cuts = [f"{p}:{p} + x.shape[{a}]" if p != "0" else f":x.shape[{a}]" if q != "0" else ":"
            for a, (p, q) in enumerate(_widths(pad_width, x.rank))]
    return f"y_bar[{', '.join(cuts)}]" if cuts else "y_bar"


# Selection ---------------------------------------------------------------------------------------


def _reached(items: Sequence[Type], k: int) -> str:
    earlier = [f"~conditions[{j}]" for j in range(k)]
    return " & ".join([*earlier, f"conditions[{k}]"] if k < len(items) else earlier)


@macro
def selected(y_bar: Operand, conditions: Operand, x: Operand, k: Operand) -> str:
    """Adjoint of choice `k` of np.select: where its condition is the first that holds."""
    text = f"np.where({_reached(conditions.items, k.static)}, y_bar, 0)"
    return text if isinstance(y_bar.type, Array) and y_bar.type.shape == x.type.shape else f"rt.sum_to({text}, x.shape)"


@macro
def unselected(y_bar: Operand, conditions: Operand, default: Operand) -> str:
    """Adjoint of the default of np.select: where no condition holds."""
    text = f"np.where({_reached(conditions.items, len(conditions.items))}, y_bar, 0)"
    return f"np.sum({text})" if default.rank == 0 else f"rt.sum_to({text}, default.shape)"


@macro
def last_with_second_last(b: Operand) -> str:
    """The axes over which np.dot sums: the last of the first factor, the second last of the other."""
    return "(-1, -2)" if b.rank > 1 else "(-1, 0)"


@macro
def flat_like(e: Operand, x: Operand) -> str:
    """`e` in the shape of `x`, where both are flat or have the same rank."""
    return "e" if x.rank == 1 else "np.reshape(e, x.shape)"


# Linear algebra ----------------------------------------------------------------------------------


@macro
def as_column(e: Operand, b: Operand) -> str:
    """A vector as a matrix of one column, where `b` is a vector."""
    return "np.expand_dims(e, 1)" if b.rank == 1 else "e"


@macro
def chain_bar(y_bar: Operand, xs: Operand, k: Operand) -> str:
    """Adjoint of factor `k` of a chain of matrix products; the ends may be vectors."""
    n, ranks = len(xs.items), [_rank(t) for t in xs.items]
    if ranks == [2] * n:
        left = [f"xs[{j}].T" for j in reversed(range(k.static))]
        right = [f"xs[{j}].T" for j in reversed(range(k.static + 1, n))]
        return " @ ".join([*left, "y_bar", *right])
    terms = ["".join(LETTERS[j:j + 2]) for j in range(n)]
    terms[0] = terms[0][-ranks[0]:]
    terms[-1] = terms[-1][:ranks[-1]]
    out = (LETTERS[0] if ranks[0] == 2 else "") + (LETTERS[n] if ranks[-1] == 2 else "")
    subscripts = Operand("", None, ",".join(terms) + "->" + out)
    return einsum_bar(subscripts, y_bar, xs, k)


INFINITY = float("inf")


@macro
def norm_slope(y: Operand, x: Operand, ord: Operand, axis: Operand, keepdims: Operand) -> str:  # noqa: A002
    """Derivative of ``np.linalg.norm``, of whichever kind its arguments ask for."""
    number_of_axes = x.rank if axis.static is None else len(_axes(axis.static, x.rank))
    if ord.static is None:
        return "vector_slope(y, x, 2, axis, keepdims)"
    return f"{'vector' if number_of_axes == 1 else 'matrix'}_slope(y, x, ord, axis, keepdims)"


@macro
def vector_slope(y: Operand, x: Operand, ord: Operand, axis: Operand, keepdims: Operand) -> str:  # noqa: A002
    """Derivative of the norm of vectors: ``x / y`` for order 2."""
    whole = "unreduce(y, x, axis, keepdims)"
    if ord.static == 2:
        return f"rt.quotient(conj(x), {whole})"
    if ord.static == 1:
        return "conj(np.sign(x))"
    if ord.static == 0:
        return "np.zeros_like(x)"
    if ord.static in (INFINITY, -INFINITY):
        return f"conj(np.sign(x)) * rt.shares(np.abs(x) == {whole}, np.abs(x), axis)"
    return f"conj(np.sign(x)) * rt.quotient(np.abs(x), {whole}) ** (ord - 1)"


@macro
def matrix_slope(y: Operand, x: Operand, ord: Operand, axis: Operand, keepdims: Operand) -> str:  # noqa: A002
    """Derivative of the norm of matrices."""
    whole = "unreduce(y, x, axis, keepdims)"
    if ord.static in (None, "fro"):
        return f"rt.quotient(conj(x), {whole})"
    rows, columns = _axes(axis.static, x.rank)
    if ord.static in (1, -1, INFINITY, -INFINITY):
        summed = rows if abs(ord.static) == 1 else columns
        sums = f"np.sum(np.abs(x), axis={summed}, keepdims=True)"
        other = columns if summed == rows else rows
        return f"conj(np.sign(x)) * rt.shares({sums} == {whole}, {sums}, {other})"
    call = {"nuc": "rt.polar_factor({})", 2: "rt.extreme_pair({}, 0)", -2: "rt.extreme_pair({}, -1)"}[ord.static]
    if (rows, columns) == (x.rank - 2, x.rank - 1):
        return call.format("x")
    moved = f"np.moveaxis(x, {(rows, columns)}, (-2, -1))"
    return f"np.moveaxis({call.format(moved)}, (-2, -1), {(rows, columns)})"


# Fourier transforms --------------------------------------------------------------------------------


@macro
def fit(e: Operand, x: Operand, n: Operand, axis: Operand) -> str:
    """`e` cropped or padded to the length of `x`, if the transform was given another length."""
    return "e" if n.static is None else "rt.fit(e, x.shape[axis], axis)"


def _fft_axes(x: Operand, s: Operand, axes: Operand) -> tuple[int, ...]:
    if axes.static is None and s.static is not None:
        return tuple(range(x.rank - len(s.static), x.rank))
    return _axes(axes.static, x.rank)


@macro
def fit_all(e: Operand, x: Operand, s: Operand, axes: Operand) -> str:
    """`fit` along several axes."""
    text = "e"
    if s.static is not None:
        for axis in _fft_axes(x, s, axes):
            text = f"rt.fit({text}, x.shape[{axis}], {axis})"
    return text


@macro
def lengths(x: Operand, s: Operand, axes: Operand) -> str:
    """The lengths of a transform over several axes."""
    if s.static is not None:
        return "s"
    return "(" + ", ".join(f"x.shape[{a}]" for a in _fft_axes(x, s, axes)) + ",)"


@macro
def all_axes(x: Operand, s: Operand, axes: Operand) -> str:
    """The axes of a transform over several axes, written out."""
    return repr(_fft_axes(x, s, axes))


@macro
def half_weights(y_bar: Operand, axis: Operand) -> str:
    """Weights of the frequencies of a half spectrum, laid along an axis."""
    return "along(rt.half_weights(y_bar.shape[axis], y_bar.dtype), y_bar, axis)"


@macro
def irfftn_bar(y_bar: Operand, x: Operand, s: Operand, axes: Operand, norm: Operand) -> str:
    """Adjoint of a real inverse transform over several axes, the last of which is halved."""
    *others, last = _fft_axes(x, s, axes)
    text = f"half_weights(y_bar, {last}) * np.fft.ihfft(y_bar, axis={last}, norm=norm)"
    if others:
        text = f"np.fft.ifftn({text}, axes={tuple(others)}, norm=norm)"
    return f"fit_all({text}, x, s, axes)"


# scipy.linalg --------------------------------------------------------------------------------------


@macro
def triangle(a: Operand, lower: Operand, unit_diagonal: Operand) -> str:
    """The triangle that a triangular solver reads."""
    shift = ", -1" if lower.static else ", 1"
    return f"np.{'tril' if lower.static else 'triu'}(a{shift if unit_diagonal.static else ''})"


@macro
def diagonal_block(y_bar: Operand, xs: Operand, k: Operand) -> str:
    """The block of a block diagonal matrix that came from item `k`; a vector is a row."""
    ranks = [_rank(t) for t in xs.items]

    def extent(j: int, axis: int) -> str:
        if ranks[j] == 2:
            return f"xs[{j}].shape[{axis}]"
        return f"xs[{j}].shape[0]" if ranks[j] == 1 and axis == 1 else "1"

    cuts = [_between(" + ".join(extent(j, axis) for j in range(k.static)), extent(k.static, axis)) for axis in (0, 1)]
    text = f"y_bar[{', '.join(cuts)}]"
    return text if ranks[k.static] == 2 else f"np.reshape({text}, xs[{k.static}].shape)"
