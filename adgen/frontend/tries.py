"""``try``: its body under guards, then the handlers, each under its flag; and ``raise``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from adgen.frontend.branches import Branches
from adgen.frontend.guards import CAUGHT, Active, Handler, Outcome, Raised, Way
from adgen.frontend.jumps import may
from adgen.frontend.values import Const, Handle, ObjectContents, TupleVal, Value

JUMPS = (gast.Return, gast.Break, gast.Continue)


class Tries(Branches):
    """``try`` and ``raise``."""

    # ---- try

    def run_Try(self, node: gast.Try, tail: bool) -> Outcome:
        if any(may(s, JUMPS) for s in node.finalbody):
            self.refuse(
                "finally-jump",
                "a jump out of a finally clause",
                reason="it would swallow whatever exception is on its way.",
                remedy="the jump behind the try statement",
            )
        return self.run_try(node, lambda: self.run_block(node.body, tail=False))

    def run_try(self, node: gast.Try, run: Callable[[], Outcome]) -> Outcome:
        """The statement, with its body as a function."""
        return self.retried(lambda: self.try_once(node, run))

    def try_once(self, node: gast.Try, run: Callable[[], Outcome]) -> Outcome:
        handlers = [self.handler(h) for h in node.handlers]
        active = Active(handlers, lambda _: self.run_block(node.finalbody, tail=False))
        opened = len(self.guards)
        self.tries.append(active)
        try:
            outcome = self.attempted(lambda: self.body_and_handlers(node, active, run))
        finally:
            self.tries.remove(active)
        if node.finalbody:
            outcome = self.finally_(node, self.closed(outcome, opened))
        for handler in handlers:
            for key in (handler.key, handler.error_key):
                self.frame.variables.pop(key, None)
        if outcome.kind == "caught":
            raise Raised
        return outcome

    def handler(self, node: Any) -> Handler:
        self.next_key += 1
        made = Handler(self.classes_of(node.type), f"raised%{self.next_key}", self.frame, node)
        made.flag = Const(False)
        return made

    def classes_of(self, node: gast.expr | None) -> tuple[type[BaseException], ...]:
        """The exceptions that an ``except`` clause names."""
        if node is None:
            return (BaseException,)
        value = self.expression(node)
        items = value.items if isinstance(value, TupleVal) else (value,)
        found: list[type[BaseException]] = []
        for item in items:
            classes = item.value if isinstance(item, Const) else None
            for cls in classes if isinstance(classes, tuple) else (classes,):
                if not (isinstance(cls, type) and issubclass(cls, BaseException)):
                    self.refuse(
                        "except",
                        "this can't be caught",
                        reason="it is no exception class that is known when the derivative is generated.",
                        remedy="except ValueError:",
                    )
                found.append(cls)
        return tuple(found)

    def body_and_handlers(self, node: gast.Try, active: Active, run: Callable[[], Outcome]) -> Outcome:
        handlers = active.handlers
        opened = len(self.guards)
        outcome = self.attempted(run)
        active.handlers = []  # what the others raise, this statement does not catch
        if outcome.kind == "normal" and node.orelse:
            outcome = self.attempted(lambda: self.run_block(node.orelse, tail=False))
        only = self.only_guard(handlers, opened)
        if only is not None:  # there is one place that raises: its handler takes the other branch of the guard
            guard = self.guards.pop()
            inner, self.out = self.out, guard.outer
            present = self.snapshot()
            normal, raised = (present, None) if outcome.kind != "caught" else (None, present)
            other = Way(inner, outcome, None if outcome.kind == "raise" else normal, raised)
            self.restore(self.trimmed(guard.state))
            with self.block() as first:
                way = self.side(lambda: self.handle(only, handlers))
            return self.go_on(self.merge(guard.test, replace(way, block=first), other))
        active.handlers = handlers
        way = self.closed(outcome, opened)
        flagged = self.flagged(way)
        active.handlers = []

        def caught(handler: Handler) -> Outcome:
            if handler in handlers:
                return self.handle(handler, handlers)
            raise Raised

        return self.by_way(way, flagged, caught, lambda: way.outcome)

    def attempted(self, run: Any) -> Outcome:
        try:
            return run()
        except Raised:
            return CAUGHT

    def only_guard(self, handlers: list[Handler], opened: int) -> Handler | None:
        """The handler of the only guard that the body has opened, if nothing else can reach a handler."""
        if len(self.guards) != opened + 1 or any(h.flag != Const(False) for h in handlers):
            return None
        state = self.trimmed(self.guards[-1].state)
        variables = state.variables[self.depth]
        reached = [h for h in handlers if variables.get(h.key) != Const(False)]
        return reached[0] if len(reached) == 1 and variables.get(reached[0].key) == Const(True) else None

    def flagged(self, way: Way) -> list[Handler]:
        """The handlers to which an exception may be on its way; innermost first."""
        state = way.raised
        if state is None:
            return []
        return [h for depth, h in reversed(self.places()) if state.variables[depth].get(h.key) != Const(False)]

    def by_way(
        self,
        way: Way,
        flagged: list[Handler],
        caught: Callable[[Handler], Outcome],
        normal: Callable[[], Outcome],
    ) -> Outcome:
        """One piece of code for each handler to which an exception is on its way, and one for none."""
        if not flagged:
            if way.normal is not None:
                self.restore(way.normal)
            return normal()
        assert way.raised is not None
        first, *rest = flagged
        raised = way.raised
        depth = next(k for k, frame in enumerate(self.frames) if frame is first.frame)
        flag = raised.variables[depth][first.key]

        def take() -> Outcome:
            self.restore(self.trimmed(raised))
            for handler in flagged:
                handler.flag = Const(handler is first)
            return caught(first)

        if flag == Const(True) or (way.normal is None and not rest):
            return take()
        return self.branch(flag, take, lambda: self.by_way(way, rest, caught, normal))

    def handle(self, handler: Handler, handlers: list[Handler]) -> Outcome:
        """The body of an ``except`` clause."""
        for other in handlers:
            other.flag = Const(False)
        variables = self.frame.variables
        name = getattr(handler.node.name, "id", handler.node.name)
        if name is not None:
            variables[name] = self.caught(handler)
        self.handling.append(handler)
        try:
            return self.run_block(handler.node.body, tail=False)
        finally:
            self.handling.pop()
            if name is not None:
                self.frame.variables.pop(name, None)

    def caught(self, handler: Handler) -> Value:
        """The exception that a handler has caught, with what is known of it."""
        value = handler.frame.variables.get(handler.error_key)
        return value if isinstance(value, Handle) else self.exception(handler.classes[0])

    # ---- finally

    def finally_(self, node: gast.Try, way: Way) -> Outcome:
        """Run the ``finally`` clause; an exception that is on its way waits."""

        def waiting(handler: Handler) -> Outcome:
            handler.flag = Const(False)
            ending = self.run_block(node.finalbody, tail=False)
            if ending.kind == "normal":
                handler.flag = Const(True)
                raise Raised
            return ending

        def normal() -> Outcome:
            ending = self.run_block(node.finalbody, tail=False)
            return way.outcome if ending.kind == "normal" else ending

        if way.outcome.kind == "raise":
            return way.outcome  # it ran before the exception left the function
        return self.by_way(way, self.flagged(way), waiting, normal)

    # ---- raise

    def run_Raise(self, node: gast.Raise, tail: bool) -> Outcome:
        if node.exc is None:
            return self.raise_again()
        if isinstance(node.exc, gast.Call):
            cls = self.expression(node.exc.func)
            if isinstance(cls, Const) and isinstance(cls.value, type) and not self.catches(cls.value):
                shown = [self.shown(self.plain(self.expression(a))) for a in node.exc.args]
                return self.leave_function(self.exception_class(cls), shown)
        value = self.expression(node.exc)
        if isinstance(value, Const):
            value = self.call(value, (), {}) if isinstance(value.value, type) else self.wrap_const(value)
        cls = self.class_of(value)
        self.exception_class(Const(cls))
        self.throw(cls, value)
        contents = self.heap[value.key] if isinstance(value, Handle) else None
        given = contents.attributes.get("args") if isinstance(contents, ObjectContents) else None
        shown = [self.shown(self.plain(a)) for a in given.items] if isinstance(given, TupleVal) else []
        return self.leave_function(cls, shown)

    def exception_class(self, value: Value) -> type[BaseException]:
        cls = value.value if isinstance(value, Const) else None
        if not (isinstance(cls, type) and issubclass(cls, BaseException)):
            self.refuse(
                "raise", "this can't be raised", reason="it is no exception class.", remedy="raise ValueError(...)"
            )
        return cls

    def raise_again(self) -> Outcome:
        """``raise`` alone: what was caught goes on to the next handler."""
        if not self.handling:
            self.refuse(
                "re-raise",
                "raise without an exception",
                reason="there is no handler around it.",
                remedy="raise an exception",
            )
        handler = self.handling[-1]
        classes = list(dict.fromkeys(handler.raised)) or [handler.classes[0]]
        targets = {id(self.handler_of(cls)) for cls in classes}
        if len(targets) > 1:
            self.refuse(
                "re-raise",
                "an exception of several kinds is raised again",
                reason="who catches it next depends on which it is.",
                remedy="one except clause for each kind",
            )
        value = self.caught(handler)
        for cls in classes:
            self.throw(cls, value)
        contents = self.heap[value.key] if isinstance(value, Handle) else None
        given = contents.attributes.get("args") if isinstance(contents, ObjectContents) else None
        shown = [self.shown(self.plain(a)) for a in given.items] if isinstance(given, TupleVal) else []
        return self.leave_function(classes[0], shown)

    def leave_function(self, cls: type[BaseException], shown: list[gast.expr]) -> Outcome:
        """An exception that nobody catches: the ``finally`` clauses around it run, then it is raised."""
        around = self.tries
        try:
            for position in range(len(around) - 1, -1, -1):
                self.tries = around[:position]
                around[position].final(cls)
        finally:
            self.tries = around
        self.emit(gast.Raise(gast.Call(self.exception_expression(cls), shown, []), None))
        return Outcome("raise")
