"""Exceptions that are caught: a jump forward to the handler.

Where an operation may raise what a handler around it catches, a *guard* is opened: everything that follows in the
block stands in the branch ``if not raised``, until the block or the ``try`` ends.  There the guards are closed, and
two states remain: what holds where the block ended normally, and what holds where something was raised, with one flag
for each handler.  They stay apart, so that what follows knows which one it continues.  What is raised for sure leaves
by `Raised`, which the construct around it turns into a path that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from adgen.errors import AdgenError
from adgen.frontend.frames import Fork, Frame, Guard, Snapshot
from adgen.frontend.joins import Joins
from adgen.frontend.nodes import store
from adgen.frontend.values import NONE, Const, Handle, ObjectContents, Ref, TupleVal, Value
from adgen.program.attempts import Attempt
from adgen.program.types import BOOL


class Raised(Exception):
    """No path goes on from here: on each an exception was raised that a handler catches."""


@dataclass(frozen=True)
class Outcome:
    """How a block ended.

    "normal", "break", "return" (with a value), "value" (of an expression), "done" (a loop's tail), "raise" (with an
    exception that nobody catches) or "caught" (on every path, some exception is on its way to its handler).
    """

    kind: str
    value: Value = NONE


NORMAL = Outcome("normal")
CAUGHT = Outcome("caught")


DEAD = ("raise", "caught")


@dataclass(frozen=True)
class Way:
    """A block that was specialised: how it ended, and what holds where it ended normally, and where it raised."""

    block: list[gast.stmt]
    outcome: Outcome
    normal: Snapshot | None
    raised: Snapshot | None


@dataclass(eq=False)
class Handler:
    """One ``except`` clause that is in force: its flag and its exception are variables of its function."""

    classes: tuple[type[BaseException], ...]
    key: str
    frame: Frame
    node: Any
    raised: list[type[BaseException]] = field(default_factory=list)

    @property
    def flag(self) -> Value:
        return self.frame.variables.get(self.key, Const(False))

    @flag.setter
    def flag(self, value: Value) -> None:
        self.frame.variables[self.key] = value

    @property
    def error_key(self) -> str:
        return self.key.replace("raised", "error")


@dataclass(eq=False)
class Active:
    """A ``try`` or ``with`` whose body, handlers or ``else`` are being specialised."""

    handlers: list[Handler]
    final: Callable[[type[BaseException]], Any]  # what runs before an exception that nobody catches leaves


class Guards(Joins):
    """Raising, and what follows where something may have raised."""

    def __init__(self, sizes: Any) -> None:
        super().__init__(sizes)
        self.tries: list[Active] = []
        self.handling: list[Handler] = []  # the handlers whose bodies are being specialised
        self.yields: list[Callable[[Value], None]] = []  # who consumes what the running generators yield
        self.consumers: list[Frame] = []  # the functions in whose loops that happens
        self.leaving: list[Frame] = []  # the same, while the body of such a loop is specialised

    # ---- who catches what

    def handler_of(self, cls: type[BaseException]) -> Handler | None:
        for active in reversed(self.tries):
            for handler in active.handlers:
                if issubclass(cls, handler.classes):
                    return handler
        return None

    def catches(self, *classes: type[BaseException]) -> bool:
        return any(self.handler_of(cls) is not None for cls in classes)

    def in_force(self) -> list[Handler]:
        return [handler for active in self.tries for handler in active.handlers]

    def exception(self, cls: type[BaseException], args: tuple[Value, ...] | None = None) -> Value:
        return self.allocate(ObjectContents(cls, {} if args is None else {"args": TupleVal(args)}))

    # ---- raising

    def throw(self, cls: type[BaseException], error: Value | None = None) -> None:
        handler = self.handler_of(cls)
        if handler is None:
            return
        self.note(handler, cls, error)
        handler.flag = Const(True)
        raise Raised

    def note(self, handler: Handler, cls: type[BaseException], error: Value | None) -> None:
        handler.raised.append(cls)
        handler.frame.variables[handler.error_key] = self.exception(cls) if error is None else error

    def raise_if(self, test: Value, cls: type[BaseException]) -> None:
        """``if test: raise cls``, where somebody catches it."""
        handler = self.handler_of(cls)
        if handler is None:
            return
        truth = self.truth(test)
        if truth is True:
            self.throw(cls)
        if isinstance(truth, Ref):
            self.note(handler, cls, None)
            self.open_guard(handler, truth)

    def open_guard(self, handler: Handler, test: Ref) -> None:
        handler.flag = Const(True)
        self.guards.append(Guard(test, self.out, self.snapshot()))
        handler.flag = Const(False)
        self.out = []

    def attempt(self, classes: Sequence[type[BaseException]], define: Callable[[], Value]) -> Value:
        """An operation that may raise: ``try`` around it alone, if somebody catches one of these exceptions."""
        caught: dict[str, tuple[Handler, list[type[BaseException]]]] = {}
        for cls in classes:
            handler = self.handler_of(cls)
            if handler is not None:
                caught.setdefault(handler.key, (handler, []))[1].append(cls)
        if not caught:
            return define()
        with self.block() as body:
            value = define()
        flags: list[tuple[Handler, Ref]] = []
        for handler, kinds in caught.values():
            flag = self.fresh("raised")
            self.types[flag] = BOOL
            with self.block() as failed:
                self.emit(gast.Assign([store(flag)], gast.Constant(True, None), None))
            outer, self.out = self.out, body
            self.emit(gast.Assign([store(flag)], gast.Constant(False, None), None))
            self.out = []
            names = [self.exception_expression(cls) for cls in kinds]
            self.emit(Attempt(names[0] if len(names) == 1 else gast.Tuple(names, gast.Load()), body, failed))
            body, self.out = self.out, outer
            self.note(handler, kinds[0], None)
            handler.raised += kinds[1:]
            flags.append((handler, Ref(flag, BOOL)))
        self.out += body
        for handler, flag in flags:
            self.open_guard(handler, flag)
        return value

    def exception_expression(self, cls: type) -> gast.expr:
        raise NotImplementedError

    # ---- paths

    def side(self, run: Callable[[], Any]) -> Way:
        """Run one branch, and close the guards that it opened."""
        outcome = self.ended(run)
        return self.closed(outcome if isinstance(outcome, Outcome) else NORMAL)

    def ended(self, run: Callable[[], Any]) -> Any:
        """How a branch ends; what always fails in it, fails where the branch is taken."""
        try:
            return run()
        except Raised:
            return CAUGHT
        except AdgenError as error:
            if error.raises is None:
                raise
            return self.leave_function(error.raises, [gast.Constant(error.what, None)])

    def leave_function(self, cls: type[BaseException], shown: list[gast.expr]) -> Outcome:
        raise NotImplementedError

    def closed(self, outcome: Outcome, down_to: int = 0) -> Way:
        """Close the guards of this block.  The paths on which something was raised come together."""
        normal = None if outcome.kind in DEAD else self.snapshot()
        raised = self.snapshot() if outcome.kind == "caught" else None
        while len(self.guards) > down_to:
            guard = self.guards.pop()
            inner, self.out = self.out, guard.outer
            first: list[gast.stmt] = []
            raised = self.combine(guard.test, first, self.trimmed(guard.state), inner, raised)
            self.emit_if(self.atom(guard.test), first, inner)
        if normal is not None:
            self.restore(normal)
        elif raised is not None:
            outcome = CAUGHT
        return Way(self.out, outcome, normal, raised)

    def close_guards(self) -> None:
        """At the end of a block that is no branch: nobody asks what holds where something was raised."""
        self.closed(NORMAL)

    def trimmed(self, state: Snapshot) -> Snapshot:
        """A state without the variables of calls that have ended; its own, to be written into."""
        return Snapshot(tuple(dict(v) for v in state.variables[: len(self.frames)]), state.heap)

    def combine(
        self,
        test: Value,
        first: list[gast.stmt],
        one: Snapshot | None,
        second: list[gast.stmt],
        two: Snapshot | None,
    ) -> Snapshot | None:
        """What holds where something was raised in either branch; the flags then tell what."""
        some = one or two
        if some is None:
            return None
        for depth, handler in self.places():
            flags = [Const(False) if s is None else s.variables[depth].get(handler.key) for s in (one, two)]
            value = flags[0]
            if flags == [Const(True), Const(False)]:
                value = test
            elif flags == [Const(False), Const(True)]:
                value = self.negation(test)
            elif flags[0] != flags[1] and None not in flags:
                one_flag, other_flag = (flag for flag in flags if flag is not None)
                value = self.join_value(one_flag, other_flag, handler.key, Fork(first, second, some, some))
            for state in (one, two):
                if state is not None and value is not None:
                    state.variables[depth][handler.key] = value
        if one is None or two is None:
            return some
        self.join(Fork(first, second, one, two))
        return self.snapshot()

    def places(self) -> list[tuple[int, Handler]]:
        """The handlers in force, and where among the frames their variables are."""
        depths = {id(frame): depth for depth, frame in enumerate(self.frames)}
        return [(depths[id(h.frame)], h) for h in self.in_force() if id(h.frame) in depths]

    def merge(self, test: Value, one: Way, two: Way, hint: str | None = "result") -> Way:
        """Write an ``if`` whose branches were specialised.  Where it ends normally, that is the present state."""
        one, two = self.without_derivative(one, two), self.without_derivative(two, one)
        first, second = one.block, two.block
        raised = self.combine(test, first, one.raised, second, two.raised)
        outcome = one.outcome if two.normal is None else two.outcome
        if one.normal is None or two.normal is None:
            some = one.normal or two.normal or raised
            if some is not None:
                self.restore(some)
            if one.normal is two.normal is None:
                outcome = Outcome("raise") if raised is None else CAUGHT
        else:
            fork = Fork(first, second, one.normal, two.normal)
            self.restore(two.normal)
            if one.outcome.kind == two.outcome.kind and one.outcome.kind in ("return", "value"):
                values = one.outcome.value, two.outcome.value
                value = self.join_value(*values, hint, fork)
                outcome = Outcome(one.outcome.kind, value)
            self.join(fork)
        self.emit_if(self.atom(test), first, second)
        return Way(self.out, outcome, None, raised)

    def without_derivative(self, way: Way, other: Way) -> Way:
        """A path that ends with None where the other one has a result: there the derivative raises."""
        ends = way.outcome.kind == other.outcome.kind == "return" and len(self.frames) == 2
        if not ends or way.outcome.value != NONE or not isinstance(other.outcome.value, Ref | TupleVal | Handle):
            return way
        message = gast.Constant(f"{self.frame.function} returns None here, which has no derivative", None)
        outer, self.out = self.out, way.block
        self.emit(gast.Raise(gast.Call(gast.Name("ValueError", gast.Load(), None, None), [message], []), None))
        self.out = outer
        return replace(way, outcome=Outcome("raise"), normal=None)

    def go_on(self, way: Way) -> Outcome:
        """Behind a construct from which an exception may be on its way: what follows is under guards."""
        if way.outcome.kind == "caught":
            raise Raised
        if way.raised is not None and way.outcome.kind != "raise":
            self.reguard(way.raised)
        return way.outcome

    def reguard(self, raised: Snapshot) -> None:
        for depth, handler in self.places():
            flag = raised.variables[depth].get(handler.key)
            if isinstance(flag, Ref):
                self.guards.append(Guard(flag, self.out, self.only_flag(raised, handler)))
                self.out = []

    def only_flag(self, raised: Snapshot, handler: Handler) -> Snapshot:
        """The state in which something was raised, on the way to one handler."""
        state = self.trimmed(raised)
        for depth, other in self.places():
            state.variables[depth][other.key] = Const(other is handler)
        return state

    def emit_if(self, test: gast.expr, first: list[gast.stmt], second: list[gast.stmt]) -> None:
        if not first and not second:
            return
        if not first:
            self.emit(gast.If(gast.UnaryOp(gast.Not(), test), second, []))
        else:
            self.emit(gast.If(test, first, second))
