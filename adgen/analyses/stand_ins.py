"""Small objects that stand for values of a type when a function is called to see what it returns."""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adgen.analyses.sizes import Sizes
from adgen.program.dims import Dim
from adgen.program.types import Array, ListOf, Scalar, TupleOf, Type, type_of_number


@dataclass(frozen=True)
class Static:
    """An argument whose value is known."""

    value: Any


Argument = Any  # Static | Type | tuple/list of those


class NoType(Exception):
    """The trial calls failed; the text says why."""


def is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float | complex | np.generic)


def stand_in_number(
    dtype: np.dtype, weak: bool, value: int | None = None, *, size: float = 0.75, count: int = 1
) -> Any:
    if value is not None:
        return value if weak else dtype.type(value)
    one = dtype.type(size if dtype.kind in "fc" else count if dtype.kind in "iu" else 1)
    return one.item() if weak else one


def quietly(function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


@functools.lru_cache(maxsize=4096)
def number_function_type(function: Any, args: tuple[Argument, ...]) -> Type | None:
    """The type of a function of `math` where floats alone go in and come out; None if that is not so."""
    if not all(isinstance(a, Scalar) and a.kind == "f" for a in args):
        return None
    try:
        result = quietly(function, [stand_in_number(a.dtype, a.weak) for a in args if isinstance(a, Scalar)], {})
    except (ValueError, OverflowError, TypeError):
        return None
    return type_of_number(result) if isinstance(result, float) else None


def symbols_in(argument: Argument) -> list[str]:
    """Symbols of all extents in an argument, in order of appearance."""
    match argument:
        case Array(_, shape):
            return [s for d in shape for s in d.symbols]
        case Scalar(value=Dim() as value):
            return list(value.symbols)
        case ListOf(item) if item is not None:
            return symbols_in(item)
        case tuple() | list():
            return [s for item in argument for s in symbols_in(item)]
        case TupleOf(items):
            return [s for item in items for s in symbols_in(item)]
    return []


def extents_in(argument: Argument) -> list[Dim]:
    """Extents of all arrays in an argument."""
    match argument:
        case Array(_, shape):
            return list(shape)
        case ListOf(item) if item is not None:
            return extents_in(item)
        case tuple() | list():
            return [d for item in argument for d in extents_in(item)]
        case TupleOf(items):
            return [d for item in items for d in extents_in(item)]
    return []


STAND_IN_SIZES = (0.75, 2.5, 9.5)  # some functions are defined for larger numbers only


def stand_in(argument: Argument, values: Mapping[str, int], size: float = STAND_IN_SIZES[0], count: int = 1) -> Any:
    """A small object of the argument's type; floats are about as large as `size`, integers of unknown value `count`."""
    match argument:
        case Static(value):
            return value
        case Array(dtype, shape):
            return _stand_in_array(dtype, tuple(max(d.evaluate(values.__getitem__), 0) for d in shape), size)
        case Scalar(dtype, weak, value):
            if value is not None and dtype.kind in "iu":
                number = value.evaluate(values.__getitem__)
                return number if weak else dtype.type(number)
            return stand_in_number(dtype, weak, size=size, count=count)
        case TupleOf(items):
            return tuple(stand_in(item, values, size) for item in items)
        case ListOf(item):
            return [stand_in(item, values, size)] if item is not None else []
        case tuple() | list():
            return type(argument)(stand_in(item, values, size) for item in argument)
    raise NoType("an argument of unknown type")


@functools.lru_cache(maxsize=1024)
def _stand_in_array(dtype: np.dtype, shape: tuple[int, ...], size: float) -> np.ndarray:
    if dtype.kind in "biu":
        return np.ones(shape, dtype)
    count = math.prod(shape)
    array = (size - 0.25 + 0.4 * np.sin(np.arange(count) + 1.0)).reshape(shape)
    if size == STAND_IN_SIZES[0] and len(shape) >= 2 and shape[-1] == shape[-2]:
        array = array + np.swapaxes(array, -1, -2) + 3.0 * shape[-1] * np.eye(shape[-1])
    return array.astype(dtype)


def pin_sizes(args: Sequence[Argument], kwargs: Mapping[str, Argument], sizes: Sizes) -> bool:
    """Fix entry sizes where an extent was seen to be one that another argument has as a number; whether any was."""
    extents = [sizes.reduce(d) for d in extents_in([*args, *kwargs.values()])]
    numbers = {d.const for d in extents if d.is_const and not d.is_one}
    found = False
    for extent in extents:
        inside = extent.symbols
        value = sizes.value(extent)
        if len(inside) == 1 and inside[0] in sizes.entry_symbols and value in numbers:
            sizes.assume(Dim.symbol(inside[0]), sizes.observed[inside[0]])
            found = True
    return found
