"""What holds after branches: two states, or two values, become one."""

from __future__ import annotations

from typing import Any, NoReturn, cast

import gast
import numpy as np

from adgen.frontend.expressions import Expressions
from adgen.frontend.frames import Fork, values_in
from adgen.frontend.nodes import load, store
from adgen.frontend.optionals import may_be_optional
from adgen.frontend.state import NUMBER
from adgen.frontend.values import (
    NONE,
    ChoiceVal,
    Const,
    DictContents,
    FunctionVal,
    Handle,
    IteratorContents,
    ListContents,
    MethodVal,
    ObjectContents,
    OptionalVal,
    PartialVal,
    Poison,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.types import ITEM, Array, ListOf, Opaque, Scalar, TupleOf, Type, show_type, type_of_number


class GrowsInBranch(Exception):
    """A list gets more items in one branch than in the other, or becomes a variable of its own in each."""

    def __init__(self, key: int) -> None:
        super().__init__(key)
        self.key = key


def grows(one: Any, two: Any) -> bool:
    kinds = (one, two)
    if all(isinstance(k, ListContents) for k in kinds):
        return len(one.items) != len(two.items)
    return all(isinstance(k, ListContents | Ref) for k in kinds)


class Joins(Expressions):
    """The common type of values, and branch variables where the values differ."""

    join_test: Value | None = None  # what decides between the two ends

    @property
    def half_set(self) -> set[tuple[int, str]]:
        """Variables that the present loop's body has set on one path only, by depth and name."""
        return self.__dict__.setdefault("_half_set", set())

    def join(self, fork: Fork) -> None:
        """Continue with what both ends agree on; where they differ, with branch variables."""
        one, two = fork.one, fork.two
        for depth, (frame, left, right) in enumerate(zip(self.frames, one.variables, two.variables, strict=True)):
            merged = {}
            for name in {**left, **right}:
                if name not in left or name not in right:
                    merged[name] = left.get(name) or right.get(name)
                    self.half_set.add((depth, name))
                else:
                    merged[name] = self.join_value(left[name], right[name], name, fork)
            frame.variables = merged
        heap = {**one.heap, **two.heap}
        for key in one.heap.keys() & two.heap.keys():
            if one.heap[key] is not two.heap[key]:
                if grows(one.heap[key], two.heap[key]):
                    raise GrowsInBranch(key)
                heap[key] = self.join_contents(one.heap[key], two.heap[key], fork)
        self.heap = {**self.heap, **heap}

    def join_contents(self, left: Any, right: Any, fork: Fork) -> Any:
        if isinstance(left, ListContents) and isinstance(right, ListContents) and len(left.items) == len(right.items):
            return ListContents(
                tuple(self.join_value(a, b, "item", fork) for a, b in zip(left.items, right.items, strict=True))
            )
        if (
            isinstance(left, DictContents)
            and isinstance(right, DictContents)
            and left.items.keys() == right.items.keys()
        ):
            return DictContents(
                {
                    k: self.join_value(left.items[k], right.items[k], k if isinstance(k, str) else "item", fork)
                    for k in left.items
                },
                left.cls,
                left.factory,
            )
        if isinstance(left, ObjectContents) and isinstance(right, ObjectContents):
            names = {**left.attributes, **right.attributes}
            joined = {}
            for name in names:
                if name in left.attributes and name in right.attributes:
                    joined[name] = self.join_value(left.attributes[name], right.attributes[name], name, fork)
                else:
                    joined[name] = self.one_sided(left, right, name)
            return ObjectContents(left.cls, joined, left.origin, left.path)
        if isinstance(left, IteratorContents | Poison):
            return Poison("how far it has come depends on the path taken.", self.span)
        self.refuse_branch_list()

    def refuse_branch_list(self) -> NoReturn:
        self.refuse(
            "branch-list",
            "a list or dict gets different entries in the branches of an if",
            reason="how many there are would be known only at run time.",
            remedy="the same entries in both branches, or an array with a count",
        )

    def one_sided(self, left: ObjectContents, right: ObjectContents, name: str) -> Value:
        """An attribute that was set, or only read, on one path."""
        value = left.attributes[name] if name in left.attributes else right.attributes[name]
        if issubclass(left.cls, BaseException) and not (left.attributes and right.attributes):
            return value  # on the other path it was not raised
        key = next((k for k, c in self.heap.items() if isinstance(c, ObjectContents) and c.origin is left.origin), 0)
        if left.origin is not None and value == self.pristine.get((key, name)):
            return value
        return Poison(f"attribute {name!r} is set on one path only.", self.span)

    def join_value(self, left: Value, right: Value, hint: str | None, fork: Fork) -> Value:
        if left is right or left == right:
            return left
        if (
            isinstance(left, TupleVal)
            and isinstance(right, TupleVal)
            and len(left.items) == len(right.items)
            and left.cls is right.cls
        ):
            return TupleVal(
                tuple(self.join_value(a, b, hint, fork) for a, b in zip(left.items, right.items, strict=True)),
                left.cls,
            )
        if any(v == NONE or isinstance(v, OptionalVal) for v in (left, right)):
            optional = self.join_optional(left, right, hint, fork)
            if optional is not None:
                return optional
        listed = self.join_lists(left, right, hint, fork)
        if listed is not None:
            return listed
        if isinstance(left, Handle) and isinstance(right, Handle):
            return self.join_handles(left, right, fork)
        if self.join_test is not None and self.is_function(left) and self.is_function(right):
            return ChoiceVal(self.join_test, left, right)
        kinds = [self.joinable_type(v) for v in (left, right)]
        if any(isinstance(v, Poison) and v.reason == "consequence" for v in (left, right)):
            return Poison("consequence", self.span)
        joined = None if None in kinds else self.join_types(kinds[0], kinds[1], "%")
        if joined is None:
            return Poison(f"on one path it is {self.describe(left)}, on the other {self.describe(right)}.", self.span)
        name = self.fresh(hint or "t", temporary=hint is None)
        self.types[name] = self.own_shape(joined, name)
        if isinstance(joined, Scalar) and any(isinstance(k, Array) for k in kinds):
            self.array_or_number.add(name)
        for block, value, kind in ((fork.first, left, kinds[0]), (fork.second, right, kinds[1])):
            outer, self.out = self.out, block
            self.emit(gast.Assign([store(name)], self.converted(value, kind, joined), None))
            self.out = outer
        return Ref(name, self.types[name])

    def join_lists(self, left: Value, right: Value, hint: str | None, fork: Fork) -> Value | None:
        """Lists of numbers whose lengths differ, or are known only at run time: as a list of the program."""
        kinds: list[Any] = []
        for value, state in ((left, fork.one), (right, fork.two)):
            contents = state.heap.get(value.key) if isinstance(value, Handle) else value
            if isinstance(contents, ListContents) and contents.cls is list and contents.items:
                kinds.append([self.joinable_type(v) for v in contents.items])
            elif isinstance(contents, Ref) and isinstance(contents.type, ListOf):
                kinds.append(contents.type)
            else:
                return None
            if sum(v == value for v in values_in(*state.variables, state.heap)) > 1:
                return None  # what is written into it later would have to be seen by that name too
        if all(isinstance(k, list) for k in kinds) and len(kinds[0]) == len(kinds[1]):
            return None  # joined item by item
        if all(isinstance(k, ListOf) for k in kinds):
            return None  # as they are
        items = [k.item if isinstance(k, ListOf) else k for k in kinds]
        numbers: list[Any] = [n for i in items for n in (i if isinstance(i, list) else [i])]
        if not all(isinstance(n, Scalar) for n in numbers):
            return None
        item = Scalar(np.result_type(*(n.dtype for n in numbers)), all(n.weak for n in numbers))
        if any(
            kind != item.kind for kind in (getattr(n, "kind", "") for n in numbers if item.kind == "c" or n in items)
        ):
            return None
        name = self.fresh(hint or "t", temporary=hint is None)
        self.types[name] = ListOf(item)
        for block, value, state in ((fork.first, left, fork.one), (fork.second, right, fork.two)):
            outer, self.out = self.out, block
            contents = state.heap.get(value.key) if isinstance(value, Handle) else value
            expr = load(contents.name) if isinstance(contents, Ref) else None
            parts = [self.converted(v, self.joinable_type(v), item) for v in getattr(contents, "items", ())]
            self.emit(gast.Assign([store(name)], expr or gast.List(parts, gast.Load()), None))
            self.out = outer
        return Ref(name, self.types[name])

    def join_optional(self, left: Value, right: Value, hint: str | None, fork: Fork) -> Value | None:
        """What is a number on one path, or on some, and None elsewhere."""
        types = [self.joinable_type(getattr(v, "value", v) if isinstance(v, OptionalVal) else v) for v in (left, right)]
        known = [t for v, t in zip((left, right), types, strict=True) if v != NONE]
        if not all(map(may_be_optional, known)) or not known:
            return None
        other = next((v for v in (left, right) if isinstance(v, Const) and v != NONE), None)
        sides = [self.as_optional(v, known[0]) for v in (left, right)]  # pyright: ignore[reportArgumentType]
        if other is not None and NONE in (left, right):
            sides = [OptionalVal(s.missing, other) for s in sides]
        value = self.join_value(sides[0].value, sides[1].value, hint, fork)
        if isinstance(value, Poison):
            return None
        flag = None if hint is None else f"{hint}_is_none"
        missing = self.join_value(sides[0].missing, sides[1].missing, flag, fork)
        return OptionalVal(missing, value)

    def is_function(self, value: Value) -> bool:
        return isinstance(value, FunctionVal | MethodVal | PartialVal | ChoiceVal) or (
            isinstance(value, Const) and callable(value.value)
        )

    def join_handles(self, left: Handle, right: Handle, fork: Fork) -> Value:
        joined = fork.one.joined
        if (left.key, right.key) in joined:
            return joined[left.key, right.key]
        a: Any = fork.one.heap.get(left.key)
        b: Any = fork.two.heap.get(right.key)
        if type(a) is type(b) and isinstance(a, ListContents | DictContents) and len(a.items) == len(b.items):
            return self.joined_object(left, right, self.join_contents(a, b, fork), joined)
        if (
            isinstance(a, ObjectContents)
            and isinstance(b, ObjectContents)
            and a.cls is b.cls
            and a.origin is b.origin is None
        ):
            return self.joined_object(left, right, self.join_contents(a, b, fork), joined)
        return Poison("it is a different container on each path.", self.span)

    def joined_object(
        self, left: Handle, right: Handle, contents: Any, joined: dict[tuple[int, int], Handle]
    ) -> Handle:
        """One object for what is this object on one path and that on the other."""
        made = joined[left.key, right.key] = self.allocate(contents)
        for key in (left.key, right.key):
            self.joined.setdefault(key, set()).add(made.key)
            self.joined.setdefault(made.key, set()).add(key)
        return made

    def joinable_type(self, value: Value) -> Type | None:
        """The type of what can be a variable of the program."""
        if isinstance(value, Const) and isinstance(value.value, NUMBER):
            return type_of_number(value.value)
        if isinstance(value, Const) and isinstance(value.value, str):
            return Opaque("str")
        return self.type_or_none(value)

    def join_types(self, left: Type | None, right: Type | None, name: str) -> Type | None:
        """The common type of two values, or None."""
        match left, right:
            case Scalar(), Scalar():
                dtype = np.result_type(left.dtype, right.dtype) if left.kind != "b" or right.kind != "b" else left.dtype
                if {left.kind, right.kind} & {"b"} and left.kind != right.kind:
                    dtype = np.result_type(left.dtype, right.dtype)
                known = left.value is not None and left.value == right.value
                return Scalar(dtype, left.weak and right.weak, left.value if known else None)
            case (Scalar(), Array(rank=0)) | (Array(rank=0), Scalar()):
                return Scalar(np.result_type(left.dtype, right.dtype), weak=False)
            case Array(), Array() if left.rank == right.rank:
                dims = tuple(
                    self.join_dim(a, b, f"{name}.shape[{k}]")
                    for k, (a, b) in enumerate(zip(left.shape, right.shape, strict=True))
                )
                return Array(np.result_type(left.dtype, right.dtype), dims)
            case ListOf(a), ListOf(b):
                if a is None or b is None:
                    return ListOf(a or b)
                item = self.join_types(a, b, ITEM)
                alike = getattr(a, "kind", "") == getattr(b, "kind", "")
                return (
                    ListOf(item)
                    if item is not None and alike and (a == b or not isinstance(a, Array) or a.dtype == b.dtype)
                    else None
                )
            case TupleOf(a), TupleOf(b) if len(a) == len(b):
                items = [self.join_types(x, y, name) for x, y in zip(a, b, strict=True)]
                return None if None in items else TupleOf(cast("tuple[Type, ...]", tuple(items)))
            case Opaque(), Opaque():
                return left
        return None

    def join_dim(self, left: Dim, right: Dim, fresh: str) -> Dim:
        return left if self.sizes.provably_equal(left, right) else Dim.symbol(fresh)

    def own_shape(self, type_: Type, name: str) -> Type:
        """Extents that no expression names yet are named after the variable."""
        if isinstance(type_, Array):
            return Array(
                type_.dtype,
                tuple(
                    Dim.symbol(f"{name}.shape[{k}]") if any(s.startswith("%") for s in d.symbols) else d
                    for k, d in enumerate(type_.shape)
                ),
            )
        if isinstance(type_, Scalar) and type_.kind in "iu" and type_.value is None:
            return Scalar(type_.dtype, type_.weak, Dim.symbol(name))
        return type_

    def converted(self, value: Value, kind: Type | None, wanted: Type) -> gast.expr:
        """The value as an expression of the wanted type (an int where a float is wanted)."""
        if isinstance(value, Const) and isinstance(wanted, Scalar) and isinstance(value.value, NUMBER):
            if wanted.kind == "f":
                return gast.Constant(float(cast("float", value.value)), None)
            if wanted.kind == "c":
                return gast.Constant(complex(value.value), None)
            return self.atom(value)
        expr = self.atom(value)
        if isinstance(kind, Array) and isinstance(wanted, Scalar):
            return gast.Subscript(expr, gast.Tuple([], gast.Load()), gast.Load())
        if isinstance(kind, Scalar) and isinstance(wanted, Scalar) and kind.kind in "iub" and wanted.kind == "f":
            return gast.Call(load("float"), [expr], [])
        if isinstance(kind, Array) and isinstance(wanted, Array) and kind.dtype != wanted.dtype:
            return gast.Call(gast.Attribute(expr, "astype", gast.Load()), [self.constant_expression(wanted.dtype)], [])
        return expr

    def describe(self, value: Value) -> str:
        if isinstance(value, OptionalVal):
            return f"None or {self.describe(value.value)}"
        kind = self.joinable_type(value)
        if kind is not None:
            return f"a {show_type(kind)}"
        return repr(value.value) if isinstance(value, Const) else type(value).__name__
