"""The statements of a block in order: loop nests, and what stands between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from adgen.analyses.effects import METADATA, ONLY_SHAPE, Effect, dotted, facts
from adgen.lower.fields import NotAField
from adgen.lower.nests import Joiner, Nest, Piece, contract, count_names, written_alone
from adgen.lower.trees import build
from adgen.optimize.trees import with_fields
from adgen.program.dims import Dim
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Type


@dataclass
class Compound:
    """A loop or a branch with its blocks as groups; `stmt` is what it was."""

    stmt: gast.stmt
    blocks: dict[str, list[Any]]

    def written(self) -> gast.stmt:
        return with_fields(self.stmt, **{f: written(groups) for f, groups in self.blocks.items()})


def written(groups: Sequence[Any]) -> list[gast.stmt]:
    done: list[gast.stmt] = []
    for group in groups:
        if isinstance(group, Nest):
            done += group.statements()
        else:
            done.append(group.written() if isinstance(group, Compound) else group)
    return done


def nests(groups: Sequence[Any]) -> Iterator[Nest]:
    for group in groups:
        if isinstance(group, Nest):
            yield group
        elif isinstance(group, Compound):
            for inner in group.blocks.values():
                yield from nests(inner)


class Schedule:
    """Where statements and pieces go in the block that is being written."""

    def __init__(self, joiner: Joiner) -> None:
        self.joiner = joiner
        self.groups: list[Any] = []

    def emit(self, stmt: gast.stmt) -> None:
        """A statement that is no piece; if it only computes, it goes in front of the nests it does not touch."""
        effect = self.joiner.effects.of(stmt)
        position = len(self.groups)
        if isinstance(stmt, gast.Assign) and not effect.mutates and not effect.outside:
            k = position
            while k > 0 and not is_barrier(self.groups[k - 1]) and self.may_swap(self.groups[k - 1], effect):
                k -= 1
                if isinstance(self.groups[k], Nest):
                    position = k
        self.groups.insert(position, stmt)

    def place(self, piece: Piece) -> None:
        """A piece joins the last nest that it can, or starts one."""
        new = self.joiner.nest(piece)
        if new is None:
            raise NotAField("too many axes")
        effect = self.joiner.effect(new)
        for k in range(len(self.groups) - 1, -1, -1):
            group = self.groups[k]
            if isinstance(group, Nest) and self.joiner.joined(group, piece):
                return
            if is_barrier(group) or not self.may_swap(group, effect):
                break
        self.groups.append(new)

    def may_swap(self, group: Any, effect: Effect) -> bool:
        stmt = group.stmt if isinstance(group, Compound) else group
        own = self.joiner.effect(group) if isinstance(group, Nest) else self.joiner.effects.of(stmt)
        return self.joiner.independent(own, effect)


def is_barrier(group: Any) -> bool:
    """Statements that may leave the block: nothing moves across them."""
    if isinstance(group, Nest):
        return False
    stmt = group.stmt if isinstance(group, Compound) else group
    leaves = gast.Raise | gast.Assert | gast.Return | gast.Break | gast.Continue | gast.Try
    return any(isinstance(n, leaves) for n in nodes_in(stmt))


def allocated_once(groups: list[Any], types: Mapping[str, Type], entry: frozenset[str]) -> list[Any]:
    """Workspaces of loops are made before the outermost loop, if their sizes are those of `entry`.

    What a workspace holds when an iteration starts does not matter: it was fresh before.  Nobody else may hold it.
    """
    counts = count_names(written(groups))
    done: list[Any] = []
    for group in groups:
        if isinstance(group, Compound) and isinstance(group.stmt, gast.For | gast.While):
            kept = elements_only(group.written(), types)
            for stmts, nest in workspaces(group):
                for stmt in list(stmts):
                    new = made(stmt, types, entry, ours=nest is not None)
                    if new is None or kept[own := new.targets[0].id] + 1 != counts[own]:  # type: ignore[attr-defined]
                        continue
                    stmts.remove(stmt)
                    done.append(new)
                    if nest is not None:
                        nest.pieces[0].plain = None  # not made, but filled
        done.append(group)
    return done


def workspaces(group: Compound) -> Iterator[tuple[list[Any], Nest | None]]:
    """Lists of statements that every iteration comes to, in loops within loops, some of which make arrays."""
    own = group.blocks.get("body", [])
    yield own, None
    for inner in own:
        if isinstance(inner, Nest):
            yield inner.before, inner
        elif isinstance(inner, Compound) and isinstance(inner.stmt, gast.For | gast.While):
            yield from workspaces(inner)


def made(stmt: Any, types: Mapping[str, Type], entry: frozenset[str], *, ours: bool) -> gast.Assign | None:
    """``a = np.empty(shape)`` in terms of what is known at entry, for a statement that makes an empty array."""
    match stmt:
        case gast.Assign(
            targets=[gast.Name()], value=gast.Call(func=gast.Attribute(attr="empty"), args=[size, *_])
        ) if ours:
            return with_extents_of_some_size(stmt, size) if facts(size).names <= entry | {"max"} else None
        case gast.Assign(
            targets=[gast.Name(id=own)],
            value=gast.Call(func=gast.Attribute(value=gast.Name(id="np"), attr="empty" | "empty_like")),
        ):
            kind = types.get(own)
            if isinstance(kind, Array) and kind.rank and kind.dtype == np.float64 and all(map(is_extent, kind.shape)):
                size = build(f"({', '.join(map(str, kind.shape))},)")
                if facts(size).names <= entry:
                    return with_fields(stmt, value=build("np.empty(s)", s=size))
    return None


def with_extents_of_some_size(stmt: gast.Assign, size: gast.expr) -> gast.Assign:
    """The same where an extent is negative, in a loop that then never runs."""
    items = list(size.elts) if isinstance(size, gast.Tuple) else [size]
    sure = gast.Attribute | gast.Subscript | gast.Call
    safe = [
        i if isinstance(i, sure) or (isinstance(i, gast.Constant) and i.value >= 0) else build("max(n, 0)", n=i)
        for i in items
    ]
    if all(a is b for a, b in zip(items, safe, strict=True)):
        return stmt
    shape = gast.Tuple(safe, gast.Load()) if isinstance(size, gast.Tuple) else safe[0]
    return with_fields(stmt, value=with_fields(stmt.value, args=[shape, *stmt.value.args[1:]]))


def is_extent(dim: Dim) -> bool:
    return dim.const >= 0 and all(k > 0 and ".shape[" in s for s, k in dim.terms)


def elements_only(stmt: gast.stmt, types: Mapping[str, Type]) -> Counter[str]:
    """How often single elements of each array are read or stored, or its shape is asked for."""
    found: Counter[str] = Counter()
    for node in gast.walk(stmt):
        match node:
            case gast.Subscript(value=gast.Name(id=own), slice=index):
                items = index.elts if isinstance(index, gast.Tuple) else [index]
                whole = len(items) == getattr(types.get(own), "rank", None)
                found[own] += whole and not any(isinstance(i, gast.Slice) for i in items)
            case gast.Attribute(value=gast.Name(id=own), attr=attr):
                found[own] += attr in METADATA
            case gast.Call(func=func, args=[gast.Name(id=own), *_]):
                found[own] += dotted(func) in ONLY_SHAPE
    return found


def finished(groups: list[Any], types: dict[str, Type], fresh: Callable[[str], str]) -> list[Any]:
    """Arrays that live in one iteration become numbers; what nobody reads is not made."""
    changed = True
    while changed:
        changed = False
        counts = count_names(written(groups))
        for nest in nests(groups):
            if not (len(nest.pieces) == 1 and nest.pieces[0].plain is not None):
                changed |= contract(nest, types, counts, fresh)
                kept = [s for s in nest.body if not written_alone(s, counts)]
                changed |= len(kept) < len(nest.body)
                nest.body = kept
    return groups
