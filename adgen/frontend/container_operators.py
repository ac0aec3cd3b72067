"""Operators on tuples, lists, dicts, sets and text."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any

import gast

from adgen.frontend.state import State
from adgen.frontend.values import Const, DictContents, Handle, ListContents, Ref, TupleVal, Value
from adgen.program.types import ListOf, Opaque, Scalar

SET_OPERATORS = {
    "BitOr": "union",
    "BitAnd": "intersection",
    "Sub": "difference",
    "BitXor": "symmetric_difference",
}


class ContainerOperators(State):
    """``+``, ``*``, ``%``, ``|`` and the like where one side is no number."""

    def container_operator(self, name: str, left: Value, right: Value) -> Value | None:
        """Operators on tuples, lists, dicts, sets and text; None if neither side is one."""
        contents: list[Any] = [self.heap[v.key] if isinstance(v, Handle) else v for v in (left, right)]
        if name == "Mod" and self.is_text(left):
            expr = gast.BinOp(self.atom(left), gast.Mod(), self.atom(right))
            return self.fold_text(left, right) or self.define(expr, Opaque("str"))
        if name == "Add" and any(map(self.is_text, (left, right))):
            return self.define(gast.BinOp(self.atom(left), gast.Add(), self.atom(right)), Opaque("str"))
        if name == "Mult":
            return self.repeated(left, right)
        if any(isinstance(c, Ref) and isinstance(c.type, ListOf) for c in contents):
            if name == "Add":
                return self.evaluate("[_item for _part in (_left, _right) for _item in _part]", left=left, right=right)
            return None
        if name == "Add" and isinstance(left, TupleVal) and isinstance(right, TupleVal):
            return TupleVal(left.items + right.items)
        if name == "Add" and all(isinstance(c, ListContents) for c in contents):
            return self.allocate(ListContents(contents[0].items + contents[1].items))
        if name in SET_OPERATORS and all(isinstance(c, DictContents) for c in contents):
            items = set_operation(SET_OPERATORS[name], contents[0].items, contents[1].items)
            if contents[0].is_set:
                return self.allocate(DictContents(items, contents[0].cls))
            if name == "BitOr":
                return self.allocate(replace(contents[0], items=items))
        return None

    def repeated(self, left: Value, right: Value) -> Value | None:
        """``[x] * n`` of known items or, for numbers, of a length that is decided at run time."""
        for sequence, count in ((left, right), (right, left)):
            contents: Any = self.heap[sequence.key] if isinstance(sequence, Handle) else sequence
            if isinstance(contents, Ref) and isinstance(contents.type, ListOf):
                return self.evaluate("[_item for _ in range(_n) for _item in _items]", items=contents, n=count)
            if not isinstance(contents, ListContents | TupleVal):
                continue
            number = self.type_or_none(count)
            if not isinstance(count, Const) and isinstance(number, Scalar) and number.kind in "iu":
                kinds = [self.type_or_none(i) for i in contents.items if not isinstance(i, Const)]
                if isinstance(contents, ListContents) and all(isinstance(k, Scalar) for k in kinds):
                    return None if sequence is left else self.binary(gast.Mult(), right, left)  # one spelling
                count = Const(self.static_value(count, "how often a sequence is repeated"))
            if isinstance(count, Const) and isinstance(count.value, int):
                if isinstance(contents, ListContents):
                    return self.allocate(ListContents(contents.items * count.value))
                return TupleVal(contents.items * count.value)
        return None

    def is_text(self, value: Value) -> bool:
        return isinstance(self.type_or_none(value), Opaque) or isinstance(value, Const) and isinstance(value.value, str)

    def fold_text(self, left: Value, right: Value) -> Value | None:
        """``"%d" % known``."""
        known = right.items if isinstance(right, TupleVal) else (right,)
        if not isinstance(left, Const) or not all(isinstance(v, Const) for v in known):
            return None
        values = tuple(v.value for v in known)
        return self.fold(operator.mod, left.value, values if isinstance(right, TupleVal) else values[0])

    def evaluate(self, text: str, **values: Value) -> Value:
        raise NotImplementedError

    def static_value(self, value: Value, what: str) -> Any:
        raise NotImplementedError

    def binary(self, op: gast.operator, left: Value, right: Value, hint: str | None = None) -> Value:
        raise NotImplementedError

    def fold(self, function: Any, *values: Any) -> Value:
        raise NotImplementedError

    def type_or_none(self, value: Value) -> Any:
        raise NotImplementedError


def set_operation(name: str, left: Any, right: Any) -> dict[Any, Value]:
    """The entries of a union, intersection, difference or symmetric difference."""
    if name == "union":
        return {**left, **right}
    if name == "intersection":
        return {k: v for k, v in left.items() if k in right}
    kept = {k: v for k, v in left.items() if k not in right}
    if name == "difference":
        return kept
    return {**kept, **{k: v for k, v in right.items() if k not in left}}
