"""Instances of classes: the user's own objects, and those that the function makes."""

from __future__ import annotations

import dataclasses
import enum
import functools
import inspect
import types
from typing import Any

import gast
import numpy as np

from adgen.frontend.containers import Containers
from adgen.frontend.purity import is_impure, is_standard
from adgen.frontend.records import has_generated_init
from adgen.frontend.values import (
    Const,
    DictContents,
    Handle,
    MethodVal,
    ObjectContents,
    PartialVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import Array


@dataclasses.dataclass(frozen=True)
class _SingleDispatchMethod:
    """``@singledispatchmethod``, bound to an instance."""

    dispatcher: Any
    instance: Value
    cls: type


class Instances(Containers):
    """Attributes of objects, bound methods, and what calling a class makes."""

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
            return self.attribute_dict(base)
        if name == "__getattribute__" and not isinstance(contents.cls.__getattribute__, types.FunctionType):
            return PartialVal(Const(getattr), (base,), {})
        found = inspect.getattr_static(contents.cls, name, None)
        if isinstance(found, property) and found.fget is not None:
            return self.call(Const(found.fget), (base,), {}, hint)
        if isinstance(found, functools.cached_property):
            value = self.call(Const(found.func), (base,), {}, hint)
            return self.set_attribute(base, name, value)
        if contents.origin is not None and self.has_own(contents, name):
            return self.origin_attribute(base, contents, name)
        if found is None or isinstance(found, types.MemberDescriptorType):
            other = self.class_method(base, "__getattr__")
            if other is not None:
                return self.call(other, (Const(name),), {})
            self.refuse(
                "no-attribute",
                f"{contents.cls.__name__} has no attribute {name!r}",
                reason="it has not been set.",
                remedy="set it in __init__",
                raises=AttributeError,
            )
        return self.bind(found, base, contents.cls)

    def has_own(self, contents: ObjectContents, name: str) -> bool:
        """Whether a real object has an attribute, other than by a ``__getattr__`` of its class."""
        try:
            inspect.getattr_static(contents.origin, name)
        except AttributeError:
            return False
        return True

    def attribute_dict(self, base: Handle) -> Handle:
        """``vars(object)``: what is written into it is written into the object."""
        contents = self.heap[base.key]
        for name in getattr(contents.origin, "__dict__", {}):
            self.attribute(base, name)
        attributes = dict(self.heap[base.key].attributes)
        known = next(
            (k for k, c in self.heap.items() if isinstance(c, DictContents) and c.owner == base.key),
            None,
        )
        if known is None:
            return self.allocate(DictContents(attributes, owner=base.key))
        self.heap[known] = DictContents(attributes, owner=base.key)
        return Handle(known)

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
        return self.read_attribute(base, name, wrapped)

    def read_attribute(self, base: Handle, name: str, value: Value) -> Value:
        """Remember what stands in a real object."""
        self.pristine[base.key, name] = value
        contents = self.heap[base.key]
        self.heap[base.key] = dataclasses.replace(contents, attributes={**contents.attributes, name: value})
        return value

    def write_attribute(self, base: Value, name: str, value: Value) -> None:
        """``object.name = value``, as its class has it: setters, descriptors, ``__setattr__``."""
        contents = self.heap[base.key] if isinstance(base, Handle) else None
        if isinstance(contents, ObjectContents):
            own = inspect.getattr_static(contents.cls, "__setattr__")
            if dataclasses.is_dataclass(contents.cls) and contents.cls.__dataclass_params__.frozen:
                self.refuse(
                    "constant-error",
                    f"FrozenInstanceError: cannot assign to field {name!r}",
                    reason="the dataclass is frozen.",
                    remedy="dataclasses.replace(...)",
                )
            if isinstance(own, types.FunctionType):
                self.call(MethodVal(Const(own), base), (Const(name), value), {})
                return
            found = inspect.getattr_static(contents.cls, name, None)
            if isinstance(found, property):
                if found.fset is None:
                    self.refuse(
                        "constant-error",
                        f"AttributeError: property {name!r} has no setter",
                        reason="the assignment always fails.",
                        remedy="a setter",
                    )
                self.call(Const(found.fset), (base, value), {})
                return
            if isinstance(inspect.getattr_static(type(found), "__set__", None), types.FunctionType):
                self.call(Const(type(found).__set__), (self.instance(found, name), base, value), {})
                return
        self.set_attribute(base, name, value)

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
        attributes = {**contents.attributes, name: value}
        self.change(base.key, dataclasses.replace(contents, attributes=attributes))
        for key, view in self.heap.items():
            if isinstance(view, DictContents) and view.owner == base.key:
                self.heap[key] = dataclasses.replace(view, items=attributes)
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
        if isinstance(found, types.WrapperDescriptorType) and found.__name__ == "__init__":
            if found is object.__init__ or issubclass(cls, BaseException):
                return MethodVal(Const(BaseException.__init__ if issubclass(cls, BaseException) else found), instance)
        if isinstance(found, types.FunctionType) or hasattr(found, "py_func"):
            return MethodVal(Const(found), instance)
        if isinstance(found, functools._lru_cache_wrapper):  # noqa: SLF001 - it computes what it wraps
            return MethodVal(Const(found), instance)
        if isinstance(found, functools.partialmethod):
            named = {k: self.wrap(v, k) for k, v in found.keywords.items()}
            first = tuple(self.wrap(v, f"argument{k}") for k, v in enumerate(found.args))
            return PartialVal(Const(found.func), (instance, *first), named)
        if isinstance(found, functools.singledispatchmethod):
            return Const(_SingleDispatchMethod(found.dispatcher, instance, cls))
        if isinstance(inspect.getattr_static(type(found), "__get__", None), types.FunctionType):
            return self.call(Const(type(found).__get__), (self.instance(found, "descriptor"), instance, Const(cls)), {})
        return self.wrap(found, "attribute", found)

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

    # ---- making instances

    def construct(self, cls: type, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """An instance of a user's class, made while generating."""
        if issubclass(cls, enum.Enum):
            return self.static_call(cls, args, kwargs)
        if issubclass(cls, tuple) and hasattr(cls, "_fields"):
            return self.named_tuple(cls, args, kwargs)
        maker = inspect.getattr_static(cls, "__new__", None)
        if isinstance(maker, staticmethod) and isinstance(maker.__func__, types.FunctionType):
            self.refuse_made(cls, "its instances are made by a __new__ of its own.")
        if type(cls).__call__ is not type.__call__:
            self.refuse_made(cls, "its metaclass decides what a call makes.")
        if is_standard(cls) and not issubclass(cls, BaseException) and cls is not object and not is_impure(cls):
            if all(self.is_static(a) for a in (*args, *kwargs.values())):
                return self.static_call(cls, args, kwargs)
        handle = self.allocate(ObjectContents(cls, {}))
        if has_generated_init(cls):
            self.fill_dataclass(handle, cls, args, kwargs)
            return handle
        init = cls.__init__
        if isinstance(init, types.FunctionType):
            self.call(MethodVal(Const(init), handle), args, kwargs)
        elif issubclass(cls, BaseException):
            self.change(handle.key, ObjectContents(cls, {"args": TupleVal(args)}))
        elif init is not object.__init__ or issubclass(cls, list | dict | set | tuple | str | int | float):
            self.refuse_made(cls, "its instances have no source.")
        return handle

    def refuse_made(self, cls: type, reason: str) -> None:
        self.refuse(
            "class",
            f"an instance of {cls.__name__} can't be made here",
            reason=reason,
            remedy="numbers, arrays, or a plain class written in Python",
        )

    def named_tuple(self, cls: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        fields = cls._fields
        given = dict(zip(fields, args, strict=False)) | kwargs
        defaults = {k: self.wrap(v, k, cls, None, k) for k, v in cls._field_defaults.items()}
        missing = [f for f in fields if f not in given and f not in defaults]
        if missing or len(args) > len(fields) or set(kwargs) - set(fields):
            self.refuse(
                "missing-argument",
                f"{cls.__name__} takes {', '.join(fields)}",
                reason="the call would raise TypeError.",
                remedy="the arguments that it takes",
            )
        return TupleVal(tuple((defaults | given)[f] for f in fields), cls)

    def fill_dataclass(self, handle: Handle, cls: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        """What the ``__init__`` of a dataclass does."""
        entries = cls.__dataclass_fields__.values()
        fields = [f for f in entries if f._field_type is not dataclasses._FIELD_CLASSVAR]  # noqa: SLF001
        positional = [f.name for f in fields if f.init and not f.kw_only]
        given = dict(zip(positional, args, strict=False)) | kwargs
        extra: list[Value] = []
        for field in fields:
            if field.init and field.name in given:
                value = given[field.name]
            elif field.default is not dataclasses.MISSING:
                value = self.wrap(field.default, field.name, cls, None, field.name)
            elif field.default_factory is not dataclasses.MISSING:
                value = self.call(Const(field.default_factory), (), {})
            elif not field.init:
                continue
            else:
                self.refuse(
                    "missing-argument",
                    f"{cls.__name__} needs {field.name!r}",
                    reason="the call would fail.",
                    remedy="pass it",
                )
            if field._field_type is dataclasses._FIELD_INITVAR:  # noqa: SLF001 - passed on, not kept
                extra.append(value)
            else:
                self.set_attribute(handle, field.name, value)
        known = {f.name for f in fields if f.init}
        if len(args) > len(positional) or set(kwargs) - known:
            self.refuse(
                "wrong-call",
                f"{cls.__name__}() takes {', '.join(sorted(known))}",
                reason="the call would raise TypeError.",
                remedy="the arguments that it takes",
            )
        post = getattr(cls, "__post_init__", None)
        if post is not None:
            self.call(MethodVal(Const(post), handle), tuple(extra), {})

    def attribute(self, base: Value, name: str, hint: str | None = None) -> Value:
        raise NotImplementedError

    def is_static(self, value: Value) -> bool:
        raise NotImplementedError

    def static_call(self, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        raise NotImplementedError
