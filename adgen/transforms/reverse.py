"""Reverse mode: joins the forward sweep, the seeds and the reverse sweep into one function."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import gast
import numpy as np

from adgen.analyses.effects import Effects, forget_facts
from adgen.analyses.liveness import upward_exposed
from adgen.analyses.sizes import Sizes
from adgen.analyses.structure import Place
from adgen.program.function import Function
from adgen.program.types import Array, Scalar, Type
from adgen.transforms.adjoint import Adjoint
from adgen.transforms.nodes import load
from adgen.transforms.recording import Scope
from adgen.transforms.tapes import Plan


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


class Reverse(Adjoint):
    """Writes the reverse sweep until what it needs recorded is stable."""

    def __init__(self, function: Function, sizes: Sizes, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        super().__init__(function, sizes, inputs, outputs)
        self.plan = Plan()
        self.seeds: dict[str, gast.expr] = {}

    def build(self, seeds: Mapping[str, gast.expr], *, want_values: bool) -> Derivative:
        """The derivative for the given adjoints of the outputs."""
        self.seeds = dict(seeds)
        self.settle()
        self.recompute_where_independent()
        forward = self.forward_sweep(self.records)
        self.rename_recomputed(forward)
        values = self.save_values(forward) if want_values else {}
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
        )

    def rename_recomputed(self, forward: list[gast.stmt]) -> None:
        """Temporaries that the reverse sweep computes again get names of their own: each then has one definition.

        Not those of which it reads first what the forward sweep left (the extents of an array, say).
        """
        first = {
            n.id for s in forward for n in gast.walk(s) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
        }
        again = {
            n.id for s in self.out for n in gast.walk(s) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
        }
        left = upward_exposed(self.out, Effects(self.function))
        forget_facts()  # the statements change below
        names = {n: self.fresh(n, temporary=True) for n in sorted((first & again & self.temporaries) - left)}
        for old, new in names.items():
            self.types[new] = self.types[old]
        for statement in self.out:
            for node in gast.walk(statement):
                if isinstance(node, gast.Name) and node.id in names:
                    node.id = names[node.id]

    def settle(self) -> None:
        used = set(self.used)
        for _ in range(40):
            self.plan.changed = False
            self.used = (
                used | set(self.canonical.values()) | set(self.tape_names.values()) | set(self.counted_trips.values())
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
        self.scope = Scope(set())
        self.now = self.end_of_program()
        for output, seed in self.seeds.items():
            self.contribute(output, copy.deepcopy(seed))
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
        elif isinstance(wanted, Array) and not bar.owned:
            expr = gast.Call(gast.Attribute(expr, "copy", gast.Load()), [], [])
        return expr

    def recompute_where_independent(self) -> None:
        """In loops whose iterations hand nothing on that is needed, everything is recomputed: no tape at all."""
        for loop in [s for s in self.function.body if isinstance(s, gast.For)]:
            inside = [k for k, r in self.records.items() if loop in r.loops]
            if not inside or any(k[0] not in ("def", "join") for k in inside):
                continue
            saved = Plan(dict(self.plan.records), set(self.plan.undone), set(self.plan.reads), set(self.plan.recompute))
            self.plan.records = {k: v for k, v in self.plan.records.items() if k not in inside}
            self.plan.recompute |= {id(n) for n in gast.walk(loop) if isinstance(n, gast.For | gast.While)}
            self.settle()
            if any(loop in r.loops for r in self.records.values()):
                self.plan = saved
                self.settle()

    def save_values(self, forward: list[gast.stmt]) -> dict[str, gast.expr]:
        """Values of the outputs, put aside where the reverse sweep changes their variables."""
        changed = {
            n.id for s in self.out for n in gast.walk(s) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
        }
        values: dict[str, gast.expr] = {}
        for name in dict.fromkeys(self.outputs):
            written = isinstance(self.types[name], Array) and (
                self.storage.is_written(name) and any(r.key[0] == "undo" for r in self.records.values())
            )
            if name not in changed and not written:
                values[name] = load(name)
                continue
            saved = self.fresh("value" if len(self.outputs) == 1 else f"{name}_value")
            self.types[saved] = self.types[name]
            expr: gast.expr = load(name)
            if isinstance(self.types[name], Array):
                expr = gast.Call(gast.Attribute(expr, "copy", gast.Load()), [], [])
            forward.append(gast.Assign([gast.Name(saved, gast.Store(), None, None)], expr, None))
            values[name] = load(saved)
        return values

    def written_params(self) -> tuple[str, ...]:
        """Array parameters that the function writes: copied at entry, so that the caller's stay as they are."""
        return tuple(
            p for p in self.function.params if isinstance(self.types.get(p), Array) and self.storage.is_written(p)
        )
