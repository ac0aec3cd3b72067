"""Blocks, branches and loops, reversed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gast

from adgen.analyses.effects import blocks_of, statements_in
from adgen.analyses.structure import Place, base_name, leaves_early
from adgen.program.attempts import Attempt
from adgen.program.spans import span_of
from adgen.program.syntax import clone, nodes_in, static_int
from adgen.program.types import INT, ListOf, Scalar
from adgen.transforms.bars import Bar
from adgen.transforms.merging import End, Merging
from adgen.transforms.nodes import added, constant, is_int, literal, load, scaled, store
from adgen.transforms.recording import Scope
from adgen.transforms.tapes import Record, range_parts


class Reversal(Merging):
    """The reverse sweep over structured statements."""

    records: dict[tuple, Record]

    def statement_adjoint(self, statement: gast.stmt) -> None:
        raise NotImplementedError

    def reverse_block(self, body: Sequence[gast.stmt]) -> None:
        self.restore_block(body)
        for statement in self.last_first(body):
            self.reverse_statement(statement)

    def last_first(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        """A block from its end; among the values that an iteration hands on, views last: of what others replace."""

        def rank(statement: gast.stmt) -> int:
            if not getattr(statement, "carries", False):
                return 2 if statement is not body[-1] else 0
            value = statement.value
            return 1 if isinstance(value, gast.Name) and self.storage.is_lens(value.id) else 0

        order = body[::-1]
        return sorted(order, key=rank)

    def restore_block(self, body: Sequence[gast.stmt]) -> None:
        """Values recorded in this block come back at its start, so that lists are read last in, first out."""
        for statement in reversed(body):
            for record in self.records_at.get(id(statement), []):
                if record.key[0] in ("def", "join", "exit") and record.loops:
                    self.restore(record)

    def restore(self, record: Record) -> None:
        name = record.value.id
        self.span = None
        self.emit(gast.Assign([store(name)], self.read_record(record), None))
        self.scope.available.add(name)

    def reverse_statement(self, statement: gast.stmt) -> None:
        self.now: Place = self.structure.places[id(statement)]
        self.span = span_of(statement)
        for record in self.records_at.get(id(statement), []):
            if record.key[0] == "copy":
                self.restore(record)
        self.span = span_of(statement)
        match statement:
            case gast.If():
                self.reverse_if(statement)
            case gast.For():
                self.reverse_for(statement)
            case gast.While():
                self.reverse_while(statement)
            case _:
                self.statement_adjoint(statement)

    # ---- branches

    def reverse_if(self, statement: gast.If) -> None:
        place = self.now
        if not self.matters(statement):
            return
        self.constants.clear()
        before_bars, before_scope = dict(self.bars), set(self.scope.available)
        position = len(self.out)
        blocks: list[list[gast.stmt]] = []
        ends: list[End] = []
        for k, body in enumerate((statement.body, statement.orelse)):
            self.bars = dict(before_bars)
            self.scope = Scope(set(before_scope), place)
            outer, self.out = self.out, []
            for record in self.records_at.get(id(statement), []):
                if record.key[0] == "entered" and record.key[3] == k:
                    self.restore(record)
            self.reverse_block(body)
            blocks.append(self.out)
            ends.append(End(self.out, self.bars, self.scope))
            self.out = outer
        self.scope = Scope(before_scope, place)
        self.now = place
        self.merge(place, before_bars, ends, position)
        if blocks[0] or blocks[1]:
            self.span = span_of(statement)
            self.now = place
            test = statement.test
            if isinstance(statement, Attempt):
                test, blocks = load(statement.flag), blocks[::-1]
            self.need_test(statement, test)
            self.write_if(clone(test), blocks)

    def need_test(self, statement: gast.If, test: gast.expr) -> None:
        """The test is made after everything in the branches was done, before it is undone."""
        place = self.now
        self.now = self.end_of(place)
        for node in nodes_in(test):
            if isinstance(node, gast.Name) and node.id in self.structure.definitions:
                self.need(node.id)
        self.now = place

    def end_of(self, place: Place) -> Place:
        """Where a loop or a branch is entered in the reverse sweep: what it stores is not undone yet."""
        return Place(place.statement, place.last + 1, place.block, place.position)

    def write_if(self, test: gast.expr, blocks: list[list[gast.stmt]]) -> None:
        first, second = blocks
        self.span = None
        if not first:
            self.emit(gast.If(gast.UnaryOp(gast.Not(), test), second, []))
        else:
            self.emit(gast.If(test, first, second))

    def matters(self, statement: gast.stmt) -> bool:
        """Whether a statement has anything to do in the reverse sweep."""
        known = self.mattering.get(id(statement))
        if known is None:
            inside = (s for block in blocks_of(statement) for s in block)
            known = self.statement_matters(statement) or any(self.matters(s) for s in inside)
            self.mattering[id(statement)] = known
        return known

    @property
    def mattering(self) -> dict[int, bool]:
        """What `matters` has found, for the record of the sweep that is being written."""
        return self.__dict__.setdefault("_mattering", {})

    def statement_matters(self, node: gast.stmt) -> bool:
        match node:
            case gast.Assign(targets=[gast.Subscript() as target]) | gast.AugAssign(target=target):
                return ("undo", id(node)) in self.records or self.is_active(base_name(target))
            case gast.Assign(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="pop"))) if (
                self.is_active(name)
            ):
                return True  # whoever needs the item: the list has one less
            case gast.Assign(targets=[target]):
                if any(r.mode == "list" for r in self.records_at.get(id(node), [])):
                    return True
                names = [n.id for n in nodes_in(target) if isinstance(n, gast.Name)]
                return any(self.is_active(n) for n in names)
            case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"))):
                return self.is_active(name)
            case gast.If() | gast.For() | gast.While():
                return bool(self.records_at.get(id(node)))
        return False

    # ---- loops

    def reverse_for(self, loop: gast.For) -> None:
        place = self.now
        if not self.matters(loop):
            return
        start, stop, step = range_parts(loop)
        self.now = self.end_of(place)
        for bound in (start, stop, step):
            self.need_all(bound)
        header = self.reversed_range(loop)
        self.reverse_loop(loop, place, lambda body: gast.For(store(loop.target.id), header, body, [], None))

    def reversed_range(self, loop: gast.For) -> gast.expr:
        """The same counters, last to first."""
        start, stop, step = (clone(e) for e in range_parts(loop))
        trips = self.trips(loop) if leaves_early(loop.body) else None
        unit = static_int(step)
        if trips is not None:
            last = added(start, scaled(added(trips, constant(-1)), step))
        elif unit in (1, -1):
            last = added(stop, constant(-unit))
        else:
            count = gast.Call(load("len"), [clone(loop.iter)], [])
            last = added(start, scaled(added(count, constant(-1)), step))
        if unit is None:
            end: gast.expr = gast.BinOp(clone(start), gast.Sub(), clone(step))
            back: gast.expr = gast.UnaryOp(gast.USub(), clone(step))
        else:
            end, back = added(clone(start), constant(-unit)), literal(-unit)
        args = [last, end] if is_int(back, 1) else [last, end, back]
        return gast.Call(load("range"), args, [])

    def trips(self, loop: gast.stmt) -> gast.expr:
        """How often a loop ran, counted in the forward sweep."""
        counter = self.counted_trips.get(id(loop))
        if counter is None:
            counter = self.counted_trips[id(loop)] = self.fresh("trips")
            self.types[counter] = INT
        if self.structure.places[id(loop)].block.loops:
            self.plan.add(("trips", id(loop)), (counter, id(loop)))
            record = self.records.get(("trips", id(loop)))
            if record is not None:
                self.span = None
                self.emit(gast.Assign([store(counter)], self.read_record(record), None))
        return load(counter)

    def reverse_while(self, loop: gast.While) -> None:
        place = self.now
        if not self.matters(loop):
            return
        trips = self.trips(loop)
        counter = self.fresh("_")
        self.types[counter] = INT
        self.reverse_loop(
            loop, place, lambda body: gast.For(store(counter), gast.Call(load("range"), [trips], []), body, [], None)
        )
        self.used.discard(counter)

    def reverse_loop(
        self, loop: gast.For | gast.While, place: Place, build: Callable[[list[gast.stmt]], gast.stmt]
    ) -> None:
        self.constants.clear()
        outer_names = self.touched(loop)
        self.now = self.end_of(place)
        for name in outer_names:
            self.enter_loop(name)
        before_bars, before_scope = dict(self.bars), set(self.scope.available)
        self.bars = {n: self.bars[n] for n in self.bars if n in outer_names or self.lives_outside(n, loop)}
        before_scope -= self.defined_in(loop)
        self.scope = Scope(set(before_scope), place)
        outer, self.out = self.out, []
        for record in reversed(self.records_at.get(id(loop), [])):
            if record.key[0] == "head":
                self.restore(record)
        self.reverse_block(loop.body)
        self.close_loop(outer_names, before_bars)
        body, self.out = self.out, outer
        replayed = id(loop) in self.plan.replayed
        if replayed and body:
            body = [*self.replayed_body(loop, body), *body]
        self.scope = Scope(before_scope, place)
        self.now = place
        self.bars = before_bars
        self.span = None
        if body:
            if replayed:
                self.out += [self.allocate(r) for r in self.records.values() if r.region is loop and self.is_shared(r)]
            written = self.emit(build(body))
            if replayed:
                self.provided[id(written)] = self.provides(loop)

    def defined_in(self, loop: gast.stmt) -> frozenset[str]:
        """Names whose value differs from one iteration to the next."""
        known = self.__dict__.setdefault("_defined", {})
        if id(loop) not in known:
            known[id(loop)] = frozenset(
                n.id for n in nodes_in(loop) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
            )
        return known[id(loop)]

    def lives_outside(self, name: str, loop: gast.stmt) -> bool:
        return loop not in self.structure.loops_of(name)

    def touched(self, loop: gast.For | gast.While) -> list[str]:
        """Variables from outside whose adjoints the body changes, and the loop's own variables."""
        known = self.__dict__.setdefault("_touched", {})
        if id(loop) not in known:
            known[id(loop)] = self.find_touched(loop)
        return list(known[id(loop)])

    def find_touched(self, loop: gast.For | gast.While) -> list[str]:
        names: dict[str, None] = {}
        for node in statements_in([loop]):
            if not isinstance(node, gast.Assign | gast.AugAssign | gast.Expr):
                continue
            for name in self.adjoint_targets(node):
                while self.storage.is_lens(name) or self.is_row(name):
                    name = self.storage.parent[name]
                root = name
                definition = self.structure.definitions.get(root)
                if definition is None:
                    continue
                carried = definition.kind == "loop" and definition.loop is loop
                if (
                    self.is_active(root)
                    and (carried or loop not in self.structure.loops_of(root))
                    and not (
                        definition.kind == "loop"
                        and definition.loop is not loop
                        and loop in self.structure.places[id(definition.loop)].block.loops
                    )
                ):
                    names[root] = None
        return list(names)

    def adjoint_targets(self, node: gast.stmt) -> list[str]:
        found: list[str] = []
        targets = (
            node.targets if isinstance(node, gast.Assign) else [node.target] if isinstance(node, gast.AugAssign) else []
        )
        for target in targets:
            elements = target.elts if isinstance(target, gast.Tuple) else [target]
            found += [n for n in (base_name(e) for e in elements) if n is not None]
        value = node.value
        if isinstance(node, gast.Expr):
            if isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute) and value.func.attr == "append":
                return [value.func.value.id, *self.matcher.differentiable_names(value.args[0])]
            return []
        return found + self.matcher.differentiable_names(value)

    def enter_loop(self, name: str) -> None:
        """Before a loop that accumulates into it, an adjoint exists in full shape and in its own memory."""
        self.span = None
        if isinstance(self.types[name], ListOf):
            self.materialized(name)
            return
        known = self.bars.get(name)
        variable = self.bar_name(name)
        if known is None:
            self.types[variable] = self.full_type(name)
            self.assign(variable, self.zeros(name))
        elif not isinstance(self.types[name], Scalar) and not (
            known.owned and self.is_full(known.type, self.types[name])
        ):
            self.materialized(name)
            return
        elif known.name != variable:
            self.assign(variable, load(known.name))
        self.types[variable] = self.full_type(name)
        self.bars[name] = Bar(variable, self.types[variable], True)

    def close_loop(self, names: list[str], before: dict[str, Bar]) -> None:
        """At the end of an iteration every outer adjoint is where the next one expects it."""
        self.span = None
        for name in names:
            if isinstance(self.types[name], ListOf):
                continue
            known = self.bars.get(name)
            variable = before[name].name
            if known is None:
                self.assign(variable, self.zeros(name))
            elif known.name != variable or not self.is_full(known.type, self.types[name]):
                if self.is_full(known.type, self.types[name]):
                    expr: gast.expr = load(known.name)
                    if not known.owned and not isinstance(self.types[name], Scalar):
                        expr = gast.Call(gast.Attribute(expr, "copy", gast.Load()), [], [])
                    self.assign(variable, expr)
                else:
                    self.assign(variable, self.filled(name, known))
            elif not known.owned and not isinstance(self.types[name], Scalar):
                self.assign(variable, gast.Call(gast.Attribute(load(variable), "copy", gast.Load()), [], []))
