"""The order of loops: along the last axis of arrays, where elements stand side by side, and upwards.

A column of a matrix costs a line of the cache for each element, and of counters that go down Numba can't tell that
they are no negative indices.  Sums into neighbours (the adjoint of a stencil) get a loop each: in one loop every
iteration waits for what the one before stored.  The dependence analysis says whether another order changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, combinations_with_replacement, product

import gast

from adgen.analyses.aliases import Aliases
from adgen.analyses.dependence import Access as Touch
from adgen.analyses.dependence import Dependences
from adgen.analyses.effects import Effect, Effects, facts, statements_in
from adgen.analyses.liveness import Liveness, find_liveness, upward_exposed
from adgen.analyses.sizes import Sizes
from adgen.analyses.structure import Structure
from adgen.lower.nests import Access, accesses
from adgen.lower.registers import redefined
from adgen.lower.trees import static
from adgen.optimize.loops import reversed_range
from adgen.optimize.trees import map_blocks, with_fields
from adgen.program.function import Function
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar

PLAIN = (
    gast.Name, gast.Constant, gast.BinOp, gast.UnaryOp, gast.Call, gast.Attribute, gast.Subscript, gast.Add, gast.Sub,
    gast.Mult, gast.unaryop, gast.expr_context,
)  # fmt: skip


def order_loops(function: Function, sizes: Sizes) -> Function:
    """The function with innermost loops along the last axis of arrays, and upwards, where that changes nothing.

    >>> from adgen.optimize.showing import show
    >>> print(show(lambda f: order_loops(f, Sizes()), '''
    ... for j in range(m):
    ...     for i in range(n):
    ...         ys[i] += A[i, j] * xs[j]'''))
    for i in range(n):
        for j in range(m):
            ys[i] += A[i, j] * xs[j]
    >>> print(show(lambda f: order_loops(f, Sizes()), '''
    ... for i in range(n - 1, -1, -1):
    ...     ys[i] = ys[i] * k'''))
    for i in range(n):
        ys[i] = ys[i] * k
    >>> print(show(lambda f: order_loops(f, Sizes()), '''
    ... for i in range(n):
    ...     xs[i] += ys[i]
    ...     xs[i + 2] += ys[i]'''))
    for i in range(n):
        xs[i] += ys[i]
    for i in range(n):
        xs[i + 2] += ys[i]
    """
    if not any(isinstance(s, gast.For) for s in statements_in(function.body)):
        return function
    return replace(function, body=tuple(_Order(function, sizes).block(list(function.body))))


class _Order:
    def __init__(self, function: Function, sizes: Sizes) -> None:
        self.types = function.types
        self.effects, self.aliases = Effects(function), Aliases(function)
        self.live: Liveness = find_liveness(function, self.effects)
        self.structure = Structure(function)
        self.dependences = Dependences(self.structure, function.types, sizes)
        self.moving = redefined(function)

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for stmt in body:
            done += self.loop(stmt) if isinstance(stmt, gast.For) else [map_blocks(stmt, self.block)]
        return done

    def loop(self, loop: gast.For) -> list[gast.stmt]:
        match loop.body:
            case [gast.For() as inner] if self.is_simple(inner):
                if self.strides(inner, loop) < self.strides(inner, inner) and self.may_be_exchanged(loop, inner):
                    within = with_fields(loop, iter=self.upwards(loop, inner, self.meet_between), body=inner.body)
                    return [with_fields(inner, body=[within])]
        if self.is_simple(loop):
            iter_ = self.upwards(loop, loop, self.meet_between)
            return [with_fields(loop, iter=iter_, body=[s for _, s in part]) for part in self.parts(loop)]
        return [map_blocks(loop, self.block)]

    # ---- what is understood

    def is_simple(self, loop: gast.For) -> bool:
        """Whether a loop does nothing but compute numbers and store them into elements."""
        for stmt in loop.body:
            match stmt:
                case gast.Assign(targets=[gast.Name(id=own)]) | gast.AugAssign(target=gast.Name(id=own)):
                    if not isinstance(self.types.get(own), Scalar):
                        return False
                case (
                    gast.Assign(targets=[gast.Subscript() as place]) | gast.AugAssign(target=gast.Subscript() as place)
                ):
                    if not self.is_element(place):
                        return False
                case _:
                    return False
        effect = self.effects.block(loop.body)
        stored = {a.name for a in accesses(loop.body, self.types) if a.how != "read"}
        return not effect.outside and effect.mutates <= stored and self.is_settled(loop, effect)

    def is_settled(self, loop: gast.For, effect: Effect) -> bool:
        """Whether the range of a loop may be found at any time before or while a body runs."""
        parts = nodes_in(loop.iter)
        if not isinstance(loop.target, gast.Name) or not all(isinstance(n, PLAIN) for n in parts):
            return False
        shapes = {id(n.value) for n in parts if isinstance(n, gast.Subscript)}
        if any(isinstance(n, gast.Attribute) and n.attr not in ("shape", "size") for n in parts):
            return False
        if shapes - {id(n) for n in parts if isinstance(n, gast.Attribute)}:
            return False  # an element
        return not facts(loop.iter).names & (self.moving | effect.defines)

    def is_element(self, place: gast.Subscript) -> bool:
        kind = self.types.get(place.value.id) if isinstance(place.value, gast.Name) else None
        items = place.slice.elts if isinstance(place.slice, gast.Tuple) else [place.slice]
        return isinstance(kind, Array) and len(items) == kind.rank and not any(isinstance(i, gast.Slice) for i in items)

    def numbers_are_private(self, loop: gast.For, outer: gast.For, *, sums: bool) -> bool:
        """Whether each iteration gives a number to what it reads, and nobody else does; sums may be excepted."""
        added: set[str] = set()
        read: set[str] = set()
        for stmt in loop.body:
            match stmt:
                case gast.AugAssign(target=gast.Name(id=own), op=gast.Add() | gast.Sub(), value=value) if sums:
                    added.add(own)
                    read |= facts(value).names
                case _:
                    effect = self.effects.of(stmt)
                    read |= effect.reads | effect.defines
        counters = {_counter(loop), _counter(outer)}
        defines = self.effects.block(loop.body).defines
        if added & read or defines & counters:
            return False
        last = self.live.after[id(outer)]
        return not (defines - added) & (last | upward_exposed(loop.body, self.effects)) and not counters & last

    # ---- the order of two loops

    def strides(self, inner: gast.For, loop: gast.For) -> int:
        """How many elements that a body touches are far apart from one iteration of a loop to the next."""
        counter = _counter(loop)
        found = {(a.name, a.text): a for a in accesses(inner.body, self.types)}.values()
        return sum(any(counter in facts(i).names for i in a.items[:-1]) for a in found)

    def may_be_exchanged(self, outer: gast.For, inner: gast.For) -> bool:
        """Whether the inner loop may become the outer one: nothing depends on the order that this turns round."""
        signs = _sign(outer), _sign(inner)
        if 0 in signs or _counter(outer) in facts(inner.iter).names:
            return False
        if not self.is_settled(outer, self.effects.block(inner.body)):
            return False
        if not self.numbers_are_private(inner, outer, sums=False):
            return False
        orders = (signs[0], -signs[1]), (-signs[0], signs[1])
        return not any(self.meet(one, two, outer, inner, orders) for one, two in self.pairs(inner, sums=False))

    # ---- the direction of one loop

    def upwards(
        self, loop: gast.For, innermost: gast.For, meet: Callable[[Access, Access, gast.For, gast.For], bool]
    ) -> gast.expr:
        """The range of a loop, first to last where the iterations of the innermost loop allow it."""
        forwards = reversed_range(loop.iter, longer=True)
        if forwards is None or not self.numbers_are_private(innermost, loop, sums=True):
            return loop.iter
        if any(meet(one, two, loop, innermost) for one, two in self.pairs(innermost, sums=True)):
            return loop.iter
        return forwards

    def meet_between(self, one: Access, two: Access, loop: gast.For, innermost: gast.For) -> bool:
        """Whether two accesses may meet in different iterations of a loop."""
        return self.meet(one, two, loop, innermost, ((1,), (-1,)))

    # ---- loops taken apart

    def parts(self, loop: gast.For) -> list[list[tuple[int, gast.stmt]]]:
        """The statements of a loop, numbered: sums into neighbours by element, and the others."""
        body = list(enumerate(loop.body))
        found = [(one, two) for one, two in combinations(accesses(loop.body, self.types), 2) if one.text != two.text]
        shifted = {
            one.name
            for one, two in found
            if one.name == two.name and one.how == two.how == "add" and self.meet_between(one, two, loop, loop)
        }
        parts: dict[str, list[tuple[int, gast.stmt]]] = {}
        defines = self.effects.block(loop.body).defines if shifted else frozenset()
        for number, stmt in body:
            match stmt:
                case gast.AugAssign(target=gast.Subscript(value=gast.Name(id=own)) as place, value=value) if (
                    own in shifted and not (facts(value).names | facts(place.slice).names) & defines
                ):
                    parts.setdefault(facts(place).text, []).append((number, stmt))
                case _:
                    parts.setdefault("", []).append((number, stmt))
        apart = list(parts.values())
        together = any(self.must_stay(one, two, loop) for one, two in combinations(apart, 2))
        return [body] if together else apart

    def must_stay(
        self, first: Sequence[tuple[int, gast.stmt]], second: Sequence[tuple[int, gast.stmt]], loop: gast.For
    ) -> bool:
        """Whether some statement of the second part must have run in an iteration before one of the first part."""
        for (number, one), (other, two) in product(first, second):
            anywhere = ((0,),) if other < number else ((1,), (-1,))
            for a, b in product(accesses([one], self.types), accesses([two], self.types)):
                counts = {a.how, b.how} not in ({"read"}, {"add"}) and self.aliases.same(a.name, b.name)
                if counts and self.meet(a, b, loop, loop, anywhere):
                    return True
        return False

    # ---- accesses

    def pairs(self, loop: gast.For, *, sums: bool) -> Iterator[tuple[Access, Access]]:
        """Accesses to what may be the same memory, one of which writes; two that add don't count if sums may change."""
        found = accesses(loop.body, self.types)
        for one, two in combinations_with_replacement(found, 2):
            hows = {one.how, two.how}
            if hows == {"read"} or (sums and hows == {"add"}) or not self.aliases.same(one.name, two.name):
                continue
            yield one, two

    def meet(
        self, one: Access, two: Access, loop: gast.For, innermost: gast.For, orders: Sequence[tuple[int, ...]]
    ) -> bool:
        if one.name != two.name or one.index is None or two.index is None:
            return True
        if any(facts(a.index).names & self.moving for a in (one, two)):  # type: ignore[arg-type]
            return True
        place = self.structure.places[id(innermost.body[0])]
        if any(not isinstance(x, gast.For) or facts(x.iter).names & self.moving for x in place.block.loops):
            return True
        first, second = Touch(one.name, one.index, place), Touch(two.name, two.index, place)
        return any(self.dependences.may_meet_apart(first, second, loop, order) for order in orders)


def _counter(loop: gast.For) -> str:
    assert isinstance(loop.target, gast.Name)
    return loop.target.id


def _sign(loop: gast.For) -> int:
    """Whether a counter goes up or down; 0 if that is not known."""
    args = loop.iter.args  # type: ignore[attr-defined]
    step = static(args[2]) if len(args) == 3 else 1
    return 0 if not isinstance(step, int) else 1 if step > 0 else -1
