"""In compiled code: a check at entry that arrays which the original writes share no memory with other arguments."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, cast

import numba
import numpy as np
from numba.core import types
from numba.core.dispatcher import Dispatcher


def apart(inner: Dispatcher, arguments: Mapping[str, Any], written: Iterable[str], default: Any) -> Dispatcher:
    """The same function, behind a check that no array shares memory with one that the original writes."""
    arrays = [name for name, kind in arguments.items() if isinstance(kind, types.Array)]
    pairs = [(name, other) for name in written if name in arrays for other in arrays if other != name]
    if not pairs:
        return inner
    lines = [
        f"    if share_memory({name}, {other}):\n"
        f"        raise ValueError('{name} is written, and shares memory with {other}: pass {other}.copy()')\n"
        for name, other in pairs
    ]
    parameters = ", ".join(inspect.signature(inner.py_func).parameters)
    space: dict[str, Any] = {"inner": inner, "share_memory": share_memory}
    text = f"def call({parameters}):\n{''.join(lines)}    return inner({parameters})\n"
    exec(text, space)  # noqa: S102  our own text
    space["call"].__defaults__ = default
    return cast(Dispatcher, numba.njit(space["call"]))


@numba.njit
def share_memory(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether the bounds of two arrays in memory overlap, as `np.may_share_memory` tells it."""
    if a.size == 0 or b.size == 0:
        return False
    low_a, high_a = bounds(a)
    low_b, high_b = bounds(b)
    return low_a < high_b and low_b < high_a


@numba.njit
def bounds(a: np.ndarray) -> tuple[int, int]:
    low = high = a.ctypes.data
    for k in range(a.ndim):
        reach = (a.shape[k] - 1) * a.strides[k]
        if reach > 0:
            high += reach
        else:
            low += reach
    return low, high + a.itemsize
