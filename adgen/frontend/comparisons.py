"""Comparisons, identity and membership."""

from __future__ import annotations

import dataclasses
import operator
from typing import Any

import gast

from adgen.analyses.types import OPERATOR_FUNCTIONS
from adgen.frontend.optionals import Optionals
from adgen.frontend.state import NUMBER
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    Handle,
    ListContents,
    ObjectContents,
    OptionalVal,
    Ref,
    ShapeItem,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.types import BOOL, Opaque, int_type_of

COMPARISONS = {"Eq": "eq", "NotEq": "ne", "Lt": "lt", "LtE": "le", "Gt": "gt", "GtE": "ge"}
MIRRORED = {"Eq": "eq", "NotEq": "ne", "Lt": "gt", "LtE": "ge", "Gt": "lt", "GtE": "le"}
NOT_IMPLEMENTED = Const(NotImplemented)


class Comparisons(Optionals):
    """``==``, ``<``, ``is``, ``in``: decided when generating where both sides, or the outcome, are known."""

    def compare(self, op: gast.cmpop, left: Value, right: Value) -> Value:
        left, right = self.settled(left), self.settled(right)
        if isinstance(op, gast.Is | gast.IsNot):
            return self.identity(left, right, isinstance(op, gast.Is))
        if isinstance(op, gast.Eq | gast.NotEq):
            equal = self.optional_equality(op, left, right)
            if equal is not None:
                return equal
        left, right = self.plain(left), self.plain(right)
        if isinstance(op, gast.In | gast.NotIn):
            return self.membership(left, right, isinstance(op, gast.In))
        function = OPERATOR_FUNCTIONS[type(op).__name__]
        if isinstance(left, Const) and isinstance(right, Const):
            return self.fold(function, left.value, right.value)
        overloaded = self.compared(op, left, right)
        if overloaded is not None:
            return overloaded
        static = self.static_comparison(function, left, right)
        if static is None:
            static = self.decided(op, left, right)
        if static is not None:
            return static
        type_ = (
            BOOL if equality_of_text(op, left, right) else self.infer(function, (left, right), {}, "this comparison")
        )
        return self.define(gast.Compare(self.atom(left), [op], [self.atom(right)]), type_)

    def compared(self, op: gast.cmpop, left: Value, right: Value) -> Value | None:
        """Comparisons of objects: by what their classes define, else by identity."""
        name = type(op).__name__
        sides = ((left, right, COMPARISONS[name]), (right, left, MIRRORED[name]))
        for value, other, stem in sides:
            found = self.class_method(value, f"__{stem}__")
            result = None if found is None else self.call(found, (other,), {})
            if result is not None and result != NOT_IMPLEMENTED:
                return result
        if isinstance(op, gast.NotEq) and any(self.class_method(v, "__eq__") for v in (left, right)):
            return self.negation(self.compare(gast.Eq(), left, right))
        if any(map(self.is_object, (left, right))):
            records = self.compared_records(op, left, right)
            if records is not None:
                return records
            if isinstance(op, gast.Eq | gast.NotEq):
                return Const((left == right) == isinstance(op, gast.Eq))
        return None

    def is_object(self, value: Value) -> bool:
        return isinstance(value, Handle) and isinstance(self.heap[value.key], ObjectContents)

    def compared_records(self, op: gast.cmpop, left: Value, right: Value) -> Value | None:
        """Instances of one dataclass are compared like the tuples of their fields."""
        one, two = (self.heap[v.key] if self.is_object(v) else None for v in (left, right))
        if one is None or two is None or one.cls is not two.cls or not dataclasses.is_dataclass(one.cls):
            return None
        kind = one.cls.__dataclass_params__
        if not (kind.eq if isinstance(op, gast.Eq | gast.NotEq) else kind.order):
            return None
        names = [f.name for f in dataclasses.fields(one.cls) if f.compare]
        sides = [TupleVal(tuple(self.attribute(v, n) for n in names)) for v in (left, right)]
        return self.compare(op, *sides)

    def attribute(self, base: Value, name: str, hint: str | None = None) -> Value:
        raise NotImplementedError

    def static_comparison(self, function: Any, left: Value, right: Value) -> Value | None:
        """Comparisons of extents that differ by a known number, and of containers and text."""
        a, b = (getattr(self.type_or_none(v), "value", None) for v in (left, right))
        if a is not None and b is not None:
            difference = self.sizes.reduce(a - b)
            if not difference.is_const and any(id(f.node) in self.recursive for f in self.frames):
                difference = self.observed_difference(difference)
            if difference.is_const:
                return Const(function(difference.const, 0))
        equality = function in (operator.eq, operator.ne)
        if equality and isinstance(left, TupleVal) and isinstance(right, TupleVal):
            return self.compare_sequences(function, left.items, right.items)
        if equality:
            kinds = [self.heap[v.key] if isinstance(v, Handle) else v for v in (left, right)]
            if all(isinstance(k, ListContents) for k in kinds):
                return self.compare_sequences(function, kinds[0].items, kinds[1].items)
            if all(isinstance(k, DictContents) for k in kinds):
                keys = kinds[0].items.keys()
                if keys != kinds[1].items.keys() or kinds[0].is_set:
                    return Const((keys == kinds[1].items.keys()) == (function is operator.eq))
                ordered = tuple(kinds[1].items[k] for k in keys)
                return self.compare_sequences(function, tuple(kinds[0].items.values()), ordered)
            if any(isinstance(k, ListContents | DictContents | TupleVal) for k in kinds):
                return Const(function is operator.ne)
            odd = [isinstance(v, Const) and not isinstance(v.value, NUMBER) for v in (left, right)]
            if (
                any(odd)
                and not all(isinstance(v, Const) for v in (left, right))
                and not any(isinstance(self.type_or_none(v), Opaque) for v in (left, right))
            ):
                return Const(function is operator.ne)
        return None

    def observed_difference(self, difference: Dim) -> Dim:
        """In recursive functions, integers and sizes are those of the call at hand: they decide the depth."""
        for symbol in difference.symbols:
            value = self.sizes.observed.get(symbol)
            if value is not None and symbol in self.sizes.entry_symbols:
                self.sizes.assume(Dim.symbol(symbol), value)
        return self.sizes.reduce(difference)

    def compare_sequences(self, function: Any, left: tuple[Value, ...], right: tuple[Value, ...]) -> Value:
        if len(left) != len(right):
            return Const(function is operator.ne)
        result: Value = Const(True)
        for a, b in zip(left, right, strict=True):
            result = self.conjunction(result, lambda a=a, b=b: self.compare(gast.Eq(), a, b))
        return result if function is operator.eq else self.negation(result)

    def type_or_none(self, value: Value) -> Any:
        match value:
            case Ref(_, type_):
                return type_
            case ShapeItem(_, _, dim):
                return int_type_of(dim)
            case Const(number) if type(number) is int:
                return int_type_of(number)
        return None

    def identity(self, left: Value, right: Value, positive: bool) -> Value:
        """``left is right``, ``left is not right``."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, OptionalVal) and other == NONE:
                return one.missing if positive else self.negation(one.missing)
        return Const(self.same_object(left, right) == positive)

    def same_object(self, left: Value, right: Value) -> bool:
        if isinstance(left, Const) and isinstance(right, Const):
            return left.value is right.value
        if isinstance(left, Ref) and isinstance(right, Ref):
            return left.name == right.name
        for one, two in ((left, right), (right, left)):
            if isinstance(one, Const) and isinstance(two, Handle) and isinstance(self.heap[two.key], ObjectContents):
                return self.heap[two.key].origin is one.value and one.value is not None
        return left == right

    def membership(self, item: Value, container: Value, positive: bool) -> Value:
        found = self.class_method(container, "__contains__")
        if found is not None:
            inside = self.truth(self.call(found, (item,), {}))
            return (
                Const(inside == positive) if isinstance(inside, bool) else inside if positive else self.negation(inside)
            )
        items = self.known_items(container)
        if (
            isinstance(container, Handle)
            and isinstance(self.heap[container.key], DictContents)
            and isinstance(item, Const)
        ):
            return Const((item.value in self.heap[container.key].items) == positive)
        if isinstance(container, Const) and isinstance(item, Const):
            return Const((item.value in container.value) == positive)
        if items is None:
            type_ = self.infer(lambda a, b: a in b, (item, container), {}, "`in`")
            op = gast.In() if positive else gast.NotIn()
            return self.define(gast.Compare(self.atom(item), [op], [self.atom(container)]), type_)
        result: Value = Const(False)
        for candidate in items:
            result = self.disjunction(result, lambda c=candidate: self.compare(gast.Eq(), item, c))
        return result if positive else self.negation(result)

    def known_items(self, value: Value) -> tuple[Value, ...] | None:
        raise NotImplementedError

    def disjunction(self, left: Value, right: Any) -> Value:
        raise NotImplementedError

    def plain(self, value: Value) -> Value:
        raise NotImplementedError

    def fold(self, function: Any, *values: Any) -> Value:
        raise NotImplementedError

    def infer(self, function: Any, args: Any, kwargs: Any, what: str) -> Any:
        raise NotImplementedError

    def class_method(self, value: Value, name: str) -> Value | None:
        raise NotImplementedError

    def call(self, function: Value, args: Any, kwargs: Any, hint: str | None = None) -> Value:
        raise NotImplementedError


def equality_of_text(op: gast.cmpop, *sides: Any) -> bool:
    """Whether two pieces of text are compared, of which at least one is known only at run time."""
    return isinstance(op, gast.Eq | gast.NotEq) and all(
        isinstance(v.value, str) if isinstance(v, Const) else isinstance(v, Ref) and v.type == Opaque("str")
        for v in sides
    )
