"""Whether a row fits a call: its `ranks`, and its `when`, a test of what is known when generating.

Both the frontend (which then leaves the call as it stands) and the transforms ask this, about values of
their own kinds, of which they say the type and, where there is one, the static value.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from adgen.program.types import Array, TupleOf
from adgen.rules.kinds import Head, Row
from adgen.rules.macros.operands import MISSING

STATIC_FACTS = {
    "isinstance": None,
    "np": np,
    "len": len,
    "tuple": tuple,
    "int": int,
    "list": list,
    "float": float,
    "str": str,
}


class Facts:
    """What a static test may ask of a value that is not static."""

    def __init__(self, type_: Any) -> None:
        self.type = type_
        self.ndim = getattr(type_, "rank", 0)
        self.dtype = getattr(type_, "dtype", None)
        self.is_array = isinstance(type_, Array)

    def __bool__(self) -> bool:
        raise TypeError("this is decided at run time")


class StaticInt(int):
    """A static integer that also answers for its rank and dtype."""

    ndim = 0
    dtype = np.dtype(int)
    is_array = False


class StaticFloat(float):
    """A static float that also answers for its rank and dtype."""

    ndim = 0
    dtype = np.dtype(float)
    is_array = False


class StaticList(list):
    """Items that stand in a list, which also answers for the rank of the array that they make."""

    is_array = False

    @property
    def ndim(self) -> int:
        return 1 + getattr(self[0], "ndim", 0) if self else 1


class StaticTuple(tuple):  # noqa: SLOT001
    """The same for a tuple."""

    is_array = False

    @property
    def ndim(self) -> int:
        return 1 + getattr(self[0], "ndim", 0) if self else 1


def facts(static: Any, type_: Any) -> Any:
    """What a static test sees of a value."""
    if static is not MISSING:
        if isinstance(static, int) and not isinstance(static, bool):
            return StaticInt(static)
        if isinstance(static, float):
            return StaticFloat(static)
        if type(static) in (tuple, list):
            items: Any = static
            return (StaticTuple if type(static) is tuple else StaticList)(facts(s, None) for s in items)
        return static
    if isinstance(type_, TupleOf):
        return StaticList(facts(MISSING, t) for t in type_.items)
    return Facts(type_)


def _is_instance(value: Any, classes: Any) -> bool:
    classes = classes if isinstance(classes, tuple) else (classes,)
    if isinstance(value, Facts | StaticInt | StaticFloat) and value.is_array:
        return np.ndarray in classes
    return isinstance(value, classes)


def static_test(text: str, known: Mapping[str, Any]) -> bool:
    """Whether a test of static facts holds."""
    space = {**STATIC_FACTS, "isinstance": _is_instance, **known}
    return bool(eval(_compiled(text), space))  # noqa: S307  (texts of our own rules)


@functools.lru_cache(maxsize=1024)
def _compiled(text: str) -> Any:
    return compile(text, "<rule>", "eval")


def fits(
    head: Head,
    row: Row,
    bound: Mapping[str, Any],
    type_of: Callable[[Any], Any],
    static_of: Callable[[Any], Any],
) -> bool:
    """Whether a row is for these arguments, which its head has bound."""
    if row.ranks is not None:
        leading = [type_of(bound[p]) for p in head.parameters[: len(row.ranks)] if p in bound]
        if tuple(getattr(t, "rank", None) for t in leading) != row.ranks:
            return False
    if not row.when:
        return True
    known = {name: facts(default, None) for name, default in head.defaults.items()}
    for name, value in bound.items():
        known[name] = facts(static_of(value), type_of(value))
    try:
        return static_test(row.when, {"y": None, **known})
    except TypeError:  # it asks for what is decided at run time
        return False
