"""Evaluation of expressions: every Python expression that is accepted, and why the others are not."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

import gast

from adgen.analyses.sizes import Sizes
from adgen.frontend.bindings import target_names
from adgen.frontend.frames import Frame
from adgen.frontend.functions import call_site
from adgen.frontend.operations import UNROLL, Operations
from adgen.frontend.supported import REFUSED_EXPRESSIONS
from adgen.frontend.values import (
    Const,
    DictContents,
    FunctionVal,
    Handle,
    ListContents,
    OptionalVal,
    Poison,
    SliceVal,
    TupleVal,
    Value,
)
from adgen.program.types import Opaque

FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


class Expressions(Operations):
    """One method for each kind of expression node."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        self.scopes: list[Frame] = []

    def expression(self, node: gast.expr, hint: str | None = None) -> Value:
        handler = getattr(self, f"eval_{type(node).__name__}", None)
        span, self.span = self.span, self.span_at(node)
        try:
            if handler is None:
                self.refuse_node(node, REFUSED_EXPRESSIONS)
            return handler(node, hint)
        except FAILURES as error:
            self.not_understood(error)
        finally:
            self.span = span

    def not_understood(self, error: Exception) -> NoReturn:
        """What fails on the values at hand, as Python itself would or because nothing here provides for it."""
        self.refuse(
            "not-understood",
            "this can't be carried out on these values",
            reason=f"{type(error).__name__}: {error}.".replace("\n", " "),
            remedy="values of the types that it takes; if it has them, another spelling",
        )

    def span_at(self, node: gast.AST) -> Any:
        if getattr(node, "lineno", None) is None or self.frame.function_of_library:
            return self.span
        span = call_site(node, self.frame.file, self.frame.function)
        return replace(span, errstate=self.errstate_text()) if self.errstate else span

    def errstate_text(self) -> str:
        return ", ".join(f'{kind}="{mode}"' for kind, mode in sorted(self.errstate.items()))

    def refuse_node(self, node: gast.AST, table: dict[str, tuple[str, str, str, str]]) -> NoReturn:
        name = type(node).__name__
        slug, what, reason, remedy = table.get(
            name,
            (
                "syntax",
                f"{name} can't be differentiated",
                "it has no meaning for derivatives here.",
                "plain statements",
            ),
        )
        self.refuse(slug, what, reason=reason, remedy=remedy)

    # ---- names and constants

    def eval_Constant(self, node: gast.Constant, hint: str | None) -> Value:
        return Const(node.value)

    def eval_Name(self, node: gast.Name, hint: str | None) -> Value:
        return self.lookup(node.id)

    def lookup(self, name: str) -> Value:
        frame: Frame | None = self.frame
        early = False
        while frame is not None:
            if name in frame.variables and name not in frame.global_names:
                value = frame.variables[name]
                if isinstance(value, Poison):
                    self.atom(value)
                return self.settled(value)
            if name in frame.own_names - frame.global_names - frame.nonlocals:
                self.read_early.update((d, name) for d, f in enumerate(self.frames) if f is frame)
                early = True
                break
            if name in frame.closure:
                return self.cell_value(frame.closure[name], name)
            frame = frame.parent
        else:
            module = self.frame.globals
            if name in module:
                return self.wrap(module[name], name, module, module.get("__name__"), name)
            if hasattr(builtins, name):
                return Const(getattr(builtins, name))
        self.refuse(
            "undefined",
            f"name {name!r} is not defined",
            reason="reading it would raise NameError.",
            remedy="define it first",
            raises=NameError,
            always=early,
        )

    def cell_value(self, cell: Any, name: str) -> Value:
        try:
            value = cell.cell_contents
        except ValueError:
            self.refuse(
                "undefined",
                f"name {name!r} is not defined yet",
                reason="reading it would raise NameError.",
                remedy="define it before the derivative is made",
            )
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

    def condition(self, node: gast.expr) -> Value:
        """An expression of which only the truth matters."""
        if not isinstance(node, gast.BoolOp):
            return self.as_condition(self.expression(node))
        result = self.condition(node.values[0])
        for operand in node.values[1:]:
            result = self.short_circuit(node.op, result, lambda e=operand: self.condition(e), only_truth=True)
        return result

    def as_condition(self, value: Value) -> Value:
        truth = self.truth(value)
        return Const(truth) if isinstance(truth, bool) else truth

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
        test = self.condition(node.test)
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
        return self.allocate(DictContents({self.key_of(i): i for i in self.elements(node.elts)}, cls=set))

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
        parts = [
            Const(None) if part is None else self.plain(self.expression(part))
            for part in (node.lower, node.upper, node.step)
        ]
        return SliceVal(*parts)

    def eval_Attribute(self, node: gast.Attribute, hint: str | None) -> Value:
        return self.attribute(self.expression(node.value), node.attr, hint)

    def eval_Lambda(self, node: gast.Lambda, hint: str | None) -> Value:
        return self.closure(node, "lambda")

    def closure(self, node: Any, name: str) -> FunctionVal:
        scope = self.scopes[-1] if self.scopes and self.scopes[-1].parent is self.frame else self.frame
        spec = node.args
        names = [a.id for a in (*spec.posonlyargs, *spec.args)]
        defaults = dict(zip(reversed(names), reversed([self.expression(d) for d in spec.defaults]), strict=False))
        for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            if default is not None:
                defaults[argument.id] = self.expression(default)
        return FunctionVal(node, name, self.frame.file, scope, self.frame.globals, None, defaults, self.frame.owner)

    # ---- calls and text

    def entries(self, value: Value) -> Mapping[str, Value]:
        """What ``**value`` hands on."""
        if isinstance(value, Const):
            value = self.wrap_const(value)
        contents = self.heap[value.key] if isinstance(value, Handle) else None
        if not isinstance(contents, DictContents):
            self.refuse(
                "wrong-call",
                "what stands behind ** is no dict",
                reason="its entries must be known when generating.",
                remedy="a dict, or the keyword arguments themselves",
            )
        return contents.items

    def eval_Call(self, node: gast.Call, hint: str | None) -> Value:
        function = self.expression(node.func)
        args = self.elements(node.args)
        kwargs: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                kwargs |= self.entries(self.expression(keyword.value))
            else:
                kwargs[keyword.arg] = self.expression(keyword.value)
        return self.call(function, args, kwargs, hint)

    def eval_JoinedStr(self, node: gast.JoinedStr, hint: str | None) -> Value:
        parts: list[gast.expr] = []
        for part in node.values:
            if isinstance(part, gast.FormattedValue):
                shown = self.shown(self.expression(part.value))
                spec = part.format_spec
                text = self.eval_JoinedStr(spec, None) if spec is not None else None
                spec_node = (
                    None
                    if text is None
                    else (gast.JoinedStr([gast.Constant(text.value, None)]) if isinstance(text, Const) else spec)
                )
                parts.append(gast.FormattedValue(shown, part.conversion, spec_node))
            else:
                parts.append(part)
        if all(isinstance(p, gast.Constant) for p in parts):
            return Const("".join(p.value for p in parts))
        return self.define(gast.JoinedStr(parts), Opaque("str"), hint)

    def shown(self, value: Value) -> gast.expr:
        value = self.settled(value)
        if isinstance(value, OptionalVal):
            return gast.IfExp(self.atom(value.missing), gast.Constant(None, None), self.atom(value.value))
        value = self.plain(value)
        if isinstance(value, Const):
            return gast.Constant(value.value if isinstance(value.value, int | float | str) else str(value.value), None)
        return self.atom(value)

    # ---- comprehensions

    def eval_ListComp(self, node: gast.ListComp, hint: str | None) -> Value:
        return self.comprehension(node, hint)

    def eval_GeneratorExp(self, node: gast.GeneratorExp, hint: str | None) -> Value:
        value = self.comprehension(node, hint)
        return self.iterator_over(value) if self.is_walkable(value) else value

    def eval_SetComp(self, node: gast.SetComp, hint: str | None) -> Value:
        items = self.must_items(self.comprehension(node, hint), "set")
        return self.allocate(DictContents({self.key_of(i): i for i in items}, cls=set))

    def eval_DictComp(self, node: gast.DictComp, hint: str | None) -> Value:
        pairs = self.comprehension(node, hint)
        return self.call(Const(dict), (pairs,), {})

    def comprehension(self, node: Any, hint: str | None) -> Value:
        generators = node.generators
        element = getattr(node, "elt", None) or gast.Tuple([node.key, node.value], gast.Load())
        saved = {name: self.frame.variables.get(name) for g in generators for name in target_names(g.target)}
        items: list[Value] = []
        # what functions made in the comprehension see of its variables, after it too
        self.scopes.append(replace(self.frame, variables={}, parent=self.frame, closure={}))
        before, written, used = self.snapshot(), len(self.out), set(self.used)
        try:
            if not self.static_comprehension(generators, element, items):
                self.restore(before)
                self.used = used
                del self.out[written:]
                return self.residual_comprehension(generators, element, hint)
        finally:
            self.scopes.pop()
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
            self.assign_item(first.target, item)
            self.scopes[-1].variables.update({n: self.frame.variables[n] for n in target_names(first.target)})
            verdicts = [self.truth(self.condition(test)) for test in first.ifs]
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

    def assign_item(self, target: gast.expr, item: Value) -> None:
        raise NotImplementedError
