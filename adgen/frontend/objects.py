"""Attributes of arrays and objects, and instances of classes: the user's own and those made on the way."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import inspect
import logging
import math
import types
from typing import Any

import gast
import numpy as np

from adgen.frontend.handlers import METHODS, REFUSED_METHODS
from adgen.frontend.instances import Instances
from adgen.frontend.nodes import load
from adgen.frontend.records import NAMED_TUPLE_METHODS, made
from adgen.frontend.values import (
    ArrayMethod,
    Const,
    DictContents,
    FunctionVal,
    Handle,
    ListContents,
    MethodVal,
    PartialVal,
    RangeVal,
    Ref,
    ShapeItem,
    SliceVal,
    SuperVal,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.types import Array, ListOf, Opaque, Scalar, int_type_of


class Objects(Instances):
    """Attributes, instances, and what calling a class makes."""

    # ---- attributes

    def attribute(self, base: Value, name: str, hint: str | None = None) -> Value:
        match base:
            case Ref(_, Array()):
                return self.array_attribute(base, name, hint)
            case Ref(_, Scalar()) | ShapeItem():
                return self.scalar_attribute(self.plain(base), name, hint)
            case Ref(_, Opaque()):
                return ArrayMethod(base, name)
            case Ref(_, ListOf()) | Handle() if self.is_container(base):
                return ArrayMethod(base, name)
            case Handle():
                return self.object_attribute(base, name, hint)
            case TupleVal(items, cls) if cls is not None and name in getattr(cls, "_fields", ()):
                return items[cls._fields.index(name)]
            case TupleVal(items, cls) if is_field_of_sequence(cls, name):
                return items[getattr(cls(range(len(items))), name)]  # pyright: ignore[reportOptionalCall]
            case TupleVal(items, cls) if cls is not None and name in NAMED_TUPLE_METHODS:
                return PartialVal(Const(NAMED_TUPLE_METHODS[name]), (base,), {})
            case TupleVal(_, cls) if cls is not None and hasattr(cls, name):
                return self.bind(getattr(cls, name), base, cls)
            case TupleVal():
                return ArrayMethod(base, name)
            case SliceVal(lower, upper, step):
                return {"start": lower, "stop": upper, "step": step}[name]
            case RangeVal(start, stop, step):
                return {"start": start, "stop": stop, "step": step}[name]
            case SuperVal(owner, instance):
                return self.super_attribute(owner, instance, name)
            case FunctionVal() | MethodVal() | PartialVal():
                return self.function_attribute(base, name)
            case Const(constant):
                return self.const_attribute(constant, name)
        self.refuse(
            "no-attribute",
            f"attribute {name!r} can't be read here",
            reason="the object exists only while the program runs.",
            remedy="plain variables",
            raises=None if self.has_attribute(base, name) else AttributeError,
        )

    def function_attribute(self, base: Value, name: str) -> Value:
        match base, name:
            case FunctionVal(name=own), "__name__" | "__qualname__":
                return Const(own)
            case MethodVal(function, _), "__func__":
                return function
            case MethodVal(_, instance), "__self__":
                return instance
            case PartialVal(function, _, _), "func":
                return function
            case PartialVal(_, args, _), "args":
                return TupleVal(args)
            case PartialVal(_, _, kwargs), "keywords":
                return self.allocate(DictContents(dict(kwargs)))
            case FunctionVal(function=function), _ if function is not None and hasattr(function, name):
                return Const(getattr(function, name))
            case MethodVal(function, _), _:
                return self.attribute(function, name)
        self.refuse(
            "no-attribute",
            f"attribute {name!r} of this function can't be read",
            reason="functions that are made on the way have a name, and no more.",
            remedy="a dict, or an object",
        )

    def is_container(self, value: Value) -> bool:
        return isinstance(value, Ref) or isinstance(self.heap[value.key], ListContents | DictContents | Ref)

    def array_attribute(self, base: Ref, name: str, hint: str | None) -> Value:
        type_ = base.type
        if name == "shape":
            return TupleVal(
                tuple(
                    Const(d.const) if (d := self.sizes.reduce(dim)).is_const else ShapeItem(base.name, k, dim)
                    for k, dim in enumerate(type_.shape)
                )
            )
        if name == "ndim":
            return Const(type_.rank)
        if name == "dtype":
            return Const(type_.dtype)
        if name == "itemsize":
            return Const(type_.dtype.itemsize)
        if name == "nbytes":
            return self.binary(gast.Mult(), self.array_size(base, None), Const(type_.dtype.itemsize), hint)
        if name == "size":
            return self.array_size(base, hint)
        if name in ("T", "mT"):
            return self.transposed(base, name, hint)
        if name in ("real", "imag"):
            return self.call(Const(getattr(np, name)), (base,), {}, hint)
        if name == "flat":
            return self.call(Const(np.ravel), (base,), {}, hint)
        if name in METHODS["array"]:
            return ArrayMethod(base, name)
        reason, remedy = REFUSED_METHODS.get(name, ("it has no rule.", "the NumPy function that does the same"))
        self.refuse(
            "no-attribute",
            f"attribute {name!r} of arrays is not supported",
            reason=reason,
            remedy=remedy,
            raises=None if hasattr(np.ndarray, name) else AttributeError,
        )

    def transposed(self, base: Ref, name: str, hint: str | None) -> Value:
        if base.type.rank < 2:
            return base
        if name == "mT":
            return self.call(Const(np.swapaxes), (base, Const(-1), Const(-2)), {}, hint)
        expr = gast.Attribute(load(base.name), "T", gast.Load())
        return self.define(expr, Array(base.type.dtype, base.type.shape[::-1]), hint)

    def array_size(self, base: Ref, hint: str | None) -> Value:
        dims = [self.sizes.reduce(d) for d in base.type.shape]
        if all(d.is_const for d in dims):
            return Const(int(np.prod([d.const for d in dims])))
        value = dims[0] if len(dims) == 1 else Dim.symbol(f"{base.name}.size")
        return self.define(gast.Attribute(load(base.name), "size", gast.Load()), int_type_of(value), hint)

    def scalar_attribute(self, base: Value, name: str, hint: str | None) -> Value:
        if isinstance(base, Const):
            return self.const_attribute(base.value, name)
        known = {"shape": TupleVal(()), "ndim": Const(0), "size": Const(1), "dtype": Const(base.type.dtype), "T": base}
        if name in known:
            return known[name]
        if name in ("real", "imag"):
            return self.call(Const(getattr(np, name)), (base,), {}, hint)
        if name in METHODS["array"]:
            return ArrayMethod(base, name)
        self.refuse(
            "no-attribute",
            f"attribute {name!r} of numbers is not supported",
            reason="it has no rule.",
            remedy="the NumPy or math function that does the same",
            raises=None if self.has_attribute(base, name) else AttributeError,
        )

    def const_attribute(self, constant: Any, name: str) -> Value:
        try:
            value = class_attribute(constant, name) if isinstance(constant, type) else getattr(constant, name)
        except AttributeError:
            self.refuse(
                "no-attribute",
                f"{constant!r} has no attribute {name!r}",
                reason="reading it would fail.",
                remedy="an attribute that exists",
                raises=AttributeError,
            )
        if isinstance(constant, type):
            if name == "_make" and issubclass(constant, tuple):
                return PartialVal(Const(made), (Const(constant),), {})
            if isinstance(value, staticmethod):
                return Const(value.__func__)
            if isinstance(value, classmethod):
                return MethodVal(Const(value.__func__), Const(constant))
            return self.wrap(value, name, constant, path=name)
        if isinstance(constant, enum.Enum):
            return self.member_attribute(constant, name, value)
        if isinstance(constant, types.ModuleType):
            if isinstance(value, float) and not math.isfinite(value):
                return Const(value)  # np.inf: a number that decides which rule fits
            return self.wrap(value, name, vars(constant), constant.__name__, name)
        if isinstance(constant, logging.Logger | dt.date | dt.time | dt.timedelta | dt.tzinfo):
            return Const(value)
        if isinstance(constant, functools.partial) and name in ("func", "args", "keywords"):
            return self.wrap_const(Const(value))
        if isinstance(constant, str | bytes | dict | list | tuple | set | frozenset | np.dtype | np.ufunc) or callable(
            constant
        ):
            return Const(value)
        return self.attribute(self.instance(constant), name)

    def member_attribute(self, member: enum.Enum, name: str, value: Any) -> Value:
        """Attributes of a member of an enumeration, which never change."""
        found = inspect.getattr_static(type(member), name, None)
        if isinstance(found, property) and not isinstance(found, enum.property) and found.fget is not None:
            return self.call(Const(found.fget), (Const(member),), {})
        if isinstance(value, types.MethodType) and isinstance(value.__self__, enum.Enum):
            return MethodVal(Const(value.__func__), Const(member))
        return self.wrap_const(Const(value))


def class_attribute(cls: type, name: str) -> Any:
    """What stands in a class: descriptors of Python as they are, what C defines as it is when read."""
    value = inspect.getattr_static(cls, name)
    if isinstance(cls, enum.EnumMeta) or isinstance(
        value, types.ClassMethodDescriptorType | types.GetSetDescriptorType
    ):
        return getattr(cls, name)
    return value


def is_field_of_sequence(cls: type | None, name: str) -> bool:
    """Whether a name is one of the fields of ``time.struct_time`` and its like that are items too."""
    fields = getattr(cls, "n_sequence_fields", 0)
    member = fields and isinstance(getattr(cls, name, None), types.MemberDescriptorType)
    return bool(member) and getattr(cls(range(fields)), name) in range(fields)  # pyright: ignore[reportOptionalCall]
