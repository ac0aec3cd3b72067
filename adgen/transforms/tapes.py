"""The record of the forward sweep: its memory, how it is written, and how it is read back."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gast
import numpy as np

from adgen.analyses.pruning import matters
from adgen.analyses.restored import Restored
from adgen.analyses.structure import Place, base_name
from adgen.program.attempts import Attempt
from adgen.program.dims import Dim
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import clone, nodes_in, static_int
from adgen.program.types import INT, Array, ListOf, Opaque, Scalar, Type
from adgen.transforms.bars import Bars
from adgen.transforms.nodes import constant, is_int, load, numpy_call, store
from adgen.transforms.rows import filled_with, most_trips, mostly_unwritten, row_made

Key = tuple[Any, ...]


@dataclass
class Record:
    """One recorded value: where it is written, for which loops, in which kind of memory."""

    key: Key
    tape: str
    value: gast.expr  # what is recorded
    type: Type
    loops: tuple[gast.stmt, ...]
    # "array", "list" or "variable"; "rows": an array whose rows are the recorded arrays themselves; "known": nothing
    mode: str
    owned: bool = True  # whether a copy must be taken
    region: gast.stmt | None = None  # the loop whose iterations are run again, each with a record of its own


@dataclass
class Plan:
    """All that is recorded; grows while the reverse sweep is written, until it is stable."""

    records: dict[Key, tuple[str, int]] = field(default_factory=dict)  # key -> (name, statement)
    undone: set[int] = field(default_factory=set)
    reads: set[tuple[str, int]] = field(default_factory=set)
    replayed: set[int] = field(default_factory=set)  # loops whose iterations are run again in the reverse sweep
    changed: bool = False

    def copy(self) -> Plan:
        return Plan(dict(self.records), set(self.undone), set(self.reads), set(self.replayed))

    def add(self, key: Key, what: tuple[str, int]) -> None:
        if key not in self.records:
            self.records[key] = what
            self.changed = True

    def undo(self, statement: int) -> None:
        if statement not in self.undone:
            self.undone.add(statement)
            self.changed = True


class Tapes(Bars):
    """One tape for each recorded value; the forward sweep that fills them."""

    plan: Plan
    compiled: bool = False  # whether Numba runs the derivative
    records: dict[Key, Record]
    # What is written besides the original statements, while a forward sweep is copied; names that it is for.
    written_before: dict[int, list[gast.stmt]]
    written_inside: dict[int, list[gast.stmt]]
    written_after: dict[int, list[gast.stmt]]
    written_entering: dict[tuple[int, int], list[gast.stmt]]
    live: set[str] | None = None

    @property
    def run_again(self) -> set[int]:
        """Loops that are run in the replay of a loop around them."""
        return self.__dict__.setdefault("_run_again", set())

    @property
    def left_out(self) -> set[int]:
        """Loops that the reverse sweep runs, so that the forward sweep does not."""
        return self.__dict__.setdefault("_left_out", set())

    # ---- writing records

    def make_records(self) -> dict[Key, Record]:
        """Tapes for everything in the plan."""
        records: dict[Key, Record] = {}
        for key, (name, statement) in self.plan.records.items():
            if key[0] == "entered" and ("head", name) in self.plan.records:
                continue  # it was found later that more than that branch needs it
            records[key] = self.make_record(key, name, statement)
        for statement in sorted(self.plan.undone, key=lambda s: self.structure.places[s].index):
            key = ("undo", statement)
            records[key] = self.undo_record(key, statement)
        return records

    def make_record(self, key: Key, name: str, statement: int) -> Record:
        place = self.structure.places[statement]
        loops = place.block.loops + ((place.statement,) if key[0] == "head" else ())
        if key[0] == "trips":
            return self.finish_record(key, name, load(name), INT, loops, owned=False)
        written = self.storage.is_written(name)
        fresh = key[0] == "def" and written  # the array itself: it is made anew in each iteration
        record = self.finish_record(
            key, name, load(name), self.types[name], loops, owned=written and not fresh, as_list=fresh
        )
        if (
            record.mode == "list"
            and self.may_be_row(name, place.statement)
            and self.indexable(record.loops, record.type)
        ):
            rows = self.finish_record(key, name, load(name), self.types[name], loops, owned=False)
            return replace(rows, mode="rows")
        return record

    def may_be_row(self, name: str, statement: gast.stmt) -> bool:
        """Whether an array is made by a statement, for this function alone."""
        returned = {self.storage.group(output) for output in self.outputs}
        return filled_with(statement, self.types) is not None and self.storage.group(name) not in returned

    def undo_record(self, key: Key, statement: int) -> Record:
        place = self.structure.places[statement]
        target = clone(self.storage.target(place.statement))
        target.ctx = gast.Load()
        type_ = self.infer(target)
        assert type_ is not None
        old = self.restored.old_value(place.statement)
        if old is not None:
            return Record(key, "", clone(old), type_, (), "known", owned=False)
        return self.finish_record(key, base_name(target) or "old", target, type_, place.block.loops, owned=True)

    @functools.cached_property
    def restored(self) -> Restored:
        return Restored(self.structure, self.storage)

    def finish_record(
        self,
        key: Key,
        name: str,
        value: gast.expr,
        type_: Type,
        loops: tuple[gast.stmt, ...],
        *,
        owned: bool,
        as_list: bool = False,
    ) -> Record:
        region, loops = self.region(loops)
        tape = self.tape_names.get(key)
        if tape is None:
            suffix = "_tape" if loops else "_old"
            tape = self.tape_names[key] = self.fresh(f"{name}{suffix}")
        mode = "variable"
        if loops:
            mode = "list" if as_list or not self.indexable(loops, type_) else "array"
        item = type_ if isinstance(type_, Array | ListOf | Opaque) else Scalar(type_.dtype)
        if mode == "list":
            self.types[tape] = ListOf(item)
        elif mode == "array":
            dims = tuple(Dim.symbol(f"{tape}.shape[{k}]") for k in range(len(loops)))
            self.types[tape] = Array(type_.dtype, dims + (type_.shape if isinstance(type_, Array) else ()))
        else:
            self.types[tape] = item
        return Record(key, tape, value, type_, loops, mode, owned and isinstance(type_, Array), region)

    def region(self, loops: tuple[gast.stmt, ...]) -> tuple[gast.stmt | None, tuple[gast.stmt, ...]]:
        """The innermost loop that is replayed, and the loops inside it: those that a record has axes for."""
        for k in range(len(loops) - 1, -1, -1):
            if id(loops[k]) in self.plan.replayed:
                return loops[k], loops[k + 1 :]
        return None, loops

    @property
    def tape_names(self) -> dict[Key, str]:
        return self.__dict__.setdefault("_tape_names", {})

    def indexable(self, loops: tuple[gast.stmt, ...], type_: Type) -> bool:
        """Whether the number of iterations, and the shape, are known before the outermost loop."""
        if not isinstance(type_, Scalar | Array):
            return False
        if isinstance(type_, Array) and not all(self.at_entry(self.sizes.reduce(d)) for d in type_.shape):
            return False
        if not all(isinstance(loop, gast.For) for loop in loops):
            return False
        triangles = [loop for loop in loops if isinstance(loop, gast.For) and not self.is_settled(loop, loops[0])]
        if len(triangles) > 1 or any(self.most_trips(loop, loops) is None for loop in triangles):
            return False  # of a simplex an array would be mostly empty
        return not mostly_unwritten(loops, [self.trip_count(loop, loops) for loop in loops])

    def is_settled(self, loop: gast.For, outer: gast.stmt) -> bool:
        """Whether the range of a loop is known before a loop around it."""
        place = self.structure.places[id(outer)]
        names = (n.id for n in nodes_in(loop.iter) if isinstance(n, gast.Name) and n.id != "range")
        return all(self.known_before(name, place) for name in names)

    def known_before(self, name: str, loop: Place) -> bool:
        definition = self.structure.definitions.get(name)
        if definition is None or definition.kind == "param":
            return True
        return (
            definition.kind == "plain"
            and definition.places[0].index < loop.index
            and any(definition.places[0].block is p.block for p in self.structure.enclosing(loop))
        )

    def most_trips(self, loop: gast.For, around: tuple[gast.stmt, ...]) -> gast.expr | None:
        """The most that the inner loop of a triangle runs; None if it is none.  Python is quicker with lists."""
        dim = most_trips(loop, around, self.dependences) if self.compiled else None
        return self.dim_expression(dim) if dim is not None and self.at_entry(dim) else None

    def trip_count(self, loop: gast.For, around: tuple[gast.stmt, ...]) -> gast.expr:
        """How often a counted loop runs at most, as an expression."""
        if not self.is_settled(loop, around[0]):
            most = self.most_trips(loop, around)
            assert most is not None
            return gast.Call(load("max"), [most, constant(0)], [])
        start, stop, step = range_parts(loop)
        if is_int(start, 0) and is_int(step, 1):
            if isinstance(stop, gast.Constant):
                return constant(max(stop.value, 0))
            if self.is_extent(stop):
                return clone(stop)
            return gast.Call(load("max"), [clone(stop), constant(0)], [])
        if is_int(step, 1) and (static_int(start) or 0) > 0 and not isinstance(stop, gast.Constant):
            difference = gast.BinOp(clone(stop), gast.Sub(), clone(start))
            return gast.Call(load("max"), [difference, constant(0)], [])
        return gast.Call(load("len"), [clone(loop.iter)], [])

    def is_extent(self, expr: gast.expr) -> bool:
        """Whether an integer is an array's extent, hence not negative."""
        if not isinstance(expr, gast.Name):
            return False
        definition = self.structure.definitions.get(expr.id)
        if definition is None or not definition.places:
            return False
        value: Any = getattr(definition.places[0].statement, "value", None)
        return isinstance(value, gast.Attribute | gast.Subscript) and any(
            isinstance(n, gast.Attribute) and n.attr in ("shape", "size") for n in nodes_in(value)
        )

    def position(self, loop: gast.For) -> gast.expr:
        """Which iteration this is, from the counter."""
        start, _, step = range_parts(loop)
        counter: gast.expr = load(loop.target.id)
        if not is_int(start, 0):
            counter = gast.BinOp(counter, gast.Sub(), clone(start))
        return counter if is_int(step, 1) else gast.BinOp(counter, gast.FloorDiv(), clone(step))

    def tape_item(self, record: Record, ctx: gast.expr_context | None = None) -> gast.expr:
        positions = [self.position(loop) for loop in record.loops]
        index = positions[0] if len(positions) == 1 else gast.Tuple(positions, gast.Load())
        return gast.Subscript(load(record.tape), index, ctx or gast.Load())

    def is_shared(self, record: Record) -> bool:
        """Whether the memory of a record in a replayed loop can be had before it, once for all iterations."""
        return record.mode in ("array", "rows") and all(self.trips_at_entry(loop) is not None for loop in record.loops)

    def trips_at_entry(self, loop: gast.For) -> gast.expr | None:
        """How often a counted loop runs, in terms of the arguments' extents; None if that is not so simple."""
        start, stop, step = range_parts(loop)
        dim = self.dependences.affine(stop, self.dependences.instance(self.structure.places[id(loop)]))
        first = static_int(start)
        if dim is None or first is None or first < 0 or not (is_int(step, 1) and self.at_entry(dim)):
            return None
        dim = dim - first
        if dim.is_const or not (len(dim.terms) == 1 and ".shape[" in str(dim)):
            return constant(max(dim.const, 0)) if dim.is_const else None
        trips = self.dim_expression(dim)
        return trips if dim.const == 0 and dim.terms[0][1] > 0 else gast.Call(load("max"), [trips, constant(0)], [])

    def allocate(self, record: Record) -> gast.stmt:
        if record.mode == "list":
            return gast.Assign([store(record.tape)], gast.List([], gast.Load()), None)
        if record.region is not None and self.is_shared(record):
            dims: list[Any] = [self.trips_at_entry(loop) for loop in record.loops]
        else:
            dims = [self.trip_count(loop, record.loops) for loop in record.loops]
        if isinstance(record.type, Array):
            dims += [self.dim_expression(self.sizes.reduce(d)) for d in record.type.shape]
        shape = dims[0] if len(dims) == 1 else gast.Tuple(dims, gast.Load())
        args = [shape]
        if record.type.dtype != np.float64:
            name = record.type.dtype.name.replace("bool", "bool_")
            args.append(gast.Attribute(load("np"), name, gast.Load()))
        return gast.Assign([store(record.tape)], numpy_call("empty", *args), None)

    def write_record(self, record: Record) -> gast.stmt:
        value = clone(record.value)
        if record.mode == "array":
            return gast.Assign([self.tape_item(record, gast.Store())], value, None)
        if record.owned:
            value = gast.Call(gast.Attribute(value, "copy", gast.Load()), [], [])
        if record.mode == "list":
            return gast.Expr(gast.Call(gast.Attribute(load(record.tape), "append", gast.Load()), [value], []))
        return gast.Assign([store(record.tape)], value, None)

    def read_record(self, record: Record) -> gast.expr:
        if record.mode in ("array", "rows"):
            return self.tape_item(record)
        if record.mode == "list":
            return gast.Call(gast.Attribute(load(record.tape), "pop", gast.Load()), [], [])
        return clone(record.value) if record.mode == "known" else load(record.tape)

    # ---- the forward sweep

    def forward_sweep(
        self, body: Sequence[gast.stmt], region: gast.stmt | None, live: set[str] | None = None
    ) -> list[gast.stmt]:
        """The original statements (those that matter for live names), with what is recorded in a region."""
        self.live = live
        self.written_before, self.written_inside, self.written_after, self.written_entering = {}, {}, {}, {}
        self.written_instead: dict[int, list[gast.stmt]] = {}
        for record in self.records.values():
            if record.region is not region or record.mode == "known":
                continue
            kind, statement = record.key[0], self.record_statement(record)
            if record.loops and not (region is not None and self.is_shared(record)):
                self.written_before.setdefault(id(record.loops[0]), []).insert(0, self.allocate(record))
            if record.mode == "rows":
                made = self.structure.places[statement].statement
                self.written_instead[statement] = row_made(made, self.tape_item(record), self.types)
                continue
            written = with_span(self.write_record(record), span_of(self.structure.places[statement].statement))
            if kind == "entered":
                self.written_entering.setdefault((statement, record.key[3]), []).append(written)
                continue
            place = {"head": self.written_inside, "copy": self.written_before, "undo": self.written_before}.get(
                kind, self.written_after
            )
            place.setdefault(statement, []).append(written)
        for loop, counter in self.counted_trips.items():
            self.written_before.setdefault(loop, []).append(gast.Assign([store(counter)], constant(0), None))
            self.written_inside.setdefault(loop, []).append(gast.AugAssign(store(counter), gast.Add(), constant(1)))
        return self.copy_block(body)

    def record_statement(self, record: Record) -> int:
        if record.key[0] == "undo":
            return record.key[1]
        return self.plan.records[record.key][1]

    @property
    def counted_trips(self) -> dict[int, str]:
        return self.__dict__.setdefault("_counted_trips", {})

    def copy_block(self, body: Iterable[gast.stmt]) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        for statement in body:
            if id(statement) in self.left_out:
                continue
            if self.live is None or matters(statement, self.live):
                out += self.written_before.get(id(statement), [])
                out += self.written_instead.get(id(statement)) or [self.copy_statement(statement)]
                out += self.written_after.get(id(statement), [])
        return out

    def copy_statement(self, statement: gast.stmt) -> gast.stmt:
        match statement:
            case Attempt(test=test, body=body, orelse=orelse):  # recorded is only what did not raise
                before, after = self.written_before, self.written_after
                self.written_after = {k: before.get(k, []) + after.get(k, []) for k in map(id, body)}
                self.written_before = {}
                done = self.copy_block(body)
                self.written_before, self.written_after = before, after
                new: gast.stmt = Attempt(clone(test), done, self.copy_block(orelse))
            case gast.If(test=test, body=body, orelse=orelse):
                first, second = (self.written_entering.get((id(statement), k), []) for k in range(2))
                new = gast.If(clone(test), [*first, *self.copy_block(body)], [*second, *self.copy_block(orelse)])
                if not new.body:
                    new = gast.If(gast.UnaryOp(gast.Not(), new.test), new.orelse, [])
            case gast.For(target=target, iter=header, body=body):
                if self.live is not None:
                    self.run_again.add(id(statement))
                inside = [*self.written_inside.get(id(statement), []), *self.copy_block(body)]
                new = gast.For(clone(target), clone(header), inside, [], None)
            case gast.While(test=test, body=body):
                inside = [*self.written_inside.get(id(statement), []), *self.copy_block(body)]
                new = gast.While(clone(test), inside, [])
            case _:
                new = clone(statement)
        return with_span(new, span_of(statement))


def range_parts(loop: gast.For) -> tuple[gast.expr, gast.expr, gast.expr]:
    """Start, stop and step of a counted loop."""
    args = loop.iter.args
    if len(args) == 1:
        return constant(0), args[0], constant(1)
    return args[0], args[1], args[2] if len(args) == 3 else constant(1)
