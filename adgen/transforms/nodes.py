"""Small pieces of programs: names, constants, calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from adgen.program.types import Array, ListOf, Scalar, Type


def load(name: str) -> gast.Name:
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> gast.Name:
    return gast.Name(name, gast.Store(), None, None)


def constant(value: Any) -> gast.Constant:
    return gast.Constant(value, None)


def zero_number(kind: Type | None) -> gast.expr:
    """The zero of a type of numbers."""
    return constant(0j if isinstance(kind, Scalar) and kind.kind == "c" else 0.0)


def numpy_call(name: str, *args: gast.expr, **kwargs: gast.expr) -> gast.Call:
    func = gast.Attribute(load("np"), name, gast.Load())
    return gast.Call(func, list(args), [gast.keyword(k, v) for k, v in kwargs.items()])


def is_basic(index: gast.expr, types: Mapping[str, Type]) -> bool:
    """Whether an index has no arrays: it gives a view."""
    items = index.elts if isinstance(index, gast.Tuple) else [index]
    return not any(isinstance(i, gast.Name) and isinstance(types.get(i.id), Array | ListOf) for i in items)
