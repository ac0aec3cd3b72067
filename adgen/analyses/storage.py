"""Who shares memory with whom, and which arrays are written in place.

Arrays are values for the transforms; a store is a functional update.  That holds if nobody else sees the
array when it is written, except views derived from it, which are read and written through their root.
This analysis finds the roots of views and the groups of names that may share memory, and says where
the assumption fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import gast

from adgen.analyses.structure import Structure, assigned, base_name
from adgen.program.function import Function
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, ListOf

Pairs = frozenset[frozenset[str]]
ViewOf = Callable[[gast.expr], str | None]


@dataclass(frozen=True)
class Conflict:
    """A store that another live name may see."""

    statement: gast.stmt
    written: str
    other: str


class Storage:
    """Roots, groups and stores of a program."""

    def __init__(
        self, function: Function, structure: Structure, view_of: ViewOf, may_share: ViewOf, results: Iterable[str]
    ) -> None:
        self.types = function.types
        self.view_of, self.may_share = view_of, may_share
        self.views: dict[str, gast.expr] = {}  # view -> the expression that makes it
        self.parent: dict[str, str] = {}
        self.stores: list[gast.stmt] = []
        self._group: dict[str, str] = {}
        for place in structure.places.values():
            self._visit(place.statement)
        written = {self.group(base_name(self.target(s)) or "") for s in self.stores}
        self.written_groups = written
        self.conflicts = _Overlaps(function, self).conflicts(set(results)) if written else []

    def _visit(self, statement: gast.stmt) -> None:
        match statement:
            case gast.Assign(targets=[gast.Subscript()]) | gast.AugAssign():
                if self.is_array(base_name(self.target(statement)) or ""):
                    self.stores.append(statement)
            case gast.Assign(targets=[gast.Name(id=name)], value=value) if self.is_array(name):
                base = self.view_of(value)
                if base is not None:
                    self.views[name] = value
                    self.parent[name] = base
                    self._join(name, base)
                elif (shared := self.shared(value)) is not None:
                    self._join(name, shared)
                for item in self.items_of(value):
                    self._join(name, item)
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=True):
                    if isinstance(value, gast.Name) and self.is_array(target.id):
                        self._join(target.id, value.id)
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=value):
                for name, shared in self.shares_of(targets, value):
                    self._join(name, shared)
            case gast.Expr(
                value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"), args=[gast.Name(id=item)])
            ) if self.is_array(item):
                self._join(name, item)

    def items_of(self, value: gast.expr) -> list[str]:
        """Arrays that a new list holds."""
        items = value.elts if isinstance(value, gast.List) else []
        return [item.id for item in items if isinstance(item, gast.Name) and self.is_array(item.id)]

    def shared(self, value: gast.expr) -> str | None:
        """The array whose memory the value of an expression has, or may have."""
        return value.id if isinstance(value, gast.Name) else self.view_of(value) or self.may_share(value)

    def shares_of(self, targets: Sequence[gast.expr], value: gast.expr) -> list[tuple[str, str]]:
        """Results of one call that may share memory with an argument (``np.split``), and that argument."""
        shared = self.view_of(value) or self.may_share(value)
        return [] if shared is None else [(t.id, shared) for t in targets if self.is_array(t.id)]

    @staticmethod
    def target(statement: gast.stmt) -> gast.expr:
        return statement.target if isinstance(statement, gast.AugAssign) else statement.targets[0]

    def is_array(self, name: str) -> bool:
        return isinstance(self.types.get(name), Array | ListOf)

    def group(self, name: str) -> str:
        while (up := self._group.get(name, name)) != name:
            name = up
        return name

    def _join(self, a: str, b: str) -> None:
        a, b = self.group(a), self.group(b)
        if a != b:
            self._group[a] = b

    def is_written(self, name: str) -> bool:
        """Whether some name that may share the array's memory is written in place."""
        return self.group(name) in self.written_groups

    def is_lens(self, name: str) -> bool:
        """Whether a name is a view whose root is written somewhere: its adjoint is a view as well."""
        return name in self.views and self.is_written(name)

    def root(self, name: str) -> str:
        """The array that a view was derived from."""
        while name in self.parent:
            name = self.parent[name]
        return name


class _Overlaps:
    """Pairs of names that may overlap at each store, by forward dataflow over structured statements."""

    def __init__(self, function: Function, storage: Storage) -> None:
        self.body, self.storage = function.body, storage
        self.found: list[Conflict] = []
        self.recording = False

    def conflicts(self, results: set[str]) -> list[Conflict]:
        self.recording = True
        self.block(self.body, frozenset(), results)
        return self.found

    def block(self, body: Sequence[gast.stmt], pairs: Pairs, live_after: set[str]) -> Pairs:
        needed = [set(live_after)]
        for statement in reversed(body):
            needed.append((needed[-1] - _defines(statement)) | _reads(statement))
        needed.reverse()
        for position, statement in enumerate(body):
            pairs = self.statement(statement, pairs, needed[position + 1])
        return pairs

    def statement(self, statement: gast.stmt, pairs: Pairs, after: set[str]) -> Pairs:
        storage = self.storage
        match statement:
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                return self.copies([(t.id, v) for t, v in zip(targets, values, strict=True)], pairs)
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=value):
                moves = [(n, gast.Name(s, gast.Load(), None, None)) for n, s in storage.shares_of(targets, value)]
                return self.copies(moves, pairs)
            case gast.Assign(targets=[gast.Name(id=name)], value=value) if storage.is_array(name):
                base = storage.shared(value)
                pairs = self.copies([(name, gast.Name(base, gast.Load(), None, None) if base else value)], pairs)
                for item in storage.items_of(value):
                    pairs = self.held(name, item, pairs)
                return pairs
            case gast.Assign(targets=[gast.Subscript()]) | gast.AugAssign():
                name = base_name(storage.target(statement))
                if self.recording and name is not None and storage.is_array(name):
                    self.check(statement, name, pairs, after)
                return pairs
            case gast.Expr(
                value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"), args=[gast.Name(id=item)])
            ) if storage.is_array(item):
                return self.held(name, item, pairs)
            case gast.If(body=body, orelse=orelse):
                return self.block(body, pairs, after) | self.block(orelse, pairs, after)
            case gast.For(body=body) | gast.While(body=body):
                return self.loop(body, pairs, after | _upward_reads(body))
        return pairs

    def held(self, name: str, item: str, pairs: Pairs) -> Pairs:
        """A list holds an array: it overlaps with whatever that does."""
        more = {frozenset((name, other)) for p in pairs if item in p for other in p - {item} if other != name}
        return pairs | more | {frozenset((name, item))}

    def loop(self, body: list[gast.stmt], pairs: Pairs, after: set[str]) -> Pairs:
        recording, self.recording = self.recording, False
        while (more := pairs | self.block(body, pairs, after)) != pairs:
            pairs = more
        self.recording = recording
        return pairs | self.block(body, pairs, after)

    def copies(self, moves: list[tuple[str, gast.expr]], pairs: Pairs) -> Pairs:
        """``a, b = c, d``: targets lose their old overlaps and take over those of their sources."""
        targets = {t for t, _ in moves}
        kept = {p for p in pairs if not p & targets}
        images: dict[str, set[str]] = {}
        for target, value in moves:
            if isinstance(value, gast.Name) and self.storage.is_array(value.id):
                images.setdefault(value.id, set()).add(target)
        for source, copies in images.items():
            if source not in targets:
                copies = {*copies, source}
            kept |= {frozenset((a, b)) for a in copies for b in copies if a != b}
            for pair in pairs:
                if source in pair:
                    (other,) = pair - {source}
                    others = images.get(other, set()) | ({other} - targets)
                    kept |= {frozenset((a, b)) for a in copies for b in others if a != b}
        return frozenset(kept)

    def check(self, statement: gast.stmt, name: str, pairs: Pairs, after: set[str]) -> None:
        root = self.storage.root(name)
        for pair in pairs:
            if name in pair or root in pair:
                for other in pair - {name, root}:
                    if other in after and self.storage.root(other) != root:
                        self.found.append(Conflict(statement, name, other))


def _reads(statement: gast.stmt) -> set[str]:
    names = {n.id for n in nodes_in(statement) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)}
    match statement:
        case gast.AugAssign(target=gast.Name(id=name)):
            names.add(name)
    return names


def _defines(statement: gast.stmt) -> set[str]:
    """Names that a statement is sure to bind anew."""
    if isinstance(statement, gast.Assign):
        return {n for t in statement.targets for n in assigned(t)}
    return set()


def _upward_reads(body: list[gast.stmt]) -> set[str]:
    """Names that an iteration may read before it defines them."""
    defined: set[str] = set()
    reads: set[str] = set()
    for statement in body:
        reads |= _reads(statement) - defined
        if isinstance(statement, gast.Assign):
            defined |= {n for t in statement.targets for n in assigned(t)}
    return reads
