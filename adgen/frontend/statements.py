"""Statements, and what joins after branches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from adgen.analyses.indexing import Picks
from adgen.errors import AdgenError
from adgen.frontend.expressions import Expressions
from adgen.frontend.jumps import may
from adgen.frontend.operators import Thunk, fold_block
from adgen.frontend.state import NUMBER, Snapshot, load, store
from adgen.frontend.supported import REFUSED_STATEMENTS
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    Handle,
    IterVal,
    ListContents,
    ObjectContents,
    Poison,
    Ref,
    ShapeItem,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.types import Array, ListOf, Opaque, Scalar, Type, TupleOf, type_of_number

JUMP = (gast.Break, gast.Return, gast.Raise)


class GrowsInBranch(Exception):
    """A list gets more items in one branch than in the other."""

    def __init__(self, key: int) -> None:
        super().__init__(key)
        self.key = key


def grows(one: Any, two: Any) -> bool:
    kinds = (one, two)
    if all(isinstance(k, ListContents) for k in kinds):
        return len(one.items) != len(two.items)
    return any(isinstance(k, ListContents) for k in kinds) and any(isinstance(k, Ref) for k in kinds)


@dataclass(frozen=True)
class Outcome:
    """How a block ended: "normal", "break", "return" (with a value), "raise" or "done" (a loop's tail)."""

    kind: str
    value: Value = NONE


NORMAL = Outcome("normal")


class Statements(Expressions):
    """One method for each kind of statement."""

    on_tail: Callable[[str], None] | None = None
    collecting = False
    refusals: list[AdgenError]

    def run_function(self, body: list[gast.stmt]) -> Value:
        on_tail, self.on_tail = self.on_tail, None
        try:
            outcome = self.run_block(body, tail=True)
        finally:
            self.on_tail = on_tail
        return outcome.value if outcome.kind == "return" else NONE

    def run_block(self, statements: Sequence[gast.stmt], *, tail: bool) -> Outcome:
        for position, node in enumerate(statements):
            last = tail and position == len(statements) - 1
            outcome = self.statement(node, tail=last)
            if outcome.kind != "normal":
                return outcome
        return NORMAL

    def statement(self, node: gast.stmt, *, tail: bool) -> Outcome:
        handler = getattr(self, f"run_{type(node).__name__}", None)
        span, self.span = self.span, self.span_at(node)
        try:
            if handler is None:
                self.refuse_node(node, REFUSED_STATEMENTS)
            return handler(node, tail) or NORMAL
        except AdgenError as error:
            if not self.collecting:
                raise
            self.note_refusal(error, node)
            return NORMAL
        finally:
            self.span = span

    def note_refusal(self, error: AdgenError, node: gast.stmt) -> None:
        """Go on after a refusal, to find the others; what depends on the statement is not refused again."""
        known = {(e.span, e.slug) for e in self.refusals}
        if error.slug != "consequence" and (error.span, error.slug) not in known:
            self.refusals.append(error)
        for name in assigned_names(node):
            self.frame.variables[name] = Poison("consequence", self.span)

    # ---- simple statements

    def run_Expr(self, node: gast.Expr, tail: bool) -> None:
        if not isinstance(node.value, gast.Constant):
            self.expression(node.value)

    def run_Pass(self, node: gast.Pass, tail: bool) -> None:
        return None

    def run_Assign(self, node: gast.Assign, tail: bool) -> None:
        hint = node.targets[0].id if isinstance(node.targets[0], gast.Name) else None
        value = self.expression(node.value, hint)
        for target in node.targets:
            self.assign(target, value)

    def run_AnnAssign(self, node: gast.AnnAssign, tail: bool) -> None:
        if node.value is not None:
            hint = node.target.id if isinstance(node.target, gast.Name) else None
            self.assign(node.target, self.expression(node.value, hint))

    def assign(self, target: gast.expr, value: Value) -> None:
        match target:
            case gast.Name(id=name):
                self.assign_name(name, value)
            case gast.Tuple(elts=elts) | gast.List(elts=elts):
                self.unpack(elts, value)
            case gast.Subscript(value=base, slice=index):
                self.store_item(self.expression(base), self.index(index), value)
            case gast.Attribute(value=base, attr=name):
                self.set_attribute(self.expression(base), name, value)
            case _:
                self.refuse("target", "this can't be assigned to", reason="it is no variable, item or attribute.",
                            remedy="a plain variable")

    def assign_name(self, name: str, value: Value) -> None:
        if name in self.frame.global_names:
            self.refuse("global-write", f"global {name!r} is written", reason="a global outlives the call, and its "
                        "derivative would be lost.", remedy="return the value")
        value = self.rename_last(value, name)
        if isinstance(value, ShapeItem):
            value = self.rename_last(self.shape_item(value), name)
        if isinstance(value, IterVal):
            items = self.known_items(value)
            value = value if items is None else self.allocate(ListContents(items))
        if isinstance(value, TupleVal):
            value = TupleVal(tuple(self.plain(v) if isinstance(v, ShapeItem) else v for v in value.items), value.cls)
        frame = self.frame
        if name in getattr(frame, "nonlocals", ()):
            parent = frame.parent
            while parent is not None and name not in parent.variables:
                parent = parent.parent
            frame = parent or frame
        frame.variables[name] = value

    def unpack(self, targets: list[gast.expr], value: Value) -> None:
        items = self.must_items(value, "unpacking")
        star = next((k for k, t in enumerate(targets) if isinstance(t, gast.Starred)), None)
        if star is not None:
            after = len(targets) - star - 1
            middle = self.allocate(ListContents(items[star:len(items) - after]))
            items = (*items[:star], middle, *items[len(items) - after:])
            targets = [t.value if isinstance(t, gast.Starred) else t for t in targets]
        if len(items) != len(targets):
            self.refuse("unpacking", f"{len(items)} values for {len(targets)} variables", reason="the assignment "
                        "would raise ValueError.", remedy="as many variables as values")
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item)

    def run_AugAssign(self, node: gast.AugAssign, tail: bool) -> None:
        value = None
        match node.target:
            case gast.Name(id=name):
                current = self.plain(self.lookup(name))
                value = self.expression(node.value)
                if isinstance(current, Ref) and isinstance(current.type, Array):
                    self.augment_array(current, None, node.op, value)
                    return
                if self.extend_in_place(current, node.op, value):
                    return
                self.assign_name(name, self.binary(node.op, current, value, name))
            case gast.Subscript(value=base_node, slice=index_node):
                base = self.plain(self.expression(base_node))
                index = self.index(index_node)
                if isinstance(base, Ref) and isinstance(base.type, Array):
                    self.augment_array(base, self.static_index(index), node.op, self.expression(node.value))
                    return
                current = self.subscript(base, index)
                if isinstance(current, Ref) and isinstance(current.type, Array):
                    self.augment_array(current, None, node.op, self.expression(node.value))
                    return
                self.store_item(base, index, self.binary(node.op, current, self.expression(node.value)))
            case gast.Attribute(value=base_node, attr=name):
                base = self.expression(base_node)
                current = self.attribute(base, name)
                value = self.expression(node.value)
                if isinstance(current, Ref) and isinstance(current.type, Array):
                    self.augment_array(current, None, node.op, value)
                    return
                self.set_attribute(base, name, self.binary(node.op, current, value))

    def extend_in_place(self, current: Value, op: Any, value: Value) -> bool:
        if isinstance(op, gast.Add) and isinstance(current, Handle) and \
                isinstance(self.heap[current.key], ListContents):
            self.heap[current.key] = ListContents(self.heap[current.key].items + self.must_items(value, "+="))
            return True
        return False

    def augment_array(self, base: Ref, index: Value | None, op: gast.operator, value: Value) -> None:
        """``a += v`` and ``a[i] += v`` on arrays: in place."""
        value = self.numeric(value)
        self.check_stored_dtype(base, value)
        if base.type.dtype.kind in "iub" and isinstance(op, gast.Div):
            self.refuse("integer-store", "an integer array is divided in place", reason="NumPy raises an error.",
                        remedy="x = x / y")
        plain = isinstance(op, gast.Add | gast.Sub) and (index is None or not self.picks(index))
        if not plain:
            current = base if index is None else self.subscript(base, index)
            result = self.binary(op, current, value)
            self.store_array(base, Const(Ellipsis) if index is None else index, result)
            return
        if index is None:
            target: gast.expr = store(base.name)
        else:
            self.indexed_type(base.type, index, "stored")
            target = gast.Subscript(load(base.name), self.index_expression(index), gast.Store())
        self.emit(gast.AugAssign(target, op, self.atom(value)))

    def picks(self, index: Value) -> bool:
        """Whether an index has arrays of integers, which may repeat."""
        items = index.items if isinstance(index, TupleVal) else (index,)
        return any(isinstance(self.index_kind(i), Picks) for i in items)

    def run_Delete(self, node: gast.Delete, tail: bool) -> None:
        for target in node.targets:
            match target:
                case gast.Name(id=name):
                    self.frame.variables.pop(name, None)
                case gast.Subscript(value=base, slice=index):
                    handle = self.expression(base)
                    contents = self.heap.get(getattr(handle, "key", None))
                    if isinstance(contents, DictContents):
                        items = dict(contents.items)
                        items.pop(self.key_of(self.index(index)), None)
                        self.heap[handle.key] = DictContents(items)
                    elif isinstance(contents, ListContents):
                        items_list = list(contents.items)
                        del items_list[self.static_value(self.index(index), "a position in a list")]
                        self.heap[handle.key] = ListContents(tuple(items_list))
                    else:
                        self.refuse_node(node, REFUSED_STATEMENTS)
                case _:
                    self.refuse_node(node, REFUSED_STATEMENTS)

    def run_Assert(self, node: gast.Assert, tail: bool) -> None:
        before = self.snapshot()
        with self.block() as block:
            test = self.expression(node.test)
            truth = self.truth(test)
        if truth is True:
            return
        self.restore(before)
        value = self.atom(test)
        folded = fold_block(block, value, self.temporaries)
        if folded is None:
            self.out += block
        message = self.message(node.msg)
        self.emit(gast.Assert(folded or value, message))

    def message(self, node: gast.expr | None) -> gast.expr | None:
        if node is None:
            return None
        value = self.expression(node)
        return self.shown(value)

    def run_Raise(self, node: gast.Raise, tail: bool) -> Outcome:
        exception = node.exc
        if exception is None:
            self.refuse("re-raise", "raise without an exception", reason="there is no handler around it.",
                        remedy="raise an exception")
        name, arguments = exception, []
        if isinstance(exception, gast.Call):
            name, arguments = exception.func, exception.args
        cls = self.expression(name)
        if not (isinstance(cls, Const) and isinstance(cls.value, type)):
            self.refuse("raise", "this can't be raised", reason="it is no exception class.", remedy="raise ValueError(...)")
        shown = [self.shown(self.plain(self.expression(a))) for a in arguments]
        callee = self.exception_expression(cls.value)
        self.emit(gast.Raise(gast.Call(callee, shown, []), None))
        return Outcome("raise")

    def exception_expression(self, cls: type) -> gast.expr:
        import builtins
        if getattr(builtins, cls.__name__, None) is cls:
            return load(cls.__name__)
        if cls is np.linalg.LinAlgError:
            return gast.Attribute(gast.Attribute(load("np"), "linalg", gast.Load()), "LinAlgError", gast.Load())
        return load(self.global_name(cls.__name__, cls, None, cls.__module__, cls.__qualname__))

    def run_FunctionDef(self, node: gast.FunctionDef, tail: bool) -> None:
        value: Value = self.closure(node, node.name)
        for decorator in reversed(node.decorator_list):
            value = self.call(self.expression(decorator), (value,), {})
        self.frame.variables[node.name] = value

    def run_Global(self, node: gast.Global, tail: bool) -> None:
        self.frame.global_names |= set(node.names)

    def run_Nonlocal(self, node: gast.Nonlocal, tail: bool) -> None:
        self.frame.nonlocals = {*getattr(self.frame, "nonlocals", ()), *node.names}

    def run_Import(self, node: gast.Import, tail: bool) -> None:
        import importlib
        for alias in node.names:
            module = importlib.import_module(alias.name)
            root = module if alias.asname else importlib.import_module(alias.name.split(".")[0])
            self.frame.variables[alias.asname or alias.name.split(".")[0]] = Const(root)

    def run_ImportFrom(self, node: gast.ImportFrom, tail: bool) -> None:
        import importlib
        package = self.frame.globals.get("__package__")
        module = importlib.import_module("." * (node.level or 0) + (node.module or ""), package)
        for alias in node.names:
            value = getattr(module, alias.name, None)
            if value is None:
                value = importlib.import_module(f"{module.__name__}.{alias.name}")
            self.frame.variables[alias.asname or alias.name] = self.wrap(value, alias.asname or alias.name,
                                                                         vars(module), module.__name__, alias.name)

    def run_With(self, node: gast.With, tail: bool) -> Outcome:
        for item in node.items:
            context = item.context_expr
            called = self.expression(context.func) if isinstance(context, gast.Call) else None
            if not (isinstance(called, Const) and called.value in (np.errstate,)):
                self.refuse("with", "this context manager is not supported", reason="what it does at entry and exit "
                            "is not known.", remedy="np.errstate(...), or plain statements")
        return self.run_block(node.body, tail=tail)

    def run_Return(self, node: gast.Return, tail: bool) -> Outcome:
        return Outcome("return", NONE if node.value is None else self.expression(node.value))

    def run_Break(self, node: gast.Break, tail: bool) -> Outcome:
        return Outcome("break")

    # ---- branches

    def run_If(self, node: gast.If, tail: bool) -> Outcome | None:
        test = self.expression(node.test)
        truth = self.truth(test)
        if isinstance(truth, bool):
            return self.run_block(node.body if truth else node.orelse, tail=tail)
        if tail and may(node, JUMP):
            return self.tail_branch(truth, node.body, node.orelse)
        self.branch(truth, lambda: self.run_block(node.body, tail=False),
                    lambda: self.run_block(node.orelse, tail=False))
        return None

    def run_Match(self, node: gast.Match, tail: bool) -> Outcome | None:
        return self.statement(self.match_to_if(node), tail=tail)

    def match_to_if(self, node: gast.Match) -> gast.stmt:
        """``match`` on values, singletons, captures and or-patterns, as a chain of ``if``."""
        result: list[gast.stmt] = []
        for case in reversed(node.cases):
            test, bindings = self.pattern_test(case.pattern, node.subject)
            if case.guard is not None:
                test = case.guard if test is None else gast.BoolOp(gast.And(), [test, case.guard])
            body = bindings + case.body
            if test is None:
                result = body
            else:
                branch = gast.If(test, body, result)
                result = [gast.fix_missing_locations(gast.copy_location(branch, node))]
        return result[0] if len(result) == 1 else gast.copy_location(gast.If(gast.Constant(True, None), result, []), node)

    def pattern_test(self, pattern: Any, subject: gast.expr) -> tuple[gast.expr | None, list[gast.stmt]]:
        match pattern:
            case gast.MatchValue(value=value):
                return gast.Compare(subject, [gast.Eq()], [value]), []
            case gast.MatchSingleton(value=value):
                return gast.Compare(subject, [gast.Is()], [gast.Constant(value, None)]), []
            case gast.MatchAs(pattern=None, name=None):
                return None, []
            case gast.MatchAs(pattern=None, name=name):
                binding = gast.Assign([store(name)], subject, None)
                return None, [gast.fix_missing_locations(gast.copy_location(binding, subject))]
            case gast.MatchOr(patterns=patterns):
                tests = [self.pattern_test(p, subject)[0] for p in patterns]
                if None in tests:
                    return None, []
                return gast.BoolOp(gast.Or(), tests), []
        self.refuse("pattern", "this pattern is not supported", reason="only values, None, captures and | are.",
                    remedy="if / elif")

    def retried(self, attempt: Callable[[], Any]) -> Any:
        """Run a branching construct; lists that grow on one path only get a variable before it."""
        while True:
            before, written, used = self.snapshot(), len(self.out), set(self.used)
            try:
                return attempt()
            except GrowsInBranch as growth:
                if not isinstance(before.heap.get(growth.key), ListContents):
                    raise
                self.restore(before)
                self.used = used
                del self.out[written:]
                self.demote({growth.key})

    def demote(self, keys: set[int]) -> None:
        raise NotImplementedError

    def branch(self, test: Value, then: Callable[[], Any], otherwise: Callable[[], Any]) -> None:
        """A residual ``if`` with what both branches leave behind joined."""
        self.retried(lambda: self._branch(test, then, otherwise))

    def _branch(self, test: Value, then: Callable[[], Any], otherwise: Callable[[], Any]) -> None:
        before = self.snapshot()
        with self.block() as first:
            one = then()
        after_first = self.snapshot()
        self.restore(before)
        with self.block() as second:
            two = otherwise()
        ended = [isinstance(o, Outcome) and o.kind == "raise" for o in (one, two)]
        if ended[0] and not ended[1]:
            pass
        elif ended[1] and not ended[0]:
            self.restore(after_first)
        else:
            self.join(after_first, self.snapshot(), first, second)
        self.emit_if(self.atom(test), first, second)

    def emit_if(self, test: gast.expr, first: list[gast.stmt], second: list[gast.stmt]) -> None:
        if not first and not second:
            return
        if not first:
            self.emit(gast.If(gast.UnaryOp(gast.Not(), test), second, []))
        else:
            self.emit(gast.If(test, first, second))

    def tail_branch(self, test: Value, body: list[gast.stmt], orelse: list[gast.stmt]) -> Outcome:
        """An ``if`` in tail position whose branches may leave the function or the loop."""
        return self.retried(lambda: self._tail_branch(test, body, orelse))

    def _tail_branch(self, test: Value, body: list[gast.stmt], orelse: list[gast.stmt]) -> Outcome:
        before = self.snapshot()
        with self.block() as first:
            one = self.finish(self.run_block(body, tail=True))
        after_first = self.snapshot()
        self.restore(before)
        with self.block() as second:
            two = self.finish(self.run_block(orelse, tail=True))
        result = self.join_outcomes(one, two, after_first, first, second)
        if result.kind == "done":       # the branches are still to get the loop's copies
            self.emit(gast.If(self.atom(test), first, second))
        else:
            self.emit_if(self.atom(test), first, second)
        return result

    def finish(self, outcome: Outcome) -> Outcome:
        """At the end of a branch: loops write their loop variables here; functions return None."""
        if self.on_tail is not None and outcome.kind in ("normal", "break"):
            self.on_tail(outcome.kind)
            return Outcome("done")
        if self.on_tail is None and outcome.kind == "normal":
            return Outcome("return", NONE)
        return outcome

    def join_outcomes(self, one: Outcome, two: Outcome, after_first: Snapshot, first: list[gast.stmt],
                      second: list[gast.stmt]) -> Outcome:
        if one.kind == "raise" and two.kind == "raise":
            return one
        if one.kind == "raise":
            return two
        if two.kind == "raise":
            self.restore(after_first)
            return one
        if one.kind == "done":
            return one
        after_second = self.snapshot()
        value = self.join_value(one.value, two.value, first, second, "result", after_first, after_second)
        self.join(after_first, after_second, first, second)
        return Outcome("return", value)

    def choose(self, test: Value, then: Thunk, otherwise: Thunk, hint: str | None = None) -> Value:
        """``then() if test else otherwise()``."""
        truth = self.truth(test)
        if isinstance(truth, bool):
            return then() if truth else otherwise()
        before = self.snapshot()
        with self.block() as first:
            one = then()
        after_first = self.snapshot()
        self.restore(before)
        with self.block() as second:
            two = otherwise()
        after_second = self.snapshot()
        value = self.join_value(one, two, first, second, hint, after_first, after_second)
        self.join(after_first, after_second, first, second)
        self.emit_if(self.atom(truth), first, second)
        return value

    # ---- joins

    def join(self, one: Snapshot, two: Snapshot, first: list[gast.stmt], second: list[gast.stmt]) -> None:
        """Continue with what both ends agree on; where they differ, with branch variables."""
        for frame, left, right in zip(self.frames, one.variables, two.variables, strict=True):
            merged = {}
            for name in {**left, **right}:
                if name not in left or name not in right:
                    merged[name] = left.get(name) or right.get(name)
                else:
                    merged[name] = self.join_value(left[name], right[name], first, second, name, one, two)
            frame.variables = merged
        heap = {**one.heap, **two.heap}
        for key in one.heap.keys() & two.heap.keys():
            if one.heap[key] is not two.heap[key]:
                if grows(one.heap[key], two.heap[key]):
                    raise GrowsInBranch(key)
                heap[key] = self.join_contents(one.heap[key], two.heap[key], first, second, one, two)
        self.heap = {**self.heap, **heap}

    def join_contents(self, left: Any, right: Any, first: list, second: list, one: Snapshot, two: Snapshot) -> Any:
        if isinstance(left, ListContents) and isinstance(right, ListContents) and len(left.items) == len(right.items):
            return ListContents(tuple(self.join_value(a, b, first, second, "item", one, two)
                                      for a, b in zip(left.items, right.items, strict=True)))
        if isinstance(left, DictContents) and isinstance(right, DictContents) and left.items.keys() == right.items.keys():
            return DictContents({k: self.join_value(left.items[k], right.items[k], first, second,
                                                    k if isinstance(k, str) else "item", one, two)
                                 for k in left.items}, left.is_set)
        if isinstance(left, ObjectContents) and isinstance(right, ObjectContents):
            names = {**left.attributes, **right.attributes}
            joined = {}
            for name in names:
                if name in left.attributes and name in right.attributes:
                    joined[name] = self.join_value(left.attributes[name], right.attributes[name], first, second,
                                                   name, one, two)
                else:
                    joined[name] = left.attributes.get(name) or right.attributes.get(name)
            return ObjectContents(left.cls, joined, left.origin, left.path)
        self.refuse("branch-list", "a list or dict gets different entries in the branches of an if",
                    reason="how many there are would be known only at run time.",
                    remedy="the same entries in both branches, or an array with a count")

    def join_value(self, left: Value, right: Value, first: list[gast.stmt], second: list[gast.stmt],
                   hint: str | None, one: Snapshot, two: Snapshot) -> Value:
        if left is right or left == right:
            return left
        if isinstance(left, TupleVal) and isinstance(right, TupleVal) and len(left.items) == len(right.items) and \
                left.cls is right.cls:
            return TupleVal(tuple(self.join_value(a, b, first, second, hint, one, two)
                                  for a, b in zip(left.items, right.items, strict=True)), left.cls)
        if isinstance(left, Handle) and isinstance(right, Handle):
            return self.join_handles(left, right, first, second, one, two)
        kinds = [self.joinable_type(v) for v in (left, right)]
        if any(isinstance(v, Poison) and v.reason == "consequence" for v in (left, right)):
            return Poison("consequence", self.span)
        joined = None if None in kinds else self.join_types(kinds[0], kinds[1], "%")
        if joined is None:
            return Poison(f"on one path it is {self.describe(left)}, on the other {self.describe(right)}.", self.span)
        name = self.fresh(hint or "t", temporary=hint is None)
        self.types[name] = self.own_shape(joined, name)
        for block, value, kind in ((first, left, kinds[0]), (second, right, kinds[1])):
            outer, self.out = self.out, block
            self.emit(gast.Assign([store(name)], self.converted(value, kind, joined), None))
            self.out = outer
        return Ref(name, self.types[name])

    def join_handles(self, left: Handle, right: Handle, first: list, second: list, one: Snapshot, two: Snapshot) -> Value:
        a, b = one.heap.get(left.key), two.heap.get(right.key)
        if type(a) is type(b) and isinstance(a, ListContents | DictContents) and len(a.items) == len(b.items):
            return self.allocate(self.join_contents(a, b, first, second, one, two))
        if isinstance(a, ObjectContents) and isinstance(b, ObjectContents) and a.cls is b.cls and \
                a.origin is b.origin is None:
            return self.allocate(self.join_contents(a, b, first, second, one, two))
        return Poison("it is a different container on each path.", self.span)

    def joinable_type(self, value: Value) -> Type | None:
        if isinstance(value, Const) and isinstance(value.value, NUMBER):
            return type_of_number(value.value)
        if isinstance(value, Const) and isinstance(value.value, str):
            return Opaque("str")
        return self.type_or_none(value)

    def join_types(self, left: Type, right: Type, name: str) -> Type | None:
        """The common type of two values, or None."""
        match left, right:
            case Scalar(), Scalar():
                dtype = np.result_type(left.dtype, right.dtype) if left.kind != "b" or right.kind != "b" else left.dtype
                if {left.kind, right.kind} & {"b"} and left.kind != right.kind:
                    dtype = np.result_type(left.dtype, right.dtype)
                known = left.value is not None and left.value == right.value
                return Scalar(dtype, left.weak and right.weak, left.value if known else None)
            case Array(), Array() if left.rank == right.rank:
                dims = tuple(self.join_dim(a, b, f"{name}.shape[{k}]")
                             for k, (a, b) in enumerate(zip(left.shape, right.shape, strict=True)))
                return Array(np.result_type(left.dtype, right.dtype), dims)
            case ListOf(a), ListOf(b):
                if a is None or b is None:
                    return ListOf(a or b)
                item = self.join_types(a, b, f"{name}[0]")
                return None if item is None else ListOf(item)
            case TupleOf(a), TupleOf(b) if len(a) == len(b):
                items = [self.join_types(x, y, name) for x, y in zip(a, b, strict=True)]
                return None if None in items else TupleOf(tuple(items))
            case Opaque(), Opaque():
                return left
        return None

    def join_dim(self, left: Dim, right: Dim, fresh: str) -> Dim:
        return left if self.sizes.provably_equal(left, right) else Dim.symbol(fresh)

    def own_shape(self, type_: Type, name: str) -> Type:
        """Extents that no expression names yet are named after the variable."""
        if isinstance(type_, Array):
            return Array(type_.dtype, tuple(
                Dim.symbol(f"{name}.shape[{k}]") if any(s.startswith("%") for s in d.symbols) else d
                for k, d in enumerate(type_.shape)))
        if isinstance(type_, Scalar) and type_.kind in "iu" and type_.value is None:
            return Scalar(type_.dtype, type_.weak, Dim.symbol(name))
        return type_

    def converted(self, value: Value, kind: Type, wanted: Type) -> gast.expr:
        """The value as an expression of the wanted type (an int where a float is wanted)."""
        if isinstance(value, Const) and isinstance(wanted, Scalar) and isinstance(value.value, NUMBER):
            if wanted.kind == "f":
                return gast.Constant(float(value.value), None)
            if wanted.kind == "c":
                return gast.Constant(complex(value.value), None)
            return self.atom(value)
        expr = self.atom(value)
        if isinstance(kind, Scalar) and isinstance(wanted, Scalar) and kind.kind in "iub" and wanted.kind == "f":
            return gast.Call(load("float"), [expr], [])
        if isinstance(kind, Array) and isinstance(wanted, Array) and kind.dtype != wanted.dtype:
            return gast.Call(gast.Attribute(expr, "astype", gast.Load()), [self.constant_expression(wanted.dtype)], [])
        return expr

    def describe(self, value: Value) -> str:
        from adgen.program.types import show_type
        kind = self.joinable_type(value)
        if kind is not None:
            return f"a {show_type(kind)}"
        return repr(value.value) if isinstance(value, Const) else type(value).__name__


def assigned_names(statement: gast.stmt) -> list[str]:
    """Names that a statement binds, in order; nested functions excluded."""
    names: list[str] = []
    stack: list[Any] = [statement]
    while stack:
        node = stack.pop(0)
        if isinstance(node, gast.FunctionDef | gast.Lambda | gast.ListComp | gast.GeneratorExp | gast.DictComp):
            if isinstance(node, gast.FunctionDef):
                names.append(node.name)
            continue
        if isinstance(node, gast.For):
            stack = [*node.body, *stack]
            continue
        if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
            names.append(node.id)
        stack = [*gast.iter_child_nodes(node), *stack]
    return names
