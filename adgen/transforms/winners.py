"""Loops that keep the best of what they see: of all iterations, only the last one that replaced it counts.

A running minimum hands on either what it was handed or something new that does not depend on it.  So its value is that
of the last iteration that took the branch: the loop is left to find which one that is, which needs no derivative, and
the value is computed once more, from that iteration alone.  Then there is one iteration to differentiate, and
nothing of the others to record.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast

from adgen.analyses.pruning import live_names, prune
from adgen.analyses.structure import assigned, base_name, leaves_early
from adgen.program.attempts import Attempt
from adgen.program.function import Function
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import clone, nodes_in, static_int
from adgen.program.types import BOOL, INT, ListOf, Type
from adgen.transforms.base import Transform
from adgen.transforms.nodes import added, constant, load, store
from adgen.transforms.recording import Recording
from adgen.transforms.tapes import range_parts


@dataclass
class Contest:
    """Variables of a loop, the branch of it that replaces them, and what computes their new values."""

    kept: dict[str, str]  # loop variable -> what it is handed at the end of an iteration
    path: list[tuple[gast.If, bool]]  # the branch and those inside it, down to where the new values are; which sides
    values: dict[str, gast.expr]  # loop variable -> its new value
    again: list[gast.stmt]  # what computes the new values


def keep_winners(transform: Recording, results: Container[str]) -> Function | None:
    """The function with such loops rewritten (`results` keep their names); None if there is none to differentiate."""
    found: dict[int, tuple[gast.For, list[Contest]]] = {}
    for place in transform.structure.places.values():
        if isinstance(place.statement, gast.For):
            contests = find_contests(transform, place.statement)
            if contests:
                found[id(place.statement)] = place.statement, contests
    inner = [
        key for key, (loop, _) in found.items() if not any(id(n) in found for n in nodes_in(loop) if n is not loop)
    ]
    if not inner:
        return None
    writer = _Writer(transform, {key: found[key] for key in inner}, results)
    body = writer.block(transform.function.body)
    return replace(
        transform.function,
        body=tuple(body),
        types={**transform.function.types, **writer.types},
        temporaries=transform.function.temporaries | set(writer.types),
    )


# ---- finding


def find_contests(transform: Recording, loop: gast.For) -> list[Contest]:
    """What is known of a loop if all that it hands on differentiably is kept or replaced by branches."""
    if leaves_early(loop.body) or not static_int(range_parts(loop)[2]):
        return []
    handed = {t: v for s in loop.body if getattr(s, "carries", False) for t, v in pairs(s)}
    kept = {n: v.id for n, v in handed.items() if transform.is_active(n) and isinstance(v, gast.Name)}
    if len(kept) < sum(map(transform.is_active, handed)) or writes_more(transform, loop):
        return []
    if any(isinstance(transform.types.get(n), ListOf) or not starts_here(transform, n, loop) for n in kept):
        return []
    contests: list[Contest] = []
    for position, branch in enumerate(loop.body):
        contest = judged(transform, branch, kept, loop.body[:position])
        if contest is not None and stands_alone(transform, loop, contest, handed):
            contests.append(contest)
    return contests if kept and len(kept) == sum(len(c.kept) for c in contests) else []


def pairs(statement: gast.stmt) -> Iterator[tuple[str, gast.expr]]:
    """What a copy defines, and by what."""
    match statement:
        case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
            for target, value in zip(targets, values, strict=True):
                yield target.id, value
        case gast.Assign(targets=[gast.Name(id=name)], value=value):
            yield name, value


def starts_here(transform: Transform, name: str, loop: gast.For) -> bool:
    """Whether a loop's variable has one definition before the loop, in the loop's own block."""
    definition = transform.structure.definitions[name]
    place = transform.structure.places[id(loop)]
    before = [p for p in definition.places if loop not in p.block.loops]
    return (
        definition.loop is loop
        and len(definition.places) == 2
        and [p.block for p in before] == [place.block]
        and before[0].index < place.index
    )


def judged(
    transform: Recording, branch: gast.stmt, kept: Mapping[str, str], before: Sequence[gast.stmt]
) -> Contest | None:
    """The contest that a branch is if one side of it replaces variables, all at once, and the other side none."""
    if not isinstance(branch, gast.If) or isinstance(branch, Attempt):
        return None
    sides = [{n: v for s in side for n, v in pairs(s)} for side in (branch.body, branch.orelse)]
    mine = {name: joined for name, joined in kept.items() if all(joined in side for side in sides)}
    stays = [all(is_name(side[joined], name) for name, joined in mine.items()) for side in sides]
    if not mine or stays[0] == stays[1]:
        return None
    wins = stays[1]
    new, winner = (sides[0], branch.body) if wins else (sides[1], branch.orelse)
    values = {name: clone(new[joined]) for name, joined in mine.items()}
    joined = {name: value.id for name, value in values.items() if isinstance(value, gast.Name)}
    if len(joined) == len(mine):
        for position, inner in enumerate(winner):
            further = judged(transform, inner, joined, [*before, *winner[:position]])
            if further is not None and len(further.kept) == len(mine):
                return Contest(mine, [(branch, wins), *further.path], further.values, further.again)
    part = [clone(s) for s in (*before, *winner)]
    results = {n.id for v in values.values() for n in nodes_in(v) if isinstance(n, gast.Name)}
    types = transform.function.types
    return Contest(mine, [(branch, wins)], values, prune(part, live_names(part, results, types), types))


def is_name(expr: gast.expr, name: str) -> bool:
    return isinstance(expr, gast.Name) and expr.id == name


def writes_more(transform: Recording, loop: gast.For) -> bool:
    """Whether a loop leaves something differentiable behind besides its variables: elements, items of a list."""
    storage, own = transform.storage, {n for s in inner_statements(loop.body) for n in defined(s)}
    for statement in inner_statements(loop.body):
        if isinstance(statement, gast.Expr | Attempt):
            return True
        if is_store(statement):
            root = storage.root(base_name(storage.target(statement)) or "")
            if root not in own and transform.is_active(root):
                return True
    return False


def stands_alone(transform: Recording, loop: gast.For, contest: Contest, handed: Container[str]) -> bool:
    """Whether an iteration computes the new values, again, from what no iteration changes."""
    storage, own = transform.storage, {n for s in inner_statements(loop.body) for n in defined(s)}
    reads = {n.id for s in (*contest.again, *contest.values.values()) for n in nodes_in(s) if isinstance(n, gast.Name)}
    stores = [storage.target(s) for s in inner_statements(loop.body) if is_store(s)]
    outside = {storage.group(n) for n in (base_name(t) or "" for t in stores) if storage.root(n) not in own}
    if any(n in handed or (storage.is_array(n) and storage.group(n) in outside) for n in reads):
        return False
    for statement in inner_statements(contest.again):
        value: Any = getattr(statement, "value", None)
        if isinstance(statement, gast.While | gast.Break) or (
            isinstance(value, gast.Call) and not transform.effects.is_pure(value)
        ):
            return False
        if is_store(statement):
            group = storage.group(base_name(storage.target(statement)) or "")
            if any(n not in own and storage.group(n) == group for n in transform.types if storage.is_array(n)):
                return False  # memory that is not the iteration's own
    return True


def is_store(statement: gast.stmt) -> bool:
    return isinstance(statement, gast.AugAssign) or (
        isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Subscript)
    )


def is_extent(statement: gast.stmt, own: Container[str]) -> bool:
    """Whether a statement looks up the extent of an array that it finds."""
    match statement:
        case gast.Assign(value=gast.Subscript(value=gast.Attribute(value=gast.Name(id=name), attr="shape"))):
            return name not in own
        case gast.Assign(value=gast.Attribute(value=gast.Name(id=name), attr="size")):
            return name not in own
    return False


def inner_statements(body: Sequence[gast.stmt]) -> Iterator[gast.stmt]:
    return (n for s in body for n in nodes_in(s) if isinstance(n, gast.stmt))


def defined(statement: gast.stmt) -> list[str]:
    match statement:
        case gast.Assign(targets=[target]):
            return assigned(target)
        case gast.For(target=target):
            return assigned(target)
    return []


# ---- writing


class _Writer:
    """A program with contests rewritten; what is not concerned is copied."""

    def __init__(
        self, transform: Transform, found: Mapping[int, tuple[gast.For, list[Contest]]], results: Container[str]
    ) -> None:
        self.transform, self.found, self.results = transform, found, results
        self.types: dict[str, Type] = {}

    def fresh(self, name: str, type_: Type | None = None) -> str:
        new = self.transform.fresh(name)
        self.types[new] = self.transform.types[name] if type_ is None else type_
        return new

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        final: dict[str, str] = {}
        for statement in body:
            if id(statement) in self.found:
                loop, contests = self.found[id(statement)]
                new = {n: n if n in self.results else self.fresh(n) for c in contests for n in c.kept}
                size = len(out)
                self.write(loop, contests, new, out)
                rename(out[size:], final)
                final |= new
                continue
            new = clone(statement)
            if isinstance(statement, gast.If | gast.For | gast.While):
                new.body = self.block(statement.body)
            if isinstance(statement, gast.If):
                new.orelse = self.block(statement.orelse)
            rename([new], final)
            out.append(new)
        return out

    def write(self, loop: gast.For, contests: list[Contest], final: Mapping[str, str], out: list[gast.stmt]) -> None:
        """The search for the last iterations that win, then those alone."""
        first = {name: self.fresh(name) for c in contests for name in c.kept}  # what the variables are before the loop
        rename(out, first)
        start, _, step = range_parts(loop)
        up = (static_int(step) or 0) > 0
        nobody = self.defined_by(out, added(clone(start), constant(-1 if up else 1)), "last", INT)
        search = clone(loop)
        found: list[str] = []
        branches = [n for n in nodes_in(loop) if isinstance(n, gast.If)]
        same = dict(zip(map(id, branches), (n for n in nodes_in(search) if isinstance(n, gast.If)), strict=True))
        mine = {name: self.fresh(name) if name in self.results else name for name in first}
        rename(search.body, mine)
        for contest in contests:
            found.append(self.told([(same[id(b)], wins) for b, wins in contest.path], search))
        out += [copy(new, first[name]) for name, new in mine.items()]
        out += [copy(name, nobody) for name in found]
        out.append(search)
        for contest, last in zip(contests, found, strict=True):
            test = gast.Compare(load(last), [gast.GtE() if up else gast.LtE()], [clone(start)])
            self.decide(contest, self.defined_by(out, test, "won", BOOL), {loop.target.id: last}, first, out)
            rename(out[-1:], final)

    def defined_by(self, out: list[gast.stmt], value: gast.expr, hint: str, type_: Type) -> str:
        name = self.fresh(hint, type_)
        out.append(gast.Assign([store(name)], value, None))
        return name

    def told(self, path: list[tuple[gast.If, bool]], search: gast.For) -> str:
        """Have the search write down which iteration took the branch last."""
        found = self.fresh("last", INT)
        won = search.target.id
        for branch, wins in reversed(path):
            joined = self.fresh("last", INT)
            (branch.body if wins else branch.orelse).append(copy(joined, won))
            (branch.orelse if wins else branch.body).append(copy(joined, found))
            won = joined
        search.body.append(copy(found, won))
        search.body[-1].carries = True
        return found

    def decide(
        self, contest: Contest, won: str, names: dict[str, str], first: Mapping[str, str], out: list[gast.stmt]
    ) -> None:
        """The winner's values, or what the variables were before the loop."""
        names |= {n: self.fresh(n) for s in inner_statements(contest.again) for n in defined(s)}
        again = [clone(s) for s in contest.again]
        extents = [s for s in again if is_extent(s, names)]
        span = span_of(contest.path[-1][0])
        copies = [with_span(gast.Assign([store(n)], clone(v), None), span) for n, v in contest.values.items()]
        rename([*again, *(c.value for c in copies)], names)
        out += extents  # they hold in any case, and then nobody has to ask whether there was a winner
        winner = [*(s for s in again if s not in extents), *copies]
        out.append(with_span(gast.If(load(won), winner, [copy(n, first[n]) for n in contest.kept]), span))


def copy(target: str, source: str) -> gast.stmt:
    return gast.Assign([store(target)], load(source), None)


def rename(body: Sequence[gast.AST], names: Mapping[str, str]) -> None:
    for statement in body:
        for node in nodes_in(statement):
            if isinstance(node, gast.Name) and node.id in names:
                node.id = names[node.id]
