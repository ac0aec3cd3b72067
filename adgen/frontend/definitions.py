"""Functions that have a definition in Python: it is specialised where no row fits the call."""

from __future__ import annotations

import dis
import functools
import inspect
from typing import Any

import numpy as np

from adgen.frontend.dispatching import Dispatching
from adgen.frontend.state import NUMBER
from adgen.frontend.values import (
    Const,
    DictContents,
    FunctionVal,
    Handle,
    IterVal,
    ListContents,
    MethodVal,
    PartialVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import TupleOf, is_differentiable, type_of_number
from adgen.rules.definitions import IN_PLACE, definition_of
from adgen.rules.definitions.arrays import vectorized
from adgen.rules.fitting import fits
from adgen.rules.macros import MISSING

STRUCTURAL = frozenset("axis axes axis1 axis2 axisa axisb axisc source destination ord keepdims".split())
# Options that change how a result is computed, or where it is put, not what it is.
HARMLESS = frozenset(
    "out like kind order stable copy subok overwrite_a overwrite_b overwrite_ab overwrite_x overwrite_input workers "
    "plan method lwork lapack_driver tol check_valid check_finite full_matrices hermitian maxpower".split()
)


def parameters(definition: Any) -> tuple[str, ...]:
    return definition.__code__.co_varnames[: definition.__code__.co_argcount]


@functools.cache
def ignored(definition: Any) -> frozenset[str]:
    """Parameters that a definition does not read."""
    code = definition.__code__
    read = {i.argval for i in dis.get_instructions(code) if i.opname.startswith(("LOAD_FAST", "LOAD_CLOSURE"))}
    pairs = {name for one in read for name in (one if isinstance(one, tuple) else (one,))}
    every = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return frozenset(every) - pairs - set(code.co_cellvars)


class Definitions(Dispatching):
    """Which calls are left as they stand, and which become what their function's definition says."""

    def by_definition(
        self, function: Any, rows: list[Any], args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> Value | None:
        """The call as its function's definition has it, if it has one, is differentiable and no row fits it."""
        definition = definition_of(function)
        if definition is None:
            return None
        if definition in IN_PLACE:
            return self.inline(self.function_value(definition), args, kwargs)
        args = tuple(self.argument(a) for a in args)
        kwargs = {k: self.argument(v) for k, v in kwargs.items()}
        first: tuple[Value, ...] = ()
        if isinstance(definition, functools.partial):  # what serves any ufunc
            if any(row.kind == "refused" for _, row in rows):
                return None
            first, definition = tuple(map(Const, definition.args)), definition.func
        source = self.function_value(definition)
        if any(f.node is source.node for f in self.frames):
            return None
        values = (*args, *kwargs.values())
        if not any(self.holds_floats(v) for v in values) and not any(callable_value(v) for v in values):
            return None
        if any(self.row_fits(head, row, function, args, kwargs) for head, row in rows):
            return None
        if any(map(self.matters, *self.left_out(definition, (*first, *args), kwargs))):
            return None
        out = kwargs.pop("out", None)
        return self.deliver(self.inline(source, (*first, *args), kwargs), out, None, None)

    def left_out(self, definition: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> tuple[list[str], list]:
        """What the call gives to parameters that the definition has, but does not read."""
        given = dict(zip(parameters(definition), args, strict=False)) | kwargs
        names = [name for name in given if name in ignored(definition)]
        return names, [(given[name], inspect.signature(definition).parameters[name].default) for name in names]

    def matters(self, name: str, given: tuple[Value, Any]) -> bool:
        """Whether an option that a definition leaves out of account changes the result."""
        value, default = given
        if name in HARMLESS or value == Const(default):
            return False
        return name != "dtype" or np.dtype(self.static_value(value, "dtype")).kind not in "fc"

    def row_fits(self, head: Any, row: Any, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> bool:
        if row.kind == "refused":
            return False
        named = {k: v for k, v in kwargs.items() if k != "out"}
        bound = head.bind(function, args, named)
        return row.kind == "constant" or bound is not None and fits(head, row, bound, self.fact_type, self.fact_value)

    def fact_type(self, value: Any) -> Any:
        """The type that a rule's test sees."""
        match value:
            case tuple():
                return TupleOf(tuple(self.fact_type(v) for v in value))
            case Const(constant) if isinstance(constant, NUMBER):
                return type_of_number(constant)
            case TupleVal(items):
                return TupleOf(tuple(self.fact_type(v) for v in items))
            case Handle(key) if isinstance(self.heap[key], ListContents):
                return TupleOf(tuple(self.fact_type(v) for v in self.heap[key].items))
            case Handle(key) if isinstance(self.heap[key], Ref):
                return self.heap[key].type
        return self.type_or_none(value)

    def fact_value(self, value: Any) -> Any:
        """The value that a rule's test sees, or MISSING."""
        match value:
            case Const(constant):
                return constant
            case tuple() | TupleVal() | Handle():
                items = value if isinstance(value, tuple) else self.known_items(value)
                if items is None or isinstance(value, Handle) and isinstance(self.heap[value.key], DictContents):
                    return MISSING
                found = [self.fact_value(v) for v in items]
                if any(f is MISSING for f in found):
                    return MISSING
                return found if isinstance(value, Handle) else tuple(found)
        return MISSING

    def holds_floats(self, value: Value) -> bool:
        """Whether a derivative may pass through a value."""
        match value:
            case Ref(_, type_):
                return is_differentiable(type_)
            case Handle(key) if isinstance(contents := self.heap[key], Ref):
                return is_differentiable(contents.type)
            case TupleVal() | Handle():
                return any(self.holds_floats(v) for v in self.known_items(value) or ())
            case IterVal(_, parts):
                return any(self.holds_floats(v) for v in parts)
        return False

    def vectorized(self, function: Any, excluded: Any, signature: Any) -> Value:
        """``np.vectorize(f)`` as a function."""
        first = function if isinstance(function, Value) else Const(function)
        source = self.function_value(vectorized)
        return PartialVal(source, (first, Const(frozenset(excluded or ())), Const(signature)), {})

    def structural(
        self, function: Any, rows: list[Any], args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> tuple[tuple[Value, ...], dict[str, Value]]:
        """Integer arguments that say which axes are meant become part of what the code is generated for."""
        bound = next((b for head, _ in rows if (b := head.bind(function, args, kwargs)) is not None), {})
        chosen = [v for name, v in (*bound.items(), *kwargs.items()) if name in STRUCTURAL and isinstance(v, Ref)]

        def settled(value: Value) -> Value:
            if any(value is v for v in chosen) and isinstance(value, Ref) and value.static is not None:
                return Const(self.static_value(value, "this axis"))
            return value

        return tuple(map(settled, args)), {k: settled(v) for k, v in kwargs.items()}

    def argument(self, value: Value) -> Value:
        raise NotImplementedError

    def deliver(self, result: Value, out: Value | None, mask: Value | None, hint: str | None) -> Value:
        raise NotImplementedError


def callable_value(value: Value) -> bool:
    return isinstance(value, FunctionVal | MethodVal | PartialVal) or isinstance(value, Const) and callable(value.value)
