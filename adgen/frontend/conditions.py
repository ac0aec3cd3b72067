"""Conditions in force: inside a branch its condition holds, and may decide a comparison met there.

Two numbers stand in one of four relations: ``<``, ``=``, ``>``, or none of these, if one of them is not a number.
Each condition in force leaves some of them; a comparison that is true, or false, for all that are left is decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gast

from adgen.frontend.state import State
from adgen.frontend.values import Const, Ref, Value
from adgen.program.types import Scalar

ANY = frozenset("<=>?")
TRUE_FOR = {
    gast.Lt: frozenset("<"),
    gast.LtE: frozenset("<="),
    gast.Eq: frozenset("="),
    gast.GtE: frozenset(">="),
    gast.Gt: frozenset(">"),
    gast.NotEq: frozenset("<>?"),
}
MIRROR = str.maketrans("<>", "><")

# A number with a sign: a variable, or a constant.
Side = tuple[int, Any]


class Conditions(State):
    """Comparisons that follow from the branches in which they stand."""

    def __init__(self, sizes: Any) -> None:
        super().__init__(sizes)
        self.relations: list[tuple[Side, Side, frozenset[str]]] = []
        self.flags: list[tuple[str, bool]] = []  # variables that are known to be true, or false

    @contextmanager
    def assuming(self, test: Value, outcome: bool) -> Iterator[None]:
        """What is specialised meanwhile runs only where the test has this outcome."""
        before, flags = len(self.relations), len(self.flags)
        if isinstance(test, Ref):
            self.assume(self.atom(test), outcome)
        try:
            yield
        finally:
            del self.relations[before:]
            del self.flags[flags:]

    def assume(self, test: gast.expr, outcome: bool) -> None:
        match test:
            case gast.Name(id=name) if name in self.definitions:
                self.assume(self.definitions[name], outcome)
            case gast.Name(id=name):
                self.flags.append((name, outcome))
            case gast.UnaryOp(op=gast.Not(), operand=operand):
                self.assume(operand, not outcome)
            case gast.BoolOp(op=op, values=values) if isinstance(op, gast.And) == outcome:
                for value in values:
                    self.assume(value, outcome)
            case gast.Compare(left=left, ops=[op], comparators=[right]):
                found = self.relation(op, left, right)
                if found is not None:
                    one, other, true_for = found
                    self.relations.append((one, other, true_for if outcome else ANY - true_for))

    def decided(self, op: gast.cmpop, left: Value, right: Value) -> Const | None:
        """The outcome of a comparison, where the conditions in force leave one only."""
        if not self.relations or not all(map(self.is_real_number, (left, right))):
            return None
        found = self.relation(op, self.atom(left), self.atom(right))
        if found is None:
            return None
        one, other, true_for = found
        possible = ANY.intersection(*(r for a, b, r in self.relations if (a, b) == (one, other)))
        if possible <= true_for:
            return Const(True)
        return None if possible & true_for else Const(False)

    def known_flag(self, flag: Value) -> bool | None:
        """Whether a variable is true, where the branches around this place tell."""
        if isinstance(flag, Const):
            return bool(flag.value)
        return next(
            (known for name, known in reversed(self.flags) if isinstance(flag, Ref) and name == flag.name), None
        )

    def is_real_number(self, value: Value) -> bool:
        type_ = self.type_or_none(value)
        return (isinstance(type_, Scalar) and type_.kind in "fi") or (
            isinstance(value, Const) and type(value.value) in (int, float)
        )

    def relation(self, op: gast.cmpop, left: gast.expr, right: gast.expr) -> tuple[Side, Side, frozenset[str]] | None:
        """The sides of a comparison, however it is spelt, and the relations for which it is true."""
        true_for = TRUE_FOR.get(type(op))
        one, other = self.side_of(left), self.side_of(right)
        if true_for is None or one is None or other is None or not isinstance(one[1], str | int | float):
            return None
        if not isinstance(one[1], str) or (isinstance(other[1], str) and other[1] < one[1]):
            one, other, true_for = other, one, mirrored(true_for)
        if not isinstance(one[1], str):
            return None
        if one[0] < 0:
            one, other, true_for = (1, one[1]), negative(other), mirrored(true_for)
        return one, other, true_for

    def side_of(self, expr: gast.expr) -> Side | None:
        match expr:
            case gast.Name(id=name):
                match self.definitions.get(name):
                    case gast.UnaryOp(op=gast.USub(), operand=gast.expr() as operand):
                        inner = self.side_of(operand)
                        return None if inner is None else negative(inner)
                return 1, name
            case gast.Constant(value=value) if type(value) in (int, float):
                return 1, value
        return None

    def type_or_none(self, value: Value) -> Any:
        raise NotImplementedError


def negative(side: Side) -> Side:
    sign, value = side
    return (-sign, value) if isinstance(value, str) else (sign, -value)


def mirrored(relations: frozenset[str]) -> frozenset[str]:
    return frozenset(r.translate(MIRROR) for r in relations)
