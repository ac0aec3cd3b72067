"""Functions of named tuples and dataclasses."""

from __future__ import annotations

import dataclasses
import types
from typing import TYPE_CHECKING, Any

from adgen.frontend.handlers import Args, Kwargs, handles
from adgen.frontend.values import NONE, Const, DictContents, Handle, ListContents, ObjectContents, TupleVal, Value

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls


def replaced(named: Any, **changes: Any) -> Any:
    """``named._replace(...)``; specialised like a function of the user's."""
    return type(named)(*[changes[f] if f in changes else getattr(named, f) for f in named._fields])


def as_dict(named: Any) -> dict[str, Any]:
    """``named._asdict()``."""
    return {f: getattr(named, f) for f in named._fields}


def made(cls: Any, values: Any) -> Any:
    """``Named._make(values)``."""
    return cls(*values)


NAMED_TUPLE_METHODS = {"_replace": replaced, "_asdict": as_dict}


def has_generated_init(cls: Any) -> bool:
    """Whether ``@dataclass`` has written the ``__init__`` of a class."""
    init = cls.__init__
    return (
        dataclasses.is_dataclass(cls)
        and isinstance(init, types.FunctionType)
        and init.__code__.co_filename == "<string>"
    )


def is_called_with_fields(cls: Any) -> bool:
    """Whether calling a dataclass with its fields makes the same record again."""
    if not has_generated_init(cls) or hasattr(cls, "__post_init__"):
        return False
    return all(f.init and f._field_type is dataclasses._FIELD for f in dataclasses.fields(cls))  # noqa: SLF001


def _record(s: Calls, value: Value, what: str) -> ObjectContents:
    contents = s.heap[value.key] if isinstance(value, Handle) else None
    if isinstance(value, Const) and dataclasses.is_dataclass(value.value) and not isinstance(value.value, type):
        return _record(s, s.instance(value.value), what)
    if isinstance(contents, ObjectContents) and dataclasses.is_dataclass(contents.cls):
        return contents
    s.refuse(
        "constant-error", f"{what} of this value", reason="it takes a dataclass.", remedy="an instance of a dataclass"
    )


@handles(dataclasses.replace)
def _replace(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    contents = _record(s, args[0], "replace()")
    fields = [f.name for f in dataclasses.fields(contents.cls) if f.init]
    return s.construct(contents.cls, (), {**{f: s.attribute(args[0], f) for f in fields}, **kwargs})


@handles(dataclasses.fields)
def _fields(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    cls = args[0].value if isinstance(args[0], Const) else s.class_of(args[0])
    return TupleVal(tuple(map(Const, dataclasses.fields(cls))))


@handles(dataclasses.is_dataclass)
def _is_dataclass(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(dataclasses.is_dataclass(args[0].value if isinstance(args[0], Const) else s.class_of(args[0])))


def _copied(s: Calls, value: Value, what: str) -> Value:
    """Records in containers become tuples or dicts, containers new ones."""
    contents = s.heap[value.key] if isinstance(value, Handle) else None
    match contents:
        case ObjectContents(cls) if dataclasses.is_dataclass(cls):
            items = {f.name: _copied(s, s.attribute(value, f.name), what) for f in dataclasses.fields(cls)}
            return s.allocate(DictContents(items)) if what == "asdict()" else TupleVal(tuple(items.values()))
        case ListContents(items):
            return s.allocate(ListContents(tuple(_copied(s, i, what) for i in items)))
        case DictContents(items):
            return s.allocate(DictContents({k: _copied(s, v, what) for k, v in items.items()}))
    return s.copy_value(value, deep=True)


@handles(dataclasses.asdict)
def _asdict(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    _record(s, args[0], "asdict()")
    return _copied(s, args[0], "asdict()")


@handles(dataclasses.astuple)
def _astuple(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    _record(s, args[0], "astuple()")
    return _copied(s, args[0], "astuple()")


@handles(object.__setattr__)
def _setattr(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.set_attribute(args[0], s.static_value(args[1], "the name of an attribute"), args[2])
    return NONE


@handles(vars)
def _vars(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.attribute(args[0], "__dict__")
