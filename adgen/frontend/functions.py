"""Python functions, specialised at the place of the call."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, NoReturn

import gast

from adgen.frontend.frames import Frame
from adgen.frontend.jumps import structure_jumps
from adgen.frontend.objects import Objects
from adgen.frontend.read_source import read_source
from adgen.frontend.state import Restart
from adgen.frontend.values import (
    Const,
    DictContents,
    FunctionVal,
    GeneratorVal,
    Handle,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.spans import Span
from adgen.program.types import Opaque, Scalar

DEPTH = 50
REPEATS = 4  # of a function within itself, with arguments of which nothing else is known


class Functions(Objects):
    """The arguments and the body of a Python function that is called."""

    def function_value(self, function: types.FunctionType) -> FunctionVal:
        source = read_source(function)
        defaults = {}
        names = [a.id for a in (*source.node.args.posonlyargs, *source.node.args.args)]
        given = [*zip(reversed(names), reversed(function.__defaults__ or ()), strict=False)]
        given += (function.__kwdefaults__ or {}).items()
        for name, default in given:
            fixed = of_library(function.__globals__)
            defaults[name] = Const(default) if fixed else self.wrap(default, name, function, None, name)
        return FunctionVal(source.node, source.name, source.file, None, function.__globals__, function, defaults)

    def inline(
        self, function: FunctionVal, args: tuple[Value, ...], kwargs: dict[str, Value], *, running: bool = False
    ) -> Value:
        """Specialise the body of a Python function at the place of the call; that of a generator where it runs."""
        if not running and is_generator(function.node):
            return GeneratorVal(function, args, kwargs, self.iterator(()))
        depth = sum(1 for f in self.frames if f.node is function.node)
        if depth and id(function.node) not in self.recursive:
            self.recursive.add(id(function.node))
            raise Restart(function.name)
        known = self.known_of(function, args, kwargs)
        repeats = sum(1 for f in self.frames if f.node is function.node and f.known == known)
        if depth > DEPTH or (known is not None and repeats > REPEATS):
            self.refuse(
                "recursion",
                f"{function.name} calls itself too deeply",
                reason="the depth of the recursion is decided by values, not by types.",
                remedy="a loop",
            )
        closure = closure_of(function.function)
        frame = Frame(
            {},
            function.globals,
            function.file,
            function.name,
            function.frame,
            closure,
            owner=owner_of(function),
            node=function.node,
            known=known,
            function_of_library=of_library(function.globals),
        )
        self.bind_arguments(frame, function, args, kwargs)
        frame.arguments = dict(frame.variables)
        self.refuse_endless(frame)
        self.frames.append(frame)
        self.calls.append(self.span)
        span = self.span
        try:
            if isinstance(function.node, gast.Lambda):
                return self.expression(function.node.body)
            return self.run_function(structured(function.node))
        finally:
            self.frames.pop()
            self.calls.pop()
            self.span = span

    def refuse_endless(self, frame: Frame) -> None:
        """A call that is made again with the same numbers, because it raised, would raise again, without end."""
        if not self.handling or any(isinstance(v, Handle) for v in frame.variables.values()):
            return
        if any(isinstance(v, Ref) and isinstance(v.type, Opaque) for v in frame.variables.values()):
            return  # a random generator, for one
        if any(f.node is frame.node and f.arguments == frame.arguments for f in self.frames if f.arguments):
            self.refuse(
                "recursion",
                f"{frame.function} calls itself with the same arguments",
                reason="it would do so without end.",
                remedy="other arguments, or a loop",
                raises=RecursionError,
                always=True,
            )

    def known_of(self, function: FunctionVal, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Any:
        """What is known of the arguments, if they are all that decides the course of a call."""
        if function.frame is not None:
            return None
        known: list[Any] = []
        for value in (*args, *(kwargs[k] for k in sorted(kwargs))):
            match value:
                case Ref(_, Scalar(value=Dim() as dim)):
                    known.append(self.sizes.reduce(dim))
                case Ref(_, type_):
                    known.append(type_)
                case Const():
                    known.append(value)
                case _:
                    return None
        return known

    def run_function(self, body: list[gast.stmt]) -> Value:
        raise NotImplementedError

    def expression(self, node: gast.expr, hint: str | None = None) -> Value:
        raise NotImplementedError

    def bind_arguments(
        self, frame: Frame, function: FunctionVal, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> None:
        spec = function.node.args
        names = [a.id for a in (*spec.posonlyargs, *spec.args)]
        variables = frame.variables
        given = dict(kwargs)
        for name, value in zip(names, args, strict=False):
            variables[name] = value
        if len(args) > len(names):
            if spec.vararg is None:
                self.wrong_call(function, f"takes {len(names)} positional arguments but {len(args)} were given")
            variables[spec.vararg.id] = TupleVal(args[len(names) :])
        elif spec.vararg is not None:
            variables[spec.vararg.id] = TupleVal(())
        keyword_names = [a.id for a in (*spec.args, *spec.kwonlyargs)]
        for name in list(given):
            if name in keyword_names:
                if name in variables:
                    self.wrong_call(function, f"got two values for {name!r}")
                variables[name] = given.pop(name)
        if spec.kwarg is not None:
            variables[spec.kwarg.id] = self.allocate(DictContents(given))
        elif given:
            self.wrong_call(function, f"got an unexpected keyword argument {next(iter(given))!r}")
        for name in (*names, *(a.id for a in spec.kwonlyargs)):
            if name not in variables:
                if name not in function.defaults:
                    self.wrong_call(function, f"is missing the argument {name!r}")
                variables[name] = function.defaults[name]

    def wrong_call(self, function: FunctionVal, what: str) -> NoReturn:
        self.refuse(
            "wrong-call",
            f"{function.name}() {what}",
            reason="the call would raise TypeError.",
            remedy="the arguments that the function takes",
            raises=TypeError,
        )


def of_library(space: Mapping[str, Any]) -> bool:
    """Whether a function is one of adgen's definitions, going by its globals: those never change."""
    return space.get("__package__") == "adgen.rules.definitions"


def closure_of(function: Any) -> dict[str, Any]:
    """Free variables of a function object, with the cells that hold them."""
    if function is None or not function.__closure__:
        return {}
    return dict(zip(function.__code__.co_freevars, function.__closure__, strict=True))


def owner_of(function: FunctionVal) -> type | None:
    """The class in whose body a method was defined (for ``super()``)."""
    if function.function is None:
        return function.owner
    cell = closure_of(function.function).get("__class__")
    return cell.cell_contents if cell is not None else None


def is_generator(node: Any) -> bool:
    """Whether a ``yield`` stands in a function, not in those that it defines."""
    if not isinstance(node, gast.FunctionDef):
        return False
    if not hasattr(node, "is_generator"):
        stack: list[Any] = list(node.body)
        node.is_generator = False
        while stack and not node.is_generator:
            current = stack.pop()
            node.is_generator = isinstance(current, gast.Yield | gast.YieldFrom)
            if not isinstance(current, gast.FunctionDef | gast.Lambda | gast.ClassDef):
                stack += gast.iter_child_nodes(current)
    return node.is_generator


def structured(node: gast.FunctionDef) -> list[gast.stmt]:
    """Body with jumps in tail position, made once for each definition."""
    if not hasattr(node, "structured"):
        node.structured = structure_jumps(node.body)
    return node.structured


def call_site(node: gast.AST, file: str, function: str) -> Span:
    return Span(
        file,
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or node.col_offset,
        function,
    )
