"""Derivatives of any result: `vjp(f)` and `jvp(f)` as callables."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from adgen.derivatives import Derivative, compiled_type, example_of, options_of
from adgen.dispatch import Specialization, refuse_shared
from adgen.draws import Draws, generators, outside
from adgen.frontend.spelt_out import spelt_out
from adgen.frontend.values import Const, TupleVal
from adgen.options import Options
from adgen.program.objects import attribute_names, is_object
from adgen.program.trees import copied_in_place
from adgen.program.types import Abstract, is_differentiable
from adgen.seeds import fitted
from adgen.signatures import guessed


def differentiable(value: Any, seen: tuple[int, ...] = ()) -> bool:
    """Whether an argument holds a float anywhere."""
    if isinstance(value, bool | np.bool_ | str):
        return False
    if isinstance(value, Abstract):
        return is_differentiable(value.type)
    if isinstance(value, float | complex | np.floating | np.complexfloating):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc"
    if isinstance(value, list | tuple):
        return any(differentiable(v, seen) for v in value)
    if isinstance(value, dict):
        return any(differentiable(v, seen) for v in value.values())
    if is_object(value) and id(value) not in seen:
        return any(differentiable(getattr(value, n), (*seen, id(value))) for n in attribute_names(value))
    return False


def copied(value: Any) -> Any:
    """An argument that later changes of the caller's arrays do not reach; random generators stay themselves."""
    if isinstance(value, np.ndarray):
        return copied_in_place(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(copied, value))
    if isinstance(value, list | tuple):
        return type(value)(map(copied, value))
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    if is_object(value):
        try:
            return copy.deepcopy(value, generators([value]))
        except TypeError:  # it holds a lock, a file or the like: it is no value
            return value
    return value


def draws_of(special: Specialization, arguments: Mapping[str, Any]) -> Draws:
    """The random generators that a derivative draws from, before its first sweep."""
    known = {name: g.value for name, g in special.ready.globals.items()}
    return Draws([*arguments.values(), *outside(special.ready.text, known)])


class VectorJacobian:
    """``vjp(f)``: value and pullback."""

    def __init__(self, function: Callable[..., Any], options: Options) -> None:
        self.function = spelt_out(function)
        self.options = options_of(self.function, options)
        self._signature = inspect.signature(self.function)
        self._names = list(self._signature.parameters)
        self._derivatives: dict[tuple[str, ...], Derivative] = {}
        self._last: Derivative | None = None

    is_differentiable = staticmethod(differentiable)

    @functools.cached_property
    def forward(self) -> JacobianVector:
        """Forward mode of the same function, whose values are compiled too."""
        return JacobianVector(self.function, self.options)

    @functools.cached_property
    def _numba_type_(self) -> Any:
        """How compiled functions see it: as a function that returns a value and a pullback."""
        return compiled_type(self, f"vjp of {self.function!r}", "pullback_dispatcher")

    def derivative(self, arguments: dict[str, Any]) -> Derivative:
        self._last = self.with_respect_to(tuple(n for n, v in arguments.items() if differentiable(v)))
        return self._last

    def with_respect_to(self, wrt: tuple[str, ...]) -> Derivative:
        if wrt not in self._derivatives:
            self._derivatives[wrt] = Derivative(self.function, "vjp", wrt, options=self.options)
        return self._derivatives[wrt]

    @property
    def source(self) -> str:
        if self._last is None:
            known = guessed(self.function)
            wrt = tuple(n for n, a in known.items() if differentiable(a))
            from adgen.pipeline import generate

            return generate(self.function, known, "vjp", wrt, options=self.options).text
        return self._last.source

    def __call__(self, *args: Any, **kwargs: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        bound = self._signature.bind(*args, **kwargs)
        given = list(bound.arguments)
        bound.apply_defaults()
        arguments = {k: copied(v) for k, v in bound.arguments.items()}
        derivative = self.derivative(arguments)
        special = derivative.specialization(arguments)
        if special.ready.written:
            refuse_shared(bound.arguments, special.ready.written, self.function)
        draws = draws_of(special, arguments)
        value = self.value(arguments, special.ready.results)

        def pullback(cotangent: Any) -> tuple[Any, ...]:
            """Gradients of all arguments for a cotangent of the result's structure; None where there is none."""
            seed = fitted(cotangent, value, "the cotangent", self.function)
            with draws.repeated():
                result = special.call(*arguments.values(), seed)
            found = dict(zip(derivative._wrt, result, strict=True))  # noqa: SLF001
            return tuple(found.get(name) for name in given)

        return value, pullback

    def __adgen_inline__(self, state: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """``vjp(f)(*args)`` inside of a function that is differentiated in turn."""
        examples = dict(zip(self._names, (example_of(state, a) for a in args), strict=False))
        wrt = tuple(n for n, v in examples.items() if differentiable(v))
        function = Derivative(self.function, "vjp", wrt).python_function(examples)
        return TupleVal(
            (
                state.call(Const(self.function), args, kwargs),
                Const(_Pullback(function, args, tuple(map(self._names.index, wrt)))),
            )
        )

    def value(self, arguments: dict[str, Any], results: tuple[str, ...]) -> Any:
        again = {k: copied(v) for k, v in arguments.items()}
        bound = self._signature.bind_partial()
        bound.arguments.update(again)
        value = self.function(*bound.args, **bound.kwargs)
        if value is not None:
            return value
        delivered = [again[name] for name in results if name in again]
        return None if not delivered else delivered[0] if len(delivered) == 1 else tuple(delivered)


class _Pullback:
    """The pullback of a `vjp` that is itself being differentiated."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], positions: tuple[int, ...]) -> None:
        self.function, self.args, self.positions = function, args, positions

    def __adgen_inline__(self, state: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        found = state.must_items(state.call(Const(self.function), (*self.args, *args), kwargs), "pullback")
        known = dict(zip(self.positions, found, strict=True))
        return TupleVal(tuple(known.get(k, Const(None)) for k in range(len(self.args))))


class JacobianVector:
    """``jvp(f)``: value and tangent."""

    def __init__(self, function: Callable[..., Any], options: Options) -> None:
        self.function = spelt_out(function)
        self.options = options_of(self.function, options)
        self._signature = inspect.signature(self.function)
        self._names = list(self._signature.parameters)
        self._derivatives: dict[tuple[str, ...], Derivative] = {}
        self._last: Derivative | None = None

    @functools.cached_property
    def _numba_type_(self) -> Any:
        """How compiled functions see it: as a function of two tuples."""
        return compiled_type(self, f"jvp of {self.function!r}", "tangent_dispatcher")

    def derivative(self, wrt: tuple[str, ...]) -> Derivative:
        if wrt not in self._derivatives:
            self._derivatives[wrt] = Derivative(self.function, "jvp", wrt, options=self.options)
        self._last = self._derivatives[wrt]
        return self._last

    @property
    def source(self) -> str:
        if self._last is None:
            known = guessed(self.function)
            wrt = tuple(n for n, a in known.items() if differentiable(a))
            from adgen.pipeline import generate

            return generate(self.function, known, "jvp", wrt, options=self.options).text
        return self._last.source

    def __call__(self, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
        derivative, arguments, seeds = self.bind(primals, tangents)
        return derivative.run(arguments, seeds)

    def draws(self, primals: Sequence[Any], tangents: Sequence[Any]) -> Draws:
        """The random generators that a call draws from, as they stand."""
        derivative, arguments, _ = self.bind(primals, tangents)
        return draws_of(derivative.specialization(arguments), arguments)

    def bind(
        self, primals: Sequence[Any], tangents: Sequence[Any]
    ) -> tuple[Derivative, dict[str, Any], tuple[Any, ...]]:
        """The derivative by the arguments that have a tangent, all arguments by name, and the seeds."""
        bound = self._signature.bind(*primals)
        bound.apply_defaults()
        arguments = dict(bound.arguments)
        names = list(arguments)
        given = dict(zip(names, tangents, strict=False))
        wrt = tuple(
            n
            for n in names
            if given.get(n) is not None
            and (differentiable(arguments[n]) or type(arguments[n]) is int and np.any(given[n]))
        )
        derivative = self.derivative(wrt)
        floats = {n: float(v) if type(v) is int else v for n, v in arguments.items()}
        seeds = tuple(fitted(given[n], floats[n], f"the tangent of {n!r}", self.function) for n in wrt)
        return derivative, arguments, seeds

    def __adgen_inline__(self, state: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """``jvp(f)(primals, tangents)`` inside of a function that is differentiated in turn."""
        primals, tangents = (state.must_items(a, "jvp") for a in args)
        examples = dict(zip(self._names, (example_of(state, p) for p in primals), strict=False))
        wrt = tuple(
            n
            for n, t in zip(self._names, tangents, strict=False)
            if not (isinstance(t, Const) and t.value is None) and differentiable(examples[n])
        )
        function = Derivative(self.function, "jvp", wrt).python_function(examples)
        chosen = tuple(t for n, t in zip(self._names, tangents, strict=False) if n in wrt)
        return state.call(Const(function), (*primals, *chosen), {})


class Composed:
    """A function of a derivative of `f`, made of both modes: a Jacobian, a product with a Hessian, ...

    Attributes
    ----------
    run
        What it is in Python.
    made
        Who writes it for the types of a call in compiled code.
    """

    def __init__(
        self,
        run: Callable[..., Any],
        f: Callable[..., Any],
        stem: str,
        made: str,
        position: int,
        *,
        forward: JacobianVector,
        reverse: VectorJacobian | None = None,
    ) -> None:
        self.run, self.made, self.position, self.forward = run, made, position, forward
        self.reverse = reverse or VectorJacobian(forward.function, forward.options)
        self.function, self.options = forward.function, forward.options
        functools.update_wrapper(self, f, updated=())
        self.__name__ = f"{getattr(f, '__name__', 'function')}_{stem}"

    def __repr__(self) -> str:
        return f"<adgen {self.__name__}>"

    def __call__(self, *args: Any) -> Any:
        return self.run(*args)

    @functools.cached_property
    def _numba_type_(self) -> Any:
        """How compiled functions see it: as a function."""
        return compiled_type(self, repr(self), self.made)

    def __adgen_inline__(self, state: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The Python function, called in the place of this one; which argument of `hvp` is varied is known."""
        if self.made != "product_dispatcher":
            return state.call(Const(self.run), args, kwargs)
        *primals, direction = args
        tangents = tuple(direction if k == self.position else Const(None) for k in range(len(primals)))
        given = (TupleVal(tuple(primals)), TupleVal(tangents))
        return state.must_items(self.forward.__adgen_inline__(state, given, {}), "hvp")[1]
