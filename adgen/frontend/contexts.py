"""``with``: settings of NumPy, exceptions that are suppressed, and the user's own context managers."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import gast
import numpy as np

from adgen.frontend.functions import structured
from adgen.frontend.generators import Generators, generator_of
from adgen.frontend.guards import NORMAL, Active, Handler, Outcome, Raised, Way
from adgen.frontend.values import NONE, Const, GeneratorVal, Value
from adgen.program.syntax import nodes_in

Run = Callable[[], Outcome]
KINDS = ("divide", "over", "under", "invalid")


class Contexts(Generators):
    """One ``with`` item after the other, each around the rest."""

    def run_With(self, node: gast.With, tail: bool) -> Outcome:
        return self.enter(node, node.items)

    def enter(self, node: gast.With, items: list[Any]) -> Outcome:
        if not items:
            return self.run_block(node.body, tail=False)
        item, *rest = items
        run: Run = lambda: self.enter(node, rest)  # noqa: E731
        context = item.context_expr
        if isinstance(context, gast.Call):
            called = self.expression(context.func)
            known = self.known_context(called.value if isinstance(called, Const) else None, context, item, node, run)
            if known is not None:
                return known
        manager = self.expression(context)
        leave = self.class_method(manager, "__exit__")
        if leave is None or self.class_method(manager, "__enter__") is None:
            self.refuse_context()
        return self.managed(node, item, manager, leave, run)  # pyright: ignore[reportArgumentType]

    def known_context(self, function: Any, call: gast.Call, item: Any, node: gast.With, run: Run) -> Outcome | None:
        if function is np.errstate:
            return self.under_errstate(call, run)
        if function is np.printoptions:
            return run()
        if function is warnings.catch_warnings:
            if any(k.arg == "record" for k in call.keywords):
                self.refuse_context()
            outer = dict(self.errstate)
            try:
                return run()
            finally:
                self.errstate = outer
        if function is contextlib.nullcontext:
            value = self.expression(call.args[0]) if call.args else NONE
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value)
            return run()
        if function is contextlib.suppress:
            caught = gast.Tuple(list(call.args), gast.Load())
            handler = gast.ExceptHandler(caught, None, [gast.Pass()])
            made = gast.fix_missing_locations(gast.copy_location(gast.Try([], [handler], [], []), node))
            return self.run_try(made, run)
        if generator_of(function) is not None:
            return self.around_yield(function, call, item, run)
        return None

    def under_errstate(self, call: gast.Call, run: Run) -> Outcome:
        outer = dict(self.errstate)
        settings = {k.arg: self.static_value(self.expression(k.value), "a setting") for k in call.keywords if k.arg}
        everything = settings.pop("all", None)
        if call.args or any(v is not None and not isinstance(v, str) for v in (everything, *settings.values())):
            self.refuse_context()
        given = {} if everything is None else dict.fromkeys(KINDS, everything)
        self.errstate = {**outer, **given, **settings}
        try:
            return run()
        finally:
            self.errstate = outer

    def refuse_context(self) -> NoReturn:
        self.refuse(
            "with",
            "this context manager is not supported",
            reason="what it does at entry and exit is not known.",
            remedy="np.errstate(...), contextlib.suppress(...), or a class with __enter__ and __exit__",
        )

    # ---- the user's own

    def around_yield(self, function: Any, call: gast.Call, item: Any, run: Run) -> Outcome:
        """A function under ``@contextmanager``: the block stands in place of its ``yield``."""
        args = self.elements(call.args)
        kwargs = {k.arg: self.expression(k.value) for k in call.keywords if k.arg is not None}
        generator = self.call(Const(generator_of(function)), args, kwargs)
        if not isinstance(generator, GeneratorVal) or not yields_once(generator.function.node):
            self.refuse_context()
        ways: list[Outcome] = []

        def consume(value: Value) -> None:
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value)
            ways.append(run())

        self.run_generator(generator, consume)
        return ways[-1] if ways and ways[-1].kind == "raise" else NORMAL

    def managed(self, node: gast.With, item: Any, manager: Value, leave: Value, run: Run) -> Outcome:
        """A class with ``__enter__`` and ``__exit__``: the latter runs on every way out."""
        entered = self.call(self.class_method(manager, "__enter__") or NONE, (), {})
        if item.optional_vars is not None:
            self.assign(item.optional_vars, entered)
        if may_suppress(self.source_of(leave)):
            self.refuse(
                "with",
                "an __exit__ that may suppress exceptions",
                reason="it would have to be told of every exception, those included that nobody knows before.",
                remedy="try / except around the block, or contextlib.suppress(...)",
            )
        opened = len(self.guards)

        def final(cls: type[BaseException] | None, error: Value) -> None:
            kind: Value = NONE if cls is None else Const(cls)
            self.call(leave, (kind, error, NONE), {})

        active = Active([], lambda cls: final(cls, NONE))
        self.tries.append(active)
        try:
            outcome = self.attempted(run)
        finally:
            self.tries.remove(active)
        if outcome.kind == "raise":
            return outcome
        return self.go_out(self.closed(outcome, opened), final)

    def go_out(self, way: Way, final: Callable[[type[BaseException] | None, Value], None]) -> Outcome:
        def waiting(handler: Handler) -> Outcome:
            handler.flag = Const(False)
            final(handler.raised[-1], self.caught(handler))
            handler.flag = Const(True)
            raise Raised

        def normal() -> Outcome:
            final(None, NONE)
            return way.outcome

        return self.by_way(way, self.flagged(way), waiting, normal)

    def source_of(self, function: Value) -> list[gast.stmt]:
        node = self.definition_of(function)
        return [] if node is None else structured(node)


def yields_once(node: Any) -> bool:
    """Whether a ``yield`` is passed once and no more."""
    loops = [n for n in nodes_in(node) if isinstance(n, gast.For | gast.While)]
    looped = any(isinstance(n, gast.Yield) for loop in loops for n in nodes_in(loop))
    return not looped and sum(isinstance(n, gast.Yield | gast.YieldFrom) for n in nodes_in(node)) == 1


def may_suppress(body: list[gast.stmt]) -> bool:
    """Whether an ``__exit__`` returns anything but None and False."""
    returned = [n.value for s in body for n in nodes_in(s) if isinstance(n, gast.Return)]
    return any(not (v is None or (isinstance(v, gast.Constant) and not v.value)) for v in returned)
