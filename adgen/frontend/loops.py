"""Loops: what is carried from one iteration to the next becomes a loop variable.

The body is specialised until the set of carried values and their types is stable; only the last
run is kept.  Loops over sequences of known length are unrolled, all others stay loops.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

import gast

from adgen.errors import AdgenError
from adgen.frontend.guards import CAUGHT, Outcome, Raised
from adgen.frontend.jumps import may
from adgen.frontend.leaves import Carried, Key, MayBeNone, Tail, fits
from adgen.frontend.loop_variables import LoopVariables
from adgen.frontend.nodes import load, store
from adgen.frontend.operations import UNROLL
from adgen.frontend.operators import fold_block
from adgen.frontend.values import (
    Const,
    GridVal,
    Handle,
    IterVal,
    ListContents,
    Poison,
    RangeVal,
    Ref,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.syntax import nodes_in
from adgen.program.types import ListOf, Scalar, int_type_of

RETRY_UNROLLED = {
    "mixed-list",
    "nested-list",
    "empty-list",
    "unknown-length",
    "must-be-known",
    "dynamic-key",
    "undecided-value",
    "branch-list",
    "not-indexable",
    "list-store",
    "loop-structure",
    "no-type",
    "bad-index",
    "object-value",
    "not-a-number",
}


class Loops(LoopVariables):
    """``for`` and ``while``."""

    # ---- for

    def run_For(self, node: gast.For, tail: bool) -> Outcome | None:
        value = self.expression(node.iter)
        if isinstance(value, Handle) and isinstance(self.heap[value.key], Ref):
            value = self.heap[value.key]
        if isinstance(value, Const):
            value = self.wrap_const(value)
        generator = self.generator_in(value)
        if generator is not None:
            return self.generated(node, generator, value.parts[1] if isinstance(value, IterVal) else None)
        if isinstance(value, GridVal) and value.extents and not any(may(s, (gast.Break,)) for s in node.body):
            return self.statement(self.nested(node, value), tail=False)
        if isinstance(value, RangeVal) or self.is_counting(value):
            self.counted_or_unrolled(node, value)
        elif self.is_walkable(value):
            self.unrolled(node, self.iterator_over(value))
        else:
            self.counted(node, *self.iteration(value, node.target))
        return None

    def counted_or_unrolled(self, node: gast.For, value: Value) -> None:
        """A loop over ranges stays one, unless its body wants to know the counter."""
        mark = self.mark()
        items = self.known_items(value)
        self.rewind(mark)
        if items is not None and not items:
            return
        if items is None or len(items) > UNROLL:
            self.counted(node, *self.iteration(value, node.target))
            return
        try:
            self.counted(node, *self.iteration(value, node.target))
        except AdgenError as error:
            if getattr(error, "slug", None) not in RETRY_UNROLLED:
                raise
            self.rewind(mark)
            self.unrolled(node, self.iterator_over(value))

    def counted(self, node: gast.For, start: Value, stop: Value, step: Value, item: Callable, hint: str) -> None:
        bounds = [start, stop] if step == Const(1) else [start, stop, step]
        if step == Const(1) and start == Const(0):
            bounds = [stop]
        atoms = [self.atom(b) for b in bounds]
        shared = hint in self.loop_targets and hint not in self.active_targets
        counter = hint if shared else self.fresh(hint)
        self.used.add(counter)  # an earlier attempt at the loop around may have made it, and been undone
        self.loop_targets.add(counter)
        self.active_targets.append(counter)
        self.types[counter] = int_type_of(Dim.symbol(counter))
        numbers = [b.value for b in (start, stop, step) if isinstance(b, Const) and isinstance(b.value, int)]
        self.sizes.note_range(counter, range(*numbers) if len(numbers) == 3 and numbers[2] else None)
        try:
            self.loop(
                node,
                lambda: self.assign(node.target, item(Ref(counter, self.types[counter]))),
                lambda body: gast.For(store(counter), gast.Call(load("range"), atoms, []), body, [], None),
            )
        finally:
            self.active_targets.pop()

    def unrolled(self, node: gast.For, walk: Handle) -> None:
        """Write a loop out, item by item."""
        count = 0
        while (item := self.taken(walk)) is not None:
            count += 1
            if count > 8 * UNROLL:
                self.refuse(
                    "long-unroll",
                    f"a loop over more than {8 * UNROLL} separate values",
                    reason="it would be written out once for each of them.",
                    remedy="an array",
                )
            self.assign_item(node.target, item)
            if not any(may(s, (gast.Break,)) for s in node.body):
                self.run_block(node.body, tail=False)
                continue
            outer = self.on_tail

            def go_on(kind: str, outer: Any = outer) -> None:
                inner, self.on_tail = self.on_tail, outer
                if kind == "normal":
                    self.unrolled(node, walk)
                self.on_tail = inner

            self.on_tail = go_on
            try:
                outcome = self.run_unrolled_body(node.body)
            finally:
                self.on_tail = outer
            if outcome.kind == "normal":
                go_on("normal")
            return

    def run_unrolled_body(self, body: list[gast.stmt]) -> Outcome:
        """A body with break: what follows goes into the branches that do not break, and they join."""
        for position, node in enumerate(body):
            if isinstance(node, gast.If) and may(node, (gast.Break,)) and position == len(body) - 1:
                truth = self.truth(self.condition(node.test))
                if isinstance(truth, bool):
                    return self.run_unrolled_body(node.body if truth else node.orelse)
                on_tail = self.on_tail

                def side(statements: list[gast.stmt], on_tail: Any = on_tail) -> Any:
                    outcome = self.run_unrolled_body(statements)
                    if outcome.kind == "normal" and on_tail is not None:
                        on_tail("normal")
                    return Outcome("raise") if outcome.kind == "raise" else None

                self.branch(truth, partial(side, node.body), partial(side, node.orelse))
                return Outcome("done")
            outcome = self.statement(node, tail=False)
            if outcome.kind != "normal":
                return outcome
        return Outcome("normal")

    # ---- while

    def run_While(self, node: gast.While, tail: bool) -> None:
        before = self.snapshot()
        with contextlib.suppress(Raised), self.block():
            if self.truth(self.condition(node.test)) is False:
                return
        self.restore(before)
        tests: list[gast.expr] = []

        def enter() -> bool:
            state = self.snapshot()
            truth: Any = None
            with contextlib.suppress(Raised), self.block() as block:
                truth = self.truth(self.condition(node.test))
            tests[:] = [gast.Constant(True, None)]
            if isinstance(truth, bool) and not block:
                return True
            folded = fold_block(block, self.atom(truth), self.temporaries) if isinstance(truth, Value) else None
            if folded is not None:
                tests[:] = [folded]
                return True
            self.restore(state)
            return False

        def body() -> Outcome:
            if enter():
                return self.run_block(node.body, tail=True)
            test = self.truth(self.condition(node.test))
            if isinstance(test, bool):
                return self.run_block(node.body, tail=True) if test else Outcome("break")
            return self.tail_branch(test, node.body, [gast.copy_location(gast.Break(), node)])

        self.loop(node, lambda: None, lambda block: gast.While(tests[0], block, []), body)

    # ---- the loop itself

    def loop(
        self,
        node: Any,
        enter: Callable[[], None],
        build: Callable[[list[gast.stmt]], gast.stmt],
        body: Callable[[], Outcome] | None = None,
    ) -> None:
        entry = self.snapshot()
        used, out_length = set(self.used), len(self.out)
        place = id(node), *(id(f.node) for f in self.frames)  # the guess names variables of all frames
        carried = self.loop_guesses.get(place)
        carried = self.first_guess(node) if carried is None else {k: Carried(c.type) for k, c in carried.items()}
        demoted: set[int] = set()
        item_types: dict[int, Scalar | None] = {}  # of what the body puts into lists that are empty before it
        read_before: set[tuple[int, str]] = set()  # attributes of real objects that the body reads, then writes
        rebound: set[Key] = set()  # where the body puts another list of the same length
        shared: set[Key] = set()  # and where that list is known by another name too
        may_be_none = MayBeNone(self.optional_places(), self.guess_optional(node))
        carried |= may_be_none.guesses()
        kept: set[Key] = set()  # what an iteration may leave as it was, though nobody set it before the loop
        for _ in range(24):
            self.restore(entry)
            self.used = set(used)
            del self.out[out_length:]
            self.demote(demoted)
            empty = self.guess_items(demoted, item_types)
            self.make_optional(may_be_none.places)
            for key, name in sorted(read_before):
                self.attribute(Handle(key), name)
            outer = self.optional, self.rebound
            try:
                self.rebound = self.make_rebound(rebound - shared)
                initial = self.leaves()
                carried = {k: c for k, c in carried.items() if k in initial or (k[0] == "v" and fits(k, initial))}
                copies = self.enter_variables(carried, initial, kept)
                head = self.snapshot()
                head_leaves = self.leaves()
                lengths, structure = self.lengths(), self.structure()
                self.optional = may_be_none.places
                tails, block = self.run_body(node, enter, body)
            except AdgenError:
                if not may_be_none.guessed:
                    raise
                may_be_none.give_up()
                carried = may_be_none.without(carried) | may_be_none.guesses()
                continue
            finally:
                self.optional, self.rebound = outer
            new = {k for t in tails for k in t.shared} - shared, self.find_rebound(initial, tails, lengths) - rebound
            if any(new):
                shared, rebound = shared | new[0], rebound | new[1]
                continue
            if may_be_none.learns(self.find_optional(initial, tails, {k: c.name for k, c in carried.items()})):
                carried = may_be_none.without(carried) | may_be_none.guesses()
                continue
            grown = {key for t in tails for key, n in t.lengths.items() if key in lengths and lengths[key] != n}
            grown |= {key for t in tails for key in lengths if key not in t.lengths}
            if grown - demoted:
                demoted |= grown
                continue
            if self.learns_items(empty, item_types):
                continue
            missing = self.changed_structure(structure, tails)
            if missing - read_before:
                read_before |= missing
                continue
            late = self.left_by_iterations(node, carried, initial, tails)
            if late.keys() - kept:
                carried, kept = late | carried, kept | late.keys()
                continue
            update = self.update(node, carried, initial, head_leaves, tails)
            if update is None:
                break
            carried = update
        else:
            self.refuse(
                "unstable-loop",
                "the types of this loop's variables do not settle",
                reason="an iteration changes the type of a variable each time.",
                remedy="the same types in each iteration",
            )
        self.loop_guesses[place] = carried
        for statement in copies:
            self.emit(statement)
        for tail in tails:
            self.write_tail(tail, carried)
        tidy(block)
        self.emit(build(block or [gast.Pass()]))
        self.restore(head)
        self.leave_variables(carried, head_leaves, tails)
        raised = self.snapshot()
        for handler in self.in_force():
            handler.flag = Const(False)
        self.reguard(raised)

    def run_body(self, node: Any, enter: Callable[[], None], body: Any) -> tuple[list[Tail], list[gast.stmt]]:
        tails: list[Tail] = []

        def on_tail(kind: str) -> None:
            leaves, shared = self.leaves(), self.shared_lists()
            variables = self.own_variables()
            tails.append(Tail(kind, self.out, leaves, variables, self.lengths(), self.structure(), shared))

        outer, self.on_tail = self.on_tail, on_tail
        before = set(self.half_set)
        self.half_set.clear()
        try:
            with self.block() as block:
                enter()
                for handler in self.in_force():
                    handler.flag = Const(False)  # who raises leaves the loop
                try:
                    outcome = self.run_block(node.body, tail=True) if body is None else body()
                except Raised:
                    outcome = CAUGHT
                self.close_tail(outcome)
        finally:
            self.on_tail = outer
            self.half_set.update(before)
        return tails, block

    # ---- loops inside expressions

    def residual_comprehension(self, generators: list[Any], element: gast.expr, hint: str | None) -> Value:
        """``[f(x) for x in xs]`` over a sequence of unknown length: a loop that appends."""
        handle = self.allocate(ListContents(()))
        made = f"items%{handle.key}"
        self.frame.variables[made] = handle
        append = gast.Expr(gast.Call(gast.Attribute(load(made), "append", gast.Load()), [element], []))
        body: list[gast.stmt] = [append]
        for generator in reversed(generators):
            for test in reversed(generator.ifs):
                body = [gast.If(test, body, [])]
            body = [gast.For(generator.target, generator.iter, body, [], None)]
        refused = len(self.refusals)
        statement = gast.fix_missing_locations(gast.copy_location(body[0], generators[0].iter))
        self.statement(statement, tail=False)
        self.frame.variables.pop(made, None)
        contents = self.heap[handle.key]
        if len(self.refusals) > refused:
            return Poison("consequence", self.span)
        return contents if isinstance(contents, Ref) else handle

    def sum_loop(self, value: Value, start: Value) -> Value:
        value = self.plain(value)
        if isinstance(value, Ref) and isinstance(value.type, ListOf):
            self.frame.variables["_total"] = Const(float(start.value)) if isinstance(start, Const) else start
            self.frame.variables["_list"] = value
            loop = gast.parse("for _item in _list:\n    _total = _total + _item").body[0]
            if self.span is not None:
                for node in nodes_in(loop):
                    if hasattr(node, "lineno"):
                        node.lineno = node.end_lineno = self.span.line
            self.statement(loop, tail=False)
            for name in ("_list", "_item"):
                self.frame.variables.pop(name, None)
            return self.frame.variables.pop("_total")
        self.refuse("iteration", "this can't be summed", reason="it is no array or list.", remedy="np.sum of an array")


def tidy(block: list[gast.stmt]) -> None:
    """Drop branches in tail position that turned out to be empty."""
    for statement in block[-1:]:
        if isinstance(statement, gast.If):
            tidy(statement.body)
            tidy(statement.orelse)
            if not statement.body and not statement.orelse:
                block.pop()
            elif not statement.body:
                statement.test = gast.UnaryOp(gast.Not(), statement.test)
                statement.body, statement.orelse = statement.orelse, []
