"""Real objects of the user's classes: which attributes they have, and what stands in them."""

from __future__ import annotations

import enum
import types
from typing import Any

import numpy as np


def is_object(value: Any) -> bool:
    """Whether a value is an instance of a plain Python class, whose attributes can be followed.

    >>> is_object(types.SimpleNamespace(a=1.0)), is_object(1.0), is_object(is_object)
    (True, False, False)
    """
    cls = type(value)
    if isinstance(value, type | types.ModuleType | types.FunctionType | enum.Enum | np.ndarray | np.generic | np.ufunc):
        return False
    if isinstance(value, int | float | complex | str | bytes | list | tuple | dict | set | frozenset | BaseException):
        return False
    if callable(value) and (
        not isinstance(getattr(cls, "__call__", None), types.FunctionType)  # noqa: B004 - the method itself is wanted
        or hasattr(value, "__adgen_inline__")
        or hasattr(value, "py_func")
    ):
        return False
    return hasattr(value, "__dict__") or any("__slots__" in vars(c) for c in cls.__mro__)


def attribute_names(value: Any) -> list[str]:
    """The attributes that an object has of its own, in ``__dict__`` or in slots, in the order of their making."""
    slots = [
        name
        for cls in reversed(type(value).__mro__)
        for name in _slots_of(cls)
        if name not in ("__dict__", "__weakref__") and hasattr(value, name)
    ]
    return [*slots, *getattr(value, "__dict__", {})]


def _slots_of(cls: type) -> tuple[str, ...]:
    slots = vars(cls).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def child_name(name: str, key: Any) -> str:
    """A readable variable name for an entry: ``w1`` for ``params['w1']``, ``layers_0`` for ``layers[0]``."""
    if isinstance(key, str) and key.isidentifier():
        return key
    text = "".join(c if c.isalnum() else "_" for c in str(key))
    return f"{name}_{text}"
