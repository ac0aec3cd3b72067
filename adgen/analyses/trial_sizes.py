"""Sizes for extents that are not known, in the three trial calls that show what a function returns."""

from __future__ import annotations

import functools
import itertools

import numpy as np

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
