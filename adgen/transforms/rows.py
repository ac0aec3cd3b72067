"""Arrays as records: rows that are the recorded arrays themselves, and records that would hardly be written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import gast

from adgen.analyses.dependence import Dependences
from adgen.program.dims import Dim
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Type
from adgen.transforms.nodes import constant, load, store

FILLS: dict[str, list[int]] = {
    "empty": [], "empty_like": [], "zeros": [0], "zeros_like": [0], "ones": [1], "ones_like": [1],
}  # fmt: skip
MANY_ENTRIES = 2**20


def mostly_unwritten(loops: Sequence[gast.stmt], trips: Sequence[gast.expr]) -> bool:
    """Whether an array with an axis for each loop is large, and branches around the inner loops leave most of it out.

    The pages of such an array cost more than a list of what is recorded.
    """
    counts = [trip.value for trip in trips if isinstance(trip, gast.Constant)]
    if len(counts) < len(loops) or math.prod(counts) <= MANY_ENTRIES:
        return False
    branches = [n for n in nodes_in(loops[0]) if isinstance(n, gast.If)]
    return any(inner is loop for branch in branches for inner in nodes_in(branch) for loop in loops[1:])


def most_trips(loop: gast.For, around: Sequence[gast.stmt], dependences: Dependences) -> Dim | None:
    """How often the inner loop of a triangle runs at most, whatever the counters of the loops around it are."""
    lowest: dict[str, Dim] = {}
    highest: dict[str, Dim] = {}

    def at_most(dim: Dim) -> Dim:
        return sum((k * (highest if k > 0 else lowest).get(s, Dim.symbol(s)) for s, k in dim.terms), Dim(dim.const))

    for one in (*around[: [id(x) for x in around].index(id(loop))], loop):
        if not isinstance(one, gast.For):
            return None
        at = dependences.instance(dependences.structure.places[id(one)])
        args = one.iter.args
        start = Dim(0) if len(args) == 1 else dependences.affine(args[0], at)
        stop = dependences.affine(args[min(len(args) - 1, 1)], at)
        step = args[2] if len(args) == 3 else constant(1)
        down = isinstance(step, gast.UnaryOp)
        unit = step.operand if isinstance(step, gast.UnaryOp) else step
        if start is None or stop is None or not (isinstance(unit, gast.Constant) and unit.value == 1):
            return None
        if one is loop:
            return at_most(start - stop if down else stop - start)
        first, last = (stop + 1, start) if down else (start, stop - 1)
        counter = f"{one.target.id}@{len(at.counters)}"
        lowest[counter], highest[counter] = -at_most(-first), at_most(last)
    return None


def filled_with(statement: gast.stmt, types: Mapping[str, Type]) -> list[gast.expr] | None:
    """What a new array is filled with where it is made (nothing, or one value); None if it may not be new."""
    match statement:
        case gast.Assign(
            targets=[gast.Name(id=name)],
            value=gast.Call(func=gast.Attribute(value=gast.Name(id=owner), attr=attr), args=args),
        ):
            kind = types.get(name)
            if not isinstance(kind, Array) or not kind.rank:
                return None
            if owner == "np" and attr in FILLS:
                return [constant(value) for value in FILLS[attr]]
            if attr == "copy" and isinstance(types.get(owner), Array) and not args:
                return [load(owner)]
    return None


def row_made(statement: gast.stmt, row: gast.expr, types: Mapping[str, Type]) -> list[gast.stmt]:
    """The array as a row of the record, in place of the statement that makes it."""
    assert isinstance(statement, gast.Assign)
    name = statement.targets[0].id
    made: list[gast.stmt] = [gast.Assign([store(name)], row, None)]
    for value in filled_with(statement, types) or []:
        everything = gast.Subscript(load(name), gast.Slice(None, None, None), gast.Store())
        made.append(gast.Assign([everything], value, None))
    return [with_span(s, span_of(statement)) for s in made]
