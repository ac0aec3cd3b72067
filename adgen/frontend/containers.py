"""Python objects as abstract values: lists, dicts, instances, and the user's real objects."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Mapping
from typing import Any

import gast
import numpy as np

from adgen.frontend.indexing import Indexing
from adgen.frontend.read_source import read_source, underlying
from adgen.frontend.state import NUMBER, load
from adgen.frontend.values import (
    NONE,
    ArrayMethod,
    Const,
    DictContents,
    FunctionVal,
    Handle,
    IterVal,
    ListContents,
    MethodVal,
    ObjectContents,
    PartialVal,
    Poison,
    RangeVal,
    Ref,
    ShapeItem,
    SliceVal,
    SuperVal,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.function import GlobalName
from adgen.program.types import Array, ListOf, Opaque, Scalar, Type, TupleOf, int_type_of, type_of_number

ARRAY_METHODS = frozenset("""all any argmax argmin argsort astype clip compress conj conjugate copy cumprod cumsum
 diagonal dot fill flatten item max mean min nonzero prod ptp put ravel repeat reshape round searchsorted sort squeeze
 std sum swapaxes take tolist trace transpose var choose partition view""".split())


class Containers(Indexing):
    """Attributes, the contents of containers, and objects that exist before the derivative runs."""

    # ---- from real objects

    def wrap(self, value: Any, name: str, holder: Any = None, module: str | None = None, path: str = "") -> Value:
        """A real object that the function reads (global, closure value, default, attribute) as a value."""
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
            return self.global_array(value, name, holder, module, path)
        if isinstance(value, NUMBER) and not isinstance(value, bool | np.bool_):
            type_ = type_of_number(value)
            reference = self.global_name(name, value, holder, module, path)
            if type_.kind in "iu":
                type_ = int_type_of(Dim.symbol(reference))
                self.sizes.observed.setdefault(reference, int(value))
                self.sizes.entry_symbols.add(reference)
            self.types[reference] = type_
            return Ref(reference, type_, value)
        if isinstance(value, list | tuple | dict) and not isinstance(value, type):
            return self.wrap_container(value, name, holder, module, path)
        return Const(value)

    def global_array(self, value: np.ndarray, name: str, holder: Any, module: str | None, path: str) -> Ref:
        reference = self.global_name(name, value, holder, module, path)
        shape = tuple(self.entry_dim(f"{reference}.shape[{k}]", size) for k, size in enumerate(value.shape))
        type_: Type = Array(value.dtype, shape)
        self.types[reference] = type_
        return Ref(reference, type_)

    def entry_dim(self, symbol: str, size: int | None) -> Dim:
        self.sizes.entry_symbols.add(symbol)
        if size is not None:
            self.sizes.observed.setdefault(symbol, int(size))
        return Dim.symbol(symbol)

    def global_name(self, name: str, value: Any, holder: Any, module: str | None, path: str) -> str:
        for known in self.globals.values():
            if known.value is value and known.holder is holder and known.path == path:
                return known.name
        chosen = self.fresh(name)
        self.globals[chosen] = GlobalName(chosen, value, module, path or name, holder)
        return chosen

    def wrap_container(self, value: Any, name: str, holder: Any, module: str | None, path: str) -> Value:
        if isinstance(value, dict):
            if not all(isinstance(v, NUMBER + (np.ndarray, list, tuple, dict)) for v in value.values()):
                return Const(value)
            return self.allocate(DictContents({k: self.wrap(v, f"{name}_{k}", holder, module, f"{path or name}[{k!r}]")
                                               for k, v in value.items()}))
        if len(value) > 8 and all(isinstance(v, float) for v in value):
            reference = self.global_name(name, value, holder, module, path)
            self.types[reference] = ListOf(type_of_number(1.0))
            return Ref(reference, self.types[reference])
        items = tuple(self.wrap(v, f"{name}_{k}", holder, module, f"{path or name}[{k}]") for k, v in enumerate(value))
        if isinstance(value, list):
            return self.allocate(ListContents(items))
        return TupleVal(items, type(value) if type(value) is not tuple else None)

    def wrap_const(self, value: Const) -> Value:
        """Containers in constants (defaults, class attributes) as containers of values."""
        match value.value:
            case dict():
                return self.allocate(DictContents({k: Const(v) for k, v in value.value.items()}))
            case list():
                return self.allocate(ListContents(tuple(Const(v) for v in value.value)))
            case tuple():
                return TupleVal(tuple(Const(v) for v in value.value), type(value.value) if type(value.value) is not tuple else None)
            case range():
                return RangeVal(*(Const(v) for v in (value.value.start, value.value.stop, value.value.step)))
        return value

    # ---- contents

    def known_items(self, value: Value) -> tuple[Value, ...] | None:
        """The items of a sequence of known length, else None."""
        match value:
            case TupleVal(items):
                return items
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, ListContents):
                    return contents.items
                if isinstance(contents, DictContents):
                    return tuple(Const(k) for k in contents.items)
                if isinstance(contents, Ref):
                    return self.known_items(contents)
                return None
            case Const(constant) if isinstance(constant, list | tuple | dict | range | str | set | frozenset):
                return tuple(map(Const, constant))
            case RangeVal(start, stop, step):
                bounds = [self.plain(v) for v in (start, stop, step)]
                if all(isinstance(b, Const) for b in bounds):
                    return tuple(map(Const, range(*(b.value for b in bounds))))
                return None
            case IterVal(kind, parts):
                return self.known_iteration(kind, parts)
            case Ref(name, TupleOf(items)):
                return tuple(self.subscript(value, Const(k)) for k in range(len(items)))
        return None

    def known_iteration(self, kind: str, parts: tuple[Value, ...]) -> tuple[Value, ...] | None:
        columns = [self.known_items(p) for p in parts]
        if kind == "enumerate":
            if columns[0] is None:
                return None
            first = self.static_value(parts[1], "the start of enumerate")
            return tuple(TupleVal((Const(first + k), item)) for k, item in enumerate(columns[0]))
        if kind == "zip" and any(c is not None for c in columns):
            length = min(len(c) for c in columns if c is not None)
            if any(c is None for c in columns):
                columns = [c if c is not None else tuple(self.subscript(p, Const(k)) for k in range(length))
                           if isinstance(p, Ref) else None for c, p in zip(columns, parts, strict=True)]
                if any(c is None for c in columns):
                    return None
            return tuple(TupleVal(row) for row in zip(*columns, strict=False))
        if kind == "reversed":
            return None if columns[0] is None else columns[0][::-1]
        if kind == "items":
            contents = self.heap[parts[0].key]
            return tuple(TupleVal((Const(k), v)) for k, v in contents.items.items())
        return None

    def residual_array(self, base: Value, items: tuple[Value, ...]) -> Ref:
        """A list that is only indexed at run time becomes an array."""
        reference = self.residual_list(base, items)
        if isinstance(reference.type, ListOf) and isinstance(reference.type.item, Scalar):
            statement = self.out[-1]
            statement.value = gast.Call(gast.Attribute(load("np"), "array", gast.Load()), [statement.value], [])
            type_ = Array(reference.type.item.dtype, (Dim(len(items)),))
            self.types[reference.name] = type_
            reference = Ref(reference.name, type_)
            if isinstance(base, Handle):
                self.heap[base.key] = reference
        return reference

    def residual_list(self, base: Value, items: tuple[Value, ...]) -> Ref:
        values = [self.plain(item) for item in items]
        kinds = [self.type_or_none(v) or (type_of_number(v.value) if isinstance(v, Const) and
                                          isinstance(v.value, NUMBER) else None) for v in values]
        if not kinds or any(not isinstance(k, Scalar | Array) for k in kinds) or \
                len({(type(k), k.rank) for k in kinds}) > 1:
            self.refuse("mixed-list", "this list is indexed at run time, and its items are not all alike",
                        reason="the derivative needs one type for what is read from it.",
                        remedy="an array, or a list of values of one type")
        number = next((k for k in kinds if k.kind in "fc"), kinds[0])
        if isinstance(number, Scalar):
            number = Scalar(number.dtype, number.weak)
            values = [Const(float(v.value)) if isinstance(v, Const) and number.kind == "f" else v for v in values]
        expr = gast.List([self.atom(v) for v in values], gast.Load())
        reference = self.define(expr, ListOf(number), "items")
        if isinstance(base, Handle):
            self.heap[base.key] = reference
        return reference

    # ---- attributes

    def attribute(self, base: Value, name: str, hint: str | None = None) -> Value:
        match base:
            case Ref(_, Array()):
                return self.array_attribute(base, name, hint)
            case Ref(_, Scalar()) | ShapeItem():
                return self.scalar_attribute(self.plain(base), name, hint)
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
        self.refuse("no-attribute", f"attribute {name!r} can't be read here",
                    reason="the object exists only while the program runs.", remedy="plain variables")

    def is_container(self, value: Value) -> bool:
        return isinstance(value, Ref) or isinstance(self.heap[value.key], ListContents | DictContents | Ref)

    def array_attribute(self, base: Ref, name: str, hint: str | None) -> Value:
        type_ = base.type
        if name == "shape":
            return TupleVal(tuple(Const(d.const) if (d := self.sizes.reduce(dim)).is_const else
                                  ShapeItem(base.name, k, dim) for k, dim in enumerate(type_.shape)))
        if name == "ndim":
            return Const(type_.rank)
        if name == "dtype":
            return Const(type_.dtype)
        if name == "itemsize":
            return Const(type_.dtype.itemsize)
        if name == "size":
            return self.array_size(base, hint)
        if name in ("T", "mT"):
            return self.transposed(base, name, hint)
        if name in ("real", "imag"):
            return self.call(Const(getattr(np, name)), (base,), {}, hint)
        if name == "flat":
            return self.call(Const(np.ravel), (base,), {}, hint)
        if name in ARRAY_METHODS:
            return ArrayMethod(base, name)
        self.refuse("no-attribute", f"attribute {name!r} of arrays is not supported",
                    reason="it has no rule.", remedy="the NumPy function that does the same")

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
        if name in ARRAY_METHODS or name in ("conjugate", "item"):
            return ArrayMethod(base, name)
        self.refuse("no-attribute", f"attribute {name!r} of numbers is not supported", reason="it has no rule.",
                    remedy="the NumPy or math function that does the same")

    def const_attribute(self, constant: Any, name: str) -> Value:
        try:
            value = inspect.getattr_static(constant, name) if isinstance(constant, type) else getattr(constant, name)
        except AttributeError:
            self.refuse("no-attribute", f"{constant!r} has no attribute {name!r}", reason="reading it would fail.",
                        remedy="an attribute that exists")
        if isinstance(constant, type):
            if isinstance(value, staticmethod):
                return Const(value.__func__)
            if isinstance(value, classmethod):
                return MethodVal(Const(value.__func__), Const(constant))
            return Const(value) if not isinstance(value, NUMBER) else self.wrap(value, name, constant, path=name)
        if isinstance(constant, types.ModuleType):
            return self.wrap(value, name, vars(constant), constant.__name__, name)
        if isinstance(constant, str | bytes | dict | list | tuple | set | frozenset | np.dtype | np.ufunc) or callable(constant):
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
            self.refuse("no-attribute", f"{contents.cls.__name__} has no attribute {name!r}",
                        reason="it has not been set.", remedy="set it in __init__")
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
            self.refuse("no-attribute", f"{contents.cls.__name__} has no attribute {name!r}",
                        reason="reading it would fail.", remedy="set it first")
        path = f"{contents.path}.{name}"
        wrapped = self.wrap(value, name, obj, None, path)
        if isinstance(wrapped, Const) and not isinstance(value, str | bool | type | type(None)) and \
                hasattr(value, "__dict__") and not callable(value) and not isinstance(value, types.ModuleType):
            wrapped = self.instance(value, path)
        return self.set_attribute(base, name, wrapped)

    def set_attribute(self, base: Value, name: str, value: Value) -> Value:
        if not isinstance(base, Handle) or not isinstance(self.heap[base.key], ObjectContents):
            if isinstance(base, Ref) and name == "shape":
                self.refuse("shape-assignment", "the shape of an array is assigned", reason="the array would change "
                            "its type.", remedy="x = x.reshape(...)")
            self.refuse("attribute-write", f"attribute {name!r} of this object can't be written",
                        reason="the object lives outside of the function.", remedy="a local variable")
        contents = self.heap[base.key]
        self.heap[base.key] = dataclasses.replace(contents, attributes={**contents.attributes, name: value})
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
        mro = (contents.cls if contents else owner).__mro__
        for cls in mro[mro.index(owner) + 1:]:
            if name in vars(cls):
                return self.bind(vars(cls)[name], instance, contents.cls)
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
        if dataclasses.is_dataclass(cls) and "__init__" in vars(cls) and \
                getattr(vars(cls)["__init__"], "__qualname__", "").startswith("__create_fn__") or \
                dataclasses.is_dataclass(cls) and not _has_source(cls.__init__):
            self.fill_dataclass(handle, cls, args, kwargs)
            return handle
        init = cls.__init__
        if isinstance(init, types.FunctionType):
            self.call(MethodVal(Const(init), handle), args, kwargs)
        elif issubclass(cls, BaseException):
            self.heap[handle.key] = ObjectContents(cls, {"args": TupleVal(args)})
        elif init is not object.__init__:
            self.refuse("class", f"{cls.__name__} is not a Python class", reason="its instances have no source.",
                        remedy="numbers, arrays, or a class written in Python")
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
                self.refuse("missing-argument", f"{cls.__name__} needs {field.name!r}", reason="the call would fail.",
                            remedy="pass it")
            self.set_attribute(handle, field.name, value)
        post = getattr(cls, "__post_init__", None)
        if post is not None:
            self.call(MethodVal(Const(post), handle), (), {})

    def container_expression(self, value: Handle) -> gast.expr:
        contents = self.heap[value.key]
        match contents:
            case ListContents(items):
                return gast.List([self.atom(item) for item in items], gast.Load())
            case DictContents(items):
                return gast.Dict([gast.Constant(k, None) for k in items], [self.atom(v) for v in items.values()])
            case Ref(name):
                return load(name)
        self.refuse("object-value", f"a {contents.cls.__name__} is used as a number",
                    reason="objects exist only while the derivative is generated.", remedy="its attributes")


def _replaced(named: Any, **changes: Any) -> Any:
    return type(named)(*[changes[f] if f in changes else getattr(named, f) for f in named._fields])


def _as_dict(named: Any) -> dict[str, Any]:
    return {f: getattr(named, f) for f in named._fields}


def _has_source(function: Any) -> bool:
    try:
        read_source(underlying(function))
    except Exception:     # any failure to read means the same here  # noqa: BLE001
        return False
    return True


