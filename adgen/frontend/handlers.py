"""The tables of builtins, library functions and methods that the frontend itself carries out.

``HANDLERS`` maps functions, ``METHODS`` methods by the kind of their object.  The modules
``builtins``, ``container_functions`` and ``array_functions`` fill them when imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from adgen.frontend.values import (
    Value,
)

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls


Args = tuple[Value, ...]


Kwargs = dict[str, Value]


Handler = Callable[["Calls", Args, Kwargs, "str | None"], Value]


HANDLERS: dict[Any, Handler] = {}


# Methods and attributes of arrays that are refused: the reason, and what to write instead.
BYTES = "it shows bytes, not numbers."
IN_PLACE = "it changes the shape or type of an array in place."
REFUSED_METHODS: dict[str, tuple[str, str]] = {
    "argpartition": ("its order is not that of other functions.", "np.argpartition(x, kth)"),
    "base": ("which array owns the memory is not followed.", "the array itself"),
    "byteswap": (BYTES, "x.astype(dtype)"),
    "ctypes": (BYTES, "the array itself"),
    "data": (BYTES, "the array itself"),
    "device": ("it is no number.", "nothing: it is always 'cpu'"),
    "dump": (BYTES, "saving outside of the function"),
    "dumps": (BYTES, "saving outside of the function"),
    "flags": ("how the memory is laid out is not followed.", "the array itself"),
    "getfield": (BYTES, "an array for each field"),
    "resize": (IN_PLACE, "x = np.resize(x, shape)"),
    "setfield": (BYTES, "an array for each field"),
    "setflags": ("how the memory is laid out is not followed.", "a copy, if it must not be written"),
    "strides": ("how the memory is laid out is not followed.", "x.shape"),
    "to_device": ("there is one device.", "the array itself"),
    "tobytes": (BYTES, "the array itself"),
    "tofile": (BYTES, "saving outside of the function"),
    "itemset": ("NumPy 2 has removed it.", "x[index] = value"),
    "newbyteorder": ("NumPy 2 has removed it.", "x.astype(dtype)"),
    "tostring": ("NumPy 2 has removed it.", "the array itself"),
}

# Functions that take nothing out of a generator when they are called, or not all that it yields.
LAZY = frozenset((enumerate, zip, reversed, iter, next, map, filter, any, all, isinstance, type, print, id))


METHODS: dict[str, dict[str, Callable[..., Value]]] = {"array": {}, "list": {}, "residual": {}, "tuple": {}, "dict": {}}


def handles(*functions: Any) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for function in functions:
            HANDLERS[function] = handler
        return handler

    return register


def method(kind: str, *names: str) -> Callable[[Any], Any]:
    def register(handler: Any) -> Any:
        for name in names:
            METHODS[kind][name] = handler
        return handler

    return register
