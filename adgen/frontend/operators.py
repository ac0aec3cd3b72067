"""Operators, comparisons and boolean logic on abstract values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from adgen.analyses.stand_ins import NoType
from adgen.analyses.types import OPERATOR_FUNCTIONS, result_type
from adgen.errors import CannotInfer
from adgen.frontend.comparisons import NOT_IMPLEMENTED, Comparisons
from adgen.frontend.container_operators import ContainerOperators
from adgen.frontend.frames import Snapshot
from adgen.frontend.nodes import load
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    Handle,
    ListContents,
    OptionalVal,
    Poison,
    Ref,
    ShapeItem,
    TupleVal,
    Value,
)
from adgen.program.syntax import nodes_in
from adgen.program.types import BOOL, Array, ListOf, Opaque, Scalar, TupleOf

Thunk = Callable[[], Value]
DUNDER = {
    "Add": "add",
    "Sub": "sub",
    "Mult": "mul",
    "Div": "truediv",
    "Pow": "pow",
    "MatMult": "matmul",
    "FloorDiv": "floordiv",
    "Mod": "mod",
    "BitAnd": "and",
    "BitOr": "or",
    "BitXor": "xor",
    "LShift": "lshift",
    "RShift": "rshift",
}
SIGNS = {"USub": "neg", "UAdd": "pos", "Invert": "invert"}


class Operators(Comparisons, ContainerOperators):
    """Unary, binary and comparison operators; truth; short circuits."""

    def binary(self, op: gast.operator, left: Value, right: Value, hint: str | None = None) -> Value:
        name = type(op).__name__
        function = OPERATOR_FUNCTIONS[name]
        left, right = self.plain(left), self.plain(right)
        if isinstance(left, Const) and isinstance(right, Const):
            return self.fold(function, left.value, right.value)
        joined = self.container_operator(name, left, right)
        if joined is not None:
            return joined
        overloaded = self.overloaded(name, left, right)
        if overloaded is not None:
            return overloaded
        type_ = self.infer(function, (left, right), {}, self.describe_operator(op))
        if isinstance(type_, Array) and any(isinstance(v, Handle | TupleVal) for v in (left, right)):
            return self.binary(op, self.numeric(left), self.numeric(right), hint)  # an array with a list
        return self.guarded_operator(
            name,
            left,
            right,
            lambda: self.define(gast.BinOp(self.atom(left), op, self.atom(right)), type_, hint),
        )

    def guarded_operator(self, name: str, left: Value, right: Value, define: Thunk) -> Value:
        """The operation, with what happens if it raises an exception that is caught."""
        raise NotImplementedError

    def describe_operator(self, op: gast.AST) -> str:
        return (
            gast.unparse(gast.BinOp(load("a"), op, load("b"))).strip() if isinstance(op, gast.operator) else "operator"
        )

    def plain(self, value: Value) -> Value:
        """Extents become values; anything undecided is refused here."""
        if isinstance(value, ShapeItem):
            return self.shape_item(value)
        if isinstance(value, OptionalVal):
            return self.present(value)
        if isinstance(value, Poison):
            self.atom(value)
        return value

    def fold(self, function: Any, *values: Any) -> Value:
        try:
            return Const(function(*values))
        except Exception as error:  # the user's own operation fails on constants  # noqa: BLE001
            self.refuse(
                "constant-error",
                f"{type(error).__name__}: {error}",
                reason="this operation on known values always fails.",
                remedy="a valid operation",
                raises=type(error),
                always=True,
            )

    def infer(self, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value], what: str) -> Any:
        """Type of an operation's result, or a refusal in the user's words."""
        types = [self.type_of(a) for a in args]
        keywords = {k: self.type_of(v) for k, v in kwargs.items()}
        self.sizes.certain = self.out is self.top
        try:
            return result_type(function, types, keywords, self.sizes, f"%{self.next_fresh()}")
        except NoType as error:
            self.refuse(
                "no-type",
                f"{what} can't be applied to these types",
                kind=CannotInfer,
                reason=f"on small stand-ins of the same types it fails: {error}.",
                remedy="check the types of the arguments (adgen explain shows them)",
                raises=type(error.__cause__) if isinstance(error.__cause__, Exception) else None,
                always=NONE in args and "NoneType" in str(error),
            )

    def next_fresh(self) -> int:
        self.unknown_sizes = getattr(self, "unknown_sizes", 0) + 1
        return self.unknown_sizes

    def overloaded(self, name: str, left: Value, right: Value) -> Value | None:
        """Operators that a user's class defines."""
        stem = DUNDER.get(name)
        for value, other, method in ((left, right, f"__{stem}__"), (right, left, f"__r{stem}__")):
            found = self.class_method(value, method) if stem else None
            result = None if found is None else self.call(found, (other,), {})
            if result is not None and result != NOT_IMPLEMENTED:
                return result
        return None

    def class_method(self, value: Value, name: str) -> Value | None:
        raise NotImplementedError

    def numeric(self, value: Value) -> Value:
        raise NotImplementedError

    def call(
        self, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None = None
    ) -> Value:
        raise NotImplementedError

    def unary(self, op: gast.unaryop, operand: Value, hint: str | None = None) -> Value:
        operand = self.plain(operand)
        if isinstance(op, gast.Not):
            return self.negation(operand)
        function = OPERATOR_FUNCTIONS[type(op).__name__]
        if isinstance(operand, Const):
            return self.fold(function, operand.value)
        method = self.class_method(operand, f"__{SIGNS[type(op).__name__]}__")
        if method is not None:
            return self.call(method, (), {})
        if isinstance(op, gast.UAdd) and isinstance(operand, Ref):
            return operand
        type_ = self.infer(function, (operand,), {}, "this operator")
        return self.define(gast.UnaryOp(op, self.atom(operand)), type_, hint)

    def negation(self, operand: Value) -> Value:
        truth = self.truth(operand)
        if isinstance(truth, bool):
            return Const(not truth)
        return self.define(gast.UnaryOp(gast.Not(), self.atom(truth)), BOOL)

    # ---- truth and short circuits

    def truth(self, value: Value) -> bool | Value:
        """True, False, or the value to test when the program runs."""
        match value:
            case Const(constant):
                return bool(constant)
            case TupleVal(items):
                return bool(items)
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, ListContents | DictContents):
                    return bool(contents.items)
                if isinstance(contents, Ref):
                    return self.truth(contents)
                method = self.class_method(value, "__bool__") or self.class_method(value, "__len__")
                return True if method is None else self.truth(self.call(method, (), {}))
            case ShapeItem():
                return self.truth(self.shape_item(value))
            case OptionalVal():
                return self.optional_truth(value)
            case Ref(_, Scalar(value=dim)) if dim is not None and self.sizes.reduce(dim).is_const:
                return bool(self.sizes.reduce(dim).const)
            case Ref(_, ListOf()):  # its length is a number, which can be recorded
                return self.truth(self.compare(gast.Gt(), self.call(Const(len), (value,), {}), Const(0)))
            case Ref(_, Array() | Scalar() | Opaque() | TupleOf()):
                return value
            case Poison():
                self.atom(value)
        return True

    def conjunction(self, left: Value, right: Thunk) -> Value:
        return self.short_circuit(gast.And(), left, right)

    def disjunction(self, left: Value, right: Thunk) -> Value:
        return self.short_circuit(gast.Or(), left, right)

    def short_circuit(self, op: gast.boolop, left: Value, right: Thunk, *, only_truth: bool = False) -> Value:
        """``left and right()``: as one expression if the right side is simple, else as an ``if``."""
        truth = self.truth(left)
        stop_at = isinstance(op, gast.Or)
        if isinstance(truth, bool):
            return left if truth == stop_at else right()
        before = self.snapshot()
        with self.block() as block:
            other = self.unless_raised(right)
        other_truth = self.truth(other)
        if (
            isinstance(other_truth, bool)
            and isinstance(other, Const)
            and isinstance(other.value, bool)
            and other_truth != stop_at
        ):
            return left
        if only_truth and other_truth is stop_at and not block and self.is_as_before(before):
            return Const(stop_at)
        if self.is_condition(left) and self.is_condition(other):
            folded = fold_block(block, self.atom(other), self.temporaries)
            if folded is not None:
                return self.define(gast.BoolOp(op, [self.atom(left), folded]), BOOL)
        self.restore(before)
        kept: Thunk = lambda: left  # noqa: E731
        return self.choose(left, kept, right) if stop_at else self.choose(left, right, kept)

    def is_as_before(self, state: Snapshot) -> bool:
        """Whether nothing was bound or written since."""
        now = self.snapshot()
        return now.variables == state.variables and all(now.heap.get(k) is c for k, c in state.heap.items())

    def unless_raised(self, run: Thunk) -> Value:
        """A value, or an undecided one if an exception is raised for sure on the way to it."""
        raise NotImplementedError

    def is_condition(self, value: Value) -> bool:
        kind = self.type_or_none(value)
        return (isinstance(kind, Scalar) and kind.kind in "biu") or isinstance(value, Const)

    def choose(self, test: Value, then: Thunk, otherwise: Thunk, hint: str | None = None) -> Value:
        raise NotImplementedError

    def as_test(self, value: Value) -> gast.expr:
        return self.atom(value)

    # ---- values that must be known

    def static_or_none(self, value: Value) -> Any:
        return None if isinstance(value, Const) and value.value is None else self.static_value(value, "a slice's bound")

    def static_value(self, value: Value, what: str) -> Any:
        """The value itself; an argument whose value decides the code becomes part of the specialisation."""
        value = self.plain(value)
        if isinstance(value, Const):
            return value.value
        if isinstance(value, TupleVal):
            return tuple(self.static_value(v, what) for v in value.items)
        if isinstance(value, Handle) and isinstance(self.heap[value.key], ListContents):
            return [self.static_value(v, what) for v in self.heap[value.key].items]
        if isinstance(value, Ref) and value.static is not None:
            self.frozen[value.name] = value.static
            return value.static
        dim = getattr(self.type_or_none(value), "value", None)
        if dim is not None and self.sizes.reduce(dim).is_const:
            return self.sizes.reduce(dim).const
        self.refuse(
            "must-be-known",
            f"{what} must be known when the derivative is generated",
            reason="it decides the types of the results.",
            remedy="a constant, or an argument of the function",
        )


def fold_block(block: list[gast.stmt], value: gast.expr, temporaries: set[str]) -> gast.expr | None:
    """One expression for a block of definitions of temporaries, each used once; None if there is none."""
    known: dict[str, gast.expr] = {}
    for statement in block:
        match statement:
            case gast.Assign(targets=[gast.Name(id=name)], value=expr) if name in temporaries:
                known[name] = expr
            case _:
                return None
    counts: dict[str, int] = {}
    for expr in [*known.values(), value]:
        for node in nodes_in(expr):
            if isinstance(node, gast.Name):
                counts[node.id] = counts.get(node.id, 0) + 1
    if any(counts.get(name, 0) > 1 for name in known):
        return None
    return _Substitute(known).visit(value)


class _Substitute(gast.NodeTransformer):
    def __init__(self, known: dict[str, gast.expr]) -> None:
        self.known = known

    def visit_Name(self, node: gast.Name) -> gast.expr:
        expr = self.known.get(node.id)
        return node if expr is None else self.visit(expr)
