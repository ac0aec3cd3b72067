"""Reverse mode: joins the forward sweep, the seeds and the reverse sweep into one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from adgen.analyses.pruning import live_names, matters
from adgen.analyses.sizes import Sizes
from adgen.analyses.structure import Place, base_name, leaves_early
from adgen.program.function import Function
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, Scalar, Type
from adgen.transforms.adjoint import Adjoint
from adgen.transforms.nodes import load, numpy_call
from adgen.transforms.recording import Scope
from adgen.transforms.replay import names_in
from adgen.transforms.tapes import Plan, Record


@dataclass(frozen=True)
class Derivative:
    """A derivative before it is wrapped: its statements, and where values and gradients are."""

    body: list[gast.stmt]
    values: Mapping[str, gast.expr]  # output variable -> expression
    gradients: Mapping[str, gast.expr]  # input variable -> expression
    types: Mapping[str, Type]
    temporaries: frozenset[str]
    globals: Mapping
    copied: tuple[str, ...]
    records: Mapping[str, str]
    contiguous: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()  # variables that hold adjoints (or tangents)
    seeded_at: int = 0  # the first statement that may read a seed
    rows: tuple[Mapping[str, gast.expr], ...] = ()  # the gradients of each of several seeds


class Reverse(Adjoint):
    """Writes the reverse sweep until what it needs recorded is stable."""

    def __init__(self, function: Function, sizes: Sizes, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        super().__init__(function, sizes, inputs, outputs)
        self.plan = Plan()
        self.seeds: dict[str, gast.expr] = {}
        self.want_values = False
        self.kept: tuple[str, ...] = ()  # names that are returned besides
        self.stale = False  # whether the sweep that was written last is not that of the plan

    def build(self, seeds: Mapping[str, gast.expr], *, want_values: bool) -> Derivative:
        """The derivative for the given adjoints of the outputs."""
        self.seeds = dict(seeds)
        self.want_values = want_values
        self.settle()
        self.replay_loops(self.function.body)
        if self.stale:
            self.settle()
        if self.plan.replayed:
            live = self.live_forwards(set(self.kept) | (set(self.outputs) if want_values else set()))
            self.leave_out_replayed(self.function.body, live)
        forward = self.forward_sweep(self.function.body, None)
        self.rename_again(forward, self.out)
        values = self.save_values(forward)
        copied = self.written_params()
        return Derivative(
            forward + self.out,
            values,
            self.gradients,
            self.types,
            frozenset(self.temporaries),
            self.globals,
            copied,
            {r.tape: r.mode for r in self.records.values()},
            self.assumed_contiguous,
            frozenset(self.canonical.values()),
            len(forward),
        )

    def settle(self) -> None:
        used = set(self.used)
        for _ in range(40):
            self.plan.changed = False
            self.used = used.union(
                self.globals, self.canonical.values(), self.tape_names.values(), self.counted_trips.values()
            )
            self.write()
            if not self.plan.changed:
                return
        raise AssertionError("the record of the forward sweep does not settle")

    def write(self) -> None:
        """One attempt at the reverse sweep."""
        self.records = self.make_records()
        self.records_at: dict[int, list] = {}
        for record in self.records.values():
            self.records_at.setdefault(self.record_statement(record), []).append(record)
        self.out, self.bars, self.span = [], {}, None
        self.failed.clear()
        self.mattering.clear()
        self.provided.clear()
        self.run_again.clear()
        self.scope = Scope(set())
        self.now = self.end_of_program()
        for output, seed in self.seeds.items():
            self.contribute(output, clone(seed))
        self.reverse_block(self.function.body)
        self.span = None
        self.gradients = {name: self.gradient(name) for name in self.inputs}

    def end_of_program(self) -> Place:
        return Place(gast.Pass(), len(self.structure.places) + 1, self.structure.root, len(self.function.body))

    def gradient(self, name: str) -> gast.expr:
        bar = self.bars.get(name)
        wanted = self.types[name]
        if bar is None:
            return self.zeros(name)
        if not self.is_full(bar.type, wanted):
            bar = self.materialized(name)
        expr: gast.expr = load(bar.name)
        if isinstance(wanted, Array) and isinstance(bar.type, Array) and bar.type.dtype != wanted.dtype:
            dtype = gast.Attribute(load("np"), wanted.dtype.name, gast.Load())
            expr = gast.Call(gast.Attribute(expr, "astype", gast.Load()), [dtype], [])
        elif isinstance(wanted, Scalar) and (
            wanted.dtype in (np.float32, np.complex64) or getattr(bar.type, "dtype", wanted.dtype) != wanted.dtype
        ):
            dtype = gast.Attribute(load("np"), wanted.dtype.name, gast.Load())
            expr = gast.Call(dtype, [expr], [])
        elif isinstance(wanted, Array) and isinstance(bar.type, Scalar):  # of an array without axes
            expr = numpy_call("array", expr)
        elif isinstance(wanted, Array) and not bar.owned:
            expr = gast.Call(gast.Attribute(expr, "copy", gast.Load()), [], [])
        return expr

    def replay_loops(self, body: Sequence[gast.stmt]) -> None:
        """Replay the iterations of loops that hand nothing on, where that costs less than a record of them all."""
        for loop in body:
            match loop:
                case gast.If():
                    self.replay_loops(loop.body)
                    self.replay_loops(loop.orelse)
                case gast.For() if self.records_inside(loop) and not leaves_early(loop.body):
                    if not self.is_hopeless(loop) and self.try_replay(loop):
                        self.replay_loops(loop.body)

    def records_inside(self, loop: gast.stmt) -> list[Record]:
        return [r for r in self.records.values() if loop in self.structure.places[self.record_statement(r)].block.loops]

    def try_replay(self, loop: gast.For) -> bool:
        """Write the sweep with a replayed loop; keep it if that is right, and the loop runs no more often."""
        saved = self.plan.copy()
        simple = all(r.key[0] in ("def", "join") for r in self.records_inside(loop))
        outer = self.region(self.structure.places[id(loop)].block.loops)[0]
        self.plan.records = {
            key: what
            for key, what in self.plan.records.items()
            if loop not in self.structure.places[what[1]].block.loops and what[1] != id(loop)
        }
        self.plan.undone = {s for s in self.plan.undone if loop not in self.structure.places[s].block.loops}
        self.plan.replayed.add(id(loop))
        self.settle()
        self.stale = False
        values = self.want_values and not simple  # simple loops are joined with the forward sweep's by a pass
        if id(loop) not in self.failed and not self.is_run_forwards(loop, outer, values):
            return True
        self.plan = saved
        self.records = self.make_records()
        self.stale = True
        return False

    def is_run_forwards(self, loop: gast.For, outer: gast.stmt | None, values: bool) -> bool:
        """Whether the forward sweep (or the replay of the loop around it) needs a loop that is replayed."""
        if outer is not None:
            return id(loop) in self.run_again
        return matters(loop, self.live_forwards(set(self.outputs) if values else set()))

    def live_forwards(self, results: set[str]) -> set[str]:
        """Names of the forward sweep that results, the record and the reverse sweep depend on."""
        results = results | self.reads(self.out)
        for record in self.records.values():
            if record.region is None:
                results |= names_in(record.value)
        return live_names(self.function.body, results, self.types)

    def leave_out_replayed(self, body: Sequence[gast.stmt], live: set[str]) -> None:
        """Loops whose iterations the reverse sweep runs, and that nobody needs besides, are not run before it."""
        for statement in body:
            if id(statement) in self.plan.replayed and not matters(statement, live):
                self.left_out.add(id(statement))
            elif isinstance(statement, gast.If):
                self.leave_out_replayed(statement.body, live)
                self.leave_out_replayed(statement.orelse, live)

    def save_values(self, forward: list[gast.stmt]) -> dict[str, gast.expr]:
        """What is returned of the forward sweep, put aside where the reverse sweep changes its variables."""
        nodes: list[Any] = [n for s in self.out for n in nodes_in(s)]
        changed = {n.id for n in nodes if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
        written = {
            self.storage.group(base_name(n) or "")
            for n in nodes
            if isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store)
        }
        values: dict[str, gast.expr] = {}
        for name in dict.fromkeys((*(self.outputs if self.want_values else ()), *self.kept)):
            is_array = isinstance(self.types.get(name), Array)
            if name not in changed and not (is_array and self.storage.group(name) in written):
                values[name] = load(name)
                continue
            saved = self.fresh("value" if name in self.outputs and len(self.outputs) == 1 else f"{name}_value")
            self.types[saved] = self.types[name]
            expr: gast.expr = load(name)
            if is_array:
                expr = gast.Call(gast.Attribute(expr, "copy", gast.Load()), [], [])
            forward.append(gast.Assign([gast.Name(saved, gast.Store(), None, None)], expr, None))
            values[name] = load(saved)
        return values

    def written_params(self) -> tuple[str, ...]:
        """Array parameters that the function writes: copied at entry, so that the caller's stay as they are."""
        return tuple(
            p for p in self.function.params if isinstance(self.types.get(p), Array) and self.storage.is_written(p)
        )
