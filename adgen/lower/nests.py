"""Loop nests: statements over arrays as statements over elements, and what may share a loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import gast

from adgen.analyses.aliases import Aliases
from adgen.analyses.effects import Effect, Effects, facts, mentions
from adgen.lower.fields import Field, Index, aligned
from adgen.lower.trees import build, constant, name
from adgen.optimize.trees import map_children
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar, Type

Body = Callable[[Index], list[gast.stmt]]


@dataclass
class Piece:
    """One statement over arrays.

    `before` and `after` stand around the whole nest, `enter` and `leave` around the innermost loop, for which
    they are made from its index.  `plain` is the statement itself where it is a fill or a copy: alone it may stay.
    """

    over: Field
    body: Body
    before: list[gast.stmt] = field(default_factory=list)
    after: list[gast.stmt] = field(default_factory=list)
    enter: Body | None = None
    leave: Body | None = None
    plain: gast.stmt | None = None


@dataclass(frozen=True)
class Access:
    """How an array is touched at one place of a body."""

    name: str
    how: str  # "read", "write" or "add"
    index: gast.expr | None  # None: as a whole

    @property
    def text(self) -> str:
        return facts(self.index).text if self.index is not None else "?"

    @property
    def items(self) -> list[gast.expr]:
        if self.index is None:
            return []
        return list(self.index.elts) if isinstance(self.index, gast.Tuple) else [self.index]


@dataclass
class Nest:
    """Pieces with the same extents, in one loop nest."""

    key: tuple[str, ...]
    variables: tuple[str, ...]
    extents: tuple[gast.expr, ...]
    before: list[gast.stmt] = field(default_factory=list)
    after: list[gast.stmt] = field(default_factory=list)
    enter: list[gast.stmt] = field(default_factory=list)
    body: list[gast.stmt] = field(default_factory=list)
    leave: list[gast.stmt] = field(default_factory=list)
    accesses: dict[str, list[Access]] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)

    def statements(self) -> list[gast.stmt]:
        """The nest as loops; a fill or a copy that found no company stays what it was."""
        if len(self.pieces) == 1 and self.pieces[0].plain is not None:
            return [self.pieces[0].plain]
        if not self.body:
            return [*self.before, *self.after]
        if not self.variables:
            return [*self.before, *self.enter, *self.body, *self.leave, *self.after]
        inner = self.body
        span = span_of(self.body[0])
        for depth in range(len(self.variables) - 1, -1, -1):
            target = gast.Name(self.variables[depth], gast.Store(), None, None)
            loop = gast.For(target, build("range(n)", n=self.extents[depth]), inner, [], None)
            inner = [with_span(loop, span)]
            if depth == len(self.variables) - 1:
                inner = [*self.enter, *inner, *self.leave]
        return [*self.before, *inner, *self.after]


class Joiner:
    """Whether and how pieces come into nests."""

    def __init__(self, effects: Effects, aliases: Aliases, variables: Sequence[str]) -> None:
        self.effects, self.aliases, self.variables = effects, aliases, variables

    def nest(self, piece: Piece) -> Nest | None:
        """A nest of one piece."""
        counted = [k for k, d in enumerate(piece.over.shape) if not d.is_one]
        if len(counted) > len(self.variables):
            return None
        variables = tuple(self.variables[: len(counted)])
        new = Nest(key(piece.over), variables, tuple(piece.over.extents[k] for k in counted))
        self._add(new, piece)
        return new

    def joined(self, nest: Nest, piece: Piece) -> bool:
        """Put a piece into a nest, if that changes nothing."""
        if nest.key != key(piece.over):
            return False
        other = self.nest(piece)
        if other is None or not self._fit(nest, other):
            return False
        self._merge(nest, other)
        return True

    def effect(self, nest: Nest) -> Effect:
        return self.effects.block([*nest.before, *nest.enter, *nest.body, *nest.leave, *nest.after])

    def independent(self, one: Effect, two: Effect) -> bool:
        """Whether two statements may change places."""
        if one.defines & (two.reads | two.defines) or two.defines & one.reads or (one.outside and two.outside):
            return False
        touch, seen = self.aliases.touch, self.effects.looked_at
        return not touch(one.mutates, seen(two) | two.mutates) and not touch(two.mutates, seen(one))

    def _add(self, nest: Nest, piece: Piece) -> None:
        index = self._index(piece.over, nest.variables)
        nest.pieces.append(piece)
        nest.before += piece.before
        nest.after += piece.after
        nest.body += piece.body(index)
        nest.enter += piece.enter(index) if piece.enter else []
        nest.leave += piece.leave(index) if piece.leave else []
        for access in accesses([*nest.enter, *nest.body, *nest.leave], self.effects.types):
            nest.accesses.setdefault(self.aliases.find(access.name), []).append(access)

    def _index(self, over: Field, variables: Sequence[str]) -> Index:
        rest = iter(variables)
        return tuple(constant(0) if d.is_one else name(next(rest)) for d in over.shape)

    def _merge(self, nest: Nest, other: Nest) -> None:
        for part in ("before", "after", "enter", "body", "leave", "pieces"):
            getattr(nest, part).extend(getattr(other, part))
        for found, more in other.accesses.items():
            nest.accesses.setdefault(found, []).extend(more)

    def _fit(self, nest: Nest, other: Nest) -> bool:
        inside = self.effects.block([*nest.enter, *nest.body, *nest.leave, *nest.after])
        if not self.independent(inside, self.effects.block(other.before)):
            return False
        one, two = self._names(nest), self._names(other)
        if one.defines & (two.reads | two.defines) - one.made or two.defines & (one.reads | one.defines):
            return False
        if nest.after and not self.independent(self.effects.block(nest.after), self.effect(other)):
            return False
        return all(
            apart([*nest.accesses[c], *other.accesses[c]], nest.variables)
            for c in nest.accesses.keys() & other.accesses.keys()
        )

    def _names(self, nest: Nest) -> _Names:
        whole = self.effect(nest)
        made = {n for s in nest.before for n in self.effects.of(s).defines}
        sums = {n for s in nest.body for n in self.effects.of(s).defines}
        return _Names(whole.reads, whole.defines, frozenset(made - sums))


@dataclass(frozen=True)
class _Names:
    reads: frozenset[str]
    defines: frozenset[str]
    made: frozenset[str]  # arrays made before the nest, whose elements are told apart


def key(over: Field) -> tuple[str, ...]:
    return tuple(str(d) for d in over.shape if not d.is_one)


def apart(found: Sequence[Access], variables: Sequence[str]) -> bool:
    """Whether the accesses of one alias class meet within one iteration only, or in sums, or don't matter.

    Iterations are told apart if each variable stands alone on an axis, in the same way at every access.
    """
    if {a.how for a in found} <= {"read"} or {a.how for a in found} <= {"add"}:
        return True
    indices = [a.items for a in found]
    if any(a.name != found[0].name or len(i) != len(indices[0]) or not i for a, i in zip(found, indices, strict=True)):
        return False
    told: set[str] = set()
    for items in zip(*indices, strict=True):
        if len({facts(i).text for i in items}) == 1:
            told |= {n.id for n in _moved(items[0])}
    return set(variables) <= told


def meets(target: Field, over: Field, types: dict[str, Type], aliases: Aliases) -> bool:
    """Whether elements are read that another iteration stores."""
    variables = [f"_{k}" for k in range(target.rank)]
    one = tuple(map(name, variables))
    written = target.at(aligned(target, one))
    stored = gast.Assign([written], over.at(aligned(over, one[len(one) - over.rank :])), None)
    assert isinstance(written, gast.Subscript)
    assert isinstance(written.value, gast.Name)
    own = written.value.id
    found = [a for a in accesses([stored], types) if aliases.same(a.name, own)]
    return not apart(found, [v for v, d in zip(variables, target.shape, strict=True) if not d.is_one])


def _moved(item: gast.expr) -> list[gast.Name]:
    """The variable of ``i``, ``i + 1``: another value at each iteration."""
    match item:
        case gast.Name():
            return [item]
        case gast.BinOp(left=gast.Name() as own, op=gast.Add() | gast.Sub(), right=gast.Constant()):
            return [own]
    return []


def accesses(body: Iterable[gast.stmt], types: dict[str, Type] | object) -> list[Access]:
    """How statements over elements touch arrays."""
    found: list[Access] = []

    def is_array(own: str) -> bool:
        return isinstance(types.get(own), Array)  # type: ignore[attr-defined]

    def read(node: gast.AST) -> None:
        match node:
            case gast.Subscript(value=gast.Name(id=own), slice=index) if is_array(own):
                found.append(Access(own, "read", index))
                read(index)
            case gast.Attribute(value=gast.Name(id=own)) if is_array(own):
                return
            case gast.Name(id=own) if is_array(own):
                found.append(Access(own, "read", None))
            case _:
                for child in gast.iter_child_nodes(node):
                    read(child)

    def stored(target: gast.AST, how: str) -> None:
        if isinstance(target, gast.Subscript) and isinstance(target.value, gast.Name):
            found.append(Access(target.value.id, how, target.slice))
            read(target.slice)
        elif isinstance(target, gast.Name) and is_array(target.id):
            found.append(Access(target.id, "write", None))

    for stmt in body:
        match stmt:
            case gast.Assign(targets=[target], value=value):
                read(value)
                stored(target, "write")
            case gast.AugAssign(target=target, op=op, value=value):
                read(value)
                stored(target, "add" if isinstance(op, gast.Add | gast.Sub) else "write")
    return found


# ---- arrays that live in one iteration ----------------------------------------------------------


def contract(nest: Nest, types: dict[str, Type], outside: Counter[str], fresh: Callable[[str], str]) -> bool:
    """Elements of arrays made here become numbers; arrays that nobody else looks at are not made.  Whether any was."""
    changed = False
    inside = count_names(nest.body)
    for stmt in list(nest.before):
        match stmt:
            case gast.Assign(targets=[gast.Name(id=own)], value=gast.Call(func=gast.Attribute(attr="empty"))):
                kind = types.get(own)
                if not isinstance(kind, Array) or not _once_per_iteration(nest, own):
                    continue
                alone = outside[own] == inside[own] + 1
                if not alone and inside[own] == 1:
                    continue
                changed = True
                number = own if alone else fresh(own)
                mine = [s for s in nest.body if own in mentions(s)]
                place = next(a.index for a in accesses(mine, types) if a.name == own)
                nest.body = [_as_number(s, own, number) if own in mentions(s) else s for s in nest.body]
                types[number] = Scalar(kind.dtype)
                if alone:
                    nest.before.remove(stmt)
                else:
                    assert place is not None
                    target = gast.Subscript(name(own), place, gast.Store())
                    nest.body.append(with_span(gast.Assign([target], name(number), None), span_of(stmt)))
    return changed


def _once_per_iteration(nest: Nest, own: str) -> bool:
    """Whether an array is touched in the body only, at one element, which is first assigned."""
    if own in count_names([*nest.enter, *nest.leave]):
        return False
    if any(own in facts(e).names for e in nest.extents):
        return False
    first = True
    texts: set[str] = set()
    for stmt in nest.body:
        if own not in mentions(stmt):
            continue
        uses = [a for a in accesses([stmt], {own: _ANY}) if a.name == own]
        texts |= {a.text for a in uses}
        if first and uses:
            assigned = isinstance(stmt, gast.Assign) and len(uses) == 1 and uses[0].how == "write"
            if not assigned:
                return False
            first = False
        if any(a.index is None for a in uses) or _shape_read(stmt, own):
            return False
    return len(texts) == 1


_ANY = Array.__new__(Array)


def written_alone(stmt: gast.stmt, counts: Counter[str]) -> bool:
    """Whether a statement gives a number or a view to a name that nobody reads."""
    match stmt:
        case gast.Assign(targets=[gast.Name(id=own)]):
            return counts[own] == 1
    return False


def _shape_read(stmt: gast.stmt, own: str) -> bool:
    return any(
        isinstance(n, gast.Attribute) and isinstance(n.value, gast.Name) and n.value.id == own for n in nodes_in(stmt)
    )


def _as_number(stmt: gast.stmt, own: str, number: str) -> gast.stmt:
    def visit(node: gast.AST) -> gast.AST:
        match node:
            case gast.Subscript(value=gast.Name(id=found), ctx=ctx) if found == own:
                return gast.Name(number, ctx, None, None)
            case gast.Name() | gast.Constant():
                return node
        return map_children(node, visit)

    return visit(stmt)  # type: ignore[return-value]


def count_names(body: Iterable[gast.stmt]) -> Counter[str]:
    return Counter(chain.from_iterable(map(mentions, body)))
