"""Functions of elements that each iteration of an outer loop would compute again are computed once, into a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import gast
import numpy as np

from adgen.analyses.aliases import Aliases
from adgen.analyses.effects import Effects, dotted, facts, statements_in
from adgen.analyses.liveness import upward_exposed
from adgen.analyses.sizes import Sizes
from adgen.lower.registers import runs
from adgen.lower.trees import build, constant, name, static
from adgen.optimize.trees import map_blocks, replace_nodes
from adgen.program.dims import Dim
from adgen.program.function import Function
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, Scalar, Type

COSTLY = frozenset(
    f"{module}.{function}"
    for module in ("math", "np")
    for function in "exp expm1 log log1p log2 log10 sin cos tan sinh cosh tanh".split()
)


def tabulate(function: Function, _: Sizes) -> Function:
    """The function with costly calls taken out of loops over which their arguments stay the same.

    A table is no larger than the array whose elements it is a function of.  What stands under a condition stays.

    >>> from adgen.optimize.showing import show
    >>> print(show(lambda f: tabulate(f, Sizes()), '''
    ... for i in range(n):
    ...     for j in range(m):
    ...         ys[i] += xs[i] * math.exp(ws[j])'''))
    exp_ws = np.empty(max(m, 0))
    if n > 0:
        for j in range(m):
            exp_ws[j] = math.exp(ws[j])
    for i in range(n):
        for j in range(m):
            ys[i] += xs[i] * exp_ws[j]
    """
    if not any(isinstance(s, gast.For) for s in statements_in(function.body)):
        return function
    work = _Tables(function)
    body = work.block(list(function.body))
    return replace(function, body=tuple(body), types=work.types) if work.made else function


@dataclass
class _Table:
    """A costly call: the loops that its index runs through, the places where it is read."""

    call: gast.Call
    loops: list[gast.For]
    idle: list[gast.For]  # loops around it, inside of the one it leaves, that it has nothing to do with
    places: list[gast.expr] = field(default_factory=list)


class _Tables:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.types: dict[str, Type] = dict(function.types)
        self.effects, self.aliases = Effects(function), Aliases(function)
        self.used = set(self.types) | set(function.globals) | set(function.params)
        self.used |= {n.id for s in function.body for n in nodes_in(s) if isinstance(n, gast.Name)}
        self.made = False

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for stmt in body:
            if isinstance(stmt, gast.For):
                before, stmt = self.loop(stmt)
                done += before
            done.append(map_blocks(stmt, self.block))
        return done

    def loop(self, loop: gast.For) -> tuple[list[gast.stmt], gast.For]:
        """What is computed before a loop, and the loop."""
        if any(isinstance(s, gast.Break | gast.Return | gast.Raise | gast.Try) for s in statements_in([loop])):
            return [], loop
        tables = list(self.tables(loop))
        before: list[gast.stmt] = []
        replaced: dict[int, gast.AST] = {}
        for table in tables:
            own = self.fresh(table)
            before += self.filled(own, table, loop)
            for place in table.places:
                replaced[id(place)] = element(own, table) if table.loops else name(own)
        self.made = self.made or bool(tables)
        return before, replace_nodes(loop, replaced) if replaced else loop

    # ---- finding

    def tables(self, loop: gast.For) -> Iterator[_Table]:
        effect = self.effects.block([loop])
        exposed = upward_exposed([loop], self.effects)  # a counter that is read before it counts is somebody's value
        found: dict[tuple[str, ...], _Table] = {}
        for chain, call in self.calls(loop.body, [], effect.defines):
            used = facts(call).names
            loops = [lp for lp in chain if lp.target.id in used]
            if not exposed & {lp.target.id for lp in loops} and self.is_settled(
                call, loops, effect.defines, effect.mutates
            ):
                key = (facts(call).text, *(facts(lp.iter).text for lp in loops))
                idle = [lp for lp in chain if lp not in loops]
                found.setdefault(key, _Table(call, loops, idle)).places.append(call)
        yield from found.values()

    def calls(
        self, body: Sequence[gast.stmt], chain: list[gast.For], changing: frozenset[str]
    ) -> Iterator[tuple[list[gast.For], gast.Call]]:
        """Costly calls that are made whatever happens, with the loops around them."""
        for stmt in body:
            match stmt:
                case gast.For():
                    if not facts(stmt.iter).names & changing and self.is_counted_up(stmt):
                        yield from self.calls(stmt.body, [*chain, stmt], changing)
                case gast.Assign() | gast.AugAssign():
                    for call in unconditional_calls(stmt.value):
                        if dotted(call.func) in COSTLY:
                            yield chain, call

    def is_counted_up(self, loop: gast.For) -> bool:
        """Whether a counter goes from a first index that is not negative, by ones, up or down."""
        return bounds(loop) is not None and isinstance(loop.target, gast.Name)

    def is_settled(
        self, call: gast.Call, loops: Sequence[gast.For], changing: frozenset[str], written: frozenset[str]
    ) -> bool:
        """Whether a call depends on the loops' counters alone, each of which is an index of one array that stays."""
        counters = {lp.target.id for lp in loops}
        if call.keywords or len(call.args) != 1 or not self.effects.is_pure(call):
            return False
        full = not counters
        for node in nodes_in(call.args[0]):
            match node:
                case gast.Subscript(value=gast.Name(id=array), slice=index):
                    kind = self.types.get(array)
                    items = list(index.elts) if isinstance(index, gast.Tuple) else [index]
                    if not isinstance(kind, Array) or kind.dtype != np.float64 or len(items) != kind.rank:
                        return False
                    plain = {i.id for i in items if isinstance(i, gast.Name)}
                    full = full or (plain >= counters and len(items) >= len(counters))
                case gast.Name(id=own):
                    kind = self.types.get(own)
                    if own in counters:
                        continue
                    if own in changing or not isinstance(kind, Scalar | Array):
                        return False
                    if isinstance(kind, Array) and any(self.aliases.same(own, other) for other in written):
                        return False
                case gast.Call() | gast.Attribute():
                    return False
        return full and self.types_agree(call.args[0])

    def types_agree(self, argument: gast.expr) -> bool:
        """Whether numbers in an argument are of double precision (or counters and constants)."""
        kinds = [self.types.get(n.id) for n in nodes_in(argument) if isinstance(n, gast.Name)]
        return all(k.dtype == np.float64 or k.dtype.kind in "ib" for k in kinds if isinstance(k, Scalar | Array))

    # ---- writing

    def fresh(self, table: _Table) -> str:
        parts = [n.value for n in nodes_in(table.call) if isinstance(n, gast.Subscript)]
        arrays = [n.id for n in parts if isinstance(n, gast.Name)]
        hint = "_".join([dotted(table.call.func).split(".")[1], *dict.fromkeys(arrays)])
        new, k = hint, 0
        while new in self.used:
            k += 1
            new = f"{hint}{k}"
        self.used.add(new)
        shape = tuple(Dim.symbol(f"{new}.shape[{a}]") for a in range(len(table.loops)))
        self.types[new] = Array(np.dtype(float), shape) if shape else Scalar(np.dtype(float))
        return new

    def filled(self, own: str, table: _Table, loop: gast.For) -> list[gast.stmt]:
        if not table.loops:
            return [gast.Assign([gast.Name(own, gast.Store(), None, None)], clone(table.call), None)]
        extents = [stop for lp in table.loops for _, stop in [bounds(lp) or (None, None)] if stop is not None]
        extents = [e if is_extent(e) else build("max(n, 0)", n=e) for e in extents]
        shape = extents[0] if len(extents) == 1 else gast.Tuple(extents, gast.Load())
        target = element(own, table)
        target.ctx = gast.Store()
        fill: gast.stmt = gast.Assign([target], clone(table.call), None)
        for lp in reversed(table.loops):
            fill = gast.For(clone(lp.target), clone(lp.iter), [fill], [], None)
        tests = [runs(lp) for lp in (loop, *table.idle)]
        test = tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)
        made = gast.Assign([gast.Name(own, gast.Store(), None, None)], build("np.empty(s)", s=shape), None)
        return [made, gast.If(test, [fill], [])]


def element(own: str, table: _Table) -> gast.Subscript:
    items = [name(lp.target.id) for lp in table.loops]
    return gast.Subscript(name(own), items[0] if len(items) == 1 else gast.Tuple(items, gast.Load()), gast.Load())


def unconditional_calls(node: gast.AST) -> Iterator[gast.Call]:
    if isinstance(node, gast.IfExp | gast.BoolOp | gast.Lambda | gast.ListComp | gast.GeneratorExp):
        return
    if isinstance(node, gast.Call):
        yield node
    for child in gast.iter_child_nodes(node):
        yield from unconditional_calls(child)


def bounds(loop: gast.For) -> tuple[gast.expr, gast.expr] | None:
    """The least counter and the one after the greatest, for counters that start at a known index."""
    args = loop.iter.args if isinstance(loop.iter, gast.Call) and dotted(loop.iter.func) == "range" else []
    match args:
        case [stop]:
            return constant(0), stop
        case [start, stop] if isinstance(static(start), int) and static(start) >= 0:
            return start, stop
        case [start, stop, step] if static(step) == -1 and isinstance(static(stop), int) and static(stop) >= -1:
            match start:
                case gast.BinOp(left=left, op=gast.Sub(), right=gast.Constant(value=1)):
                    return stop, left
            return stop, build("n + 1", n=start)
    return None


def is_extent(node: gast.expr) -> bool:
    if isinstance(node, gast.Constant):
        return isinstance(node.value, int) and node.value >= 0
    held = {n.attr for n in nodes_in(node) if isinstance(n, gast.Attribute)}
    return bool(held & {"shape", "size"}) and not isinstance(node, gast.BinOp)
