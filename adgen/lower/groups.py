"""The statements of a block in order: loop nests, and what stands between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gast

from adgen.analyses.effects import METADATA, ONLY_SHAPE, Effect, dotted, facts
from adgen.lower.fields import NotAField
from adgen.lower.nests import Joiner, Nest, Piece, contract, count_names, written_alone
from adgen.optimize.trees import with_fields
from adgen.program.syntax import nodes_in
from adgen.program.types import Type


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
            for nest in nests(loops_in(group)):
                for stmt in list(nest.before):
                    own, size = made(stmt)
                    if (
                        own
                        and size is not None
                        and kept[own] + 1 == counts[own]
                        and facts(size).names <= entry | {"max"}
                    ):
                        nest.before.remove(stmt)
                        done.append(stmt)
        done.append(group)
    return done


def loops_in(group: Compound) -> list[Any]:
    """Groups that every iteration comes to, in loops within loops."""
    found: list[Any] = []
    for inner in group.blocks.get("body", []):
        if isinstance(inner, Nest):
            found.append(inner)
        elif isinstance(inner, Compound) and isinstance(inner.stmt, gast.For | gast.While):
            found += loops_in(inner)
    return found


def made(stmt: gast.stmt) -> tuple[str | None, gast.expr | None]:
    """Name and shape of ``a = np.empty(shape)``."""
    match stmt:
        case gast.Assign(
            targets=[gast.Name(id=own)], value=gast.Call(func=gast.Attribute(attr="empty"), args=[size, *_])
        ):
            return own, size
    return None, None


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
