"""Vector mode: one sweep for several seeds.

What depends on the seeds is written once for each of them (`x_bar_0`, `x_bar_1`, ...), all else once: the forward
sweep, its record, values that are put back or computed again, loops and branches.  So the rows of a Jacobian share
the function, and the partial derivatives of each statement.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast

from adgen.analyses.expression_types import ExpressionTypes
from adgen.analyses.sizes import Sizes
from adgen.errors import SeparateSweeps
from adgen.options import MOST_SEEDS
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, Scalar, Type
from adgen.transforms.known_seeds import elements_known, with_known
from adgen.transforms.nodes import constant, load, numpy_call, store
from adgen.transforms.reverse import Derivative
from adgen.transforms.seed_flow import Dependence

MOST_STATEMENTS = 1200  # of one sweep: compilers take longer for longer functions


# ---- seeds


@dataclass(frozen=True)
class Unit:
    """A direction of unit length: a number, or an element of an array."""

    name: str
    index: tuple[int, ...] | None


def find_units(names: Iterable[str], types: Mapping[str, Type], sizes: Sizes) -> list[Unit]:
    """The elements of results or arguments, if they are known to be few; observed extents are checked at entry."""
    units: list[Unit] = []
    assumed = []
    for name in names:
        kind = types[name]
        if isinstance(kind, Scalar):
            units.append(Unit(name, None))
            continue
        if not isinstance(kind, Array) or not kind.shape:
            raise SeparateSweeps("there is something that is neither a number nor an array with axes.")
        dims = [sizes.reduce(d) for d in kind.shape]
        extents = [sizes.value(d) if not d.is_const and sizes.is_told(d) else d.const for d in dims]
        if any(e is None or (not e and not d.is_const) for d, e in zip(dims, extents, strict=True)):
            raise SeparateSweeps("how many elements there are is known only when the function runs.")
        units += [Unit(name, index) for index in itertools.product(*(range(e or 0) for e in extents))]
        if len(units) > MOST_SEEDS:
            break
        assumed += [(d, e) for d, e in zip(dims, extents, strict=True) if not d.is_const and e is not None]
    if not 0 < len(units) <= MOST_SEEDS:
        raise SeparateSweeps(f"there are no elements, or more than {MOST_SEEDS}.")
    for dim, extent in assumed:
        sizes.assume(dim, extent)
    return units


def one(kind: Type, value: float) -> gast.expr:
    """A number of a type."""
    assert isinstance(kind, Scalar)
    if kind.dtype.name in ("float32", "complex64"):
        return numpy_call(kind.dtype.name, constant(value))
    return constant(complex(value) if kind.kind == "c" else value)


def seed_statements(seed: str, kind: Type, name: str, unit: Unit) -> Iterator[gast.stmt]:
    """The definition of one seed: 1 for its own element, 0 for all others."""
    if not isinstance(kind, Array):
        yield gast.Assign([store(seed)], one(kind, float(unit.name == name)), None)
        return
    extents: list[gast.expr] = [constant(d.const) for d in kind.shape]
    shape = extents[0] if len(extents) == 1 else gast.Tuple(extents, gast.Load())
    dtype = gast.Attribute(load("np"), kind.dtype.name, gast.Load())
    extra = {} if kind.dtype == float else {"dtype": dtype}
    yield gast.Assign([store(seed)], numpy_call("zeros", shape, **extra), None)
    if unit.name == name:
        places: list[gast.expr] = [constant(k) for k in unit.index or ()]
        index = places[0] if len(places) == 1 else gast.Tuple(places, gast.Load())
        yield gast.Assign([gast.Subscript(load(seed), index, gast.Store())], constant(1.0), None)


# ---- one sweep for all


def in_directions(
    derivative: Derivative,
    seeds: Mapping[str, str],
    units: Sequence[Unit],
    sizes: Sizes,
) -> Derivative:
    """A derivative for each of several unit seeds, all in one sweep.

    `seeds` names the variable that the derivative takes as the seed of each result (or argument).
    """
    start = {*seeds.values(), *derivative.carriers}
    writer = _Writer(derivative, Dependence(derivative.body, derivative.types, start), len(units))
    definitions: list[gast.stmt] = []
    for k, unit in enumerate(units):
        for name, seed in seeds.items():
            definitions += seed_statements(writer.name(seed, k), derivative.types[seed], name, unit)
    at = derivative.seeded_at
    body = [*writer.block(derivative.body[:at]), *definitions, *writer.block(derivative.body[at:])]
    if sum(isinstance(n, gast.stmt) for s in body for n in nodes_in(s)) > MOST_STATEMENTS:
        raise SeparateSweeps("one sweep would be very long.")
    rows = [{n: writer.copy(e, k) for n, e in derivative.gradients.items()} for k in range(len(units))]
    types = {**derivative.types, **writer.types}
    for seed in seeds.values():
        body = elements_known(body, rows, [writer.name(seed, k) for k in range(len(units))], types)
    body, rows = with_known(body, rows, writer.types, ExpressionTypes(types, sizes, dict(derivative.globals)))
    return replace(
        derivative,
        body=body,
        gradients=rows[0],
        rows=tuple(rows),
        types=types,
        temporaries=derivative.temporaries | writer.temporaries,
    )


class _Writer:
    """A program in which what depends on seeds stands once for each of them."""

    def __init__(self, derivative: Derivative, dependence: Dependence, count: int) -> None:
        self.known, self.dependence, self.count = derivative, dependence, count
        self.types: dict[str, Type] = {}
        self.temporaries: set[str] = set()
        self.taken = set(derivative.types) | set(derivative.globals)
        self.names: dict[tuple[str, int], str] = {}

    def name(self, name: str, k: int) -> str:
        """What stands for a variable in the k-th direction."""
        if name not in self.dependence.names:
            return name
        if (name, k) not in self.names:
            made = f"{name}_{k}" if self.count > 1 else name
            while self.count > 1 and made in self.taken:
                made += "_"
            self.taken.add(made)
            self.names[name, k] = made
            self.types[made] = self.known.types[name]
            if name in self.known.temporaries:
                self.temporaries.add(made)
        return self.names[name, k]

    def copy(self, node: Any, k: int) -> Any:
        """A statement or expression for the k-th direction."""
        new = clone(node)
        for inner in nodes_in(new):
            if isinstance(inner, gast.Name):
                inner.id = self.name(inner.id, k)
        return new

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        return [new for statement in body for new in self.statement(statement)]

    def statement(self, statement: gast.stmt) -> list[gast.stmt]:
        match statement:
            case gast.If(test=head) | gast.While(test=head) | gast.For(iter=head):
                if self.dependence.reads(head):
                    raise SeparateSweeps("which statements run depends on the adjoint.")
                new = copy.copy(statement)
                new.__dict__.update(statement.__dict__)
                for field in ("test", "iter"):
                    if hasattr(statement, field):
                        setattr(new, field, self.copy(getattr(statement, field), 0))
                new.body = self.block(statement.body)
                if isinstance(statement, gast.If):
                    new.orelse = self.block(statement.orelse)
                return [new]
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                return [self.parallel(statement, targets, values)]
        written = {name for targets, _ in self.dependence.flows(statement) for name in targets}
        if written & self.dependence.names:
            return [self.copy(statement, k) for k in range(self.count)]
        if any(self.dependence.reads(node) for node in gast.iter_child_nodes(statement)):
            if not (isinstance(statement, gast.Expr) and is_pop(statement.value)):
                raise SeparateSweeps("a statement that is run for its effect depends on the adjoint.")
            return [self.copy(statement, k) for k in range(self.count)]
        return [self.copy(statement, 0)]

    def parallel(self, statement: gast.stmt, targets: Sequence[gast.Name], values: Sequence[gast.expr]) -> gast.stmt:
        """``a, b = c, d``, all at once."""
        pairs: list[tuple[gast.expr, gast.expr]] = []
        for target, value in zip(targets, values, strict=True):
            several = self.count if target.id in self.dependence.names else 1
            pairs += [(self.copy(target, k), self.copy(value, k)) for k in range(several)]
        new = gast.Assign(
            [gast.Tuple([t for t, _ in pairs], gast.Store())], gast.Tuple([v for _, v in pairs], gast.Load()), None
        )
        return with_span(new, span_of(statement))


def is_pop(value: gast.expr) -> bool:
    return isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute) and value.func.attr == "pop"
