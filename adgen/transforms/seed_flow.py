"""Which values of a derivative depend on its seeds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import gast

from adgen.analyses.aliases import Sources
from adgen.analyses.effects import dotted
from adgen.program.syntax import nodes_in
from adgen.program.types import Type

METADATA = frozenset("shape size ndim dtype".split())
LIKES = frozenset(f"np.{name}" for name in "shape ndim size zeros_like ones_like empty_like full_like".split())
ADD_AT = ("np.add.at", "np.subtract.at")


class Dependence:
    """The names of a program whose values depend on seeds, and those that may hold their memory (`start`)."""

    def __init__(self, body: Sequence[gast.stmt], types: Mapping[str, Type], start: Collection[str]) -> None:
        self.sources = Sources(types).sources
        self.names = set(start)
        flows = [flow for s in body for n in nodes_in(s) if isinstance(n, gast.stmt) for flow in self.flows(n)]
        size = -1
        while size != len(self.names):
            size = len(self.names)
            for targets, values in flows:
                if not self.names.issuperset(targets) and any(self.reads(v) for v in values):
                    self.names.update(targets)

    def reads(self, node: gast.AST) -> bool:
        """Whether the value of an expression depends on seeds (that of an extent does not)."""
        return any(name in self.names for name in contents(node))

    def flows(self, statement: gast.stmt) -> Iterator[tuple[list[str], list[Any]]]:
        """What a statement writes, and what it reads for it."""
        match statement:
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=True):
                    yield self.written(target), [value]
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=value):
                yield [n for t in targets for n in self.written(t)], [value]
            case gast.Assign(targets=[target], value=value) | gast.AugAssign(target=target, value=value):
                yield self.written(target), [value, *([target.slice] if isinstance(target, gast.Subscript) else [])]
            case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"), args=args)):
                yield [name], list(args)
            case gast.Expr(value=gast.Call(func=func, args=[whole, *rest])) if dotted(func) in ADD_AT:
                yield sorted(self.sources(whole)), list(rest)

    def written(self, target: gast.expr) -> list[str]:
        if isinstance(target, gast.Name):
            return [target.id]
        return sorted(self.sources(target.value)) if isinstance(target, gast.Subscript) else []


def contents(node: gast.AST) -> Iterator[str]:
    """Names that an expression reads more of than their extents and types."""
    match node:
        case gast.Name(id=name):
            yield name
        case gast.Attribute(attr=attr) if attr in METADATA:
            return
        case gast.Call(func=func, args=[_, *rest], keywords=keywords) if (
            dotted(func) in LIKES or isinstance(func, gast.Name) and func.id == "len"
        ):
            for inner in (*rest, *keywords):
                yield from contents(inner)
        case _:
            for inner in gast.iter_child_nodes(node):
                yield from contents(inner)
