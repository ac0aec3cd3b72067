"""What a loop runs over: the range of its counter, and the item that belongs to a counter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from adgen.frontend.contexts import Contexts
from adgen.frontend.nodes import load, store
from adgen.frontend.values import (
    Const,
    GeneratorVal,
    GridVal,
    Handle,
    IterVal,
    RangeVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, ListOf


class GridItem(gast.Subscript):
    """The item of a grid at an index, in the loops that walk it."""


class Iteration(Contexts):
    """Ranges, arrays, lists, and zip, enumerate and reversed of them."""

    def iteration(self, value: Value, target: Any) -> tuple[Value, Value, Value, Callable, str]:
        """Counter's range, and the item for a counter."""
        hint = "i"
        if isinstance(value, IterVal):
            self.use_up(value)
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
            case IterVal("zip" | "zip strict", parts):
                return self.zip_iteration(parts, hint)
            case IterVal("reversed", (inner,)):
                return self.reversed_iteration(inner, target)
            case GridVal(extents=extents):
                count: Value = Const(1)
                for extent in extents:
                    count = self.binary(gast.Mult(), count, extent)
                return Const(0), count, Const(1), lambda i: self.cell(value, i), hint
            case GeneratorVal():
                self.refuse_generator()
            case Handle(key) if isinstance(self.heap[key], Ref):
                return self.iteration(self.heap[key], target)
            case Handle() | TupleVal() if (items := self.known_items(value)) is not None:
                listed = self.residual_list(value, items)
                return Const(0), Const(len(items)), Const(1), lambda i: self.subscript(listed, i), hint
        self.refuse(
            "iteration",
            "this can't be looped over",
            reason="it is no range, array, list, or zip, enumerate or reversed of those.",
            remedy="a loop over range(...)",
        )

    # ---- grids

    def cell(self, grid: GridVal, position: Value) -> Value:
        """The item at a position of a grid that is walked by one counter, the last axis first."""
        index: list[Value] = []
        for k, extent in enumerate(reversed(grid.extents)):
            last = k + 1 == len(grid.extents)
            index.insert(0, position if last else self.binary(gast.Mod(), position, extent))
            position = position if last else self.binary(gast.FloorDiv(), position, extent)
        return self.grid_item(grid, TupleVal(tuple(index)))

    def grid_item(self, grid: GridVal, index: TupleVal) -> Value:
        if grid.array is None:
            return index
        if grid.kind == "parts":
            return self.subscript(grid.array, TupleVal((*index.items, Const(Ellipsis))))
        item = self.subscript(grid.array, index)
        return TupleVal((index, item)) if grid.kind == "pairs" else item

    def nested(self, node: gast.For, grid: GridVal) -> gast.stmt:
        """One loop for each axis of a grid; their counters are variables that no user can write."""
        made = node.__dict__.setdefault("nested", {})
        rank = len(grid.extents)
        if rank not in made:
            self.next_key += 1
            grid_name = f"grid%{self.next_key}"
            names = [f"{'ijklmnpq'[k % 8]}%{self.next_key}{'_' * (k // 8)}" for k in range(rank)]
            index = gast.Tuple([load(n) for n in names], gast.Load())
            item = gast.Assign([node.target], GridItem(load(grid_name), index, gast.Load()), None)
            body: list[gast.stmt] = [item, *node.body]
            for name in reversed(names):
                header = gast.Call(load("range"), [load(f"{name}.extent")], [])
                loop = gast.For(store(name), header, body, [], None)
                loop.walks = node
                body = [loop]
            for part in nodes_in(body[0]):
                if getattr(part, "lineno", None) is None:
                    gast.copy_location(part, node)
            made[rank] = gast.fix_missing_locations(body[0]), names, grid_name
        loop, names, grid_name = made[rank]
        variables = self.frame.variables
        for name, extent in zip(names, grid.extents, strict=True):
            variables[f"{name}.extent"] = extent
        variables[grid_name] = grid
        return loop

    def eval_GridItem(self, node: GridItem, hint: str | None) -> Value:
        grid, index = self.expression(node.value), self.expression(node.slice)
        assert isinstance(grid, GridVal)
        assert isinstance(index, TupleVal)
        return self.grid_item(grid, index)

    def is_counting(self, value: Value) -> bool:
        """Whether nothing but ranges makes the number of items known."""
        match value:
            case RangeVal():
                return True
            case IterVal("enumerate" | "reversed", (inner, *_)):
                return self.is_counting(inner)
            case IterVal("zip" | "zip strict", parts):
                ranges = [self.is_counting(p) for p in parts]
                arrays = [isinstance(p, Ref) and isinstance(p.type, Array | ListOf) for p in parts]
                return any(ranges) and all(a or b for a, b in zip(ranges, arrays, strict=True))
        return False

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
