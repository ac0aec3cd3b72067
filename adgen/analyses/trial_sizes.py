"""Sizes for extents that are not known, in the three trial calls that show what a function returns."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from adgen.analyses.sizes import Sizes
from adgen.program.dims import Dim

_BASES = ((3, 1), (4, 2), (6, 5))


def sizes_of_trial(representatives: list[str], base: int) -> dict[str, int]:
    """Sizes of one trial; the order is reversed in the last one, so that a minimum is not taken for a size."""
    if len(representatives) > FEW:
        return dict(zip(representatives, _many_sizes(len(representatives))[base], strict=True))
    start, step = _BASES[base]
    ordered = representatives[::-1] if base == 2 else representatives
    return {s: start + step * 2**k for k, s in enumerate(ordered)}


FEW = 4  # symbols; with more, sizes that double would make arrays of many axes too large to try
MANY = 10  # symbols; more belong to several arrays


@functools.cache
def _many_sizes(count: int) -> tuple[list[int], list[int], list[int]]:
    """Small sizes for three trials, such that any size or sum of two is told apart by how it changes."""
    rng = np.random.default_rng(0)
    for trial in itertools.count():
        first, last = np.arange(count), np.arange(count)[::-1]
        room = count + (trial // 100 if count <= MANY else trial)  # small where a single array may have all axes
        middle = rng.permutation(room)[:count]
        changes = np.stack([middle - first, last - first])
        i, j = np.triu_indices(count)
        every = np.concatenate([changes, changes[:, i] + changes[:, j]], axis=1)
        if np.unique(every, axis=1).shape[1] == every.shape[1]:
            return [3 + k for k in first.tolist()], [3 + k for k in middle.tolist()], [3 + k for k in last.tolist()]
    raise AssertionError("the search ends")


def trials(
    free: list[str], extents: Iterable[Dim], sizes: Sizes, *, unknown: bool
) -> Iterator[tuple[dict[str, str], tuple[int, int, int]]]:
    """What to try: symbols tied together or to numbers, and what integers of unknown value are in the three runs.

    Those may be counts, so they differ if the function takes that.
    """
    numbers = sorted({d.const for d in extents if d.is_const and d.const > 1})
    for counts in ((1, 2, 3), (1, 1, 1)) if unknown else ((1, 1, 1),):
        for classes in (*_groupings(free, sizes), *_numberings(free, numbers, sizes)):
            yield classes, counts


def representatives_of(classes: Mapping[str, str]) -> list[str]:
    """One symbol of each class; classes that are numbers have none."""
    return [c for c in dict.fromkeys(classes.values()) if not c.isdigit()]


def _groupings(free: list[str], sizes: Sizes) -> list[dict[str, str]]:
    """Ways to tie symbols together: all different, equal where observed equal, all equal."""
    observed: dict[Any, str] = {}
    tied = {s: observed.setdefault(sizes.observed.get(s, s), s) for s in free}
    pairs = [{**{s: s for s in free}, t: s} for i, s in enumerate(free) for t in free[i + 1 :]]
    ways = [{s: s for s in free}, *pairs[:15], tied, dict.fromkeys(free, free[0] if free else "")]

    def may_hold(classes: dict[str, str]) -> bool:
        """Whether no symbols are tied whose sizes were seen to differ."""
        seen = [(sizes.observed.get(s), sizes.observed.get(t)) for s, t in classes.items()]
        return all(a is None or b is None or a == b for a, b in seen)

    return [w for w in ways if may_hold(w)]


def _numberings(free: list[str], numbers: Sequence[int], sizes: Sizes) -> list[dict[str, str]]:
    """Ways to tie symbols to numbers that other extents are: those may have become known since."""
    if not free or not 0 < len(numbers) ** len(free) <= 16:
        return []
    ways = (dict(zip(free, w, strict=True)) for w in itertools.product(numbers, repeat=len(free)))
    return [{s: str(n) for s, n in w.items()} for w in ways if all(sizes.observed.get(s, n) == n for s, n in w.items())]
