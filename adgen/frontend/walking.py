"""What can be walked while generating: sequences, iterators, and views of them, item by item as in Python."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from adgen.frontend.indexing import Indexing
from adgen.frontend.values import (
    Const,
    DictContents,
    GeneratorVal,
    Handle,
    IteratorContents,
    IterVal,
    ListContents,
    ObjectContents,
    Poison,
    RangeVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import Array, TupleOf

SEQUENCES = (list, tuple, dict, range, str, set, frozenset)


class Walking(Indexing):
    """Items of sequences of known length; iterators, which move on."""

    # ---- iterators

    def iterator(
        self,
        item: tuple[Value, ...] | Callable[[int], Value | None],
        *,
        endless: bool = False,
        held: tuple[Value, ...] = (),
    ) -> Handle:
        if isinstance(item, tuple):
            items = item
            return self.allocate(IteratorContents(lambda k: items[k] if k < len(items) else None, held=items))
        return self.allocate(IteratorContents(item, endless=endless, held=held))

    def is_iterator(self, value: Value) -> bool:
        return isinstance(value, Handle) and isinstance(self.heap[value.key], IteratorContents)

    def taken(self, value: Handle) -> Value | None:
        """The next item of an iterator, which moves on; None at its end."""
        contents = self.heap[value.key]
        if not isinstance(contents, IteratorContents):
            self.refuse(
                "undecided-value",
                "how far this iterator has come depends on the path taken",
                reason="its next item is known only at run time.",
                remedy="a loop over indices",
            )
        item = contents.item(contents.position)
        if item is not None:
            self.change(value.key, replace(self.heap[value.key], position=contents.position + 1))
        return item

    def use_up(self, view: IterVal | GeneratorVal) -> None:
        """Note that an iterator has been walked to its end."""
        if view.once is None:
            return
        contents = self.heap[view.once.key]
        if not isinstance(contents, IteratorContents) or contents.position:
            self.refuse(
                "spent-iterator",
                "this iterator is used a second time",
                reason="it gives its items once.",
                remedy="list(...), or zip and enumerate again",
            )
        self.change(view.once.key, replace(contents, position=1))

    def walk(self, value: Handle) -> Iterator[Value]:
        while (item := self.taken(value)) is not None:
            yield item

    def iterator_over(self, value: Value) -> Handle:
        """``iter(value)`` of what `is_walkable`: it sees what is written while it walks, as in Python."""
        if self.is_iterator(value):
            return value  # pyright: ignore[reportReturnType]
        if isinstance(value, IterVal):
            return self.iterator(self.item_of_view(value))
        contents = self.heap[value.key] if isinstance(value, Handle) else None
        if isinstance(contents, ListContents):
            key = value.key

            def item(k: int) -> Value | None:
                items = self.heap[key].items
                return items[k] if k < len(items) else None

            return self.iterator(item)
        return self.iterator(self.known_items(value) or ())

    def item_of_view(self, value: IterVal) -> Callable[[int], Value | None]:
        """The rows of zip, enumerate, reversed and ``dict.items()``."""
        if value.kind == "items":
            key = value.parts[0].key
            keys = tuple(self.heap[key].items)
            return lambda k: (
                TupleVal((self.key_value(keys[k]), self.heap[key].items[keys[k]])) if k < len(keys) else None
            )
        if value.kind == "reversed":
            return self.backwards(value.parts[0])
        if value.kind == "enumerate":
            first = self.static_value(value.parts[1], "the start of enumerate")
            inner = self.iterator_over(value.parts[0])
            return lambda k: None if (item := self.taken(inner)) is None else TupleVal((Const(first + k), item))
        walks = [self.column(part) for part in value.parts]

        def row(_: int) -> Value | None:
            items = []
            for walk in walks:
                item = self.taken(walk)
                if item is None:
                    if value.kind == "zip strict" and (items or any(self.taken(w) is not None for w in walks[1:])):
                        self.refuse(
                            "constant-error",
                            "zip(strict=True) of sequences of different lengths",
                            reason="the call would raise ValueError.",
                            remedy="sequences of one length",
                        )
                    return None
                items.append(item)
            return TupleVal(tuple(items))

        return row

    def backwards(self, value: Value) -> Callable[[int], Value | None]:
        """The items of ``reversed(value)``, each read when its turn comes."""
        contents = self.heap[value.key] if isinstance(value, Handle) else None
        if isinstance(contents, ListContents):
            key, last = value.key, len(contents.items) - 1
            return lambda k: self.heap[key].items[last - k] if k <= last else None
        items = self.must_items(value, "reversed")[::-1]
        return lambda k: items[k] if k < len(items) else None

    def column(self, part: Value) -> Handle:
        """One of several things that are walked together; an array's length is then taken to be that at hand."""
        if isinstance(part, Ref) and isinstance(part.type, Array):
            length = self.static_length(part)
            return self.iterator(lambda k: self.subscript(part, Const(k)) if k < length else None, held=(part,))
        return self.iterator_over(part)

    # ---- sequences

    def is_walkable(self, value: Value) -> bool:
        """Whether the items are known while generating."""
        match value:
            case TupleVal() | Ref(_, TupleOf()):
                return True
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, Ref):
                    return self.is_walkable(contents)
                if isinstance(contents, ObjectContents):
                    return self.known_items(value) is not None
                return isinstance(contents, ListContents | DictContents | IteratorContents | Poison)
            case Const(constant):
                return isinstance(constant, SEQUENCES) or is_enumeration(constant)
            case RangeVal(start, stop, step):
                return all(isinstance(self.plain(v), Const) for v in (start, stop, step))
            case IterVal("zip" | "zip strict", parts):
                # an array may stand beside something of known, finite length
                known = [self.is_walkable(p) for p in parts]
                finite = [k and not self.is_endless(p) for k, p in zip(known, parts, strict=True)]
                rest = [p for k, p in zip(known, parts, strict=True) if not k]
                return any(finite) and all(isinstance(p, Ref) and isinstance(p.type, Array) for p in rest)
            case IterVal(_, parts):
                return self.is_walkable(parts[0])
        return False

    def is_endless(self, value: Value) -> bool:
        return self.is_iterator(value) and self.heap[value.key].endless

    def known_items(self, value: Value) -> tuple[Value, ...] | None:
        """The items of a sequence of known length, else None.  An iterator is used up."""
        match value:
            case TupleVal(items):
                return items
            case Handle(key):
                return self.items_of_object(value, self.heap[key])
            case Const(constant) if isinstance(constant, SEQUENCES) or is_enumeration(constant):
                return tuple(map(self.key_value, constant))
            case RangeVal(start, stop, step):
                bounds = [self.plain(v) for v in (start, stop, step)]
                if all(isinstance(b, Const) for b in bounds):
                    return tuple(map(Const, range(*(b.value for b in bounds))))
                return None
            case IterVal() if self.is_walkable(value):
                self.use_up(value)
                return tuple(self.walk(self.iterator_over(value)))
            case Ref(_, TupleOf(items)):
                return tuple(self.subscript(value, Const(k)) for k in range(len(items)))
        return None

    def items_of_object(self, value: Handle, contents: Any) -> tuple[Value, ...] | None:
        match contents:
            case ListContents(items):
                return items
            case DictContents(items):
                return tuple(map(self.key_value, items))
            case Ref():
                return self.known_items(contents)
            case IteratorContents(endless=endless):
                return None if endless else tuple(self.walk(value))
            case Poison():
                self.taken(value)
        walk = self.class_method(value, "__iter__")
        if walk is not None:
            walked = self.call(walk, (), {})
            return None if walked == value else self.known_items(walked)
        read, length = (self.class_method(value, name) for name in ("__getitem__", "__len__"))
        if read is None or length is None:
            return None
        count = self.static_value(self.call(length, (), {}), "the length of this object")
        return tuple(self.call(read, (Const(k),), {}) for k in range(count))

    def key_value(self, key: Any) -> Value:
        """A key of a dict as a value: tuples of keys can be taken apart."""
        return TupleVal(tuple(map(self.key_value, key))) if type(key) is tuple else Const(key)

    def must_items(self, value: Value, what: str) -> tuple[Value, ...]:
        raise NotImplementedError

    def collected(self, value: Value) -> Value:
        raise NotImplementedError

    def static_length(self, array: Ref) -> int:
        raise NotImplementedError


def is_enumeration(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, enum.Enum)
