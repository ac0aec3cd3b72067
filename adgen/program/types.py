"""The types of values in a program: what the generator knows when it writes code.

One name of a program in normal form has one type for its whole life.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from adgen.program.dims import Dim


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number.  `weak` marks Python scalars, which do not widen NumPy dtypes (NEP 50).

    `value` is the extent that an integer stands for, where that is known.
    """

    dtype: np.dtype
    weak: bool = True
    value: Dim | None = field(default=None, compare=False)

    shape = ()
    rank = 0

    @property
    def kind(self) -> str:
        """NumPy's kind letter: b, i, u, f or c."""
        return self.dtype.kind


@dataclass(frozen=True, slots=True)
class Array:
    """An ndarray of known dtype and rank; extents are symbolic."""

    dtype: np.dtype
    shape: tuple[Dim, ...]
    weak = False

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def kind(self) -> str:
        return self.dtype.kind


@dataclass(frozen=True, slots=True)
class ListOf:
    """A Python list that grows or is indexed at run time; all items of one type.  `origin`: what made it."""

    item: Type | None
    origin: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A tuple that exists at run time (``x.shape``, the result of ``np.linalg.eigh``)."""

    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """An object that carries no derivative and is copied, not understood (text, a file, None)."""

    what: str = "object"


Type = Scalar | Array | ListOf | TupleOf | Opaque

ITEM = "%item"  # in the type of a list: whose extents those are that differ from item to item

FLOAT = Scalar(np.dtype(np.float64))
INT = Scalar(np.dtype(np.int64))
BOOL = Scalar(np.dtype(np.bool_))
COMPLEX = Scalar(np.dtype(np.complex128))


def extent_of(name: str, axis: int) -> Dim:
    """The extent of a variable that is named after itself."""
    return Dim.symbol(f"{name}.shape[{axis}]")


def of_items(type_: Type, name: str) -> Type:
    """The type of what comes from the items of a list, when a variable has it."""
    match type_:
        case Array(dtype, shape):
            dims = (
                extent_of(name, k) if any(s.startswith(ITEM) for s in d.symbols) else d for k, d in enumerate(shape)
            )
            return Array(dtype, tuple(dims))
        case TupleOf(items):
            return TupleOf(tuple(of_items(t, f"{name}[{k}]") for k, t in enumerate(items)))
        case _:
            return type_


def is_differentiable(type_: Type | None) -> bool:
    """Whether a value of this type can carry a derivative (floats and complex numbers can)."""
    match type_:
        case Scalar() | Array():
            return type_.dtype.kind in "fc"
        case ListOf(item):
            return item is not None and is_differentiable(item)
        case TupleOf(items):
            return any(is_differentiable(item) for item in items)
        case _:
            return False


def type_of_number(value: bool | complex | np.generic) -> Scalar:
    """Type of a Python or NumPy number.

    >>> type_of_number(2).kind, type_of_number(np.float32(1)).weak
    ('i', False)
    """
    if isinstance(value, np.generic):
        return Scalar(value.dtype, weak=False)
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return Scalar(INT.dtype, value=Dim(value))
    return COMPLEX if isinstance(value, complex) else FLOAT


def show_type(type_: Type | None) -> str:
    """A type in a user's words: ``float64 array (n, m)``."""
    match type_:
        case Scalar(dtype):
            return {"b": "bool", "i": "int", "u": "int"}.get(dtype.kind, str(dtype))
        case Array(dtype, shape):
            return f"{dtype} array ({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
        case ListOf(item):
            return f"list of {show_type(item)}"
        case TupleOf(items):
            return f"tuple ({', '.join(map(show_type, items))})"
        case Opaque(what):
            return what
        case _:
            return "unknown"


def int_type_of(value: int | Dim) -> Scalar:
    """An integer whose value is known as an extent."""
    return Scalar(INT.dtype, value=Dim.of(value))


@dataclass(frozen=True)
class Abstract:
    """An argument of which only the type is known (from an annotation or a signature)."""

    type: Type
