"""Loops: what is carried from one iteration to the next becomes a loop variable.

The body is specialised until the set of carried values and their types is stable; only the last
run is kept.  Loops over sequences of known length are unrolled, all others stay loops.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from adgen.errors import AdgenError
from adgen.frontend.expressions import UNROLL, target_names
from adgen.frontend.jumps import may
from adgen.frontend.operators import fold_block
from adgen.frontend.state import load, store
from adgen.frontend.statements import Outcome, Statements, assigned_names
from adgen.frontend.values import (
    Const,
    DictContents,
    Handle,
    IterVal,
    ListContents,
    ObjectContents,
    Poison,
    RangeVal,
    Ref,
    ShapeItem,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.types import INT, Array, ListOf, Scalar, Type, int_type_of

Key = tuple[Any, ...]
RETRY_UNROLLED = {"mixed-list", "must-be-known", "dynamic-key", "undecided-value", "branch-list", "not-indexable",
                  "loop-list", "no-type", "bad-index", "object-value", "not-a-number"}
MISSING = object()


@dataclass
class Carried:
    """One value that an iteration hands on to the next."""

    type: Type | None               # None: can't be given one type (reading it is refused)
    name: str = ""
    reason: str = ""


@dataclass
class Tail:
    kind: str
    out: list[gast.stmt]
    leaves: dict[Key, Value] = field(default_factory=dict)
    variables: dict[str, Value] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)


class Loops(Statements):
    """``for`` and ``while``."""


    # ---- for

    def run_For(self, node: gast.For, tail: bool) -> None:
        value = self.expression(node.iter)
        if isinstance(value, Handle) and isinstance(self.heap[value.key], Ref):
            value = self.heap[value.key]
        if isinstance(value, Const):
            value = self.wrap_const(value)
        items = self.known_items(value) if not isinstance(value, RangeVal) else None
        if items is not None:
            self.unrolled(node, items)
            return
        if isinstance(value, RangeVal):
            self.for_range(node, value)
            return
        start, stop, step, item, hint = self.iteration(value, node.target)
        self.counted(node, start, stop, step, item, hint)

    def for_range(self, node: gast.For, value: RangeVal) -> None:
        items = self.known_items(value)
        if items is not None and not items:
            return
        bounds = [self.plain(v) for v in (value.start, value.stop, value.step)]
        hint = node.target.id if isinstance(node.target, gast.Name) else "i"
        if items is None or len(items) > UNROLL:
            self.counted(node, *bounds, lambda i: i, hint)
            return
        before, used, written = self.snapshot(), set(self.used), len(self.out)
        try:
            self.counted(node, *bounds, lambda i: i, hint)
        except AdgenError as error:
            if getattr(error, "slug", None) not in RETRY_UNROLLED:
                raise
            self.restore(before)
            self.used = used
            del self.out[written:]
            self.unrolled(node, items)

    def iteration(self, value: Value, target: gast.expr | None) -> tuple[Value, Value, Value, Callable, str]:
        """Counter's range, and the item for a counter."""
        hint = "i"
        match value:
            case RangeVal(start, stop, step):
                name = target.id if isinstance(target, gast.Name) else hint
                return self.plain(start), self.plain(stop), self.plain(step), lambda i: i, name
            case Ref(_, Array()) | Ref(_, ListOf()):
                length = self.plain(self.call(Const(len), (value,), {}))
                return Const(0), length, Const(1), lambda i: self.subscript(value, i), hint
            case IterVal("enumerate", (inner, first)):
                elements = target.elts if isinstance(target, gast.Tuple) else [None, None]
                start, stop, step, item, _ = self.iteration(inner, None)
                name = elements[0].id if isinstance(elements[0], gast.Name) else hint
                plain = isinstance(first, Const) and first.value == 0 and start == Const(0) and step == Const(1)
                number = (lambda i: i) if plain else (lambda i: self.binary(gast.Add(), first, self.position(i, start, step)))
                return start, stop, step, lambda i: TupleVal((number(i), item(i))), name
            case IterVal("zip", parts):
                return self.zip_iteration(parts, hint)
            case IterVal("reversed", (inner,)):
                return self.reversed_iteration(inner, target)
            case Handle() | TupleVal():
                items = self.known_items(value) or ()
                listed = self.residual_list(value, items)
                return Const(0), Const(len(items)), Const(1), lambda i: self.subscript(listed, i), hint
        self.refuse("iteration", "this can't be looped over", reason="it is no range, array, list, or zip, enumerate "
                    "or reversed of those.", remedy="a loop over range(...)")

    def position(self, i: Value, start: Value, step: Value) -> Value:
        offset = self.binary(gast.Sub(), i, start)
        return offset if step == Const(1) else self.binary(gast.FloorDiv(), offset, step)

    def zip_iteration(self, parts: tuple[Value, ...], hint: str) -> tuple[Value, Value, Value, Callable, str]:
        plans = [self.iteration(p, None) for p in parts]
        if any(p[0] != Const(0) or p[2] != Const(1) for p in plans):
            plans = [self.from_zero(p) for p in plans]
        length = plans[0][1]
        for plan in plans[1:]:
            a, b = (getattr(self.type_or_none(v), "value", None) for v in (length, plan[1]))
            if a is not None and b is not None and self.sizes.provably_equal(a, b):
                continue
            length = self.call(Const(min), (length, plan[1]), {})
        return Const(0), length, Const(1), lambda i: TupleVal(tuple(p[3](i) for p in plans)), hint

    def from_zero(self, plan: tuple) -> tuple:
        start, stop, step, item, hint = plan
        count = self.call(Const(len), (RangeVal(start, stop, step),), {})
        return (Const(0), count, Const(1),
                lambda i: item(self.binary(gast.Add(), start, self.binary(gast.Mult(), i, step))), hint)

    def reversed_iteration(self, inner: Value, target: gast.expr | None) -> tuple:
        start, stop, step, item, hint = self.iteration(inner, target)
        unit = self.static_value(step, "the step of a reversed range")
        if unit not in (1, -1):
            count = self.from_zero((start, stop, step, item, hint))
            last = self.binary(gast.Sub(), count[1], Const(1))
            return last, Const(-1), Const(-1), count[3], hint
        last = self.binary(gast.Sub(), stop, Const(unit))
        end = self.binary(gast.Sub(), start, Const(unit))
        return last, end, Const(-unit), item, hint

    def counted(self, node: gast.For, start: Value, stop: Value, step: Value, item: Callable, hint: str) -> None:
        bounds = [start, stop] if step == Const(1) else [start, stop, step]
        if step == Const(1) and start == Const(0):
            bounds = [stop]
        atoms = [self.atom(b) for b in bounds]
        shared = hint in self.loop_targets and hint not in self.active_targets
        counter = hint if shared else self.fresh(hint)
        self.loop_targets.add(counter)
        self.active_targets.append(counter)
        self.types[counter] = int_type_of(Dim.symbol(counter))
        try:
            self.loop(node, lambda: self.assign(node.target, item(Ref(counter, self.types[counter]))),
                      lambda body: gast.For(store(counter), gast.Call(load("range"), atoms, []), body, [], None))
        finally:
            self.active_targets.pop()

    def unrolled(self, node: gast.For, items: tuple[Value, ...]) -> None:
        if len(items) > 8 * UNROLL:
            self.refuse("long-unroll", f"a loop over {len(items)} separate values", reason="it would be written out "
                        "once for each of them.", remedy="an array")
        self.unrolled_from(node, items, 0)

    def unrolled_from(self, node: gast.For, items: tuple[Value, ...], position: int) -> None:
        while position < len(items):
            self.assign(node.target, items[position])
            if not any(may(s, (gast.Break,)) for s in node.body):
                self.run_block(node.body, tail=False)
                position += 1
                continue
            outer = self.on_tail
            following = position + 1

            def go_on(kind: str, following: int = following, outer: Any = outer) -> None:
                inner, self.on_tail = self.on_tail, outer
                if kind == "normal":
                    self.unrolled_from(node, items, following)
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
                truth = self.truth(self.expression(node.test))
                if isinstance(truth, bool):
                    return self.run_unrolled_body(node.body if truth else node.orelse)
                on_tail = self.on_tail

                def side(statements: list[gast.stmt], on_tail: Any = on_tail) -> Any:
                    outcome = self.run_unrolled_body(statements)
                    if outcome.kind == "normal" and on_tail is not None:
                        on_tail("normal")
                    return Outcome("raise") if outcome.kind == "raise" else None
                self.branch(truth, lambda: side(node.body), lambda: side(node.orelse))
                return Outcome("done")
            outcome = self.statement(node, tail=False)
            if outcome.kind != "normal":
                return outcome
        return Outcome("normal")

    # ---- while

    def run_While(self, node: gast.While, tail: bool) -> None:
        before = self.snapshot()
        with self.block():
            if self.truth(self.expression(node.test)) is False:
                return
        self.restore(before)
        self.test: gast.expr | None = None
        tests: list[gast.expr] = []

        def enter() -> bool:
            state = self.snapshot()
            with self.block() as block:
                truth = self.truth(self.expression(node.test))
            if isinstance(truth, bool):
                tests[:] = [gast.Constant(True, None)]
                return True
            folded = fold_block(block, self.atom(truth), self.temporaries)
            if folded is not None:
                tests[:] = [folded]
                return True
            self.restore(state)
            tests[:] = [gast.Constant(True, None)]
            return False

        def body() -> Outcome:
            if enter():
                return self.run_block(node.body, tail=True)
            test = self.truth(self.expression(node.test))
            return self.tail_branch(test, node.body, [gast.copy_location(gast.Break(), node)])
        self.loop(node, lambda: None, lambda block: gast.While(tests[0], block, []), body)

    # ---- the loop itself

    def loop(self, node: Any, enter: Callable[[], None], build: Callable[[list[gast.stmt]], gast.stmt],
             body: Callable[[], Outcome] | None = None) -> None:
        entry = self.snapshot()
        used, out_length = set(self.used), len(self.out)
        carried = self.loop_guesses.get(id(node))
        carried = self.first_guess(node) if carried is None else {k: Carried(c.type) for k, c in carried.items()}
        demoted: set[int] = set()
        for _ in range(24):
            self.restore(entry)
            self.used = set(used)
            del self.out[out_length:]
            self.demote(demoted)
            initial = self.leaves()
            carried = {k: c for k, c in carried.items() if k in initial or k[0] == "v"}
            copies = self.enter_variables(carried, initial)
            head = self.snapshot()
            head_leaves = self.leaves()
            lengths = self.lengths()
            tails, block = self.run_body(node, enter, body)
            grown = {key for t in tails for key, n in t.lengths.items() if key in lengths and lengths[key] != n}
            grown |= {key for t in tails for key in lengths if key not in t.lengths}
            if grown - demoted:
                demoted |= grown
                continue
            update = self.update(node, carried, initial, head_leaves, tails)
            if update is None:
                break
            carried = update
        else:
            self.refuse("unstable-loop", "the types of this loop's variables do not settle",
                        reason="an iteration changes the type of a variable each time.", remedy="the same types in "
                        "each iteration")
        self.loop_guesses[id(node)] = carried
        for statement in copies:
            self.emit(statement)
        for tail in tails:
            self.write_tail(tail, carried)
        tidy(block)
        self.emit(build(block or [gast.Pass()]))
        self.restore(head)
        self.leave_variables(carried, head_leaves, tails)

    def leave_variables(self, carried: dict[Key, Carried], head: dict[Key, Value], tails: list[Tail]) -> None:
        """Variables that only the loop defines, and that are read after it."""
        depth = len(self.frames) - 1

        def rebuilt(value: Value, key: Key) -> Value:
            if isinstance(value, TupleVal):
                return TupleVal(tuple(rebuilt(item, (*key, k)) for k, item in enumerate(value.items)), value.cls)
            item = carried.get(key)
            if item is None:
                return value
            return Ref(item.name, self.types[item.name]) if item.type is not None else Poison(item.reason, self.span)
        for name in dict.fromkeys(k[2] for k in carried if k[0] == "v" and k not in head):
            template = next((t.variables[name] for t in tails if name in t.variables), None)
            if template is not None and name not in self.frame.variables:
                self.frame.variables[name] = rebuilt(template, ("v", depth, name))

    def run_body(self, node: Any, enter: Callable[[], None], body: Any) -> tuple[list[Tail], list[gast.stmt]]:
        tails: list[Tail] = []

        def on_tail(kind: str) -> None:
            tails.append(Tail(kind, self.out, self.leaves(), dict(self.frame.variables), self.lengths()))
        outer, self.on_tail = self.on_tail, on_tail
        try:
            with self.block() as block:
                enter()
                outcome = self.run_block(node.body, tail=True) if body is None else body()
                if outcome.kind in ("normal", "break"):
                    on_tail(outcome.kind)
        finally:
            self.on_tail = outer
        return tails, block

    def first_guess(self, node: Any) -> dict[Key, Carried]:
        """Variables that the body assigns and that exist before it."""
        guess: dict[Key, Carried] = {}
        depth = len(self.frames) - 1
        for name in dict.fromkeys(n for s in node.body for n in assigned_names(s)):
            value = self.frame.variables.get(name)
            kind = None if value is None else self.joinable_type(value)
            if isinstance(kind, Scalar):
                guess["v", depth, name] = Carried(kind)
            elif isinstance(kind, Array) and name in plainly_assigned(node.body):
                guess["v", depth, name] = Carried(kind)
        return guess

    def enter_variables(self, carried: dict[Key, Carried], initial: dict[Key, Value]) -> list[gast.stmt]:
        """Give every carried value its loop variable; the copies that set them before the loop."""
        copies: list[gast.stmt] = []
        for key, item in carried.items():
            if item.type is None:
                if key in initial:
                    self.put(key, Poison(item.reason, self.span))
                continue
            hint = key[2] if key[0] == "v" else "item"
            item.name = self.fresh(hint if isinstance(hint, str) else "item")
            type_ = self.loop_type(item.type, item.name)
            self.types[item.name] = type_
            if key in initial:
                value = initial[key]
                copies.append(gast.Assign([store(item.name)], self.initial_expression(value, type_), None))
                self.put(key, Ref(item.name, type_))
            else:                   # it may be recorded before it has a value
                copies.append(gast.Assign([store(item.name)], placeholder(type_), None))
        return copies

    def initial_expression(self, value: Value, type_: Type) -> gast.expr:
        kind = self.joinable_type(value)
        if isinstance(type_, Array) and not isinstance(kind, Array):
            shape = gast.Tuple([gast.parse(str(d)).body[0].value for d in type_.shape], gast.Load())
            return gast.Call(gast.Attribute(load("np"), "full", gast.Load()), [shape, self.converted(
                value, kind, Scalar(type_.dtype))], [])
        return self.converted(value, kind, type_)

    def loop_type(self, type_: Type, name: str) -> Type:
        if isinstance(type_, Scalar):
            return Scalar(type_.dtype, type_.weak, Dim.symbol(name) if type_.kind in "iu" else None)
        if isinstance(type_, Array):
            return Array(type_.dtype, tuple(Dim.symbol(f"{name}.shape[{k}]") if "%" in str(d) else d
                                            for k, d in enumerate(type_.shape)))
        return type_

    def update(self, node: Any, carried: dict[Key, Carried], initial: dict[Key, Value], head: dict[Key, Value],
               tails: list[Tail]) -> dict[Key, Carried] | None:
        """The next guess, or None if this one was right."""
        outside = self.read_outside(node)
        depth = len(self.frames) - 1
        at_head = {k[2] for k in head if k[0] == "v" and k[1] == depth}
        keys = dict.fromkeys([*carried, *(k for t in tails for k in t.leaves)])
        result: dict[Key, Carried] = {}
        stable = True
        for key in keys:
            values = [t.leaves[key] for t in tails if key in t.leaves]
            before = head.get(key)
            if before is None and not (key[0] == "v" and key[1] == depth and key[2] in outside and
                                       key[2] not in at_head):
                stable = stable and key not in carried
                continue
            changed = any(v is not before and not self.same_leaf(v, before) for v in values)
            if key in carried and carried[key].type is None:
                result[key] = carried[key]
                continue
            if not changed:
                stable = stable and key not in carried
                continue
            starts = [initial[key]] if key in initial else []
            joined, reason = self.join_all(starts + values, carried.get(key), key)
            if key not in carried or carried[key].type != joined:
                stable = False
            result[key] = Carried(joined, carried[key].name if key in carried else "", reason)
        return None if stable else result

    def same_leaf(self, value: Value, before: Value | None) -> bool:
        if isinstance(value, Poison) and isinstance(before, Poison):
            return True
        return value == before

    def join_all(self, values: list[Value], known: Carried | None, key: Key) -> tuple[Type | None, str]:
        kinds = [self.joinable_type(v) for v in values]
        shown = " or ".join(dict.fromkeys(self.describe(v) for v in values))
        reason = f"from one iteration to the next it is {shown}."
        if any(isinstance(v, Poison) and v.reason == "consequence" for v in values):
            reason = "consequence"
        if None in kinds or any(not isinstance(k, Scalar | Array | ListOf) for k in kinds):
            return None, reason
        arrays = [k for k in kinds if isinstance(k, Array)]
        if arrays and any(isinstance(k, Scalar) for k in kinds[:1]) and len(arrays) == len(kinds) - 1:
            if not self.expressible(arrays[0]):
                return None, reason
            kinds = kinds[1:]
        joined: Type | None = kinds[0]
        for kind in kinds[1:]:
            joined = None if joined is None else self.join_types(joined, kind, "%")
        if joined is None:
            return None, reason
        if isinstance(joined, Array):
            joined = Array(joined.dtype, tuple(d if self.outlives(d) else Dim.symbol("%") for d in joined.shape))
        if known is not None and known.type is not None and isinstance(joined, Array):
            joined = self.join_types(known.type, joined, "%") or joined
        if isinstance(joined, Array):
            joined = Array(joined.dtype, tuple(Dim.symbol("%") if "%" in str(d) else d for d in joined.shape))
        if isinstance(joined, Scalar):
            joined = Scalar(joined.dtype, joined.weak)
        return joined, reason

    def expressible(self, type_: Array) -> bool:
        return all(s in self.sizes.entry_symbols for d in type_.shape for s in self.sizes.reduce(d).symbols)

    def outlives(self, dim: Dim) -> bool:
        """Whether an extent keeps its meaning from one iteration to the next."""
        return all(s in self.sizes.entry_symbols or s.split(".")[0].split("(")[-1].rstrip(")") in self.before_loop
                   for s in dim.symbols)

    @property
    def before_loop(self) -> set[str]:
        defined: set[str] = set()
        for statement in self.out:
            for node in gast.walk(statement):
                if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                    defined.add(node.id)
        return defined - set(self.active_targets)

    def write_tail(self, tail: Tail, carried: dict[Key, Carried]) -> None:
        """Hand the values on: copies at the end of an iteration, and before a ``break``."""
        pairs: list[tuple[str, gast.expr]] = []
        outer, self.out = self.out, tail.out
        for key, item in carried.items():
            if item.type is None or key not in tail.leaves:
                continue
            value = tail.leaves[key]
            if isinstance(value, Ref) and value.name == item.name:
                continue
            kind = self.joinable_type(value)
            if isinstance(self.types[item.name], Array) and not isinstance(kind, Array):
                expr = self.initial_expression(value, self.types[item.name])
            else:
                expr = self.converted(value, kind, self.types[item.name])
            pairs.append((item.name, expr))
        targets = {name for name, _ in pairs}
        reads = {n.id for _, e in pairs for n in gast.walk(e) if isinstance(n, gast.Name)}
        if targets & reads and len(pairs) > 1:
            self.emit(gast.Assign([gast.Tuple([store(n) for n, _ in pairs], gast.Store())],
                                  gast.Tuple([e for _, e in pairs], gast.Load()), None))
            self.out[-1].carries = True
        else:
            for name, expr in pairs:
                self.emit(gast.Assign([store(name)], expr, None))
                self.out[-1].carries = True
        if tail.kind == "break":
            self.emit(gast.Break())
        self.out = outer

    # ---- leaves: every number and array that the state holds

    def leaves(self) -> dict[Key, Value]:
        found: dict[Key, Value] = {}
        for depth, frame in enumerate(self.frames):
            for name, value in frame.variables.items():
                self.collect(("v", depth, name), value, found)
        for key, contents in self.heap.items():
            for place, value in contents_items(contents):
                self.collect(("h", key, place), value, found)
        return found

    def collect(self, key: Key, value: Value, found: dict[Key, Value]) -> None:
        if isinstance(value, TupleVal):
            for k, item in enumerate(value.items):
                self.collect((*key, k), item, found)
        else:
            found[key] = value

    def lengths(self) -> dict[int, int]:
        return {k: len(c.items) for k, c in self.heap.items() if isinstance(c, ListContents)}

    def put(self, key: Key, value: Value) -> None:
        kind, where, name, *path = key
        if kind == "v":
            variables = self.frames[where].variables
            variables[name] = replaced(variables.get(name), path, value)
            return
        contents = self.heap[where]
        if isinstance(contents, ListContents):
            items = list(contents.items)
            items[name] = replaced(items[name], path, value)
            self.heap[where] = ListContents(tuple(items))
        elif isinstance(contents, DictContents):
            self.heap[where] = DictContents({**contents.items, name: replaced(contents.items[name], path, value)},
                                            contents.is_set)
        elif isinstance(contents, ObjectContents):
            new = {**contents.attributes, name: replaced(contents.attributes[name], path, value)}
            self.heap[where] = ObjectContents(contents.cls, new, contents.origin, contents.path)

    def demote(self, keys: set[int]) -> None:
        """Lists that grow in the loop get a variable of their own before it."""
        for key in sorted(keys):
            contents = self.heap.get(key)
            if not isinstance(contents, ListContents):
                continue
            hint = next((n for f in self.frames for n, v in f.variables.items() if v == Handle(key)), "items")
            if contents.items:
                reference = self.residual_list(Handle(key), contents.items)
                renamed = self.rename_user(reference, hint)
                self.heap[key] = renamed
            else:
                self.heap[key] = self.define(gast.List([], gast.Load()), ListOf(None), hint)

    def rename_user(self, reference: Ref, hint: str) -> Ref:
        self.temporaries.add(reference.name)
        renamed = self.rename_last(reference, hint)
        assert isinstance(renamed, Ref)
        return renamed

    def read_outside(self, node: Any) -> frozenset[str]:
        """Names that the function reads outside of this loop."""
        frame = self.frame
        if id(node) not in frame.read_outside:
            names: set[str] = set()
            body = getattr(frame.node, "structured", None) or getattr(frame.node, "body", [])
            stack: list[Any] = list(body) if isinstance(body, list) else [body]
            while stack:
                current = stack.pop()
                if current is node:
                    stack += [getattr(node, "iter", None), getattr(node, "test", None)]
                    continue
                if isinstance(current, gast.Name) and isinstance(current.ctx, gast.Load):
                    names.add(current.id)
                if isinstance(current, gast.AugAssign) and isinstance(current.target, gast.Name):
                    names.add(current.target.id)
                if isinstance(current, gast.AST):
                    stack += list(gast.iter_child_nodes(current))
            frame.read_outside[id(node)] = frozenset(names)
        return frame.read_outside[id(node)]

    # ---- loops inside expressions

    def residual_comprehension(self, generators: list[Any], element: gast.expr, hint: str | None) -> Value:
        """``[f(x) for x in xs]`` over a sequence of unknown length: a loop that appends."""
        handle = self.allocate(ListContents(()))
        self.frame.variables["_items"] = handle
        append = gast.Expr(gast.Call(gast.Attribute(load("_items"), "append", gast.Load()),
                                     [element], []))
        body: list[gast.stmt] = [append]
        for generator in reversed(generators):
            for test in reversed(generator.ifs):
                body = [gast.If(test, body, [])]
            body = [gast.For(generator.target, generator.iter, body, [], None)]
        statement = gast.fix_missing_locations(gast.copy_location(body[0], generators[0].iter))
        self.statement(statement, tail=False)
        self.frame.variables.pop("_items", None)
        return self.heap[handle.key]

    def sum_loop(self, value: Value, start: Value) -> Value:
        if isinstance(value, Ref) and isinstance(value.type, ListOf):
            self.frame.variables["_total"] = Const(float(start.value)) if isinstance(start, Const) else start
            self.frame.variables["_list"] = value
            loop = gast.parse("for _item in _list:\n    _total = _total + _item").body[0]
            if self.span is not None:
                for node in gast.walk(loop):
                    if hasattr(node, "lineno"):
                        node.lineno = node.end_lineno = self.span.line
            self.statement(loop, tail=False)
            for name in ("_list", "_item"):
                self.frame.variables.pop(name, None)
            return self.frame.variables.pop("_total")
        self.refuse("iteration", "this can't be summed", reason="it is no array or list.", remedy="np.sum of an array")


def placeholder(type_: Type) -> gast.expr:
    """A value of a type, for a variable that has none yet."""
    if isinstance(type_, Scalar):
        return gast.Constant({"f": 0.0, "c": 0j, "b": False}.get(type_.kind, 0), None)
    if isinstance(type_, Array):
        shape = gast.Tuple([gast.Constant(0, None)] * type_.rank, gast.Load())
        dtype = gast.Attribute(load("np"), type_.dtype.name.replace("bool", "bool_"), gast.Load())
        return gast.Call(gast.Attribute(load("np"), "zeros", gast.Load()), [shape, dtype], [])
    return gast.List([], gast.Load())


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


def contents_items(contents: Any) -> list[tuple[Any, Value]]:
    match contents:
        case ListContents(items):
            return list(enumerate(items))
        case DictContents(items):
            return list(items.items())
        case ObjectContents(_, attributes):
            return list(attributes.items())
    return []


def replaced(value: Value | None, path: list[int], new: Value) -> Value:
    if not path:
        return new
    assert isinstance(value, TupleVal)
    first, *rest = path
    return TupleVal(tuple(replaced(item, rest, new) if k == first else item for k, item in enumerate(value.items)),
                    value.cls)


def plainly_assigned(body: list[gast.stmt]) -> set[str]:
    """Names that are assigned by more than ``+=``."""
    names: set[str] = set()
    for statement in body:
        for node in gast.walk(statement):
            if isinstance(node, gast.Assign):
                names |= {n for t in node.targets for n in target_names(t)}
            elif isinstance(node, gast.AnnAssign | gast.NamedExpr | gast.For):
                names |= set(target_names(node.target))
    return names


