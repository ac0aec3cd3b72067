"""Which variables carry derivatives: varied (depend on the inputs) and useful (the outputs depend on them)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import gast

from adgen.analyses.storage import Storage
from adgen.analyses.structure import base_name
from adgen.program.types import Type, is_differentiable

Edge = tuple[list[str], list[str]]
DependsOn = Callable[[gast.expr], list[str]]


def find_varied(
    statements: Iterable[gast.stmt],
    inputs: Iterable[str],
    types: dict[str, Type],
    depends_on: DependsOn,
    storage: Storage,
) -> frozenset[str]:
    """Names that depend differentiably on the inputs.  Forward, flow-insensitive, to a fixed point."""
    edges = list(_edges(statements, depends_on, storage))
    varied = set(inputs)
    size = -1
    while size != len(varied):
        size = len(varied)
        for targets, sources in edges:
            if not varied.isdisjoint(sources):
                varied |= {t for t in targets if is_differentiable(types.get(t))}
    return frozenset(varied)


def find_useful(
    statements: Iterable[gast.stmt], outputs: Iterable[str], depends_on: DependsOn, storage: Storage
) -> frozenset[str]:
    """Names that the outputs depend on differentiably.  Backward, flow-insensitive, to a fixed point."""
    edges = list(_edges(statements, depends_on, storage))
    useful = set(outputs)
    size = -1
    while size != len(useful):
        size = len(useful)
        for targets, sources in edges:
            if not useful.isdisjoint(targets):
                useful |= set(sources)
    return frozenset(useful)


def _edges(statements: Iterable[gast.stmt], depends_on: DependsOn, storage: Storage) -> Iterator[Edge]:
    """(names defined, names they depend on), one for each statement that moves values."""
    for statement in statements:
        match statement:
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=True):
                    yield from _views([target.id], depends_on(value), storage)
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=value):
                yield [t.id for t in targets], depends_on(value)
            case gast.Assign(targets=[gast.Subscript() as target], value=value):
                yield from _views([base_name(target)], depends_on(value), storage)
            case gast.AugAssign(target=target, value=value):
                yield from _views([base_name(target)], depends_on(value), storage)
            case gast.Assign(targets=[gast.Name(id=name)], value=value):
                yield from _views([name], depends_on(value), storage)
            case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"), args=[item])):
                yield [name], depends_on(item)


def _views(targets: list[str | None], sources: list[str], storage: Storage) -> Iterator[Edge]:
    names = [t for t in targets if t is not None]
    yield names, sources
    for name in names:
        if storage.is_lens(name):  # what is written into a view is written into its root
            yield [storage.root(name)], [name]
            yield [name], [storage.root(name)]
