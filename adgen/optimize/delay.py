"""Redefine a variable only after the last use of its old value: then no copy of that value is needed."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from adgen.analyses.effects import statements_in
from adgen.analyses.liveness import Liveness, find_liveness
from adgen.optimize.context import Facts, is_forward, with_body
from adgen.optimize.trees import keep, map_blocks, unchanged
from adgen.program.function import Function


def delay_redefinitions(function: Function) -> Function:
    """After ``a = b``, move ``b = f(b)`` behind the uses of `a`, which may then read `b`.

    >>> from adgen.optimize.showing import show
    >>> print(show(delay_redefinitions, '''
    ... y1_bar = y_bar
    ... y_bar = y_bar * x
    ... x_bar = y1_bar * y
    ... return x_bar, y_bar'''))
    y1_bar = y_bar
    x_bar = y1_bar * y
    y_bar = y_bar * x
    return (x_bar, y_bar)
    """
    if not any(_copied_names(s) for s in statements_in(function.body)):
        return function
    known = Facts(function)
    body = _Delay(known, find_liveness(function, known.effects)).block(list(function.body))
    return function if unchanged(function.body, body) else with_body(function, body)


def _copied_names(stmt: gast.stmt) -> tuple[str, str] | None:
    """The names of ``a = b``."""
    match stmt:
        case gast.Assign(targets=[gast.Name(id=to)], value=gast.Name(id=source)) if not is_forward(stmt):
            return to, source
    return None


@dataclass
class _Delay:
    known: Facts
    live: Liveness

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        """Liveness speaks of the old statements, so each is looked up before its parts are rebuilt."""
        order = list(body)
        for stmt in body:
            names = _copied_names(stmt)
            if names is not None and names[1] in self.known.function.types:
                self._move(order, order.index(stmt), *names)
        done = [map_blocks(stmt, self.block) for stmt in order]
        return keep(body, done)

    def _move(self, order: list[gast.stmt], start: int, copy: str, source: str) -> None:
        effects = self.known.effects
        place = next((k for k in range(start + 1, len(order)) if source in effects.of(order[k]).defines), None)
        if place is None or not self._may_move(order[place], source):
            return
        uses = [k for k in range(place + 1, len(order)) if copy in effects.of(order[k]).reads]
        if not uses or copy in self.live.after[id(order[uses[-1]])]:
            return
        if any(copy in effects.of(s).defines for s in order[start + 1 : uses[-1] + 1]):
            return
        moved, passed = order[place], order[place + 1 : uses[-1] + 1]
        if all(self._can_pass(moved, source, stmt) for stmt in passed):
            order[place : uses[-1] + 1] = [*passed, moved]

    def _may_move(self, stmt: gast.stmt, source: str) -> bool:
        """One definition that does nothing else."""
        effect = self.known.effects.of(stmt)
        simple = isinstance(stmt, gast.Assign | gast.AugAssign) and not is_forward(stmt)
        return simple and effect.defines == {source} and not effect.mutates and not effect.outside

    def _can_pass(self, moved: gast.stmt, source: str, stmt: gast.stmt) -> bool:
        effect = self.known.effects.of(stmt)
        if source in effect.reads | effect.defines or effect.outside:
            return False
        if isinstance(stmt, gast.Return | gast.Break) or _leaves(stmt):
            return False
        return self.known.can_pass(moved.value, stmt)  # type: ignore[attr-defined]


def _leaves(stmt: gast.stmt) -> bool:
    return any(isinstance(s, gast.Break | gast.Return | gast.Continue) for s in statements_in([stmt]))
