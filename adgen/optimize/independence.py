"""What the iterations of a loop share: which names and which elements, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import gast

from adgen.analyses.effects import EMPTY, METADATA, ONLY_SHAPE, blocks_of, dotted, statements_in
from adgen.analyses.liveness import upward_exposed
from adgen.optimize.context import Facts
from adgen.program.syntax import nodes_in
from adgen.program.types import Array

READ, WRITE, ADD = "read", "write", "add"


@dataclass(frozen=True, slots=True)
class Access:
    """One way in which a body touches an array; `here`: only at the loop's own index."""

    name: str
    how: str
    here: bool


@dataclass
class Body:
    """The body of a loop over `index`."""

    known: Facts
    index: str
    statements: Sequence[gast.stmt]
    accesses: list[Access] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.effect = self.known.effects.block(self.statements)
        self.exposed = upward_exposed(self.statements, self.known.effects)
        self._collect(self.statements)

    @property
    def is_plain(self) -> bool:
        """No way out, no list, nothing that the outside would notice."""
        leaves = any(isinstance(s, gast.Return | gast.Raise | gast.Assert) for s in statements_in(self.statements))
        return not self.effect.outside and not leaves and not _breaks(self.statements)

    def is_private(self, name: str) -> bool:
        """Whether each iteration defines a name before it reads it."""
        return name in self.effect.defines and name not in self.exposed

    def sums(self) -> frozenset[str]:
        """Scalars that are only added to."""
        added: set[str] = set()
        others: set[str] = set()
        for stmt in statements_in(self.statements):
            match stmt:
                case gast.AugAssign(target=gast.Name(id=name), op=gast.Add() | gast.Sub(), value=value):
                    added.add(name)
                    others |= self._names(value)
                case gast.If(test=part) | gast.While(test=part) | gast.For(iter=part):
                    others |= self._names(part)
                    if isinstance(stmt, gast.For):
                        others |= self._names(stmt.target)
                case _:
                    effect = self.known.effects.of(stmt)
                    others |= effect.reads | effect.defines
        return frozenset(n for n in added - others if self.known.is_scalar(n))

    def _names(self, node: gast.AST) -> set[str]:
        return {n.id for n in nodes_in(node) if isinstance(n, gast.Name)}

    def classes(self) -> dict[str, list[Access]]:
        """Accesses per alias class, without the arrays that each iteration makes for itself."""
        found: dict[str, list[Access]] = {}
        for access in self.accesses:
            found.setdefault(self.known.aliases.find(access.name), []).append(access)
        return {c: a for c, a in found.items() if not all(self.is_private(x.name) for x in a)}

    # ---- collecting -------------------------------------------------------------------------

    def _collect(self, body: Iterable[gast.stmt]) -> None:
        for stmt in body:
            handled = EMPTY
            match stmt:
                case gast.Assign(targets=[target], value=value):
                    handled = self._store(target, WRITE)
                    self._read(value)
                case gast.AugAssign(target=target, op=op, value=value):
                    additive = isinstance(op, gast.Add | gast.Sub)
                    handled = self._store(target, ADD if additive else WRITE)
                    self._read(value)
                case gast.Expr(value=gast.Call(func=func, args=[gast.Name(id=name), *rest])) if dotted(func) in {
                    "np.add.at",
                    "np.subtract.at",
                }:
                    self.accesses.append(Access(name, ADD, here=False))
                    handled = frozenset((name,))
                    for argument in rest:
                        self._read(argument)
                case gast.If(test=part) | gast.While(test=part) | gast.For(iter=part):
                    self._read(part)
                case gast.Expr(value=value) | gast.Return(value=value) if value is not None:
                    self._read(value)
            if not list(blocks_of(stmt)):
                for name in self.known.effects.of(stmt).mutates - handled:
                    self.accesses.append(Access(name, WRITE, here=False))
            for block in blocks_of(stmt):
                self._collect(block)

    def _store(self, target: gast.AST, how: str) -> frozenset[str]:
        match target:
            case gast.Subscript(value=gast.Name(id=name), slice=index) if self._is_array(name):
                self._read(index)
                self.accesses.append(Access(name, how, self._is_here(index)))
                return frozenset((name,))
            case gast.Name(id=name) if how != WRITE and not self.known.is_scalar(name):
                self.accesses.append(Access(name, how, here=False))
                return frozenset((name,))
            case gast.Tuple(elts=items):
                return EMPTY.union(*[self._store(item, how) for item in items])
        return EMPTY

    def _read(self, node: gast.AST) -> None:
        match node:
            case gast.Name(id=name):
                if name in self.known.function.types and not self.known.is_scalar(name):
                    self.accesses.append(Access(name, READ, here=False))
            case gast.Attribute(value=gast.Name(), attr=attr) if attr in METADATA:
                return
            case gast.Subscript(value=gast.Name(id=name), slice=index) if self._is_array(name):
                self.accesses.append(Access(name, READ, self._is_here(index)))
                self._read(index)
            case gast.Call(func=func, args=[gast.Name(), *rest]) if dotted(func) in ONLY_SHAPE:
                for argument in rest:
                    self._read(argument)
            case _:
                for child in gast.iter_child_nodes(node):
                    self._read(child)

    def _is_array(self, name: str) -> bool:
        return isinstance(self.known.function.types.get(name), Array)

    def _is_here(self, index: gast.AST) -> bool:
        first = index.elts[0] if isinstance(index, gast.Tuple) and index.elts else index
        return isinstance(first, gast.Name) and first.id == self.index


def are_apart(accesses: Sequence[Access]) -> bool:
    """Whether the order in which iterations make these accesses does not matter."""
    if {a.how for a in accesses} <= {READ} or {a.how for a in accesses} <= {ADD}:
        return True
    return all(a.here for a in accesses) and len({a.name for a in accesses}) == 1


def _breaks(body: Iterable[gast.stmt]) -> bool:
    """Whether a statement leaves the loop that `body` belongs to."""
    return any(True for _ in _own_breaks(body))


def _own_breaks(body: Iterable[gast.stmt]) -> Iterator[gast.stmt]:
    for stmt in body:
        if isinstance(stmt, gast.Break | gast.Continue):
            yield stmt
        elif not isinstance(stmt, gast.For | gast.While):
            for block in blocks_of(stmt):
                yield from _own_breaks(block)
