"""Simple statements: one method for each kind."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import gast

from adgen.analyses.indexing import Picks
from adgen.errors import AdgenError
from adgen.frontend.bindings import assigned_names
from adgen.frontend.expressions import FAILURES
from adgen.frontend.guards import NORMAL, Outcome
from adgen.frontend.nodes import load, store
from adgen.frontend.operators import DUNDER, fold_block
from adgen.frontend.raising import Raising
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
    SliceVal,
    TupleVal,
    Value,
)
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, ListOf


class Statements(Raising):
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
            return self.carried_out(handler, node, tail)
        except AdgenError as error:
            if not self.collecting or error.raises is not None:
                raise
            self.note_refusal(error, node)
            returns = any(isinstance(n, gast.Return) for n in nodes_in(node))
            return Outcome("return", Poison("consequence", self.span)) if returns else NORMAL
        finally:
            self.span = span

    def carried_out(self, handler: Callable[..., Any], node: gast.stmt, tail: bool) -> Outcome:
        try:
            return handler(node, tail) or NORMAL
        except FAILURES as error:
            self.not_understood(error)

    def note_refusal(self, error: AdgenError, node: gast.stmt) -> None:
        """Go on after a refusal, to find the others; what depends on the statement is not refused again."""
        known = {(e.span, e.slug) for e in self.refusals}
        if error.slug != "consequence" and (error.span, error.slug) not in known:
            self.refusals.append(error)
        for name in assigned_names(node):
            self.frame.variables[name] = Poison("consequence", self.span)

    def run_Expr(self, node: gast.Expr, tail: bool) -> None:
        if not isinstance(node.value, gast.Constant):
            self.expression(node.value)

    def run_Pass(self, node: gast.Pass, tail: bool) -> None:
        return None

    def run_Assign(self, node: gast.Assign, tail: bool) -> None:
        hint = node.targets[0].id if isinstance(node.targets[0], gast.Name) else None
        value = self.expression(node.value, hint)
        if len(node.targets) > 1:
            self.frame.variables["="] = value  # held while it is given to the first target
        for target in node.targets:
            self.assign(target, value)
        self.frame.variables.pop("=", None)

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
                self.write_attribute(self.expression(base), name, value)
            case _:
                self.refuse(
                    "target",
                    "this can't be assigned to",
                    reason="it is no variable, item or attribute.",
                    remedy="a plain variable",
                )

    def assign_item(self, target: gast.expr, item: Value) -> None:
        """The target of a loop that is unrolled takes an item of a container."""
        before, self.keeps_names = self.keeps_names, True
        try:
            self.assign(target, item)
        finally:
            self.keeps_names = before

    def assign_name(self, name: str, value: Value) -> None:
        if name in self.frame.global_names:
            self.refuse(
                "global-write",
                f"global {name!r} is written",
                reason="a global outlives the call, and its derivative would be lost.",
                remedy="return the value",
            )
        value = self.rename_last(value, name)
        if isinstance(value, ShapeItem):
            value = self.rename_last(self.shape_item(value), name)
        if isinstance(value, IterVal) and self.is_walkable(value) and value.kind != "items":
            value = self.iterator_over(value)
        if isinstance(value, TupleVal):
            value = TupleVal(tuple(self.plain(v) if isinstance(v, ShapeItem) else v for v in value.items), value.cls)
        frame = self.frame
        if name in frame.nonlocals:
            parent = frame.parent
            while parent is not None and name not in parent.variables:
                parent = parent.parent
            frame = parent or frame
        frame.variables[name] = value

    def unpack(self, targets: list[gast.expr], value: Value) -> None:
        value = self.collected(value)
        listed = self.heap[value.key] if isinstance(value, Handle) else value
        if isinstance(listed, Ref) and isinstance(listed.type, ListOf) and listed.type.item is not None:
            items = self.items_of_list(listed, targets)
        else:
            items = self.must_items(value, "unpacking")
        star = next((k for k, t in enumerate(targets) if isinstance(t, gast.Starred)), None)
        if star is not None:
            after = len(targets) - star - 1
            middle = self.allocate(ListContents(items[star : len(items) - after]))
            items = (*items[:star], middle, *items[len(items) - after :])
            targets = [t.value if isinstance(t, gast.Starred) else t for t in targets]
        if len(items) != len(targets):
            self.refuse(
                "unpacking",
                f"{len(items)} values for {len(targets)} variables",
                reason="the assignment would raise ValueError.",
                remedy="as many variables as values",
                raises=ValueError,
                always=True,
            )
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item)

    def items_of_list(self, listed: Ref, targets: list[gast.expr]) -> tuple[Value, ...]:
        """As many items of a list of the program as there are variables; it raises if it has others."""
        if any(isinstance(t, gast.Starred) for t in targets):
            return self.must_items(listed, "unpacking")
        other = self.compare(gast.NotEq(), self.call(Const(len), (listed,), {}), Const(len(targets)))
        if self.catches(ValueError):
            self.raise_if(other, ValueError)
        elif self.truth(other) is not False:
            message = gast.Constant(f"not {len(targets)} values to unpack", None)
            error = gast.Raise(gast.Call(load("ValueError"), [message], []), None)
            self.emit(gast.If(self.atom(other), [error], []))
        return tuple(self.subscript(listed, Const(k)) for k in range(len(targets)))

    def run_AugAssign(self, node: gast.AugAssign, tail: bool) -> None:
        value = None
        match node.target:
            case gast.Name(id=name):
                current = self.plain(self.lookup(name))
                value = self.expression(node.value)
                if isinstance(current, Ref) and isinstance(current.type, Array):
                    self.augment_array(current, None, node.op, value)
                    return
                self.assign_name(name, self.in_place(node.op, current, value, name))
            case gast.Subscript(value=base_node, slice=index_node):
                base = self.plain(self.expression(base_node))
                index = self.index(index_node)
                if isinstance(base, Ref) and isinstance(base.type, Array):
                    base, index = self.as_rows(base, index)
                    self.augment_array(base, self.static_index(index), node.op, self.expression(node.value))
                    return
                current = self.subscript(base, index)
                if isinstance(current, Ref) and isinstance(current.type, Array):
                    self.augment_array(current, None, node.op, self.expression(node.value))
                    return
                self.store_item(base, index, self.in_place(node.op, current, self.expression(node.value)))
            case gast.Attribute(value=base_node, attr=name):
                base = self.expression(base_node)
                current = self.attribute(base, name)
                value = self.expression(node.value)
                if isinstance(current, Ref) and isinstance(current.type, Array):
                    self.augment_array(current, None, node.op, value)
                    return
                self.write_attribute(base, name, self.in_place(node.op, current, value))

    def in_place(self, op: gast.operator, current: Value, value: Value, hint: str | None = None) -> Value:
        """What ``current op= value`` leaves behind: lists, sets, dicts and objects are written in place."""
        contents = self.heap[current.key] if isinstance(current, Handle) else None
        if isinstance(current, Ref) and current.name in self.array_or_number:
            self.atom(
                Poison("it is an array on some paths, which changes in place, and a number on others.", self.span)
            )
        if isinstance(contents, ObjectContents):
            method = self.class_method(current, f"__i{DUNDER[type(op).__name__]}__")
            if method is not None:
                return self.call(method, (value,), {})
        grows = isinstance(contents, ListContents | Ref) and isinstance(op, gast.Add)
        if grows:
            self.call(self.attribute(current, "extend"), (value,), {})
            return current
        result = self.binary(op, current, value, hint)
        if isinstance(contents, ListContents | DictContents) and isinstance(result, Handle):
            self.change(current.key, self.heap[result.key])
            return current
        return result

    def augment_array(self, base: Ref, index: Value | None, op: gast.operator, value: Value) -> None:
        """``a += v`` and ``a[i] += v`` on arrays: in place."""
        assert isinstance(base.type, Array)
        value = self.numeric(value)
        self.check_stored_dtype(base, value)
        if base.type.dtype.kind in "iub" and isinstance(op, gast.Div):
            self.refuse(
                "integer-store",
                "an integer array is divided in place",
                reason="NumPy raises an error.",
                remedy="x = x / y",
            )
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
            self.guard_index(base, index)
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
                    self.delete_item(node, self.expression(base), self.index(index))
                case gast.Attribute(value=base, attr=name):
                    handle = self.expression(base)
                    contents = self.heap.get(handle.key) if isinstance(handle, Handle) else None
                    if not isinstance(contents, ObjectContents) or contents.origin is not None:
                        self.refuse_node(node, REFUSED_STATEMENTS)
                    attributes = {k: v for k, v in contents.attributes.items() if k != name}
                    self.change(handle.key, replace(contents, attributes=attributes))
                case _:
                    self.refuse_node(node, REFUSED_STATEMENTS)

    def delete_item(self, node: gast.Delete, base: Value, index: Value) -> None:
        contents = self.heap.get(base.key) if isinstance(base, Handle) else base
        match contents:
            case DictContents():
                items = dict(contents.items)
                items.pop(self.key_of(index), None)
                self.change(base.key, replace(contents, items=items))
            case ListContents() if isinstance(index, SliceVal):
                kept = list(contents.items)
                del kept[self.static_value(index, "a position in a list")]
                self.change(base.key, replace(contents, items=tuple(kept)))
            case ListContents() | Ref(_, ListOf()):
                self.call(self.attribute(base, "pop"), (index,), {})
            case _:
                method = self.class_method(base, "__delitem__")
                if method is None:
                    self.refuse_node(node, REFUSED_STATEMENTS)
                self.call(method, (index,), {})

    def run_Assert(self, node: gast.Assert, tail: bool) -> Outcome | None:
        if self.catches(AssertionError):
            return self.statement(raise_unless(node), tail=False)
        before = self.snapshot()
        with self.block() as block:
            test = self.condition(node.test)
            truth = self.truth(test)
        if truth is True:
            return None
        self.restore(before)
        value = self.atom(test)
        folded = fold_block(block, value, self.temporaries)
        if folded is None:
            self.out += block
        message = self.message(node.msg)
        self.emit(gast.Assert(folded or value, message))
        return None

    def message(self, node: gast.expr | None) -> gast.expr | None:
        if node is None:
            return None
        value = self.expression(node)
        return self.shown(value)

    def run_FunctionDef(self, node: gast.FunctionDef, tail: bool) -> None:
        value: Value = self.closure(node, node.name)
        for decorator in reversed(node.decorator_list):
            value = self.call(self.expression(decorator), (value,), {})
        self.frame.variables[node.name] = value

    def run_Global(self, node: gast.Global, tail: bool) -> None:
        self.frame.global_names |= set(node.names)

    def run_Nonlocal(self, node: gast.Nonlocal, tail: bool) -> None:
        self.frame.nonlocals |= set(node.names)

    def run_Import(self, node: gast.Import, tail: bool) -> None:
        for alias in node.names:
            module = self.imported(alias.name)
            root = module if alias.asname else importlib.import_module(alias.name.split(".")[0])
            self.frame.variables[alias.asname or alias.name.split(".")[0]] = Const(root)

    def imported(self, name: str, package: str | None = None) -> Any:
        try:
            return importlib.import_module(name, package)
        except ImportError as error:
            self.refuse(
                "import",
                str(error),
                reason="imports are carried out when the derivative is generated.",
                remedy="a module that is there, or try / except ImportError",
                raises=type(error),
            )

    def run_ImportFrom(self, node: gast.ImportFrom, tail: bool) -> None:
        package = self.frame.globals.get("__package__")
        module = self.imported("." * (node.level or 0) + (node.module or ""), package)
        for alias in node.names:
            value = getattr(module, alias.name, None)
            if value is None:
                value = self.imported(f"{module.__name__}.{alias.name}")
            self.frame.variables[alias.asname or alias.name] = self.wrap(
                value, alias.asname or alias.name, vars(module), module.__name__, alias.name
            )

    def run_Return(self, node: gast.Return, tail: bool) -> Outcome:
        return Outcome("return", NONE if node.value is None else self.expression(node.value))


def raise_unless(node: gast.Assert) -> gast.stmt:
    """An assertion whose failure is caught, as the ``if`` that it is."""
    error = gast.Call(load("AssertionError"), [] if node.msg is None else [node.msg], [])
    test = gast.If(gast.UnaryOp(gast.Not(), node.test), [gast.Raise(error, None)], [])
    return gast.fix_missing_locations(gast.copy_location(test, node))
