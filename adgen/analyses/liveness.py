"""Live names: those whose present value some later statement may read.

A backward may-analysis over structured statement lists.  A store ``x[i] = v`` reads the name `x`;
in-place accumulation ``x += v`` on an array does not end the life of `x`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import gast

from adgen.analyses.effects import EMPTY, Effects, facts
from adgen.program.function import Function


@dataclass(frozen=True, slots=True)
class Liveness:
    """Names live before and after each statement (keyed by `id`; valid while the tree exists)."""

    before: dict[int, frozenset[str]] = field(default_factory=dict)
    after: dict[int, frozenset[str]] = field(default_factory=dict)


def find_liveness(function: Function, effects: Effects) -> Liveness:
    """Liveness of every statement of a function; nothing is live at its end.

    >>> body = tuple(gast.parse("y = x * x; z = y; return_value = z").body)
    >>> f = Function("f", ("x",), body, {})
    >>> sorted(find_liveness(f, Effects(f)).after[id(body[0])])
    ['y']
    """
    live = Liveness()
    _Walk(effects, live).block(function.body, EMPTY, EMPTY)
    return live


@dataclass(frozen=True, slots=True)
class _Walk:
    effects: Effects
    live: Liveness

    def block(self, body: Sequence[gast.stmt], after: frozenset[str], at_break: frozenset[str]) -> frozenset[str]:
        for stmt in reversed(body):
            self.live.after[id(stmt)] = after
            after = self.live.before[id(stmt)] = self.statement(stmt, after, at_break)
        return after

    def statement(self, stmt: gast.stmt, after: frozenset[str], at_break: frozenset[str]) -> frozenset[str]:
        match stmt:
            case gast.If(test=test, body=body, orelse=orelse):
                then = self.block(body, after, at_break)
                other = self.block(orelse, after, at_break)
                return then | other | facts(test).names
            case gast.For() | gast.While():
                return self._loop(stmt, after)
            case gast.Break():
                return at_break
            case gast.Raise():
                return self.effects.of(stmt).reads
        effect = self.effects.of(stmt)
        return (after - effect.defines) | effect.reads

    def _loop(self, stmt: gast.For | gast.While, after: frozenset[str]) -> frozenset[str]:
        """Least fixpoint at the loop's head; what it found last time is where it starts."""
        counted = isinstance(stmt, gast.For)
        entry = facts(stmt.iter if counted else stmt.test).names
        target = facts(stmt.target).names if counted else EMPTY
        head = after if counted else after | entry
        while True:
            grown = head | (self.block(stmt.body, head, after) - target)
            if grown == head:
                return head | entry
            head = grown


def upward_exposed(body: Sequence[gast.stmt], effects: Effects) -> frozenset[str]:
    """Names that a statement list may read before it defines them."""
    return _Walk(effects, Liveness()).block(body, EMPTY, EMPTY)
