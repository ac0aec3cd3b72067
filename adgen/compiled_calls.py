"""Derivatives inside of the user's own njit code: for the types of each call, a function that Numba compiles.

Each derivative that is made of others (a Jacobian of tangents, say) is written as a few lines around those.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numba
import numpy as np
from numba.core import types
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError

from adgen.apart import apart
from adgen.compiled import quiet
from adgen.errors import AdgenError, SeparateSweeps
from adgen.loading import load_text
from adgen.numba_types import keeper
from adgen.program.trees import Branch, Leaf, Tree
from adgen.program.types import FLOAT, Abstract, Array, Scalar

# ---- what is generated


@dataclass(frozen=True)
class Loaded:
    """A generated function for Numba, with the structure of the results."""

    call: Dispatcher
    result: Tree
    draws: bool

    def repeatable(self) -> Loaded:
        """The same, unless each of several sweeps would make random draws of its own."""
        if self.draws:
            raise TypingError("this function draws random numbers: in compiled code several sweeps draw different ones")
        return self

    @property
    def single(self) -> Scalar | Array:
        """The type of the one result."""
        if not isinstance(self.result, Leaf) or not isinstance(self.result.type, Scalar | Array):
            raise TypingError("in compiled code this derivative is of functions that return one number or array")
        return self.result.type


def loaded(derivative: Any, arguments: Mapping[str, Any], default: tuple[Any, ...] | None = None) -> Loaded:
    """The generated function for arguments of these types; `default` are values of its last parameters."""

    def generated_for(*, known: bool) -> Any:
        examples = {name: example(value, known=known) for name, value in arguments.items()}
        return derivative.generate(_promoted(derivative, examples))

    try:
        generated = generated_for(known=False)
    except AdgenError:  # numbers that stand in the call may decide what is generated
        generated = generated_for(known=True)
    for name in generated.contiguous:
        if getattr(arguments[name], "layout", "C") != "C":
            raise TypingError(f"views of {name!r} are written, which is not laid out by rows: np.ascontiguousarray")
    space = load_text(generated.text, generated.name, generated.globals, as_file=True)
    made = space[generated.name]
    function = getattr(made, "py_func", made)
    function.__defaults__ = default
    quiet(function.__code__.co_filename)
    if function is made:  # a wrapper around what is compiled
        made = numba.njit(function)
    elif default:
        made = numba.njit(**derivative.options.settings())(function)
    made = apart(cast(Dispatcher, made), arguments, generated.written, default)
    return Loaded(made, generated.result, "np.random." in generated.text)


def defaults(signature: inspect.Signature) -> tuple[Any, ...] | None:
    found = tuple(p.default for p in signature.parameters.values() if p.default is not p.empty)
    return found or None


def _promoted(derivative: Any, examples: dict[str, Any]) -> dict[str, Any]:
    """Integers count as floats where they are differentiated."""
    for name in derivative._wrt:  # noqa: SLF001
        kind = getattr(examples[name], "type", None)
        if isinstance(kind, Scalar) and kind.kind in "iu":
            examples[name] = Abstract(FLOAT)
        elif isinstance(examples[name], int):
            examples[name] = float(examples[name])
    return examples


def example(value: Any, *, known: bool) -> Any:
    """What the generator takes for an argument of a type of Numba's; defaults stand for themselves."""
    if not isinstance(value, types.Type):
        return value
    if isinstance(value, types.BooleanLiteral | types.StringLiteral) or (known and isinstance(value, types.Literal)):
        return value.literal_value
    value = types.unliteral(value)
    if isinstance(value, types.Omitted):
        return value.value
    if isinstance(value, types.NoneType):
        return None
    if isinstance(value, types.Array):
        return Abstract(Array(np.dtype(str(value.dtype)), (None,) * value.ndim))  # type: ignore[arg-type]
    if isinstance(value, types.BaseTuple):
        return tuple(example(v, known=known) for v in value.types)
    if isinstance(value, types.Number | types.Boolean):
        dtype = np.dtype("bool" if isinstance(value, types.Boolean) else str(value))
        return Abstract(Scalar(dtype, weak=dtype.itemsize == (16 if dtype.kind == "c" else 8) or dtype.kind == "b"))
    if isinstance(value, types.Dispatcher):
        return value.dispatcher
    raise TypingError(f"an argument of type {value} can't be passed to a derivative in compiled code")


# ---- calls of each derivative


def dispatcher_for(derivative: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``grad(f)``, ``value_and_grad(f)``: what is generated, with the defaults of `f`."""
    signature = inspect.signature(derivative.function)
    bound = signature.bind(*args, **kws)
    bound.apply_defaults()
    return cast(Dispatcher, loaded(derivative, bound.arguments, defaults(signature)).call)


def tangent_dispatcher(jvp: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``jvp(f)(primals, tangents)``, for tuples of these types; a tangent is None where none is taken."""
    given: list[Any] = [*args, *kws.values()]
    primals, tangents = (tuple(a.types) if isinstance(a, types.BaseTuple) else None for a in given)
    if primals is None or tangents is None or len(primals) != len(tangents):
        raise TypingError("in compiled code jvp takes two tuples: arguments, and a tangent or None for each")
    call = Call(jvp.function, primals)
    names = list(call.arguments)
    chosen = [k for k, tangent in enumerate(tangents) if not isinstance(tangent, types.NoneType)]
    call.space["inner"] = loaded(jvp.derivative(tuple(names[k] for k in chosen)), call.arguments).call
    seeds = [call.seed(f"tangents[{k}]", tangents[k], f"primals[{k}]", primals[k]) for k in chosen]
    passed = call.passed(lambda k: f"primals[{k}]")
    return call.made("primals, tangents", [*call.checks, f"return inner({', '.join([*passed, *seeds])})"])


def product_dispatcher(product: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``hvp(f)(*args, v)``."""
    *primals, direction = args
    if kws:
        raise TypingError("in compiled code hvp takes its arguments by position")
    call = Call(product.forward.function, primals)
    name = list(call.arguments)[product.position]
    call.space["inner"] = loaded(product.forward.derivative((name,)), call.arguments).call
    seed = call.seed("v", direction, name, primals[product.position])
    passed = ", ".join([*call.passed(), seed])
    return call.made(", ".join([*call.given, "v"]), [*call.checks, f"return inner({passed})[1]"])


def forward_dispatcher(jacobian: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``jacfwd(f)``, ``hessian(f)``: a tangent for each unit vector."""
    if jacobian.mode == "columns":
        with contextlib.suppress(SeparateSweeps):
            return dispatcher_for(jacobian.columns, args, kws)
    if not jacobian.single:
        raise TypingError("in compiled code a Jacobian by forward mode is with respect to one argument")
    call = Call(jacobian.forward.function, args, kws)
    name = list(call.arguments)[jacobian.position]
    inner = loaded(jacobian.forward.derivative((name,)), call.arguments).repeatable()
    call.space["inner"] = inner.call
    argument, result = call.arguments[name], inner.single
    passed = ", ".join(call.passed())
    if not isinstance(argument, types.Array):
        return call.made(call.given, [f"return inner({passed}, {one(argument)})[1]"])
    many = isinstance(result, Array)
    element = (
        "for j, element in enumerate(tangent.flat):\n            out[j, k] = element" if many else "out[0, k] = tangent"
    )
    text = f"""
    unit = np.zeros({name}.shape, {name}.dtype)
    flat = unit.reshape(-1)
    if flat.size > 0:
        flat[0] = 1.0
    tangent = inner({passed}, unit)[1]
    out = np.empty(({"tangent.size" if many else "1"}, flat.size), np.{result.dtype.name})
    for k in range(flat.size):
        if k > 0:
            flat[k - 1] = 0.0
            flat[k] = 1.0
            tangent = inner({passed}, unit)[1]
        {element}
    return out.reshape({"tangent.shape + " if many else ""}{name}.shape)
"""
    return call.made(call.given, text)


def reverse_dispatcher(jacobian: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``jacrev(f)``: all gradients in one sweep if they are few, else one for each element of the result."""
    with contextlib.suppress(SeparateSweeps):
        return dispatcher_for(jacobian.rows, args, kws)
    if len(jacobian.positions) > 1 or not jacobian.single:
        raise TypingError("in compiled code a Jacobian of many rows is with respect to one argument")
    call = Call(jacobian.reverse.function, args, kws)
    name = list(call.arguments)[jacobian.position]
    inner = loaded(jacobian.reverse.with_respect_to((name,)), call.arguments).repeatable()
    call.space["inner"] = inner.call
    argument, result = call.arguments[name], inner.single
    passed = ", ".join(call.passed())
    if isinstance(result, Scalar):
        return call.made(call.given, [f"return inner({passed}, {one(result)})[0]"])
    call.space["primal"] = loaded(jacobian.forward.derivative(()), call.arguments).call
    many = isinstance(argument, types.Array)
    element = "for j, element in enumerate(row.flat):\n            out[k, j] = element" if many else "out[k, 0] = row"
    dtype = argument.dtype if many else types.unliteral(argument)
    dtype = dtype if isinstance(dtype, types.Float | types.Complex) else "float64"
    text = f"""
    value = primal({passed})[0]
    unit = np.zeros(value.shape, np.{result.dtype.name})
    flat = unit.reshape(-1)
    out = np.empty((flat.size, {f"{name}.size" if many else "1"}), np.{dtype})
    for k in range(flat.size):
        flat[k] = 1.0
        row = inner({passed}, unit)[0]
        {element}
        flat[k] = 0.0
    return out.reshape(value.shape{f" + {name}.shape" if many else ""})
"""
    return call.made(call.given, text)


def jacobian_dispatcher(jacobian: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``jacobian(f)``: by the mode that takes fewer sweeps."""
    call = Call(jacobian.forward.function, args, kws)
    name = list(call.arguments)[jacobian.position]
    if isinstance(call.arguments[name], types.Array) or not jacobian.single:
        with contextlib.suppress(SeparateSweeps):
            return dispatcher_for(jacobian.rows, args, kws)
    primal = loaded(jacobian.forward.derivative(()), call.arguments).repeatable()
    if not isinstance(call.arguments[name], types.Array):
        return forward_dispatcher(jacobian, args, kws)
    if isinstance(primal.single, Scalar):
        return reverse_dispatcher(jacobian, args, kws)
    passed = ", ".join(call.given)
    call.space |= {
        "primal": primal.call,
        "forward": forward_dispatcher(jacobian, args, kws),
        "reverse": reverse_dispatcher(jacobian, args, kws),
    }
    lines = [
        f"if primal({', '.join(call.passed())})[0].size < {name}.size:",
        f"    return reverse({passed})",
        f"return forward({passed})",
    ]
    return call.made(call.given, lines)


def diagonal_dispatcher(diagonal: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``elementwise_grad(f)``: the pullback of ones."""
    call = Call(diagonal.reverse.function, args, kws)
    name = list(call.arguments)[diagonal.position]
    inner = loaded(diagonal.reverse.with_respect_to((name,)), call.arguments).repeatable()
    call.space["inner"] = inner.call
    passed = ", ".join(call.passed())
    if isinstance(inner.single, Scalar):
        return call.made(call.given, [f"return inner({passed}, {one(inner.single)})[0]"])
    call.space["primal"] = loaded(diagonal.forward.derivative(()), call.arguments).call
    ones = f"np.ones(primal({passed})[0].shape, np.{inner.single.dtype.name})"
    return call.made(call.given, [f"return inner({passed}, {ones})[0]"])


def pullback_dispatcher(vjp: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``vjp(f)(*args)``: the value, and the pullback with the arguments that it is for."""
    call = Call(vjp.function, args, kws)
    wrt = tuple(n for n, v in call.arguments.items() if vjp.is_differentiable(example(v, known=False)))
    inner = loaded(vjp.with_respect_to(wrt), call.arguments).repeatable()
    call.space["primal"] = loaded(vjp.forward.derivative(()), call.arguments).call
    held = [f"{n}.copy()" if isinstance(call.arguments[n], types.Array) else n for n in call.given]
    shapes = tuple_of(f"{path}.shape" for path, leaf in paths(inner.result) if isinstance(leaf.type, Array))
    call.space["keep"] = keeper(Pullback(call, inner, wrt))
    return call.made(
        call.given,
        [
            f"value = primal({', '.join(call.passed())})[0]",
            f"return value, keep({tuple_of(held)}, {shapes})",
        ],
    )


# ---- a call written out


class Call:
    """The arguments of a call by name, and the function that is written for it."""

    def __init__(self, function: Any, args: Any, kws: Mapping[str, Any] | None = None) -> None:
        bound = inspect.signature(function).bind(*args, **(kws or {}))
        self.given = list(bound.arguments)
        bound.apply_defaults()
        self.arguments = dict(bound.arguments)
        self.space: dict[str, Any] = {"np": np}
        self.checks: list[str] = []

    def passed(self, spelling: Callable[[int], str] | None = None) -> list[str]:
        """All arguments; those that are left out have their defaults."""
        texts = []
        for k, (name, value) in enumerate(self.arguments.items()):
            if name not in self.given:
                self.space[f"default_{name}"] = value
            texts.append(f"default_{name}" if name not in self.given else spelling(k) if spelling else name)
        return texts

    def seed(self, seed: str, kind: Any, value: str, of: Any) -> str:
        """A tangent in the type of what it belongs to; its shape is checked when it is called."""
        if isinstance(of, types.BaseTuple):
            if not isinstance(kind, types.BaseTuple) or len(kind) != len(of):
                raise TypingError(f"a tangent of type {kind} for an argument of type {of}")
            parts = zip(kind.types, of.types, strict=True)
            return tuple_of(self.seed(f"{seed}[{k}]", i, f"{value}[{k}]", o) for k, (i, o) in enumerate(parts))
        if isinstance(of, types.Array):
            self.check(seed, kind, f"{value}.shape", of.ndim)
            return in_dtype(seed, kind, str(of.dtype))
        return in_dtype(seed, kind, str(types.unliteral(of)))

    def check(self, seed: str, kind: Any, shape: str, rank: int) -> None:
        """An array of another shape is an error, as it is without Numba."""
        if not isinstance(kind, types.Array) or kind.ndim != rank:
            raise TypingError(f"a direction of type {kind} for an array of {rank} axes")
        self.checks += [
            f"if {seed}.shape != {shape}:",
            "    raise ValueError('the shape of a direction does not fit')",
        ]

    def made(self, parameters: str | list[str], body: str | list[str]) -> Dispatcher:
        parameters = parameters if isinstance(parameters, str) else ", ".join(parameters)
        body = body if isinstance(body, str) else "".join(f"    {line}\n" for line in body)
        exec(f"def call({parameters}):\n{body}", self.space)  # noqa: S102  our own text
        return numba.njit(self.space["call"])  # pyright: ignore[reportReturnType]


def tuple_of(items: Iterable[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


def in_dtype(text: str, kind: Any, dtype: str) -> str:
    """A number or array in the precision of what it belongs to; integers are promoted."""
    dtype = dtype if dtype.startswith(("float", "complex")) else "float64"
    own = kind.dtype if isinstance(kind, types.Array) else types.unliteral(kind)
    if str(own) == dtype:
        return text
    if not isinstance(own, types.Number | types.Boolean) or (isinstance(own, types.Complex) and dtype[0] == "f"):
        raise TypingError(f"a direction of type {kind} for {dtype}")
    return f"{text}.astype(np.{dtype})" if isinstance(kind, types.Array) else f"np.{dtype}({text})"


def one(kind: Any) -> str:
    """The seed of a number."""
    name = kind.dtype.name if isinstance(kind, Scalar | Array) else str(types.unliteral(kind))
    return f"np.{name}(1.0)" if name.startswith(("float", "complex")) else "1.0"


def paths(tree: Tree, path: str = "value") -> list[tuple[str, Leaf]]:
    """Each leaf of a result, and how it is reached."""
    if isinstance(tree, Leaf):
        return [(path, tree)]
    if tree.kind != "tuple":
        raise TypingError("in compiled code a pullback is of functions that return numbers, arrays or tuples of those")
    return [found for k, child in enumerate(tree.children) for found in paths(child, f"{path}[{k}]")]


@dataclass(frozen=True)
class Pullback:
    """What ``vjp(f)(*args)`` returns besides the value."""

    made_by: Call
    inner: Loaded
    wrt: tuple[str, ...]

    def dispatcher(self, cotangent: Any) -> Dispatcher:
        call = Call(lambda: None, ())
        call.space |= {**self.made_by.space, "inner": self.inner.call}
        ranks = [leaf.type.rank for _, leaf in paths(self.inner.result) if isinstance(leaf.type, Array)]
        counted = iter(range(len(ranks)))

        def seed(tree: Tree, path: str, kind: Any) -> str:
            if isinstance(tree, Branch):
                if not isinstance(kind, types.BaseTuple) or len(kind) != len(tree.children):
                    raise TypingError(f"a cotangent of type {kind} for a tuple of {len(tree.children)}")
                parts = enumerate(zip(tree.children, kind.types, strict=True))
                return tuple_of(seed(t, f"{path}[{k}]", own) for k, (t, own) in parts)
            if isinstance(tree.type, Array):
                call.check(path, kind, f"shapes[{next(counted)}]", tree.type.rank)
            dtype = getattr(tree.type, "dtype", None)
            return path if dtype is None or dtype.kind not in "fc" else in_dtype(path, kind, dtype.name)

        written = seed(self.inner.result, "cotangent", cotangent)
        given = {n: f"primals[{k}]" for k, n in enumerate(self.made_by.given)}
        passed = [given.get(n, f"default_{n}") for n in self.made_by.arguments]
        places = {n: f"found[{k}]" for k, n in enumerate(self.wrt)}
        lines = [*call.checks, f"found = inner({', '.join([*passed, written])})"]
        lines.append(f"return {tuple_of(str(places.get(n)) for n in self.made_by.given)}")
        return call.made("primals, shapes, cotangent", lines)
