"""Branches: ``if``, ``match`` and conditional expressions, decided when generating or kept as ``if``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from adgen.frontend.guards import Outcome, Way
from adgen.frontend.joins import GrowsInBranch
from adgen.frontend.jumps import may
from adgen.frontend.nodes import store
from adgen.frontend.operators import Thunk
from adgen.frontend.statements import Statements
from adgen.frontend.values import (
    NONE,
    ListContents,
    Value,
)

JUMP = (gast.Break, gast.Return, gast.Raise)


class Branches(Statements):
    """Branches, each of which starts from the state before them."""

    def run_If(self, node: gast.If, tail: bool) -> Outcome | None:
        test = self.condition(node.test)
        truth = self.truth(test)
        if isinstance(truth, bool):
            return self.run_block(node.body if truth else node.orelse, tail=tail)
        if tail and may(node, JUMP):
            return self.tail_branch(truth, node.body, node.orelse)
        return self.branch(
            truth, lambda: self.run_block(node.body, tail=False), lambda: self.run_block(node.orelse, tail=False)
        )

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
            mark = self.mark()
            try:
                return attempt()
            except GrowsInBranch as growth:
                if not isinstance(mark.state.heap.get(growth.key), ListContents):
                    raise
                self.rewind(mark)
                self.demote({growth.key})

    def demote(self, keys: set[int]) -> None:
        raise NotImplementedError

    def branch(self, test: Value, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Outcome:
        """A residual ``if`` with what both branches leave behind joined."""
        return self.go_on(self.retried(lambda: self._branch(test, then, otherwise, "result")))

    def _branch(
        self, test: Value, then: Callable[[], Any], otherwise: Callable[[], Any], hint: str | None = None
    ) -> Way:
        before = self.snapshot()
        with self.assuming(test, True), self.block() as first:
            one = self.side(then)
        self.restore(before)
        with self.assuming(test, False), self.block() as second:
            two = self.side(otherwise)
        outer, self.join_test = self.join_test, test
        try:
            return self.merge(test, replace(one, block=first), replace(two, block=second), hint)
        finally:
            self.join_test = outer

    def tail_branch(self, test: Value, body: list[gast.stmt], orelse: list[gast.stmt]) -> Outcome:
        """An ``if`` in tail position whose branches may leave the function or the loop."""
        if self.on_tail is None:
            return self.branch(test, lambda: self.returned(body), lambda: self.returned(orelse))
        return self.retried(lambda: self._tail_branch(test, body, orelse))

    def returned(self, body: list[gast.stmt]) -> Outcome:
        outcome = self.run_block(body, tail=True)
        return Outcome("return", NONE) if outcome.kind == "normal" else outcome

    def _tail_branch(self, test: Value, body: list[gast.stmt], orelse: list[gast.stmt]) -> Outcome:
        before = self.snapshot()
        with self.assuming(test, True), self.block() as first:
            one = self.tail_side(lambda: self.run_block(body, tail=True))
        self.restore(before)
        with self.assuming(test, False), self.block() as second:
            two = self.tail_side(lambda: self.run_block(orelse, tail=True))
        self.emit(gast.If(self.atom(test), first, second))  # the branches are still to get the loop's copies
        return two if one.kind == "raise" else one

    def tail_side(self, run: Callable[[], Outcome]) -> Outcome:
        """A branch that ends an iteration: the loop writes its variables here."""
        return self.close_tail(self.ended(run))

    def close_tail(self, outcome: Outcome) -> Outcome:
        """At the end of a loop's body, an exception that is on its way leaves the loop."""
        assert self.on_tail is not None
        if outcome.kind in ("normal", "break", "caught"):
            self.on_tail("normal" if outcome.kind == "normal" else "break")
            outcome = Outcome("done")
        while self.guards:
            guard = self.guards.pop()
            inner, self.out = self.out, guard.outer
            self.restore(self.trimmed(guard.state))
            with self.block() as raised:
                self.on_tail("break")
            self.emit(gast.If(self.atom(guard.test), raised, inner))
            outcome = Outcome("done")
        return outcome

    def choose(self, test: Value, then: Thunk, otherwise: Thunk, hint: str | None = None) -> Value:
        """``then() if test else otherwise()``."""
        truth = self.truth(test)
        if isinstance(truth, bool):
            return then() if truth else otherwise()
        one: Callable[[], Outcome] = lambda: Outcome("value", then())  # noqa: E731
        two: Callable[[], Outcome] = lambda: Outcome("value", otherwise())  # noqa: E731
        return self.go_on(self.retried(lambda: self._branch(truth, one, two, hint))).value
