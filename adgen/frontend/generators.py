"""Generators: the code that consumes a value stands where it is yielded.

A generator that a loop or a ``with`` runs over is specialised at the place of the loop, and each ``yield`` runs the
loop's body, in the variables of the function that has the loop.  So both see what the other one has changed, as they
do when they take turns.  A ``break`` closes the generator: it is raised there as `LeaveLoop`, a `GeneratorExit`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, NoReturn

import gast

from adgen.frontend.functions import is_generator
from adgen.frontend.guards import Outcome
from adgen.frontend.nodes import load, store
from adgen.frontend.tries import Tries
from adgen.frontend.values import (
    NONE,
    Const,
    FunctionVal,
    GeneratorVal,
    Handle,
    IterVal,
    ListContents,
    MethodVal,
    ObjectContents,
    Ref,
    TupleVal,
    Value,
)

Consumer = Callable[[Value], None]


class LeaveLoop(GeneratorExit):
    """What a ``break`` raises in the generator that it leaves."""


def generator_of(function: Any) -> Any:
    """The generator function that ``@contextlib.contextmanager`` has made a context manager of, or None."""
    made_by = contextlib.contextmanager(lambda: iter(())).__code__
    return function.__wrapped__ if getattr(function, "__code__", None) is made_by else None


class Generators(Tries):
    """Loops over generators, and values collected from them."""

    def generator_in(self, value: Value) -> GeneratorVal | None:
        """The generator that a loop over a value runs, also under ``enumerate`` and in an object's ``__iter__``."""
        match value:
            case GeneratorVal():
                return value
            case IterVal("enumerate", (inner, _)):
                return self.generator_in(inner)
            case Handle(key) if isinstance(self.heap[key], ObjectContents):
                walk = self.class_method(value, "__iter__")
                if walk is not None and is_generator(self.definition_of(walk)):
                    made = self.call(walk, (), {})
                    return made if isinstance(made, GeneratorVal) else None
        return None

    def definition_of(self, function: Value) -> Any:
        while isinstance(function, MethodVal):
            function = function.function
        if isinstance(function, Const):
            function = self.function_value(function.value)
        return function.node if isinstance(function, FunctionVal) else None

    def generated(self, node: gast.For, generator: GeneratorVal, first: Value | None) -> Outcome:
        """``for target in generator(...)``; the items are counted from `first`, if that is not None."""
        self.next_key += 1
        count = f"count%{self.next_key}"
        if first is not None:
            self.frame.variables[count] = first

        def consume(item: Value) -> None:
            if first is not None:
                position = self.lookup(count)
                item = TupleVal((position, item))
                self.frame.variables[count] = self.binary(gast.Add(), position, Const(1))
            self.assign(node.target, item)
            self.run_block(node.body, tail=False)

        handler = gast.ExceptHandler(gast.Constant(LeaveLoop, None), None, [gast.Pass()])
        loop = gast.fix_missing_locations(gast.copy_location(gast.Try([], [handler], [], []), node))

        def run() -> Outcome:
            self.run_generator(generator, consume)
            return Outcome("normal")

        try:
            return self.run_try(loop, run)
        finally:
            self.frame.variables.pop(count, None)

    def run_generator(self, generator: GeneratorVal, consume: Consumer) -> Value:
        """Specialise a generator here; what it returns."""
        self.use_up(generator)
        consumer = self.frame

        def take(value: Value) -> None:
            running = self.frames[-1]
            before, running.taker = running.taker, consumer
            on_tail, self.on_tail = self.on_tail, None
            self.leaving.append(consumer)
            try:
                consume(value)
            finally:
                self.leaving.pop()
                self.on_tail = on_tail
                running.taker = before

        self.yields.append(take)
        self.consumers.append(consumer)
        try:
            return self.inline(generator.function, generator.args, dict(generator.kwargs), running=True)
        finally:
            self.yields.pop()
            self.consumers.pop()

    def collected(self, value: Value) -> Value:
        """All that a generator yields, in a list; any other value as it is."""
        generator = value if isinstance(value, GeneratorVal) else None
        if generator is None:
            return value
        items = self.allocate(ListContents(()))
        self.frame.variables["_yielded"] = items
        append = gast.Call(gast.Attribute(load("_yielded"), "append", gast.Load()), [load("_item")], [])

        def consume(item: Value) -> None:
            self.frame.variables["_item"] = item
            self.expression(append)

        self.run_generator(generator, consume)
        for name in ("_item", "_yielded"):
            self.frame.variables.pop(name, None)
        contents = self.heap[items.key]
        return contents if isinstance(contents, Ref) else items

    def eval_Yield(self, node: gast.Yield, hint: str | None) -> Value:
        self.yielded(NONE if node.value is None else self.expression(node.value))
        return NONE

    def yielded(self, value: Value) -> None:
        take = self.yields.pop()  # what the loop's body yields goes to the generator around
        try:
            take(value)
        finally:
            self.yields.append(take)

    def eval_YieldFrom(self, node: gast.YieldFrom, hint: str | None) -> Value:
        value = self.expression(node.value)
        generator = self.generator_in(value)
        if generator is not None:
            return self.run_generator(generator, self.yielded)
        if not hasattr(node, "loop"):
            body = [gast.Expr(gast.Yield(load("_inner")))]
            loop = gast.For(store("_inner"), load("_walked"), body, [], None)
            node.loop = gast.fix_missing_locations(gast.copy_location(loop, node))
        self.frame.variables["_walked"] = value
        self.statement(node.loop, tail=False)
        for name in ("_inner", "_walked"):
            self.frame.variables.pop(name, None)
        return NONE

    def refuse_generator(self) -> NoReturn:
        self.refuse(
            "generator",
            "this use of a generator",
            reason="where it stands between two values is known only when all are taken at once.",
            remedy="a loop over it, or list(generator(...))",
        )

    def run_Break(self, node: gast.Break, tail: bool) -> Outcome:
        if self.leaving and self.leaving[-1] is self.frame and self.on_tail is None:
            self.throw(LeaveLoop)
        return Outcome("break")
