"""Branches: ``if``, ``match`` and conditional expressions, decided when generating or kept as ``if``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from adgen.frontend.joins import GrowsInBranch
from adgen.frontend.jumps import may
from adgen.frontend.operators import Thunk
from adgen.frontend.state import Snapshot, store
from adgen.frontend.statements import Outcome, Statements
from adgen.frontend.values import (
    NONE,
    ListContents,
    Value,
)

JUMP = (gast.Break, gast.Return, gast.Raise)


class Branches(Statements):
    """Branches, each of which starts from the state before them."""

    def run_If(self, node: gast.If, tail: bool) -> Outcome | None:
        test = self.expression(node.test)
        truth = self.truth(test)
        if isinstance(truth, bool):
            return self.run_block(node.body if truth else node.orelse, tail=tail)
        if tail and may(node, JUMP):
            return self.tail_branch(truth, node.body, node.orelse)
        self.branch(
            truth, lambda: self.run_block(node.body, tail=False), lambda: self.run_block(node.orelse, tail=False)
        )
        return None

    def run_Match(self, node: gast.Match, tail: bool) -> Outcome | None:
        return self.statement(self.match_to_if(node), tail=tail)

    def match_to_if(self, node: gast.Match) -> gast.stmt:
        """``match`` on values, singletons, captures and or-patterns, as a chain of ``if``."""
        result: list[gast.stmt] = []
        for case in reversed(node.cases):
            test, bindings = self.pattern_test(case.pattern, node.subject)
            if case.guard is not None:
                test = case.guard if test is None else gast.BoolOp(gast.And(), [test, case.guard])
            body = bindings + case.body
            if test is None:
                result = body
            else:
                branch = gast.If(test, body, result)
                result = [gast.fix_missing_locations(gast.copy_location(branch, node))]
        return (
            result[0] if len(result) == 1 else gast.copy_location(gast.If(gast.Constant(True, None), result, []), node)
        )

    def pattern_test(self, pattern: Any, subject: gast.expr) -> tuple[gast.expr | None, list[gast.stmt]]:
        match pattern:
            case gast.MatchValue(value=value):
                return gast.Compare(subject, [gast.Eq()], [value]), []
            case gast.MatchSingleton(value=value):
                return gast.Compare(subject, [gast.Is()], [gast.Constant(value, None)]), []
            case gast.MatchAs(pattern=None, name=None):
                return None, []
            case gast.MatchAs(pattern=None, name=name):
                binding = gast.Assign([store(name)], subject, None)
                return None, [gast.fix_missing_locations(gast.copy_location(binding, subject))]
            case gast.MatchOr(patterns=patterns):
                tests = [self.pattern_test(p, subject)[0] for p in patterns]
                if None in tests:
                    return None, []
                return gast.BoolOp(gast.Or(), tests), []
        self.refuse(
            "pattern",
            "this pattern is not supported",
            reason="only values, None, captures and | are.",
            remedy="if / elif",
        )

    def retried(self, attempt: Callable[[], Any]) -> Any:
        """Run a branching construct; lists that grow on one path only get a variable before it."""
        while True:
            before, written, used = self.snapshot(), len(self.out), set(self.used)
            try:
                return attempt()
            except GrowsInBranch as growth:
                if not isinstance(before.heap.get(growth.key), ListContents):
                    raise
                self.restore(before)
                self.used = used
                del self.out[written:]
                self.demote({growth.key})

    def demote(self, keys: set[int]) -> None:
        raise NotImplementedError

    def branch(self, test: Value, then: Callable[[], Any], otherwise: Callable[[], Any]) -> None:
        """A residual ``if`` with what both branches leave behind joined."""
        self.retried(lambda: self._branch(test, then, otherwise))

    def _branch(self, test: Value, then: Callable[[], Any], otherwise: Callable[[], Any]) -> None:
        before = self.snapshot()
        with self.block() as first:
            one = then()
        after_first = self.snapshot()
        self.restore(before)
        with self.block() as second:
            two = otherwise()
        ended = [isinstance(o, Outcome) and o.kind == "raise" for o in (one, two)]
        if ended[0] and not ended[1]:
            pass
        elif ended[1] and not ended[0]:
            self.restore(after_first)
        else:
            self.join(after_first, self.snapshot(), first, second)
        self.emit_if(self.atom(test), first, second)

    def emit_if(self, test: gast.expr, first: list[gast.stmt], second: list[gast.stmt]) -> None:
        if not first and not second:
            return
        if not first:
            self.emit(gast.If(gast.UnaryOp(gast.Not(), test), second, []))
        else:
            self.emit(gast.If(test, first, second))

    def tail_branch(self, test: Value, body: list[gast.stmt], orelse: list[gast.stmt]) -> Outcome:
        """An ``if`` in tail position whose branches may leave the function or the loop."""
        return self.retried(lambda: self._tail_branch(test, body, orelse))

    def _tail_branch(self, test: Value, body: list[gast.stmt], orelse: list[gast.stmt]) -> Outcome:
        before = self.snapshot()
        with self.block() as first:
            one = self.finish(self.run_block(body, tail=True))
        after_first = self.snapshot()
        self.restore(before)
        with self.block() as second:
            two = self.finish(self.run_block(orelse, tail=True))
        result = self.join_outcomes(one, two, after_first, first, second)
        if result.kind == "done":  # the branches are still to get the loop's copies
            self.emit(gast.If(self.atom(test), first, second))
        else:
            self.emit_if(self.atom(test), first, second)
        return result

    def finish(self, outcome: Outcome) -> Outcome:
        """At the end of a branch: loops write their loop variables here; functions return None."""
        if self.on_tail is not None and outcome.kind in ("normal", "break"):
            self.on_tail(outcome.kind)
            return Outcome("done")
        if self.on_tail is None and outcome.kind == "normal":
            return Outcome("return", NONE)
        return outcome

    def join_outcomes(
        self, one: Outcome, two: Outcome, after_first: Snapshot, first: list[gast.stmt], second: list[gast.stmt]
    ) -> Outcome:
        if one.kind == "raise" and two.kind == "raise":
            return one
        if one.kind == "raise":
            return two
        if two.kind == "raise":
            self.restore(after_first)
            return one
        if one.kind == "done":
            return one
        after_second = self.snapshot()
        value = self.join_value(one.value, two.value, first, second, "result", after_first, after_second)
        self.join(after_first, after_second, first, second)
        return Outcome("return", value)

    def choose(self, test: Value, then: Thunk, otherwise: Thunk, hint: str | None = None) -> Value:
        """``then() if test else otherwise()``."""
        truth = self.truth(test)
        if isinstance(truth, bool):
            return then() if truth else otherwise()
        before = self.snapshot()
        with self.block() as first:
            one = then()
        after_first = self.snapshot()
        self.restore(before)
        with self.block() as second:
            two = otherwise()
        after_second = self.snapshot()
        value = self.join_value(one, two, first, second, hint, after_first, after_second)
        self.join(after_first, after_second, first, second)
        self.emit_if(self.atom(truth), first, second)
        return value
