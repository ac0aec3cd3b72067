"""What macros are called with, and what they share."""

from __future__ import annotations

from collections.abc import Callable
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
    """An argument of a macro: its text, its type where known, its value where static, its parts if a sequence."""

    text: str
    type: Type | None = None
    static: Any = MISSING
    parts: tuple[Operand, ...] = ()

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


def axes_of(axis: Any, rank: int) -> tuple[int, ...]:
    """Static axes, counted from the front.

    >>> axes_of(-1, 3), axes_of((0, -1), 3), axes_of(None, 2)
    ((2,), (0, 2), (0, 1))
    """
    if axis is None:
        return tuple(range(rank))
    return tuple(a % rank if rank else a for a in (axis if isinstance(axis, tuple | list) else (axis,)))


def rank_of(type_: Type) -> int:
    assert isinstance(type_, Scalar | Array)
    return type_.rank


def between(start: str, width: str) -> str:
    return f":{width}" if not start else f"{start}:{start} + {width}"


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
