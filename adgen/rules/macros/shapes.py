"""Pieces of joined, padded and repeated arrays; orders of axes."""

from __future__ import annotations

from typing import Any

from adgen.program.types import Array, Scalar
from adgen.rules.macros.operands import MISSING, Missing, Operand, between, macro, rank_of


@macro
def cast(y_bar: Operand, x: Operand) -> str:
    """`y_bar` in the dtype of `x`."""
    assert x.type is not None
    same = isinstance(y_bar.type, Scalar | Array) and y_bar.type.dtype == x.type.dtype
    if same:
        return "y_bar"
    if isinstance(x.type, Scalar) and x.type.weak:
        return "np.real(y_bar)" if y_bar.is_complex and not x.is_complex else "y_bar"
    return "y_bar.astype(x.dtype)" if x.is_complex or not y_bar.is_complex else "np.real(y_bar).astype(x.dtype)"


@macro
def positions(x: Operand) -> str:
    """The numbers of the elements of `x`, in its shape."""
    if x.rank == 0:
        return "0"
    return "np.arange(x.size)" if x.rank == 1 else "np.reshape(np.arange(x.size), x.shape)"


@macro
def piece(y_bar: Operand, xs: Operand, k: Operand, axis: Operand) -> str:
    """The part of a concatenation that came from item `k`."""
    before, last = range(k.static), k.static == len(xs.items) - 1
    if axis.static is None:
        start = " + ".join(f"xs[{j}].size" for j in before)
        part = f"y_bar[{start}:]" if last and start else f"y_bar[{between(start, f'xs[{k.static}].size')}]"
        return part if rank_of(xs.items[k.static]) == 1 else f"np.reshape({part}, xs[{k.static}].shape)"
    rank = rank_of(xs.items[k.static])
    a = axis.static % rank
    start = " + ".join(f"xs[{j}].shape[{a}]" for j in before)
    cut = f"{start}:" if last and start else between(start, f"xs[{k.static}].shape[{a}]")
    return f"y_bar[{', '.join([':'] * a + [cut])}]"


@macro
def item(y_bar: Operand, k: Operand, axis: Operand) -> str:
    """Item `k` of a stack along `axis`."""
    a = axis.static % y_bar.rank
    return f"y_bar[{', '.join([':'] * a + [str(k.static)])}]"


@macro
def stacked_piece(y_bar: Operand, xs: Operand, k: Operand, axis: Operand) -> str:
    """The part of np.vstack (axis 0), np.column_stack (1) or np.dstack (2) that came from item `k`."""
    a = axis.static

    def grows(j: int) -> bool:
        return rank_of(xs.items[j]) <= max(a, 1)

    before = [f"xs[{j}].shape[{a}]" for j in range(k.static) if not grows(j)]
    single = sum(grows(j) for j in range(k.static))
    start = " + ".join(before + [str(single)] * (single > 0 or not before))
    width = f"xs[{k.static}].shape[{a}]"
    if grows(k.static):
        leading = [":"] * a if rank_of(xs.items[k.static]) == a or a < 2 else ["0", ":"]
        return f"y_bar[{', '.join([*leading, start])}]"
    return f"y_bar[{', '.join([':'] * a + [between('' if start == '0' else start, width)])}]"


@macro
def part(y_bar: Operand, start: Operand, stop: Operand, axis: Operand) -> str:
    """The slice from `start` to `stop` along one axis."""
    cut = ("" if start.static == 0 else "start") + ":" + ("" if stop.static is None else "stop")
    return f"y_bar[{', '.join([':'] * (axis.static % y_bar.rank) + [cut])}]"


@macro
def diagonal_block(y_bar: Operand, xs: Operand, k: Operand) -> str:
    """The block of a block diagonal matrix that came from item `k`; a vector is a row."""
    ranks = [rank_of(t) for t in xs.items]

    def extent(j: int, axis: int) -> str:
        if ranks[j] == 2:
            return f"xs[{j}].shape[{axis}]"
        return f"xs[{j}].shape[0]" if ranks[j] == 1 and axis == 1 else "1"

    cuts = [between(" + ".join(extent(j, axis) for j in range(k.static)), extent(k.static, axis)) for axis in (0, 1)]
    text = f"y_bar[{', '.join(cuts)}]"
    return text if ranks[k.static] == 2 else f"np.reshape({text}, xs[{k.static}].shape)"


@macro
def inverse_permutation(axes: Operand) -> str:
    """The transposition that undoes `axes`."""
    if isinstance(axes.static, Missing):
        return "np.argsort(axes)"
    rank = len(axes.static)
    forward = [a % rank for a in axes.static]
    return repr(tuple(forward.index(a) for a in range(rank)))


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
    if x.rank == 0:
        return "np.sum(y_bar)"
    a = axis.static % x.rank
    shape = [f"x.shape[{i}]" for i in range(x.rank)]
    shape.insert(a + 1, "repeats")
    return f"np.sum(np.reshape(y_bar, ({', '.join(shape)})), axis={a + 1})"


def _widths(pad_width: Operand, rank: int) -> list[tuple[str, str]]:
    """Text of the widths before and after each axis; those that are not static are indexed."""
    known = pad_width.static
    if known is MISSING and not pad_width.parts:
        return [("pad_width", "pad_width")] * rank
    parts = pad_width.parts if known is MISSING else known if isinstance(known, tuple | list) else (known,)
    rows = [_pair(part, f"pad_width[{a}]") for a, part in enumerate(parts)]
    if len(rows) == 2 and all(len(row) == 1 for row in rows):
        rows = [rows[0] + rows[1]]
    ends = [(row[0], row[-1]) for row in rows]
    return ends * rank if len(ends) == 1 else ends


def _pair(width: Any, text: str) -> tuple[str, ...]:
    """The texts of a number or a pair, static ones as they are, others read at `text`."""
    known = width.static if isinstance(width, Operand) else width
    if known is MISSING:
        return tuple(t for k, part in enumerate(width.parts) for t in _pair(part, f"{text}[{k}]")) or (text,)
    return (str(known),) if isinstance(known, int) else tuple(map(str, known))


@macro
def pairs(pad_width: Operand, x: Operand) -> str:
    """The widths of a padding as one pair for each axis."""
    return "(" + "".join(f"({p}, {q}), " for p, q in _widths(pad_width, x.rank)) + ")"


@macro
def unpad(y_bar: Operand, x: Operand, pad_width: Operand) -> str:
    """The middle of a padded array."""
    cuts = [
        f"{p}:{p} + x.shape[{a}]" if p != "0" else f":x.shape[{a}]" if q != "0" else ":"
        for a, (p, q) in enumerate(_widths(pad_width, x.rank))
    ]
    return f"y_bar[{', '.join(cuts)}]" if cuts else "y_bar"
