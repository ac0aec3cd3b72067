"""Evaluation of expressions: every Python expression that is accepted, and why the others are not."""

from __future__ import annotations

import builtins
from typing import Any

import gast
import numpy as np

from adgen.frontend.calls import Calls, call_site
from adgen.frontend.state import Frame, load
from adgen.frontend.supported import REFUSED_EXPRESSIONS
from adgen.frontend.values import (
    Const,
    DictContents,
    FunctionVal,
    Handle,
    IterVal,
    ListContents,
    ObjectContents,
    Poison,
    RangeVal,
    Ref,
    ShapeItem,
    SliceVal,
    TupleVal,
    Value,
)
from adgen.program.types import FLOAT, Array, ListOf, Opaque, Scalar, TupleOf


class Expressions(Calls):
    """One method for each kind of expression node."""

    def expression(self, node: gast.expr, hint: str | None = None) -> Value:
        handler = getattr(self, f"eval_{type(node).__name__}", None)
        span, self.span = self.span, self.span_at(node)
        try:
            if handler is None:
                self.refuse_node(node, REFUSED_EXPRESSIONS)
            return handler(node, hint)
        finally:
            self.span = span

    def span_at(self, node: gast.AST) -> Any:
        if getattr(node, "lineno", None) is None:
            return self.span
        return call_site(node, self.frame.file, self.frame.function)

    def refuse_node(self, node: gast.AST, table: dict[str, tuple[str, str, str, str]]) -> None:
        name = type(node).__name__
        slug, what, reason, remedy = table.get(name, ("syntax", f"{name} can't be differentiated",
                                                      "it has no meaning for derivatives here.", "plain statements"))
        self.refuse(slug, what, reason=reason, remedy=remedy)

    # ---- names and constants

    def eval_Constant(self, node: gast.Constant, hint: str | None) -> Value:
        return Const(node.value)

    def eval_Name(self, node: gast.Name, hint: str | None) -> Value:
        return self.lookup(node.id)

    def lookup(self, name: str) -> Value:
        frame: Frame | None = self.frame
        while frame is not None:
            if name in frame.variables and name not in frame.global_names:
                value = frame.variables[name]
                if isinstance(value, Poison):
                    self.atom(value)
                return value
            if name in frame.closure:
                return self.cell_value(frame.closure[name], name)
            frame = frame.parent
        module = self.frame.globals
        if name in module:
            return self.wrap(module[name], name, module, module.get("__name__"), name)
        if hasattr(builtins, name):
            return Const(getattr(builtins, name))
        self.refuse("undefined", f"name {name!r} is not defined", reason="reading it would raise NameError.",
                    remedy="define it first")

    def cell_value(self, cell: Any, name: str) -> Value:
        try:
            value = cell.cell_contents
        except ValueError:
            self.refuse("undefined", f"name {name!r} is not defined yet", reason="reading it would raise NameError.",
                        remedy="define it before the derivative is made")
        wrapped = self.wrap(value, name, cell, None, name)
        if isinstance(wrapped, Const) and self.is_user_object(value):
            return self.instance(value, self.global_name(name, value, cell, None, name))
        return wrapped

    def is_user_object(self, value: Any) -> bool:
        return hasattr(value, "__dict__") and not callable(value) and not isinstance(value, type(builtins))

    # ---- operators

    def eval_BinOp(self, node: gast.BinOp, hint: str | None) -> Value:
        left = self.expression(node.left)
        return self.binary(node.op, left, self.expression(node.right), hint)

    def eval_UnaryOp(self, node: gast.UnaryOp, hint: str | None) -> Value:
        return self.unary(node.op, self.expression(node.operand), hint)

    def eval_BoolOp(self, node: gast.BoolOp, hint: str | None) -> Value:
        result = self.expression(node.values[0])
        for operand in node.values[1:]:
            result = self.short_circuit(node.op, result, lambda e=operand: self.expression(e))
        return result

    def eval_Compare(self, node: gast.Compare, hint: str | None) -> Value:
        left = self.expression(node.left)
        result: Value | None = None
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            if result is None:
                right = self.expression(comparator)
                result = self.compare(op, left, right)
            else:
                cell: list[Value] = []

                def rest(op: Any = op, left: Value = left, comparator: Any = comparator, cell: list = cell) -> Value:
                    cell.append(self.expression(comparator))
                    return self.compare(op, left, cell[-1])
                result = self.conjunction(result, rest)
                right = cell[-1] if cell else left
            left = right
        assert result is not None
        return result

    def eval_IfExp(self, node: gast.IfExp, hint: str | None) -> Value:
        test = self.expression(node.test)
        return self.choose(test, lambda: self.expression(node.body), lambda: self.expression(node.orelse), hint)

    def eval_NamedExpr(self, node: gast.NamedExpr, hint: str | None) -> Value:
        value = self.expression(node.value, node.target.id)
        value = self.rename_last(value, node.target.id)
        self.frame.variables[node.target.id] = value
        return value

    # ---- containers and access

    def eval_Tuple(self, node: gast.Tuple, hint: str | None) -> Value:
        return TupleVal(self.elements(node.elts))

    def eval_List(self, node: gast.List, hint: str | None) -> Value:
        return self.allocate(ListContents(self.elements(node.elts)))

    def eval_Set(self, node: gast.Set, hint: str | None) -> Value:
        return self.allocate(DictContents({self.key_of(i): i for i in self.elements(node.elts)}, is_set=True))

    def elements(self, nodes: list[gast.expr]) -> tuple[Value, ...]:
        items: list[Value] = []
        for node in nodes:
            if isinstance(node, gast.Starred):
                items += self.must_items(self.expression(node.value), "*")
            else:
                items.append(self.expression(node))
        return tuple(items)

    def eval_Dict(self, node: gast.Dict, hint: str | None) -> Value:
        items: dict[Any, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                items |= self.heap[self.expression(value).key].items
            else:
                items[self.key_of(self.expression(key))] = self.expression(value)
        return self.allocate(DictContents(items))

    def eval_Subscript(self, node: gast.Subscript, hint: str | None) -> Value:
        base = self.expression(node.value)
        return self.subscript(base, self.index(node.slice), hint)

    def index(self, node: gast.expr) -> Value:
        return self.expression(node)

    def eval_Slice(self, node: gast.Slice, hint: str | None) -> Value:
        parts = [Const(None) if part is None else self.plain(self.expression(part))
                 for part in (node.lower, node.upper, node.step)]
        return SliceVal(*parts)

    def eval_Attribute(self, node: gast.Attribute, hint: str | None) -> Value:
        return self.attribute(self.expression(node.value), node.attr, hint)

    def eval_Lambda(self, node: gast.Lambda, hint: str | None) -> Value:
        return self.closure(node, "lambda")

    def closure(self, node: Any, name: str) -> FunctionVal:
        spec = node.args
        names = [a.id for a in (*spec.posonlyargs, *spec.args)]
        defaults = dict(zip(reversed(names), reversed([self.expression(d) for d in spec.defaults]), strict=False))
        for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            if default is not None:
                defaults[argument.id] = self.expression(default)
        return FunctionVal(node, name, self.frame.file, self.frame, self.frame.globals, None, defaults,
                           self.frame.owner)

    # ---- calls and text

    def eval_Call(self, node: gast.Call, hint: str | None) -> Value:
        function = self.expression(node.func)
        args = self.elements(node.args)
        kwargs: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                kwargs |= self.heap[self.expression(keyword.value).key].items
            else:
                kwargs[keyword.arg] = self.expression(keyword.value)
        return self.call(function, args, kwargs, hint)

    def eval_JoinedStr(self, node: gast.JoinedStr, hint: str | None) -> Value:
        parts: list[gast.expr] = []
        for part in node.values:
            if isinstance(part, gast.FormattedValue):
                value = self.plain(self.expression(part.value))
                shown = load("None") if isinstance(value, Poison) else self.shown(value)
                spec = part.format_spec
                text = self.eval_JoinedStr(spec, None) if spec is not None else None
                spec_node = None if text is None else (
                    gast.JoinedStr([gast.Constant(text.value, None)]) if isinstance(text, Const) else spec)
                parts.append(gast.FormattedValue(shown, part.conversion, spec_node))
            else:
                parts.append(part)
        if all(isinstance(p, gast.Constant) for p in parts):
            return Const("".join(p.value for p in parts))
        return self.define(gast.JoinedStr(parts), Opaque("str"), hint)

    def shown(self, value: Value) -> gast.expr:
        if isinstance(value, Const):
            return gast.Constant(value.value if isinstance(value.value, int | float | str) else str(value.value), None)
        return self.atom(value)

    # ---- comprehensions

    def eval_ListComp(self, node: gast.ListComp, hint: str | None) -> Value:
        return self.comprehension(node, hint)

    def eval_GeneratorExp(self, node: gast.GeneratorExp, hint: str | None) -> Value:
        return self.comprehension(node, hint)

    def eval_SetComp(self, node: gast.SetComp, hint: str | None) -> Value:
        items = self.must_items(self.comprehension(node, hint), "set")
        return self.allocate(DictContents({self.key_of(i): i for i in items}, is_set=True))

    def eval_DictComp(self, node: gast.DictComp, hint: str | None) -> Value:
        pairs = self.comprehension(node, hint)
        return self.call(Const(dict), (pairs,), {})

    def comprehension(self, node: Any, hint: str | None) -> Value:
        generators = node.generators
        element = getattr(node, "elt", None) or gast.Tuple([node.key, node.value], gast.Load())
        saved = {name: self.frame.variables.get(name) for g in generators for name in target_names(g.target)}
        items: list[Value] = []
        before, written, used = self.snapshot(), len(self.out), set(self.used)
        try:
            if not self.static_comprehension(generators, element, items):
                self.restore(before)
                self.used = used
                del self.out[written:]
                return self.residual_comprehension(generators, element, hint)
        finally:
            for name, value in saved.items():
                if value is None:
                    self.frame.variables.pop(name, None)
                else:
                    self.frame.variables[name] = value
        return self.allocate(ListContents(tuple(items)))

    def static_comprehension(self, generators: list[Any], element: gast.expr, items: list[Value]) -> bool:
        """Unroll; False if a sequence is not of known length or a filter not decided (nothing is written then)."""
        first, *rest = generators
        sequence = self.known_items(self.expression(first.iter))
        if sequence is None or len(sequence) > UNROLL:
            return False
        for item in sequence:
            self.assign(first.target, item)
            verdicts = [self.truth(self.expression(test)) for test in first.ifs]
            if not all(isinstance(v, bool) for v in verdicts):
                return False
            if not all(verdicts):
                continue
            if rest:
                if not self.static_comprehension(rest, element, items):
                    return False
            else:
                items.append(self.expression(element))
        return True

    def residual_comprehension(self, generators: list[Any], element: gast.expr, hint: str | None) -> Value:
        raise NotImplementedError

    def assign(self, target: gast.expr, value: Value) -> None:
        raise NotImplementedError

    # ---- helpers for builtins

    def must_items(self, value: Value, what: str) -> tuple[Value, ...]:
        items = self.known_items(value)
        if items is None and isinstance(value, Ref) and isinstance(value.type, Array):
            items = self.iterate_static(value)
        if items is None and isinstance(value, IterVal):
            items = self.iterate_zip(value)
        if items is None:
            self.refuse("unknown-length", f"{what} needs items that are known when generating",
                        reason="the number of items is decided at run time.", remedy="a loop over an array")
        return items

    def iterate_zip(self, value: IterVal) -> tuple[Value, ...] | None:
        parts = tuple(self.allocate(ListContents(self.must_items(p, value.kind))) if isinstance(p, Ref) else p
                      for p in value.parts)
        return self.known_iteration(value.kind, parts)

    def iterate_static(self, array: Ref) -> tuple[Value, ...]:
        """Items of an array whose length is known, or observed (which then becomes part of the types)."""
        length = self.sizes.reduce(array.type.shape[0])
        if not length.is_const:
            observed = self.sizes.value(length)
            if observed is None or observed > UNROLL:
                self.refuse("unknown-length", "the items of this array are taken apart",
                            reason="its length is known only at run time.", remedy="a loop, or indices")
            self.sizes.assume(length, observed)
            length = self.sizes.reduce(length)
        return tuple(self.subscript(array, Const(k)) for k in range(length.const))

    def static_truth(self, value: Value) -> bool:
        truth = self.truth(value)
        if not isinstance(truth, bool):
            self.refuse("dynamic-filter", "this condition must be known when generating",
                        reason="it decides how many values there are.", remedy="a loop with an if")
        return truth

    def item(self, value: Ref) -> Value:
        """The only element of an array of size 1."""
        if value.type.rank == 0:
            return self.subscript(value, TupleVal(()))
        return self.subscript(value, TupleVal((Const(0),) * value.type.rank))

    def astype(self, value: Value, dtype: np.dtype, hint: str | None) -> Value:
        kind = self.type_or_none(value)
        if kind is not None and kind.dtype == dtype:
            return self.call(Const(np.copy), (value,), {}, hint) if isinstance(kind, Array) else value
        if isinstance(value, Ref) and isinstance(kind, Scalar):
            expr = gast.Call(self.constant_expression(dtype), [load(value.name)], [])
            return self.define(expr, Scalar(dtype, weak=False), hint)
        expr = gast.Call(gast.Attribute(load(value.name), "astype", gast.Load()), [self.constant_expression(dtype)], [])
        return self.define(expr, Array(dtype, kind.shape), hint)

    def copy_value(self, value: Value, *, deep: bool) -> Value:
        match value:
            case Ref(_, Array()):
                return self.call(Const(np.copy), (value,), {})
            case TupleVal(items, cls):
                return TupleVal(tuple(self.copy_value(i, deep=deep) for i in items), cls)
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, ListContents):
                    return self.allocate(ListContents(tuple(self.copy_value(i, deep=deep) for i in contents.items)))
                if isinstance(contents, DictContents):
                    return self.allocate(DictContents({k: self.copy_value(v, deep=deep)
                                                       for k, v in contents.items.items()}))
                return self.allocate(contents)
        return value

    def effect(self, name: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        """An inactive effect, kept as it stands."""
        call = gast.Call(load(name), [self.shown(self.plain(a)) for a in args],
                         [gast.keyword(k, self.shown(self.plain(v))) for k, v in kwargs.items()])
        self.emit(gast.Expr(call))

    def warn_rounding(self) -> None:
        where = f"{self.span.file}:{self.span.line}" if self.span else "?"
        note = f"{where}: a rounded value has derivative zero"
        if note not in self.warnings:
            self.warnings.append(note)

    def residual_or_fold(self, path: str, function: Any, args: tuple[Value, ...], hint: str | None) -> Value:
        args = tuple(self.plain(a) for a in args)
        if all(isinstance(a, Const) for a in args):
            return self.fold(function, *(a.value for a in args))
        return self.residual_call(path, function, args, {}, hint)

    def class_of(self, value: Value) -> type:
        match value:
            case Const(constant):
                return type(constant)
            case ShapeItem():
                return int
            case Ref(_, Array()):
                return np.ndarray
            case Ref(_, Scalar(dtype, weak)):
                return {"f": float, "i": int, "b": bool, "c": complex, "u": int}[dtype.kind] if weak else dtype.type
            case Ref(_, ListOf()):
                return list
            case Ref(_, TupleOf()):
                return tuple
            case TupleVal(_, cls):
                return cls or tuple
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, ObjectContents):
                    return contents.cls
                return list if isinstance(contents, ListContents | Ref) else \
                    (set if contents.is_set else dict)
            case RangeVal():
                return range
            case SliceVal():
                return slice
        return type(lambda: None)

    def has_attribute(self, value: Value, name: str) -> bool:
        if isinstance(value, Handle) and isinstance(self.heap[value.key], ObjectContents):
            contents = self.heap[value.key]
            return name in contents.attributes or hasattr(contents.cls, name) or \
                (contents.origin is not None and hasattr(contents.origin, name))
        if isinstance(value, Const):
            return hasattr(value.value, name)
        return hasattr(self.class_of(value), name)

    def sum_loop(self, value: Value, start: Value) -> Value:
        raise NotImplementedError

    def append_residual(self, value: Ref, item: Value) -> Value:
        item = self.plain(item)
        known = value.type.item
        kind = self.type_or_none(item)
        if isinstance(item, Const):
            item = Const(float(item.value))
            kind = FLOAT
        if known is None or (isinstance(known, Scalar) and isinstance(kind, Scalar)):
            kind = Scalar(kind.dtype) if isinstance(kind, Scalar) else kind
            if known is None:
                self.types[value.name] = ListOf(kind)
                object.__setattr__(value.type, "item", kind)
        call = gast.Call(gast.Attribute(load(value.name), "append", gast.Load()), [self.atom(item)], [])
        self.emit(gast.Expr(call))
        return Const(None)


UNROLL = 64


def target_names(target: gast.expr) -> list[str]:
    """Names that an assignment to `target` binds."""
    return [n.id for n in gast.walk(target) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)]
