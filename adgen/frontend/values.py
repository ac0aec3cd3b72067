"""What the specialiser knows of a value: all of it, its type, or its parts.

Containers, functions, slices and ranges exist only while generating; what is left in the program are
numbers, arrays and (where their length is known only at run time) lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adgen.program.dims import Dim
from adgen.program.spans import Span
from adgen.program.types import Type


@dataclass(frozen=True)
class Value:
    """Base of all abstract values."""


@dataclass(frozen=True)
class Const(Value):
    """A value that is known: a literal, a module, a function with a rule, None, a dtype, text."""

    value: Any

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Const) or type(self.value) is not type(other.value):
            return False
        if self.value is other.value:
            return True
        if isinstance(self.value, bool | int | float | complex | str | bytes | tuple | frozenset):
            return self.value == other.value
        return False

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Ref(Value):
    """A variable of the program.  `static` is its present value, where code may come to depend on it."""

    name: str
    type: Type = field(compare=False)
    static: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class ShapeItem(Value):
    """One extent of an array, not yet read from it."""

    array: str
    axis: int
    dim: Dim


@dataclass(frozen=True)
class TupleVal(Value):
    """A tuple or named tuple of known length."""

    items: tuple[Value, ...]
    cls: type | None = None


@dataclass(frozen=True)
class OptionalVal(Value):
    """A number on some paths, None on the others: `missing` tells which, and `value` then stands for nothing."""

    missing: Value
    value: Value


@dataclass(frozen=True)
class Handle(Value):
    """A mutable object made while generating; its contents are in the state's heap."""

    key: int


@dataclass(frozen=True)
class ListContents:
    items: tuple[Value, ...]
    cls: type = list  # list or collections.deque


@dataclass(frozen=True)
class DictContents:
    """A dict or set.  `factory` makes the missing entries of a defaultdict."""

    items: Mapping[Any, Value]
    cls: type = dict
    factory: Value | None = None
    owner: int | None = None  # the object whose attributes these are

    @property
    def is_set(self) -> bool:
        return self.cls in (set, frozenset)


@dataclass(frozen=True)
class IteratorContents:
    """An iterator: what makes the item at a position (None at the end), and how far it has come."""

    item: Callable[[int], Value | None]
    position: int = 0
    endless: bool = False
    held: tuple[Value, ...] = ()  # the values that `item` keeps


@dataclass(frozen=True)
class ObjectContents:
    """An instance: attributes set so far, over those of `origin` (a real object, if there is one)."""

    cls: type
    attributes: Mapping[str, Value]
    origin: Any = None
    path: str = ""


@dataclass(frozen=True)
class FunctionVal(Value):
    """A function: a Python function object, or a ``def`` or ``lambda`` met while generating."""

    node: Any
    name: str
    file: str
    frame: Any  # the frame in which it was defined (closure), or None
    globals: Mapping[str, Any]
    function: Any = None  # the function object, if there is one
    defaults: Mapping[str, Value] = field(default_factory=dict)
    owner: type | None = None


@dataclass(frozen=True)
class MethodVal(Value):
    function: Value
    instance: Value


@dataclass(frozen=True)
class ArrayMethod(Value):
    array: Value
    name: str


@dataclass(frozen=True)
class SuperVal(Value):
    owner: type
    instance: Value


@dataclass(frozen=True)
class PartialVal(Value):
    function: Value
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]


@dataclass(frozen=True)
class ChoiceVal(Value):
    """One of two functions, decided by a condition of the program."""

    test: Value
    then: Value
    otherwise: Value


@dataclass(frozen=True)
class GeneratorVal(Value):
    """A generator that was made and is not running yet.  `once` is an iterator that moves on when it runs."""

    function: FunctionVal
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    once: Handle


@dataclass(frozen=True)
class GridVal(Value):
    """``np.ndindex(...)``; with an array ``np.ndenumerate``, and ``np.nditer`` over its elements or parts."""

    kind: str
    extents: tuple[Value, ...]
    array: Value | None = None


@dataclass(frozen=True)
class RangeVal(Value):
    start: Value
    stop: Value
    step: Value


@dataclass(frozen=True)
class IterVal(Value):
    """enumerate, zip, reversed over values.  `once` is an iterator that has moved on when this one is used up."""

    kind: str
    parts: tuple[Value, ...]
    once: Handle | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SliceVal(Value):
    lower: Value
    upper: Value
    step: Value


@dataclass(frozen=True)
class Poison(Value):
    """A variable whose value can't be known after a join; using it is refused."""

    reason: str
    span: Span | None = None


NONE = Const(None)
