"""Drop what nobody reads: definitions, stores into arrays that are never looked at, empty blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import gast

from adgen.analyses.effects import EMPTY, facts, statements_in
from adgen.optimize.context import Facts, with_body
from adgen.optimize.trees import Block, assign, constant, keep, names_stored, unchanged, with_fields
from adgen.program.attempts import Attempt
from adgen.program.function import Function

INVERSE = {
    gast.Eq: gast.NotEq, gast.NotEq: gast.Eq, gast.Is: gast.IsNot, gast.IsNot: gast.Is,
    gast.In: gast.NotIn, gast.NotIn: gast.In,
}  # fmt: skip
Names = frozenset[str]


def remove_dead_code(function: Function) -> Function:
    """Keep only statements that a later kept statement, the result or the outside needs.

    Liveness is "strong": a statement's operands are live only if the statement itself is kept, so
    cycles of useless work in loops vanish.

    >>> from adgen.optimize.showing import show
    >>> print(show(remove_dead_code, '''
    ... tape = np.empty(n)
    ... for i in range(n):
    ...     tape[i] = x
    ...     e = e + 1.0
    ... return x'''))
    return x
    """
    walk = _Walk(Facts(function))
    body, _ = walk.block(function.body, EMPTY, EMPTY)
    return function if unchanged(function.body, body) else with_body(function, body)


@dataclass
class _Walk:
    known: Facts
    heads: dict[int, Names] = field(default_factory=dict)

    def block(self, body: Block, after: Names, at_break: Names) -> tuple[list[gast.stmt], Names]:
        """The kept statements, and the names live before them."""
        kept: list[gast.stmt] = []
        for stmt in reversed(body):
            new, after = self.statement(stmt, after, at_break)
            kept.extend(reversed(new))
        kept.reverse()
        return kept, after

    def statement(self, stmt: gast.stmt, after: Names, at_break: Names) -> tuple[Sequence[gast.stmt], Names]:
        match stmt:
            case Attempt():
                effect = self.known.effects.of(stmt)
                if not effect.defines & after:
                    return [], after
                return [stmt], (after - effect.defines) | effect.reads
            case gast.If():
                return self._if(stmt, after, at_break)
            case gast.For() | gast.While():
                return self._loop(stmt, after)
            case gast.Break():
                return [stmt], at_break
            case gast.Pass():
                return [], after
            case gast.Assign(targets=[gast.Tuple() as target], value=gast.Tuple() as value):
                if len(target.elts) == len(value.elts):
                    return self._parallel(stmt, target, value, after)
        effect = self.known.effects.of(stmt)
        if isinstance(stmt, gast.Return | gast.Raise):
            return [stmt], effect.reads
        if not effect.outside and not self._is_needed(stmt, after):
            return [], after
        return [stmt], (after - effect.defines) | effect.reads

    def _is_needed(self, stmt: gast.stmt, after: Names) -> bool:
        """Whether a live name, or storage that the caller sees, is changed."""
        effect = self.known.effects.of(stmt)
        if effect.defines & after:
            return True
        if not effect.mutates:
            return not effect.defines and not isinstance(stmt, gast.Expr)
        visible = after | self.known.outer
        return self.known.aliases.touch(effect.mutates, visible)

    def _parallel(
        self, stmt: gast.Assign, target: gast.Tuple, value: gast.Tuple, after: Names
    ) -> tuple[Sequence[gast.stmt], Names]:
        """Drop the dead components of a parallel copy."""
        pairs = []
        for to, item in zip(target.elts, value.elts, strict=True):
            stored = names_stored(to)
            if not stored or set(stored) & after or not self.known.effects.is_pure(item):
                pairs.append((to, item))
        after = after.difference(names_stored(target))
        after = after.union(*[facts(item).names for _, item in pairs])
        after = after.union(*[facts(to).names for to, _ in pairs if not names_stored(to)])
        if len(pairs) == len(target.elts):
            return [stmt], after
        if len(pairs) < 2:
            return [assign(to, item, stmt) for to, item in pairs], after
        lefts = with_fields(target, elts=[to for to, _ in pairs])
        rights = with_fields(value, elts=[item for _, item in pairs])
        return [with_fields(stmt, targets=[lefts], value=rights)], after

    def _if(self, stmt: gast.If, after: Names, at_break: Names) -> tuple[Sequence[gast.stmt], Names]:
        then, live_then = self.block(stmt.body, after, at_break)
        other, live_other = self.block(stmt.orelse, after, at_break)
        if isinstance(stmt.test, gast.Constant):
            return (then, live_then) if stmt.test.value else (other, live_other)
        pure = self.known.effects.is_pure(stmt.test)
        if not then and not other and pure:
            return [], after
        live = live_then | live_other | facts(stmt.test).names
        if not then and other:
            return [with_fields(stmt, test=inverted(stmt.test), body=other, orelse=[])], live
        body, orelse = keep(stmt.body, then or [gast.Pass()]), keep(stmt.orelse, other)
        if body is stmt.body and orelse is stmt.orelse:
            return [stmt], live
        return [with_fields(stmt, body=body, orelse=orelse)], live

    def _loop(self, stmt: gast.For | gast.While, after: Names) -> tuple[Sequence[gast.stmt], Names]:
        effect = self.known.effects.of(stmt)
        visible = after | self.known.outer
        if not effect.outside and not effect.defines & after and not _leaves(stmt):
            if not self.known.aliases.touch(effect.mutates, visible):
                return [], after
        counted = isinstance(stmt, gast.For)
        entry = facts(stmt.iter if counted else stmt.test).names
        bound = facts(stmt.target).names if counted else EMPTY
        head = self.heads.get(id(stmt), EMPTY) | after | (EMPTY if counted else entry)
        while True:
            body, start = self.block(stmt.body, head, after)
            grown = head | (start - bound)
            if grown == head:
                break
            head = grown
        self.heads[id(stmt)] = head
        if not body and counted and not bound & after:
            return [], after
        body = keep(stmt.body, body or [gast.Pass()])
        return [stmt if body is stmt.body else with_fields(stmt, body=body)], head | entry


def _leaves(loop: gast.stmt) -> bool:
    return any(isinstance(s, gast.Return | gast.Raise | gast.Assert) for s in statements_in([loop]))


def inverted(test: gast.expr) -> gast.expr:
    """The opposite of a condition; order comparisons keep their ``not``, because of NaN."""
    match test:
        case gast.UnaryOp(op=gast.Not(), operand=inner):
            return inner
        case gast.Compare(left=left, ops=[op], comparators=comparators) if type(op) in INVERSE:
            return gast.Compare(left, [INVERSE[type(op)]()], comparators)
        case gast.Constant(value=bool() as value):
            return constant(not value)
    return gast.UnaryOp(gast.Not(), test)
