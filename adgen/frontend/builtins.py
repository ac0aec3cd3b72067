"""Builtins on numbers, types and objects, in terms of the specialiser's own operations."""

from __future__ import annotations

import copy
import functools
import operator
import warnings
from typing import TYPE_CHECKING

import gast
import numpy as np

from adgen.frontend.nodes import load
from adgen.frontend.values import (
    NONE,
    Const,
    FunctionVal,
    MethodVal,
    PartialVal,
    Ref,
    SuperVal,
    TupleVal,
    Value,
)
from adgen.program.types import FLOAT, INT, Array, Scalar

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import HANDLERS, Args, Handler, Kwargs, handles


@handles(functools.partial)
def _partial(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return PartialVal(args[0], args[1:], kwargs)


# ---- numbers


@handles(float)
def _float(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if not args:
        return Const(0.0)
    value = s.plain(args[0])
    if isinstance(value, Const):
        return s.fold(float, value.value)
    if isinstance(value, Ref) and isinstance(value.type, Array):
        return s.call(Const(np.reshape), (value, TupleVal(())), {}) if value.type.rank == 0 else s.item(value)
    if isinstance(value, Ref) and isinstance(value.type, Scalar):
        if value.type.dtype == np.float64 and (value.type.weak or not s.catches(ArithmeticError, ZeroDivisionError)):
            return value  # which of the two floats it is matters only to those who catch what Python's raise
        return s.define(gast.Call(load("float"), [load(value.name)], []), FLOAT, hint)
    s.refuse("not-a-number", "float() of this value", reason="it is no number.", remedy="a number", raises=TypeError)


@handles(int)
def _int(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = s.plain(args[0]) if args else Const(0)
    if isinstance(value, Const):
        return s.fold(int, value.value)
    if isinstance(value, Ref) and isinstance(value.type, Scalar) and value.type.kind in "iu":
        return value
    s.guarded_conversion(value)
    return s.define(gast.Call(load("int"), [s.atom(value)], []), INT, hint)


@handles(bool)
def _bool(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    truth = s.truth(args[0]) if args else False
    return Const(truth) if isinstance(truth, bool) else s.negation(s.negation(truth))


@handles(complex)
def _complex(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    parts = [s.plain(a) for a in args]
    if all(isinstance(p, Const) for p in parts):
        return s.fold(complex, *(p.value for p in parts))
    imaginary = s.binary(gast.Mult(), Const(1j), parts[1]) if len(parts) > 1 else Const(0j)
    return s.binary(gast.Add(), parts[0], imaginary, hint)


@handles(abs, operator.abs)
def _abs(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    found = s.class_method(args[0], "__abs__")
    if found is not None:
        return s.call(found, (), {})
    return s.residual_or_fold("abs", abs, args, hint)


@handles(round)
def _round(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.warn_rounding()
    return s.residual_or_fold("round", round, args, hint)


@handles(pow, operator.pow)
def _pow(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if len(args) > 2 or kwargs:
        return s.static_call(pow, args, kwargs)
    return s.binary(gast.Pow(), args[0], args[1], hint)  # pyright: ignore[reportGeneralTypeIssues]


@handles(divmod)
def _divmod(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    left, right = args
    return TupleVal((s.binary(gast.FloorDiv(), left, right), s.binary(gast.Mod(), left, right)))


def _operator(op: type, *, in_place: bool) -> Handler:
    def handler(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        if issubclass(op, gast.operator):
            return s.in_place(op(), *args, hint) if in_place else s.binary(op(), args[0], args[1], hint)
        if issubclass(op, gast.cmpop):
            return s.compare(op(), args[0], args[1])
        return s.unary(op(), args[0], hint)

    return handler


for _function, _op in {
    operator.add: gast.Add,
    operator.sub: gast.Sub,
    operator.mul: gast.Mult,
    operator.truediv: gast.Div,
    operator.matmul: gast.MatMult,
    operator.mod: gast.Mod,
    operator.floordiv: gast.FloorDiv,
    operator.neg: gast.USub,
    operator.pos: gast.UAdd,
    operator.lt: gast.Lt,
    operator.le: gast.LtE,
    operator.gt: gast.Gt,
    operator.ge: gast.GtE,
    operator.eq: gast.Eq,
    operator.ne: gast.NotEq,
    operator.not_: gast.Not,
    operator.iadd: gast.Add,
    operator.isub: gast.Sub,
    operator.imul: gast.Mult,
    operator.itruediv: gast.Div,
    operator.is_: gast.Is,
    operator.is_not: gast.IsNot,
}.items():
    HANDLERS[_function] = _operator(_op, in_place=_function.__name__ in ("iadd", "isub", "imul", "itruediv"))


@handles(operator.getitem)
def _getitem(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.subscript(args[0], args[1], hint)


# ---- types, objects, effects


@handles(isinstance)
def _isinstance(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    classes = s.real_value(args[1])
    return Const(issubclass(s.class_of(args[0]), classes))


@handles(issubclass)
def _issubclass(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(issubclass(args[0].value, s.real_value(args[1])))


@handles(type)
def _type(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(s.class_of(args[0]))


@handles(callable)
def _callable(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = args[0]
    return Const(
        isinstance(value, FunctionVal | MethodVal | PartialVal)
        or (isinstance(value, Const) and callable(value.value))
        or s.class_method(value, "__call__") is not None
    )


@handles(getattr)
def _getattr(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value, name = args[0], s.static_value(args[1], "the name of an attribute")
    if len(args) > 2 and not s.has_attribute(value, name):
        other = s.class_method(value, "__getattr__")
        return args[2] if other is None else s.call(other, (Const(name),), {})
    return s.attribute(value, name, hint)


@handles(hasattr)
def _hasattr(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(s.has_attribute(args[0], s.static_value(args[1], "the name of an attribute")))


@handles(setattr)
def _setattr(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.write_attribute(args[0], s.static_value(args[1], "the name of an attribute"), args[2])
    return NONE


@handles(super)
def _super(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args:
        return SuperVal(args[0].value, args[1])
    first = s.frame.node.args.args[0].id
    owner = s.frame.owner
    assert owner is not None, "super() without arguments stands in a method"
    return SuperVal(owner, s.frame.variables[first])


@handles(object.__init__)
def _init(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return NONE


@handles(BaseException.__init__)
def _init_exception(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.set_attribute(args[0], "args", TupleVal(args[1:]))
    return NONE


@handles(print)
def _print(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.effect("print", args, kwargs)
    return NONE


@handles(warnings.simplefilter, warnings.filterwarnings)
def _filter(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    """Warnings of NumPy that are silenced, are silenced in the derivative too."""
    action = s.static_value(args[0], "what to do with a warning")
    if action == "error":
        s.refuse(
            "warning-error",
            "warnings are made exceptions",
            reason="which operations warn is known to NumPy only.",
            remedy='np.errstate(all="raise")',
        )
    category = args[-1].value if len(args) > 1 and isinstance(args[-1], Const) else kwargs.get("category", Const(None))
    category = category.value if isinstance(category, Const) else category
    if action == "ignore" and (not isinstance(category, type) or issubclass(RuntimeWarning, category)):
        s.errstate = dict.fromkeys(("divide", "invalid", "over", "under"), "ignore")
    return NONE


@handles(warnings.resetwarnings)
def _reset(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return NONE


@handles(copy.copy)
def _copy(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    found = s.class_method(args[0], "__copy__")
    return s.copy_value(args[0], deep=False) if found is None else s.call(found, (), {})


@handles(copy.deepcopy)
def _deepcopy(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.copy_value(args[0], deep=True)
