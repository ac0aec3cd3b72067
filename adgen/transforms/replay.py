"""Loops whose iterations hand nothing on: each is run again in the reverse sweep, just before it is reversed.

Then a record lives for one iteration only, and if nothing else needs the loop in the forward sweep, it is not run
there at all: forward and reverse sweep are one loop, as a person would write it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import gast

from adgen.analyses.dependence import Access
from adgen.analyses.effects import Effects, forget_facts
from adgen.analyses.liveness import upward_exposed
from adgen.analyses.pruning import live_names, matters
from adgen.analyses.structure import Place, assigned, base_name, leaves_early
from adgen.program.attempts import Attempt
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, ListOf
from adgen.transforms.recording import Recording
from adgen.transforms.tapes import Key

METADATA = ("shape", "size", "ndim", "dtype")


class Replay(Recording):
    """Which loops may be replayed, and what is run again."""

    @property
    def failed(self) -> set[int]:
        """Loops of the plan for which the sweep just written showed that they can't be replayed."""
        return self.__dict__.setdefault("_failed", set())

    @property
    def provided(self) -> dict[int, set[str]]:
        """For a replayed loop of the reverse sweep: names that its own forward part defines."""
        return self.__dict__.setdefault("_provided", {})

    def replayed_body(self, loop: gast.For, reversed_body: list[gast.stmt]) -> list[gast.stmt]:
        """The statements of an iteration that its reversed statements depend on, with the record that they need."""
        results = self.reads(reversed_body)
        for record in self.records.values():
            if record.region is loop:
                results |= names_in(record.value)
                if record.key[0] == "trips":
                    results |= deciding(self.structure.places[self.record_statement(record)].statement)
        live = live_names(loop.body, results, self.types)
        if not (self.can_replay(loop, live) and self.puts_back(loop, live)):
            self.failed.add(id(loop))
        forward = self.forward_sweep(loop.body, loop, live)
        self.rename_again(forward, reversed_body)
        return forward

    def rename_again(self, first: Sequence[gast.stmt], later: Sequence[gast.stmt]) -> None:
        """Temporaries that later statements compute again get names of their own: each then has one definition.

        Not those of which they read first what the first ones left (the extents of an array, say).
        """
        left = upward_exposed(later, Effects(self.function))
        forget_facts()  # the statements change below
        again = sorted((defined_in(first) & defined_in(later) & self.temporaries) - left)
        names = {n: self.fresh(n, temporary=True) for n in again}
        for old, new in names.items():
            self.types[new] = self.types[old]
        for statement in later:
            for node in nodes_in(statement):
                if isinstance(node, gast.Name) and node.id in names:
                    node.id = names[node.id]

    def is_hopeless(self, loop: gast.For) -> bool:
        """Whether `can_replay` would say no for what shows without writing the sweep."""
        if any(self.starts(loop, key, what[1]) for key, what in self.plan.records.items()):
            return True  # the reverse sweep needs what an iteration was handed
        return any(self.runs_once(place.statement) for place in self.places_in(loop))

    def starts(self, loop: gast.stmt, key: Key, statement: int) -> bool:
        """Whether a record is of what an iteration of a loop starts with."""
        if key[0] == "entered":
            return self.is_body(self.structure.places[statement], loop)
        return key[0] == "head" and statement == id(loop)

    def runs_once(self, statement: gast.stmt) -> bool:
        """Whether a statement can't be run again: a random draw would be another one."""
        if isinstance(statement, gast.Expr | Attempt):
            return True
        value: Any = getattr(statement, "value", None)
        return isinstance(value, gast.Call) and not self.effects.is_pure(value)

    def can_replay(self, loop: gast.For, live: set[str]) -> bool:
        """Whether running the live statements of an iteration again gives what they gave in the forward sweep."""
        if any(self.is_carried(name, loop) for name in live):
            return False
        if any(r.key[0] == "head" and self.record_statement(r) == id(loop) for r in self.records.values()):
            return False
        for place in self.places_in(loop):
            statement = place.statement
            if self.runs_once(statement) or self.undoes_outside(statement, loop):
                return False
            if not matters(statement, live):
                continue
            if any(self.reads_other_list(part, loop) for part in self.parts_read(statement)):
                return False
            for access in self.reads_of(place):
                if not (self.is_private(access.name, loop) or self.is_lasting(access, loop)):
                    return False
        return True

    def puts_back(self, loop: gast.For, live: set[str]) -> bool:
        """Have what live statements read put back where stores behind the loop destroy it; False if that can't be."""
        after = self.structure.places[id(loop)]
        for place in self.places_in(loop):
            if not matters(place.statement, live):
                continue
            for access in self.reads_of(place):
                for statement in self.stores_into(access.name):
                    written = self.structure.places[id(statement)]
                    follows = written.index > after.index or any(lp in written.block.loops for lp in after.block.loops)
                    if loop in written.block.loops or not follows or not self.may_destroy(statement, access):
                        continue
                    if not self.undoable(statement):
                        return False
                    self.plan.undo(id(statement))
        return True

    def places_in(self, loop: gast.stmt) -> Iterator[Place]:
        return (p for p in self.structure.places.values() if loop in p.block.loops)

    def is_carried(self, name: str, loop: gast.stmt) -> bool:
        definition = self.structure.definitions.get(name)
        return definition is not None and definition.kind == "loop" and definition.loop is loop

    def undoes_outside(self, statement: gast.stmt, loop: gast.For) -> bool:
        """Whether a store must be undone that an iteration alone can't undo."""
        if id(statement) not in self.plan.undone:
            return False
        return not self.is_private(base_name(self.storage.target(statement)) or "", loop)

    # ---- arrays

    def reads_other_list(self, part: gast.AST, loop: gast.stmt) -> bool:
        """Whether an expression reads a list, made outside of a loop, that may have grown or shrunk since."""
        lists = [n.id for n in nodes_in(part) if isinstance(n, gast.Name) and isinstance(self.types.get(n.id), ListOf)]
        return any(loop not in self.structure.loops_of(name) for name in lists) and self.reads_changing_list(part)

    def reads_of(self, place: Place) -> Iterator[Access]:
        """Arrays whose contents a statement reads (its blocks aside)."""
        for part in self.parts_read(place.statement):
            yield from self.accesses(part, place)

    def parts_read(self, statement: gast.stmt) -> list[gast.AST]:
        """What a statement itself reads."""
        match statement:
            case gast.If(test=part) | gast.While(test=part) | gast.For(iter=part):
                return [part]
            case gast.Assign(targets=[gast.Subscript() as target], value=value):
                return [value, target.slice]
            case gast.AugAssign(target=target, value=value):
                return [value, target]
            case gast.Assign(value=value):
                return [value]
            case _:
                return [statement]

    def accesses(self, node: gast.AST, place: Place) -> Iterator[Access]:
        match node:
            case gast.Name(id=name):
                if self.storage.is_array(name):
                    yield Access(name, None, place)
            case gast.Attribute(value=gast.Name(), attr=attr) if attr in METADATA:
                return
            case gast.Subscript(value=gast.Name(id=name), slice=index) if self.storage.is_array(name):
                yield Access(name, index, place)
                yield from self.accesses(index, place)
            case _:
                for child in gast.iter_child_nodes(node):
                    yield from self.accesses(child, place)

    def stores_into(self, name: str) -> list[gast.stmt]:
        """Stores into memory that an array may share."""
        group = self.storage.group(name)
        return [s for s in self.storage.stores if self.storage.group(base_name(self.storage.target(s)) or "") == group]

    def is_lasting(self, access: Access, loop: gast.stmt) -> bool:
        """Whether elements still hold, or hold again, in the reverse sweep what was read."""
        inside = (s for s in self.stores_into(access.name) if loop in self.structure.places[id(s)].block.loops)
        return not any(self.may_destroy(s, access) for s in inside)

    def is_private(self, name: str, loop: gast.stmt) -> bool:
        """Whether each iteration writes all that it reads of an array: a workspace, or made in the iteration."""
        root = self.storage.root(name)
        if loop in self.structure.loops_of(root):
            return True
        known = self.__dict__.setdefault("_private", {})
        key = (root, id(loop))
        if key not in known:
            known[key] = self.find_private(root, loop)
        return known[key]

    def find_private(self, root: str, loop: gast.stmt) -> bool:
        definition = self.structure.definitions.get(root)
        kind = self.types.get(root)
        if (
            definition is None
            or definition.kind != "plain"
            or len(definition.places) > 1
            or not isinstance(kind, Array)
        ):
            return False
        group = self.storage.group(root)
        if root in self.outputs or any(n != root and self.storage.group(n) == group for n in self.types):
            return False
        stores = self.stores_into(root)
        for place in self.structure.places.values():
            for access in self.reads_of(place):
                if access.name != root:
                    continue
                if loop not in place.block.loops or not any(self.covers(s, access, loop) for s in stores):
                    return False
        return True

    def covers(self, statement: gast.stmt, read: Access, loop: gast.stmt) -> bool:
        """Whether a store is sure to have written, earlier in the same iteration, all elements of a read."""
        place = self.structure.places[id(statement)]
        if not isinstance(statement, gast.Assign) or loop not in place.block.loops or place.index >= read.place.index:
            return False
        mine, theirs = place.block.loops, read.place.block.loops
        common = 0
        while common < min(len(mine), len(theirs)) and mine[common] is theirs[common]:
            common += 1
        extra = mine[common:]
        around = self.structure.places[id(extra[0])] if extra else place
        if around.block not in [p.block for p in self.structure.enclosing(read.place)]:
            return False
        if any(isinstance(p.statement, gast.If) for p in self.between(place, around)):
            return False
        return self.spans(statement, read, extra)

    def between(self, place: Place, around: Place) -> Iterator[Place]:
        """Statements around a place, up to and without the block of `around`."""
        for outer in self.structure.enclosing(place):
            if outer.block is around.block:
                return
            yield outer

    def spans(self, statement: gast.stmt, read: Access, extra: tuple[gast.stmt, ...]) -> bool:
        """Whether a store, in the loops around it that do not hold the read, gets to every element of the read."""
        target = self.storage.target(statement)
        kind = self.types[read.name]
        assert isinstance(kind, Array)
        if not isinstance(target.value, gast.Name):
            return False
        if any(not isinstance(loop, gast.For) or leaves_early(loop.body) for loop in extra):
            return False
        items = list(target.slice.elts) if isinstance(target.slice, gast.Tuple) else [target.slice]
        found = read.index
        wanted = [] if found is None else list(found.elts) if isinstance(found, gast.Tuple) else [found]
        counters = {loop.target.id: loop for loop in extra if isinstance(loop, gast.For)}
        if len(items) > kind.rank or any(isinstance(i, gast.Constant) and not is_int_constant(i) for i in items):
            return False
        for axis, item in enumerate(items):
            if isinstance(item, gast.Slice):
                if item.lower is None and item.upper is None and item.step is None:
                    continue
                return False
            if isinstance(item, gast.Name) and item.id in counters:
                if not self.runs_through(counters.pop(item.id), kind, axis):
                    return False
                continue
            same = axis < len(wanted) and gast.dump(wanted[axis]) == gast.dump(item)
            if not same or names_in(item) & {n for lp in extra for n in self.defined_in_loop(lp)}:
                return False
        return not counters  # a loop that no axis goes with may not run at all

    def runs_through(self, loop: gast.For, kind: Array, axis: int) -> bool:
        """Whether a counter takes every index of an axis."""
        args = loop.iter.args
        at = self.dependences.instance(self.structure.places[id(loop)])
        stop = self.dependences.affine(args[-1], at)
        starts_at_zero = len(args) == 1 or (len(args) == 2 and is_int_constant(args[0]) and args[0].value == 0)
        return starts_at_zero and stop is not None and self.sizes.provably_equal(stop, kind.shape[axis])

    def defined_in_loop(self, loop: gast.stmt) -> set[str]:
        return defined_in([loop])

    # ---- what the reverse sweep reads of the forward sweep

    def reads(self, body: Iterable[gast.stmt]) -> set[str]:
        """Names that statements of the reverse sweep read, but for those that replayed iterations define."""
        found: set[str] = set()
        for statement in body:
            match statement:
                case gast.For(target=target, iter=part, body=inner):
                    own = self.provided.get(id(statement), set()) | set(assigned(target))
                    found |= names_in(part) | (self.reads(inner) - own)
                case gast.While(test=part, body=inner):
                    found |= names_in(part) | self.reads(inner)
                case gast.If(test=part, body=inner, orelse=other):
                    found |= names_in(part) | self.reads(inner) | self.reads(other)
                case _:
                    found |= names_in(statement)
        return found

    def provides(self, loop: gast.stmt) -> set[str]:
        """Names that an iteration defines for itself."""
        return {
            name
            for name in self.structure.definitions
            if loop in self.structure.loops_of(name)
            or (
                isinstance(self.types.get(name), Array)
                and self.storage.is_written(name)
                and self.is_private(name, loop)
            )
        }


def defined_in(body: Iterable[gast.stmt]) -> set[str]:
    return {n.id for s in body for n in nodes_in(s) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}


def deciding(loop: gast.stmt) -> set[str]:
    """Names that a loop defines and that decide how often it runs; if there are none, all that it defines."""
    tests = [n.test for n in gast.walk(loop) if isinstance(n, gast.If | gast.While)]
    defined = defined_in(loop.body)
    return {name for test in tests for name in names_in(test)} & defined or defined


def is_int_constant(node: gast.expr) -> bool:
    return isinstance(node, gast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool)


def names_in(node: gast.AST) -> set[str]:
    """Names that are read."""
    found = {n.id for n in nodes_in(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)}
    if isinstance(node, gast.AugAssign):
        found.add(base_name(node.target) or "")
    return found
