"""Directions in which the arguments of a sample move."""

from __future__ import annotations

from typing import Any

import numpy as np

from adgen.testing.trees import copied, is_smooth, map_leaves, random_direction

SIDE_STEP = 1e-6


def whole_direction(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """A direction along which all arguments move."""
    rng = np.random.default_rng(0)
    return tuple(scaled(random_direction(a, rng), a) for a in args)


def only(args: tuple[Any, ...], k: int) -> tuple[Any, ...]:
    """A direction along argument `k`."""
    rng = np.random.default_rng(k + 1)
    return tuple(scaled(random_direction(a, rng), a) if i == k else None for i, a in enumerate(args))


def scaled(direction: Any, arg: Any) -> Any:
    """Steps in proportion to the size of what moves: pressures by many pascals, viscosities by very few."""
    if direction is None:
        return None

    def stretch(_: str, leaf: Any, dot: Any) -> Any:
        if dot is None:
            return None
        size = np.where(np.abs(leaf) > 0, np.abs(leaf), 1.0)
        step = np.clip(np.real(dot), -1.5, 1.5) * size
        return step if isinstance(leaf, np.ndarray) else float(step)

    return map_leaves(stretch, arg, direction)


def moved(args: tuple[Any, ...], direction: tuple[Any, ...], t: Any) -> tuple[Any, ...]:
    def move(_: str, leaf: Any, dot: Any) -> Any:
        return leaf if dot is None or not is_smooth(leaf) else leaf + t * dot

    return copied([map_leaves(move, a, d) for a, d in zip(args, direction, strict=True)])
