"""Names of extents in types: after the variables that have them."""

from __future__ import annotations

from dataclasses import replace

from adgen.program.dims import Dim
from adgen.program.types import Array, ListOf, Scalar, TupleOf, Type


def rename_symbol(type_: Type, old: str, new: str) -> Type:
    """A type whose extents are named after a variable that gets another name."""

    def renamed(dim: Dim) -> Dim:
        return dim.substitute(
            {
                s: Dim.symbol(new + s[len(old) :])
                for s in dim.symbols
                if s == old or s.startswith((old + ".", old + "["))
            }
        )

    match type_:
        case Array(dtype, shape):
            return Array(dtype, tuple(map(renamed, shape)))
        case Scalar(value=Dim() as value):
            return replace(type_, value=renamed(value))
        case TupleOf(items):
            return TupleOf(tuple(rename_symbol(t, old, new) for t in items))
        case ListOf(item) if item is not None:
            return ListOf(rename_symbol(item, old, new), type_.origin)
    return type_


def own_sizes(type_: Type, name: str) -> Type:
    """A type whose unnamed extents (``%7.shape[0]``) are named after the variable that has them."""
    unnamed = {s.split(".shape")[0] for s in symbols_of(type_) if s.startswith("%")}
    for old in sorted(unnamed):
        type_ = rename_symbol(type_, old, name)
    return type_


def symbols_of(type_: Type) -> list[str]:
    match type_:
        case Array(_, shape):
            return [s for d in shape for s in d.symbols]
        case TupleOf(items):
            return [s for t in items for s in symbols_of(t)]
        case ListOf(item) if item is not None:
            return symbols_of(item)
    return []


def mentioned(type_: Type) -> set[str]:
    """Variables after which extents of a type are named."""
    value = getattr(type_, "value", None)
    symbols = [*symbols_of(type_), *(value.symbols if isinstance(value, Dim) else ())]
    return {s.split(".")[0].split("(")[-1].rstrip(")") for s in symbols}
