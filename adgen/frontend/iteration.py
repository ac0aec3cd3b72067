"""What a loop runs over: the range of its counter, and the item that belongs to a counter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast

from adgen.frontend.contexts import Contexts
from adgen.frontend.values import (
    Const,
    Handle,
    IterVal,
    ListContents,
    RangeVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import Array, ListOf

Reader = Callable[[int], Value | None]


class Iteration(Contexts):
    """Ranges, arrays, lists, and zip, enumerate and reversed of them."""

    def iteration(self, value: Value, target: Any) -> tuple[Value, Value, Value, Callable, str]:
        """Counter's range, and the item for a counter."""
        hint = "i"
        match value:
            case RangeVal(start, stop, step):
                name = target.id if isinstance(target, gast.Name) else hint
                return self.plain(start), self.plain(stop), self.plain(step), lambda i: i, name
            case Ref(_, Array()) | Ref(_, ListOf()):
                length = self.plain(self.call(Const(len), (value,), {}))
                return Const(0), length, Const(1), lambda i: self.subscript(value, i), hint
            case IterVal("enumerate", (inner, first)):
                elements: list[Any] = target.elts if isinstance(target, gast.Tuple) else [None, None]
                start, stop, step, item, _ = self.iteration(inner, None)
                name = elements[0].id if isinstance(elements[0], gast.Name) else hint
                plain = isinstance(first, Const) and first.value == 0 and start == Const(0) and step == Const(1)
                number = (
                    (lambda i: i)
                    if plain
                    else (lambda i: self.binary(gast.Add(), first, self.position(i, start, step)))
                )
                return start, stop, step, lambda i: TupleVal((number(i), item(i))), name
            case IterVal("zip", parts):
                return self.zip_iteration(parts, hint)
            case IterVal("reversed", (inner,)):
                return self.reversed_iteration(inner, target)
            case Handle() | TupleVal():
                items = self.known_items(value) or ()
                listed = self.residual_list(value, items)
                return Const(0), Const(len(items)), Const(1), lambda i: self.subscript(listed, i), hint
        self.refuse(
            "iteration",
            "this can't be looped over",
            reason="it is no range, array, list, or zip, enumerate or reversed of those.",
            remedy="a loop over range(...)",
        )

    def is_counting(self, value: Value) -> bool:
        """Whether nothing but ranges makes the number of items known."""
        match value:
            case RangeVal():
                return True
            case IterVal("enumerate" | "reversed", (inner, *_)):
                return self.is_counting(inner)
            case IterVal("zip", parts):
                ranges = [self.is_counting(p) for p in parts]
                arrays = [isinstance(p, Ref) and isinstance(p.type, Array | ListOf) for p in parts]
                return any(ranges) and all(a or b for a, b in zip(ranges, arrays, strict=True))
        return False

    def reader(self, value: Value) -> Reader:
        """The item at a position as it is when the loop gets there; None at the end."""
        match value:
            case Handle(key) if isinstance(self.heap[key], ListContents):
                return lambda k: nth(self.known_items(value) or (), k)
            case Ref(_, Array(_, shape)) if shape:
                length = self.sizes.reduce(shape[0])
                if not length.is_const and (observed := self.sizes.value(length)) is not None:
                    self.sizes.assume(length, observed)
                    length = self.sizes.reduce(length)
                return lambda k: None if length.is_const and k >= length.const else self.subscript(value, Const(k))
            case IterVal("enumerate", (inner, first)):
                start, read = self.static_value(first, "the start of enumerate"), self.reader(inner)
                return lambda k: None if (item := read(k)) is None else TupleVal((Const(start + k), item))
            case IterVal("zip", parts):
                return self.zip_reader(parts)
            case IterVal("reversed", (inner,)):
                last, read = len(self.known_items(inner) or ()) - 1, self.reader(inner)
                return lambda k: None if k > last else read(last - k)
            case IterVal("items"):
                return lambda k: nth(self.known_items(value) or (), k)
        items = self.known_items(value) or ()
        return lambda k: nth(items, k)

    def zip_reader(self, parts: tuple[Value, ...]) -> Reader:
        readers = [self.reader(p) for p in parts]
        # Arrays come last: reading beyond one whose length is not known would fail.
        order = sorted(range(len(parts)), key=lambda j: isinstance(parts[j], Ref))

        def read(k: int) -> Value | None:
            found: dict[int, Value] = {}
            for j in order:
                item = readers[j](k)
                if item is None:
                    return None
                found[j] = item
            return TupleVal(tuple(found[j] for j in range(len(parts))))

        return read

    def position(self, i: Value, start: Value, step: Value) -> Value:
        offset = self.binary(gast.Sub(), i, start)
        return offset if step == Const(1) else self.binary(gast.FloorDiv(), offset, step)

    def zip_iteration(self, parts: tuple[Value, ...], hint: str) -> tuple[Value, Value, Value, Callable, str]:
        plans = [self.iteration(p, None) for p in parts]
        if any(p[0] != Const(0) or p[2] != Const(1) for p in plans):
            plans = [self.from_zero(p) for p in plans]
        length = plans[0][1]
        for plan in plans[1:]:
            a, b = (getattr(self.type_or_none(v), "value", None) for v in (length, plan[1]))
            if a is not None and b is not None and self.sizes.provably_equal(a, b):
                continue
            length = self.call(Const(min), (length, plan[1]), {})
        return Const(0), length, Const(1), lambda i: TupleVal(tuple(p[3](i) for p in plans)), hint

    def from_zero(self, plan: tuple) -> tuple:
        start, stop, step, item, hint = plan
        count = self.call(Const(len), (RangeVal(start, stop, step),), {})
        return (
            Const(0),
            count,
            Const(1),
            lambda i: item(self.binary(gast.Add(), start, self.binary(gast.Mult(), i, step))),
            hint,
        )

    def reversed_iteration(self, inner: Value, target: Any) -> tuple:
        start, stop, step, item, hint = self.iteration(inner, target)
        unit = self.static_value(step, "the step of a reversed range")
        if unit not in (1, -1):
            count = self.from_zero((start, stop, step, item, hint))
            last = self.binary(gast.Sub(), count[1], Const(1))
            return last, Const(-1), Const(-1), count[3], hint
        last = self.binary(gast.Sub(), stop, Const(unit))
        end = self.binary(gast.Sub(), start, Const(unit))
        return last, end, Const(-unit), item, hint


def nth(items: Sequence[Value], k: int) -> Value | None:
    return items[k] if k < len(items) else None
