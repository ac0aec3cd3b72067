"""What the forward sweep records for the reverse sweep, and how the reverse sweep gets values back.

A value that the reverse sweep needs is at hand, or recomputed if that is cheap, or recorded.  Which values
are recorded is found by writing the reverse sweep: what it asks for enters the plan, and the sweep is
written again until the plan is stable.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from adgen.analyses.structure import Place, base_name
from adgen.program.spans import span_of, with_span
from adgen.program.types import BOOL, INT, Array, ListOf, Opaque, Scalar, Type
from adgen.transforms.bars import Bars
from adgen.transforms.base import constant, load, numpy_call, store

CHEAP_CALLS = frozenset({"abs", "min", "max", "len", "int", "float", "bool"})
Key = tuple[Any, ...]


@dataclass
class Record:
    """One recorded value: where it is written, for which loops, in which kind of memory."""

    key: Key
    tape: str
    value: gast.expr                    # what is recorded
    type: Type
    loops: tuple[gast.stmt, ...]
    mode: str                           # "array", "list" or "variable"
    owned: bool = True                  # whether a copy must be taken


@dataclass
class Plan:
    """All that is recorded; grows while the reverse sweep is written, until it is stable."""

    records: dict[Key, tuple[str, int]] = field(default_factory=dict)   # key -> (name, statement)
    undone: set[int] = field(default_factory=set)
    reads: set[tuple[str, int]] = field(default_factory=set)
    recompute: set[int] = field(default_factory=set)
    changed: bool = False

    def add(self, key: Key, what: tuple[str, int]) -> None:
        if key not in self.records:
            self.records[key] = what
            self.changed = True

    def undo(self, statement: int) -> None:
        if statement not in self.undone:
            self.undone.add(statement)
            self.changed = True


@dataclass
class Scope:
    """Values that are at hand in a block of the reverse sweep."""

    available: set[str]
    place: Place | None = None


class Recording(Bars):
    """Need, recompute, record."""

    plan: Plan
    scope: Scope
    now: Place                          # the forward statement whose adjoint is being written

    # ---- needs

    def need_all(self, expr: gast.expr, without: gast.expr | None = None) -> None:
        """Make every variable that an expression reads have the value it had in the forward sweep."""
        skip = set() if without is None else {n.id for n in gast.walk(without) if isinstance(n, gast.Name)}
        metadata = {id(n.value) for n in gast.walk(expr) if isinstance(n, gast.Attribute) and
                    n.attr in ("shape", "size", "ndim", "dtype")}
        for node in gast.walk(expr):
            if isinstance(node, gast.Name) and node.id not in skip and node.id in self.structure.definitions:
                self.need(node.id, contents=id(node) not in metadata)

    def need(self, name: str, *, contents: bool = True) -> None:
        definition = self.structure.definitions[name]
        if contents and isinstance(self.types.get(name), Array) and self.storage.is_written(name):
            if self.need_contents(name):
                return
        if definition.kind == "param" or name in self.scope.available or not self.loops_around(name):
            return
        if definition.kind == "counter" and definition.loop in self.now_loops():
            return
        if definition.kind == "loop" and definition.loop not in self.now_loops():
            self.record(("exit", name), name, definition.loop)
        elif definition.kind == "loop":
            self.record(("head", name), name, definition.loop)
        elif definition.kind == "branch":
            self.need_branch(name, definition.places[0])
        elif definition.kind == "counter":
            self.record(("exit", name), name, definition.places[0].statement)
        else:
            self.need_plain(name, definition.places[0])

    def loops_around(self, name: str) -> tuple[gast.stmt, ...]:
        definition = self.structure.definitions[name]
        if definition.kind == "loop" and definition.loop in self.now_loops():
            return (definition.loop,)
        if definition.kind == "counter" and definition.places[0].statement in self.now_loops():
            return (definition.places[0].statement,)
        return self.structure.loops_of(name)

    def now_loops(self) -> tuple[gast.stmt, ...]:
        return self.now.block.loops

    def need_plain(self, name: str, place: Place) -> None:
        statement = place.statement
        if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name) and \
                self.may_recompute(statement, place):
            self.need_all(statement.value)
            if name in self.scope.available:
                return
            outer, self.span = self.span, None
            self.emit(gast.Assign([store(name)], copy.deepcopy(statement.value), None))
            self.out[-1].span = span_of(statement)
            self.span = outer
            self.scope.available.add(name)
            return
        self.record(("def", name), name, statement)

    def need_branch(self, name: str, place: Place) -> None:
        owner = place.block.owner
        assert owner is not None
        while not all(self.inside(p, owner) for p in self.structure.definitions[name].places):
            owner = owner.block.owner
        self.record(("join", name), name, owner.statement)

    def inside(self, place: Place, owner: Place) -> bool:
        return any(p is owner for p in self.structure.enclosing(place))

    def record(self, key: Key, name: str, statement: gast.stmt) -> None:
        self.plan.add(key, (name, id(statement)))
        self.scope.available.add(name)

    def may_recompute(self, statement: gast.Assign, place: Place) -> bool:
        """Whether computing a value again is right, and cheaper than recording it."""
        name = statement.targets[0].id
        value = statement.value
        if isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute) and value.func.attr == "pop":
            return False
        if isinstance(self.types.get(name), Opaque | ListOf):
            return False
        if self.reads_changing_list(value):
            return False
        is_view = isinstance(self.types.get(name), Array) and self.view_of(value) is not None
        if self.storage.is_written(name) and not is_view:
            return False                # memory that is filled later: keep the array itself
        loops = {id(loop) for loop in place.block.loops}
        if not (loops & self.plan.recompute) and not is_view and not self.is_cheap(value):
            return False
        return is_view or not self.stored_between(value, place)

    def reads_changing_list(self, value: gast.expr) -> bool:
        """Whether an expression reads a list other than by an index that always gave the same item."""
        for node in gast.walk(value):
            if isinstance(node, gast.Name) and isinstance(self.types.get(node.id), ListOf):
                plain = isinstance(value, gast.Subscript) and self.counts_from_start(value.slice)
                if not plain or node.id in self.shrinking_lists:
                    return True
        return False

    def counts_from_start(self, index: gast.expr) -> bool:
        """Whether an index into a list means the same item when the list has grown."""
        if isinstance(index, gast.Constant):
            return isinstance(index.value, int) and index.value >= 0
        definition = self.structure.definitions.get(index.id) if isinstance(index, gast.Name) else None
        if definition is None or definition.kind != "counter" or not isinstance(definition.loop, gast.For):
            return False
        start, _, step = range_parts(definition.loop)
        return (static_int(start) or -1) >= 0 and is_int(step, 1) or is_int(start, 0) and is_int(step, 1)

    @property
    def shrinking_lists(self) -> set[str]:
        """Lists from which items are taken, or whose items are exchanged."""
        known = self.__dict__.get("_shrinking")
        if known is None:
            known = self.__dict__["_shrinking"] = set()
            for statement in self.statements:
                for node in gast.walk(statement):
                    match node:
                        case gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="pop")):
                            known.add(name)
                        case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=name))]):
                            known.add(name)
        return known

    def is_cheap(self, value: gast.expr) -> bool:
        match value:
            case gast.Call(func=gast.Name(id=name)):
                return name in CHEAP_CALLS
            case gast.Call(func=gast.Attribute(value=gast.Name(id="np"), attr="sign" | "abs" | "zeros" | "where")):
                return True
            case gast.Call():
                return False
            case gast.BinOp(op=gast.MatMult()):
                return False
            case gast.BinOp(op=gast.Pow(), right=gast.Constant(value=exponent)):
                return exponent in (2, 2.0, 3)
            case gast.BinOp(op=gast.Pow()):
                return False
        return True

    def stored_between(self, value: gast.expr, place: Place) -> bool:
        """Whether memory that an expression reads may be written after it was evaluated and before now."""
        groups = {self.storage.group(n.id) for n in gast.walk(value) if isinstance(n, gast.Name) and
                  self.storage.is_written(n.id)}
        if not groups:
            return False
        return any(self.storage.group(base_name(self.storage.target(s)) or "") in groups and
                   self.after(self.structure.places[id(s)], place) and
                   self.before_now(self.structure.places[id(s)], place) for s in self.storage.stores)

    def after(self, store_place: Place, place: Place) -> bool:
        return store_place.index > place.index

    def before_now(self, store_place: Place, place: Place) -> bool:
        """Within the iteration that defined the value: stores up to the present statement count."""
        if store_place.index < self.now.index:
            return True
        shared = [loop for loop in self.now.block.loops if loop not in place.block.loops]
        return any(loop in store_place.block.loops for loop in shared)

    # ---- contents of arrays that are written in place

    def need_contents(self, name: str) -> bool:
        """Make an array hold what it held at this statement.  True if a copy was taken for that."""
        root = self.storage.root(name)
        later = [s for s in self.storage.stores if self.storage.group(base_name(self.storage.target(s)) or "") ==
                 self.storage.group(root) and self.may_follow(self.structure.places[id(s)], root, s)]
        definition = self.structure.definitions[root]
        carried = definition.kind == "loop" and definition.loop in self.now_loops()
        if carried and not self.unwritten_in_iteration(root, definition.loop):
            self.take_copy(name)
            return True
        if carried or all(self.undoable(s) for s in later):
            if not carried:
                for statement in later:
                    self.plan.undo(id(statement))
            return False
        self.take_copy(name)
        return True

    def unwritten_in_iteration(self, root: str, loop: gast.stmt) -> bool:
        return not any(self.storage.root(base_name(self.storage.target(s)) or "") == root and
                       loop in self.structure.places[id(s)].block.loops for s in self.storage.stores)

    def may_follow(self, store_place: Place, root: str, statement: gast.stmt) -> bool:
        """Whether a store may run after the statement whose adjoint is being written."""
        own = self.storage.root(base_name(self.storage.target(statement)) or "") == root
        if own and root not in self.function.params and self.structure.definitions[root].kind == "plain":
            inner = self.structure.definitions[root].places[0].block.loops
        else:
            inner = ()
        shared = [loop for loop in self.now.block.loops if loop in store_place.block.loops and loop not in inner]
        return bool(shared) or store_place.index >= self.now.index

    def undoable(self, statement: gast.stmt) -> bool:
        """Whether the array of a store is bound in the reverse sweep as it was in the forward sweep."""
        root = self.storage.root(base_name(self.storage.target(statement)) or "")
        definition = self.structure.definitions[root]
        return definition.kind in ("param", "plain", "branch") and not (
            definition.kind == "branch" and self.structure.loops_of(root))

    def take_copy(self, name: str) -> None:
        """Record the contents of an array before the present statement."""
        key = ("copy", id(self.now.statement), name)
        self.plan.add(key, (name, id(self.now.statement)))
        self.scope.available.add(name)

    # ---- writing records

    def make_records(self) -> dict[Key, Record]:
        """Tapes for everything in the plan."""
        records: dict[Key, Record] = {}
        for key, (name, statement) in self.plan.records.items():
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
        fresh = key[0] == "def" and written       # the array itself: it is made anew in each iteration
        return self.finish_record(key, name, load(name), self.types[name], loops,
                                  owned=written and not fresh, as_list=fresh)

    def undo_record(self, key: Key, statement: int) -> Record:
        place = self.structure.places[statement]
        target = copy.deepcopy(self.storage.target(place.statement))
        target.ctx = gast.Load()
        return self.finish_record(key, base_name(target) or "old", target, self.infer(target), place.block.loops,
                                  owned=True)

    def finish_record(self, key: Key, name: str, value: gast.expr, type_: Type, loops: tuple[gast.stmt, ...], *,
                      owned: bool, as_list: bool = False) -> Record:
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
            from adgen.program.dims import Dim
            dims = tuple(Dim.symbol(f"{tape}.shape[{k}]") for k in range(len(loops)))
            self.types[tape] = Array(type_.dtype, dims + (type_.shape if isinstance(type_, Array) else ()))
        else:
            self.types[tape] = item
        return Record(key, tape, value, type_, loops, mode, owned and isinstance(type_, Array))

    @property
    def tape_names(self) -> dict[Key, str]:
        return self.__dict__.setdefault("_tape_names", {})

    def indexable(self, loops: tuple[gast.stmt, ...], type_: Type) -> bool:
        """Whether the number of iterations, and the shape, are known before the outermost loop."""
        if not isinstance(type_, Scalar | Array):
            return False
        if isinstance(type_, Array) and not all(self.at_entry(self.sizes.reduce(d)) for d in type_.shape):
            return False
        outer = self.structure.places[id(loops[0])]
        for loop in loops:
            if not isinstance(loop, gast.For):
                return False
            for node in gast.walk(loop.iter):
                if isinstance(node, gast.Name) and node.id != "range" and not self.known_before(node.id, outer):
                    return False
        return True

    def known_before(self, name: str, loop: Place) -> bool:
        definition = self.structure.definitions.get(name)
        if definition is None or definition.kind == "param":
            return True
        return definition.kind == "plain" and definition.places[0].index < loop.index and \
            definition.places[0].block.loops == loop.block.loops and \
            any(definition.places[0].block is p.block for p in self.structure.enclosing(loop))

    def trip_count(self, loop: gast.For) -> gast.expr:
        """How often a counted loop runs at most, as an expression."""
        start, stop, step = range_parts(loop)
        if is_int(start, 0) and is_int(step, 1):
            if isinstance(stop, gast.Constant):
                return constant(max(stop.value, 0))
            if self.is_extent(stop):
                return copy.deepcopy(stop)
            return gast.Call(load("max"), [copy.deepcopy(stop), constant(0)], [])
        return gast.Call(load("len"), [copy.deepcopy(loop.iter)], [])

    def is_extent(self, expr: gast.expr) -> bool:
        """Whether an integer is an array's extent, hence not negative."""
        if not isinstance(expr, gast.Name):
            return False
        definition = self.structure.definitions.get(expr.id)
        if definition is None or not definition.places:
            return False
        value = getattr(definition.places[0].statement, "value", None)
        return isinstance(value, gast.Attribute | gast.Subscript) and any(
            isinstance(n, gast.Attribute) and n.attr in ("shape", "size") for n in gast.walk(value))

    def position(self, loop: gast.For) -> gast.expr:
        """Which iteration this is, from the counter."""
        start, _, step = range_parts(loop)
        counter: gast.expr = load(loop.target.id)
        if not is_int(start, 0):
            counter = gast.BinOp(counter, gast.Sub(), copy.deepcopy(start))
        return counter if is_int(step, 1) else gast.BinOp(counter, gast.FloorDiv(), copy.deepcopy(step))

    def tape_item(self, record: Record, ctx: gast.expr_context | None = None) -> gast.expr:
        positions = [self.position(loop) for loop in record.loops]
        index = positions[0] if len(positions) == 1 else gast.Tuple(positions, gast.Load())
        return gast.Subscript(load(record.tape), index, ctx or gast.Load())

    def allocate(self, record: Record) -> gast.stmt:
        if record.mode == "list":
            return gast.Assign([store(record.tape)], gast.List([], gast.Load()), None)
        dims = [self.trip_count(loop) for loop in record.loops]
        if isinstance(record.type, Array):
            dims += [self.dim_expression(self.sizes.reduce(d)) for d in record.type.shape]
        shape = dims[0] if len(dims) == 1 else gast.Tuple(dims, gast.Load())
        args = [shape]
        if record.type.dtype != np.float64:
            name = record.type.dtype.name.replace("bool", "bool_")
            args.append(gast.Attribute(load("np"), name, gast.Load()))
        return gast.Assign([store(record.tape)], numpy_call("empty", *args), None)

    def write_record(self, record: Record) -> gast.stmt:
        value = copy.deepcopy(record.value)
        if record.mode == "array":
            return gast.Assign([self.tape_item(record, gast.Store())], value, None)
        if record.owned:
            value = gast.Call(gast.Attribute(value, "copy", gast.Load()), [], [])
        if record.mode == "list":
            return gast.Expr(gast.Call(gast.Attribute(load(record.tape), "append", gast.Load()), [value], []))
        return gast.Assign([store(record.tape)], value, None)

    def read_record(self, record: Record) -> gast.expr:
        if record.mode == "array":
            return self.tape_item(record)
        if record.mode == "list":
            return gast.Call(gast.Attribute(load(record.tape), "pop", gast.Load()), [], [])
        return load(record.tape)

    # ---- the forward sweep

    def forward_sweep(self, records: dict[Key, Record]) -> list[gast.stmt]:
        """The original statements, with what is recorded."""
        before: dict[int, list[gast.stmt]] = {}
        after: dict[int, list[gast.stmt]] = {}
        inside: dict[int, list[gast.stmt]] = {}
        for record in records.values():
            kind, statement = record.key[0], self.record_statement(record)
            written = with_span(self.write_record(record), span_of(self.structure.places[statement].statement))
            place = {"head": inside, "copy": before, "undo": before}.get(kind, after)
            place.setdefault(statement, []).append(written)
            if record.loops:
                outer = id(record.loops[0])
                before.setdefault(outer, []).insert(0, self.allocate(record))
        for loop, counter in self.counted_trips.items():
            before.setdefault(loop, []).append(gast.Assign([store(counter)], constant(0), None))
            inside.setdefault(loop, []).append(gast.AugAssign(store(counter), gast.Add(), constant(1)))
        return self.copy_block(self.function.body, before, inside, after)

    def record_statement(self, record: Record) -> int:
        if record.key[0] == "undo":
            return record.key[1]
        return self.plan.records[record.key][1]

    @property
    def counted_trips(self) -> dict[int, str]:
        return self.__dict__.setdefault("_counted_trips", {})

    def copy_block(self, body: Any, before: dict, inside: dict, after: dict) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        for statement in body:
            out += before.get(id(statement), [])
            out.append(self.copy_statement(statement, before, inside, after))
            out += after.get(id(statement), [])
        return out

    def copy_statement(self, statement: gast.stmt, before: dict, inside: dict, after: dict) -> gast.stmt:
        match statement:
            case gast.If(test=test, body=body, orelse=orelse):
                new: gast.stmt = gast.If(copy.deepcopy(test), self.copy_block(body, before, inside, after),
                                         self.copy_block(orelse, before, inside, after))
            case gast.For(target=target, iter=header, body=body):
                new = gast.For(copy.deepcopy(target), copy.deepcopy(header), inside.get(id(statement), []) +
                               self.copy_block(body, before, inside, after), [], None)
            case gast.While(test=test, body=body):
                new = gast.While(copy.deepcopy(test), inside.get(id(statement), []) +
                                 self.copy_block(body, before, inside, after), [])
            case _:
                new = copy.deepcopy(statement)
        return with_span(new, span_of(statement))


def range_parts(loop: gast.For) -> tuple[gast.expr, gast.expr, gast.expr]:
    """Start, stop and step of a counted loop."""
    args = loop.iter.args
    if len(args) == 1:
        return constant(0), args[0], constant(1)
    return args[0], args[1], args[2] if len(args) == 3 else constant(1)


def is_int(expr: gast.expr, value: int) -> bool:
    return static_int(expr) == value


def static_int(expr: gast.expr) -> int | None:
    match expr:
        case gast.Constant(value=int() as value):
            return value
        case gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=int() as value)):
            return -value
    return None


__all__ = ["BOOL", "Plan", "Record", "Recording", "Scope", "is_int", "range_parts", "static_int"]
