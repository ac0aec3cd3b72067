"""Attributes of arrays and objects, and instances of classes: the user's own and those made on the way."""

from __future__ import annotations

import dataclasses
import inspect
import math
import types
from typing import Any

import gast
import numpy as np

from adgen.frontend.containers import Containers
from adgen.frontend.handlers import METHODS, REFUSED_METHODS
from adgen.frontend.read_source import read_source, underlying
from adgen.frontend.state import NUMBER, load
from adgen.frontend.values import (
    ArrayMethod,
    Const,
    DictContents,
    FunctionVal,
    Handle,
    ListContents,
    MethodVal,
    ObjectContents,
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


class Objects(Containers):
    """Attributes, instances, and what calling a class makes."""

    # ---- attributes

    def attribute(self, base: Value, name: str, hint: str | None = None) -> Value:
        match base:
            case Ref(_, Array()):
                return self.array_attribute(base, name, hint)
            case Ref(_, Scalar()) | ShapeItem():
                return self.scalar_attribute(self.plain(base), name, hint)
            case Ref(_, Opaque("random generator")):
                return ArrayMethod(base, name)
            case Ref(_, ListOf()) | Handle() if self.is_container(base):
                return ArrayMethod(base, name)
            case Handle():
                return self.object_attribute(base, name, hint)
            case TupleVal(items, cls) if cls is not None and name in getattr(cls, "_fields", ()):
                return items[cls._fields.index(name)]
            case TupleVal(items, cls) if cls is not None and name in ("_replace", "_asdict"):
                return PartialVal(Const(_replaced if name == "_replace" else _as_dict), (base,), {})
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
            case FunctionVal(function=function) if function is not None and hasattr(function, name):
                return Const(getattr(function, name))
            case Const(constant):
                return self.const_attribute(constant, name)
        self.refuse(
            "no-attribute",
            f"attribute {name!r} can't be read here",
            reason="the object exists only while the program runs.",
            remedy="plain variables",
            raises=None if self.has_attribute(base, name) else AttributeError,
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
            value = inspect.getattr_static(constant, name) if isinstance(constant, type) else getattr(constant, name)
        except AttributeError:
            self.refuse(
                "no-attribute",
                f"{constant!r} has no attribute {name!r}",
                reason="reading it would fail.",
                remedy="an attribute that exists",
                raises=AttributeError,
            )
        if isinstance(constant, type):
            if isinstance(value, staticmethod):
                return Const(value.__func__)
            if isinstance(value, classmethod):
                return MethodVal(Const(value.__func__), Const(constant))
            return Const(value) if not isinstance(value, NUMBER) else self.wrap(value, name, constant, path=name)
        if isinstance(constant, types.ModuleType):
            if isinstance(value, float) and not math.isfinite(value):
                return Const(value)  # np.inf: a number that decides which rule fits
            return self.wrap(value, name, vars(constant), constant.__name__, name)
        if isinstance(constant, str | bytes | dict | list | tuple | set | frozenset | np.dtype | np.ufunc) or callable(
            constant
        ):
            return Const(value)
        return self.attribute(self.instance(constant), name)

    # ---- instances

    def instance(self, obj: Any, name: str = "self") -> Handle:
        """A real object, whose attributes are read when the derivative is generated."""
        for key, contents in self.heap.items():
            if isinstance(contents, ObjectContents) and contents.origin is obj:
                return Handle(key)
        return self.allocate(ObjectContents(type(obj), {}, obj, name))

    def object_attribute(self, base: Handle, name: str, hint: str | None) -> Value:
        contents = self.heap[base.key]
        assert isinstance(contents, ObjectContents)
        if name in contents.attributes:
            return contents.attributes[name]
        if name == "__class__":
            return Const(contents.cls)
        if name == "__dict__":
            return self.allocate(DictContents(dict(contents.attributes)))
        found = inspect.getattr_static(contents.cls, name, None)
        if isinstance(found, property) and found.fget is not None:
            return self.call(Const(found.fget), (base,), {}, hint)
        if hasattr(found, "func") and type(found).__name__ == "cached_property":
            value = self.call(Const(found.func), (base,), {}, hint)
            return self.set_attribute(base, name, value)
        if contents.origin is not None:
            return self.origin_attribute(base, contents, name)
        if found is None:
            self.refuse(
                "no-attribute",
                f"{contents.cls.__name__} has no attribute {name!r}",
                reason="it has not been set.",
                remedy="set it in __init__",
                raises=AttributeError,
            )
        return self.bind(found, base, contents.cls)

    def origin_attribute(self, base: Handle, contents: ObjectContents, name: str) -> Value:
        obj = contents.origin
        own = vars(obj) if hasattr(obj, "__dict__") else {}
        if name not in own:
            found = inspect.getattr_static(contents.cls, name, None)
            if callable(found) or isinstance(found, staticmethod | classmethod):
                return self.bind(found, base, contents.cls)
        try:
            value = getattr(obj, name)
        except AttributeError:
            self.refuse(
                "no-attribute",
                f"{contents.cls.__name__} has no attribute {name!r}",
                reason="reading it would fail.",
                remedy="set it first",
                raises=AttributeError,
            )
        path = f"{contents.path}.{name}"
        wrapped = self.wrap(value, name, obj, None, path)
        if (
            isinstance(wrapped, Const)
            and not isinstance(value, str | bool | type | type(None))
            and hasattr(value, "__dict__")
            and not callable(value)
            and not isinstance(value, types.ModuleType)
        ):
            wrapped = self.instance(value, path)
        return self.set_attribute(base, name, wrapped)

    def set_attribute(self, base: Value, name: str, value: Value) -> Value:
        if not isinstance(base, Handle) or not isinstance(self.heap[base.key], ObjectContents):
            if isinstance(base, Ref) and name in ("real", "imag", "flat") and isinstance(base.type, Array):
                return self.set_part(base, name, value)
            if isinstance(base, Ref) and name == "shape":
                self.refuse(
                    "shape-assignment",
                    "the shape of an array is assigned",
                    reason="the array would change its type.",
                    remedy="x = x.reshape(...)",
                )
            self.refuse(
                "attribute-write",
                f"attribute {name!r} of this object can't be written",
                reason="the object lives outside of the function.",
                remedy="a local variable",
            )
        contents = self.heap[base.key]
        self.heap[base.key] = dataclasses.replace(contents, attributes={**contents.attributes, name: value})
        return value

    def set_part(self, base: Ref, name: str, value: Value) -> Value:
        """``z.real = v``, ``z.imag = v``, ``x.flat = v``: stores into the whole array."""
        whole: Value = value
        if name == "flat":
            if getattr(self.type_or_none(value), "rank", 0):
                whole = self.call(Const(np.reshape), (value, self.attribute(base, "shape")), {})
        elif base.type.dtype.kind == "c":
            other = self.attribute(base, "imag" if name == "real" else "real")
            real, imaginary = (value, other) if name == "real" else (other, value)
            whole = self.binary(gast.Add(), real, self.binary(gast.Mult(), Const(1j), imaginary))
        self.store_item(base, Const(Ellipsis), whole)
        return value

    def bind(self, found: Any, instance: Value, cls: type) -> Value:
        if isinstance(found, staticmethod):
            return Const(found.__func__)
        if isinstance(found, classmethod):
            return MethodVal(Const(found.__func__), Const(cls))
        if isinstance(found, property):
            return self.call(Const(found.fget), (instance,), {})
        if isinstance(found, types.FunctionType) or hasattr(found, "py_func"):
            return MethodVal(Const(found), instance)
        return self.wrap(found, "attribute", found) if isinstance(found, NUMBER) else Const(found)

    def super_attribute(self, owner: type, instance: Value, name: str) -> Value:
        contents = self.heap[instance.key] if isinstance(instance, Handle) else None
        start = contents.cls if contents else owner
        for cls in start.__mro__[start.__mro__.index(owner) + 1 :]:
            if name in vars(cls):
                return self.bind(vars(cls)[name], instance, start)
        self.refuse("no-attribute", f"no base class has {name!r}", reason="the lookup would fail.", remedy="define it")

    def class_method(self, value: Value, name: str) -> Value | None:
        """A special method of a user's object, bound; None for anything else."""
        if isinstance(value, Handle) and isinstance(self.heap[value.key], ObjectContents):
            cls = self.heap[value.key].cls
            found = inspect.getattr_static(cls, name, None)
            if isinstance(found, types.FunctionType):
                return MethodVal(Const(found), value)
        return None

    def construct(self, cls: type, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """An instance of a user's class, made while generating."""
        if issubclass(cls, tuple) and hasattr(cls, "_fields"):
            items = dict(zip(cls._fields, args, strict=False)) | kwargs
            defaults = {k: Const(v) for k, v in cls._field_defaults.items()}
            return TupleVal(tuple((defaults | items)[f] for f in cls._fields), cls)
        handle = self.allocate(ObjectContents(cls, {}))
        if (
            dataclasses.is_dataclass(cls)
            and "__init__" in vars(cls)
            and getattr(vars(cls)["__init__"], "__qualname__", "").startswith("__create_fn__")
            or dataclasses.is_dataclass(cls)
            and not _has_source(cls.__init__)
        ):
            self.fill_dataclass(handle, cls, args, kwargs)
            return handle
        init = cls.__init__
        if isinstance(init, types.FunctionType):
            self.call(MethodVal(Const(init), handle), args, kwargs)
        elif issubclass(cls, BaseException):
            self.heap[handle.key] = ObjectContents(cls, {"args": TupleVal(args)})
        elif init is not object.__init__:
            self.refuse(
                "class",
                f"{cls.__name__} is not a Python class",
                reason="its instances have no source.",
                remedy="numbers, arrays, or a class written in Python",
            )
        return handle

    def fill_dataclass(self, handle: Handle, cls: type, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        fields = [f for f in dataclasses.fields(cls) if f.init]
        given = dict(zip((f.name for f in fields), args, strict=False)) | kwargs
        for field in dataclasses.fields(cls):
            if field.name in given:
                value = given[field.name]
            elif field.default is not dataclasses.MISSING:
                value = Const(field.default)
            elif field.default_factory is not dataclasses.MISSING:
                value = self.call(Const(field.default_factory), (), {})
            else:
                self.refuse(
                    "missing-argument",
                    f"{cls.__name__} needs {field.name!r}",
                    reason="the call would fail.",
                    remedy="pass it",
                )
            self.set_attribute(handle, field.name, value)
        post = getattr(cls, "__post_init__", None)
        if post is not None:
            self.call(MethodVal(Const(post), handle), (), {})


def _replaced(named: Any, **changes: Any) -> Any:
    return type(named)(*[changes[f] if f in changes else getattr(named, f) for f in named._fields])


def _as_dict(named: Any) -> dict[str, Any]:
    return {f: getattr(named, f) for f in named._fields}


def _has_source(function: Any) -> bool:
    try:
        read_source(underlying(function))
    except Exception:  # any failure to read means the same here  # noqa: BLE001
        return False
    return True
