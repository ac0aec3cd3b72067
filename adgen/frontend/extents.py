"""Names of extents in types: after the variables that have them.

Items of a list of the program have the extents in common that are the same whenever one is put into it; the others are
told apart from item to item: they are named ``%item`` in the type of the list, and after the variable that an item is
read into.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from adgen.program.dims import Dim
from adgen.program.types import ITEM, Array, Scalar, TupleOf, Type, extent_of, of_items


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
    return type_


def item_type(type_: Type, fixed: Collection[str]) -> Type:
    """The type of a list's items of which one has this type; `fixed`: sizes that never change."""
    if not isinstance(type_, Array):
        return type_
    own = [all(s in fixed for s in d.symbols) for d in type_.shape]
    return Array(
        type_.dtype,
        tuple(d if o else extent_of(ITEM, k) for k, (o, d) in enumerate(zip(own, type_.shape, strict=True))),
    )


def own_sizes(type_: Type, name: str) -> Type:
    """A type whose unnamed extents (``%7.shape[0]``) are named after the variable that has them."""
    type_ = of_items(type_, name)
    for old in unnamed_in(type_):
        type_ = rename_symbol(type_, old, name)
    return type_


def own_sizes_of_several(types: Sequence[Type], names: Sequence[str]) -> list[Type]:
    """The same for the results of one call; an extent that several have is named after the first of them."""
    owners: dict[str, str] = {}
    own: list[Type] = []
    for type_, name in zip(types, names, strict=True):
        type_ = of_items(type_, name)
        for old in unnamed_in(type_):
            type_ = rename_symbol(type_, old, owners.setdefault(old, name))
        own.append(type_)
    return own


def unnamed_in(type_: Type) -> list[str]:
    return sorted({s.split(".shape")[0] for s in symbols_of(type_) if s.startswith("%")})


def symbols_of(type_: Type) -> list[str]:
    match type_:
        case Array(_, shape):
            return [s for d in shape for s in d.symbols]
        case TupleOf(items):
            return [s for t in items for s in symbols_of(t)]
    return []


def mentioned(type_: Type) -> set[str]:
    """Variables after which extents of a type are named."""
    value = getattr(type_, "value", None)
    symbols = [*symbols_of(type_), *(value.symbols if isinstance(value, Dim) else ())]
    return {s.split(".")[0].split("(")[-1].rstrip(")") for s in symbols}
