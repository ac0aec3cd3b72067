"""Variables that are None on some paths and numbers on others: a flag of the program tells which."""

from __future__ import annotations

from typing import Any

import gast

from adgen.frontend.conditions import Conditions
from adgen.frontend.values import NONE, Const, OptionalVal, Value
from adgen.program.types import BOOL, Opaque, Scalar, Type

ABSENT = {"f": 0.0, "c": 0j, "b": False}


class Optionals(Conditions):
    """Reading them: as None, as a number, or with a look at the flag."""

    def settled(self, value: Value) -> Value:
        """What a value is here, where the branches around this place tell."""
        if not isinstance(value, OptionalVal):
            return value
        missing = self.known_flag(value.missing)
        return value if missing is None else NONE if missing else value.value

    def present(self, value: OptionalVal, cls: type[Exception] = TypeError, message: str = "") -> Value:
        """The number; the program raises, as the function itself would, where there is none."""
        known = self.settled(value)
        if not isinstance(known, OptionalVal):
            return known
        if self.catches(cls):
            self.raise_if(value.missing, cls)
            return value.value
        text = gast.Constant(message or "None stands where a number is needed", None)
        error = gast.Call(gast.Name(cls.__name__, gast.Load(), None, None), [text], [])
        self.emit(gast.If(self.atom(value.missing), [gast.Raise(error, None)], []))
        return value.value

    def is_missing(self, value: Value) -> Value | None:
        """``value is None``, if that is known only at run time."""
        value = self.settled(value)
        return value.missing if isinstance(value, OptionalVal) else None

    def optional_truth(self, value: OptionalVal) -> bool | Value:
        """``bool(value)`` of what may be None."""
        known = self.settled(value)
        if not isinstance(known, OptionalVal):
            return self.truth(known)
        truth = self.truth(value.value)
        if truth is False:
            return False
        there = self.negation(value.missing)
        if truth is True:
            return there
        test = self.compare(gast.NotEq(), value.value, Const(ABSENT.get(kind_of(self.joinable_type(value.value)), 0)))
        return self.define(gast.BoolOp(gast.And(), [self.atom(there), self.atom(test)]), BOOL)

    def optional_equality(self, op: gast.cmpop, left: Value, right: Value) -> Value | None:
        """``==`` and ``!=`` where one side may be None: None equals None only."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, OptionalVal) and not isinstance(other, OptionalVal):
                equal = one.missing if other == NONE else self.both_there(one, other)
                return equal if isinstance(op, gast.Eq) else self.negation(equal)
        return None

    def both_there(self, one: OptionalVal, other: Value) -> Value:
        there = self.negation(one.missing)
        return self.conjunction(there, lambda: self.compare(gast.Eq(), one.value, other))

    def as_optional(self, value: Value, type_: Type) -> OptionalVal:
        """A number, or None, as a value that may be either."""
        match value:
            case OptionalVal():
                return value
            case Const(None):
                return OptionalVal(Const(True), absent(type_))
        return OptionalVal(Const(False), value)

    def raise_if(self, test: Value, cls: type[BaseException]) -> None:
        raise NotImplementedError

    def joinable_type(self, value: Value) -> Type | None:
        raise NotImplementedError

    def compare(self, op: gast.cmpop, left: Value, right: Value) -> Value:
        raise NotImplementedError

    def truth(self, value: Value) -> Any:
        raise NotImplementedError

    def negation(self, operand: Value) -> Value:
        raise NotImplementedError

    def conjunction(self, left: Value, right: Any) -> Value:
        raise NotImplementedError


def kind_of(type_: Any) -> str:
    return type_.kind if isinstance(type_, Scalar) else ""


def may_be_optional(type_: Type | None) -> bool:
    return isinstance(type_, Scalar) or type_ == Opaque("str")


def absent(type_: Type) -> Const:
    """What stands in a variable of this type where there is none."""
    return Const("" if isinstance(type_, Opaque) else ABSENT.get(kind_of(type_), 0))
