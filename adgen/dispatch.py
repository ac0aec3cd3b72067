"""Which specialisation fits a call: keys of argument types, checks of what generated code takes for granted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CellType
from typing import Any

import numpy as np

from adgen.errors import CannotInfer, UnsupportedSyntax
from adgen.frontend.read_source import definition_span
from adgen.kept import NUMBERS, STATIC, Ready
from adgen.loading import present_value, same_type
from adgen.program.function import GlobalName
from adgen.program.objects import attribute_names, is_object


@dataclass
class Specialization:
    """The derivative for one combination of argument types.

    Attributes
    ----------
    guard
        A function of the arguments: whether the assumptions on sizes and frozen values hold.
    accepts
        The whole test in one expression, for plain numbers and arrays: types, guard, the user's globals unchanged,
        no memory shared with an argument that is written.  None if an argument is anything else.
    """

    ready: Ready
    call: Callable[..., Any]
    space: dict[str, Any]
    guard: Callable[..., bool]
    accepts: Callable[..., bool] | None
    globals: list[GlobalName]

    def refresh(self) -> bool:
        """Look the user's globals up again; False if one changed its type."""
        for entry in self.globals:
            value = present_value(entry)
            if value is not self.space.get(entry.name):
                if not same_type(self.space.get(entry.name), value):
                    return False
                self.space[entry.name] = value
        return True


def specialization(
    ready: Ready, call: Callable[..., Any], space: dict[str, Any], arguments: Mapping[str, Any]
) -> Specialization:
    """The loaded derivative with the tests that a call must pass."""
    users = [
        g
        for g in ready.globals.values()
        if g.module != "adgen.runtime" and g.holder is not None and not callable(g.holder) and not g.is_constant
    ]
    parameters = ", ".join(arguments)
    accepts = entry_test(ready, arguments, users, space, f"lambda {parameters}: {{}} and {ready.guard}")
    return Specialization(ready, call, space, ready.test(parameters), accepts, users)


def entry_test(
    ready: Ready, arguments: Mapping[str, Any], users: list[GlobalName], space: dict[str, Any], template: str
) -> Callable[..., bool] | None:
    """All that a call must satisfy, in one compiled expression."""
    known = {g.name: g.value for g in ready.globals.values()}
    names: dict[str, Any] = {**known, "np": np, "type_": type, "ndarray_": np.ndarray, "space_": space}
    conditions: list[str] = []
    for name, value in arguments.items():
        kind = type(value)
        if kind in NUMBERS or isinstance(value, np.number):
            names[f"type_{name}_"] = kind
            conditions.append(f"type_({name}) is type_{name}_")
        elif kind is np.ndarray:
            names[f"dtype_{name}_"] = value.dtype
            conditions.append(
                f"type_({name}) is ndarray_ and {name}.dtype is dtype_{name}_ and {name}.ndim == {value.ndim}"
            )
        elif value is None or kind is bool:
            conditions.append(f"{name} is {value}")
        else:
            return None
    for k, entry in enumerate(users):
        if not isinstance(entry.holder, dict | CellType) or not entry.path.isidentifier():
            return None
        names[f"holder_{k}_"] = entry.holder
        look_up = ".cell_contents" if isinstance(entry.holder, CellType) else f".get({entry.path!r})"
        conditions.append(f"holder_{k}_{look_up} is space_.get({entry.name!r})")
    arrays = [name for name, value in arguments.items() if isinstance(value, np.ndarray)]
    for name in ready.written:
        conditions += [f"not np.may_share_memory({name}, {other})" for other in arrays if other != name]
    if set(names) & set(arguments):
        return None
    return eval(template.format(" and ".join(conditions) or "True"), names)  # noqa: S307  our own text


def promoted(value: Any, name: str, *, strict: bool, function: Any = None) -> Any:
    """Python ints count as floats where they are differentiated; integer arrays are refused."""
    if type(value) is int:
        return float(value)
    if isinstance(value, np.integer):
        return float(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iub" and strict:
        raise CannotInfer(
            "integer-array",
            f"argument {name!r} is an array of {value.dtype}",
            None if function is None else definition_span(function),
            reason="integers have no derivative.",
            remedy=f"{name}.astype(float)",
        )
    return value


# What a subclass of arrays may compute in its own way: np.matrix multiplies matrices, masked arrays leave out elements.
ARITHMETIC = ("__mul__", "__add__", "__pow__", "__getitem__", "__array_ufunc__", "__array_function__", "sum")


def refuse_own_arithmetic(value: Any, name: str, function: Any) -> None:
    """Arrays whose class redefines operations do not compute what the derivative takes them to compute."""
    if isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            refuse_own_arithmetic(item, name, function)
    kind = type(value)
    if not isinstance(value, np.ndarray) or kind in (np.ndarray, np.memmap):
        return
    if any(getattr(kind, n) is not getattr(np.ndarray, n) for n in ARITHMETIC):
        raise UnsupportedSyntax(
            "array-subclass",
            f"argument {name!r} is a {kind.__module__}.{kind.__qualname__}",
            definition_span(function),
            reason="its class has operations of its own, which NumPy's rules do not describe.",
            remedy=f"np.asarray({name})",
        )


def refuse_shared(arguments: Mapping[str, Any], written: tuple[str, ...], function: Any) -> None:
    """Two arguments that share memory, one of which is written, are not two values."""
    arrays = {name: value for name, value in arguments.items() if isinstance(value, np.ndarray)}
    for name in written:
        for other, value in arrays.items():
            if other != name and name in arrays and np.may_share_memory(arrays[name], value):
                raise UnsupportedSyntax(
                    "shared-arguments",
                    f"arguments {name!r} and {other!r} share memory, and {name!r} is written",
                    definition_span(function),
                    reason="the derivative takes them to be different arrays.",
                    remedy=f"pass {other}.copy()",
                )


def type_key(value: Any, seen: tuple[int, ...] = ()) -> Any:
    """What the code depends on: types, dtypes and ranks, the structure of containers, the value of flags."""
    kind = type(value)
    if kind in NUMBERS:
        return kind
    if kind is np.ndarray:
        return (value.dtype, value.ndim)
    if isinstance(value, np.random.Generator | np.random.RandomState):
        return kind
    if isinstance(value, STATIC):
        return (kind, value)
    if isinstance(value, np.ndarray | np.generic):
        return (np.dtype(value.dtype), np.ndim(value), kind)
    if isinstance(value, tuple | list):
        return (kind, *[type_key(v, seen) for v in value])
    if isinstance(value, dict):
        return (kind, *[(k, type_key(v, seen)) for k, v in value.items()])
    if is_object(value) and id(value) not in seen:
        seen = (*seen, id(value))
        return (kind, *[(name, type_key(getattr(value, name), seen)) for name in attribute_names(value)])
    try:
        hash(value)
    except TypeError:
        return (kind, id(value))
    return (kind, value)
