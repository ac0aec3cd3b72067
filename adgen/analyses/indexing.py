"""Types of ``a[index]``, for the frontend and for derivative code alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adgen.analyses.sizes import Sizes
from adgen.program.dims import Dim
from adgen.program.types import Array, Scalar


@dataclass(frozen=True)
class Slice:
    """``lower:upper:step``; None where left out."""

    lower: Dim | None
    upper: Dim | None
    step: Dim | None


@dataclass(frozen=True)
class Mask:
    """An array of bools, and the name that its count is known by."""

    rank: int
    name: str


@dataclass(frozen=True)
class Picks:
    """An array of integers of this shape."""

    shape: tuple[Dim, ...]


Item = str | Slice | Mask | Picks  # "new", "ellipsis", "int" or one of the above


def consumed(item: Item) -> int:
    """How many axes of the array an item of an index uses up."""
    if isinstance(item, Mask):
        return item.rank
    return 0 if item in ("new", "ellipsis") else 1


def expand_ellipsis(items: Sequence[Item], rank: int) -> list[Item]:
    used = sum(map(consumed, items))
    result: list[Item] = []
    for item in items:
        result += [Slice(None, None, None)] * (rank - used) if item == "ellipsis" else [item]
    return result


def indexed_type(base: Array, items: Sequence[Item], sizes: Sizes, fresh: str) -> Scalar | Array | None:
    """The type of an element, a view or a selection; None if there are too many indices."""
    zero_rank = "ellipsis" in items
    items = expand_ellipsis(items, base.rank)
    if sum(map(consumed, items)) > base.rank:
        return None
    advanced = [i for i in items if isinstance(i, Mask | Picks)]
    shape: list[Dim] = []
    broadcast: list[tuple[Dim, ...]] = []
    spot: int | None = None
    axis = 0
    for item in items:
        if item == "new":
            shape.append(Dim(1))
        elif isinstance(item, Slice):
            shape.append(slice_length(base.shape[axis], item, sizes, f"{fresh}.shape[{len(shape)}]"))
        elif advanced or isinstance(item, Mask | Picks):
            spot = len(shape) if spot is None else spot
            broadcast.append(
                item.shape
                if isinstance(item, Picks)
                else (Dim.symbol(f"np.count_nonzero({item.name})"),)
                if isinstance(item, Mask)
                else ()
            )
        axis += consumed(item)
    shape += base.shape[axis:]
    if advanced:
        where = spot if _adjacent(items) else 0
        shape[where:where] = sizes.broadcast(broadcast, fresh)
    if not shape and not zero_rank:
        return Scalar(base.dtype, weak=False)
    return Array(base.dtype, tuple(shape))


def _adjacent(items: Sequence[Item]) -> bool:
    """Whether index arrays (and integers among them) stand side by side: their axes stay in place."""
    marks = [item == "int" or isinstance(item, Mask | Picks) for item in items]
    first, last = marks.index(True), len(marks) - 1 - marks[::-1].index(True)
    return all(marks[first : last + 1])


def slice_length(size: Dim, item: Slice, sizes: Sizes, fresh: str) -> Dim:
    """Length of a slice where it is affine in known sizes, else the extent named `fresh`."""
    size = sizes.reduce(size)
    bounds = (item.lower, item.upper, item.step)
    if size.is_const and all(b is None or b.is_const for b in bounds):
        numbers = [None if b is None else b.const for b in bounds]
        return Dim(len(range(*slice(*numbers).indices(size.const))))
    if item.step == Dim(-1) and item.lower is None and item.upper is None:
        return size
    if item.step is not None and item.step != Dim(1):
        return Dim.symbol(fresh)
    start = sizes.reduce(item.lower) if item.lower is not None else Dim(0)
    stop = sizes.reduce(item.upper) if item.upper is not None else size
    start = size + start if start.is_const and start.const < 0 else start
    stop = size + stop if stop.is_const and stop.const < 0 else stop
    start, stop = sizes.reduce(start), sizes.reduce(stop)
    near_start = start.is_const
    near_end = (size - start).is_const and (size - start).const >= 0
    ends = (size - stop).is_const and (size - stop).const >= 0
    if ends and (near_start or near_end):
        length = stop - start
        return length if not length.is_const or length.const >= 0 else Dim(0)
    if any(b is not None and not b.is_const for b in bounds) and sizes.in_order(Dim(0), start, stop, size):
        return sizes.reduce(stop - start)
    return Dim.symbol(fresh)
