"""Numba's side of compiled derivatives: faults told as ours, and derivatives inside of the user's own njit code."""

from __future__ import annotations

import functools
import inspect
import linecache
import re
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.core.dispatcher import Dispatcher
from numba.core.errors import NumbaError, NumbaWarning, TypingError
from numba.core.imputils import lower_constant
from numba.extending import NativeValue, models, register_model, unbox

from adgen.errors import AdgenError, InternalError
from adgen.loading import cache_folder, load_text, write_cached
from adgen.program.types import FLOAT, Abstract, Array, Scalar

FAULTS = (NumbaError, AssertionError, NotImplementedError, KeyError)


def compiled(call: Callable[..., Any], generated: Any) -> Callable[..., Any]:
    """The compiled function; what Numba does not take of it is reported as a fault of adgen, with the program."""
    quiet(getattr(call, "py_func", call).__code__.co_filename)

    @functools.wraps(call)
    def run(*args: Any) -> Any:
        try:
            return call(*args)
        except FAULTS as error:
            if not isinstance(error, NumbaError) and not _is_numbas(error):
                raise
            raise fault(error, generated) from error

    run.dispatcher = call  # type: ignore[attr-defined]
    return run


def _is_numbas(error: BaseException) -> bool:
    """Whether an exception was raised by Numba's own code, not by the program."""
    last = traceback.extract_tb(error.__traceback__)[-1].filename
    return Path(numba.__file__).parent in Path(last).parents or isinstance(error, NotImplementedError)


@functools.cache
def quiet(file: str) -> None:
    """Numba's remarks on generated code (copies before products, lists) are none for its users."""
    warnings.filterwarnings("ignore", category=NumbaWarning, module=re.escape(str(Path(file).with_suffix(""))))


def fault(error: BaseException, generated: Any) -> InternalError:
    """The report of a program that was generated and that Numba refuses."""
    text = str(error)
    reason = next((line.strip() for line in text.splitlines() if line.strip() and "pipeline" not in line), "unknown")
    place = re.findall(rf'File "([^"]*{re.escape(cache_folder().name)}[^"]*\.py)", line (\d+)', text)
    file = str(write_cached(generated.text, generated.name, generated.globals))
    line = int(place[-1][1]) if place else 0
    written = linecache.getline(file, line).strip() if line else ""
    return InternalError(
        "numba",
        f"Numba refuses the derivative {generated.name}, made by the stage lower: {file}"
        + (f", line {line}: {written}" if written else ""),
        None,
        reason=reason,
        remedy="jit=False, until this is mended",
    )


# ---- derivatives called by compiled code ----------------------------------------------------------


class DerivativeType(types.Callable):
    """The type of a derivative inside of compiled functions: for each types of arguments, a dispatcher."""

    def __init__(self, derivative: Any, make: Callable[..., Dispatcher]) -> None:
        self.derivative, self.make = derivative, make
        self._dispatchers: dict[Any, Dispatcher] = {}  # their types only refer to them
        self._keys: dict[Any, types.Dispatcher] = {}
        super().__init__(f"adgen({derivative!r}, {id(derivative)})")

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        inner = self.dispatcher(tuple(args), dict(kws))
        signature = inner.get_call_type(context, args, kws)
        self._keys[signature] = inner
        return signature

    def get_call_signatures(self) -> tuple[Any, bool]:
        return tuple(self._keys), True

    def get_impl_key(self, sig: Any) -> Any:
        return self._keys[sig].get_impl_key(sig)

    def dispatcher(self, args: tuple[Any, ...], kws: dict[str, Any]) -> types.Dispatcher:
        key = (args, tuple(kws.items()))
        if key not in self._dispatchers:
            try:
                self._dispatchers[key] = self.make(self.derivative, args, kws)
            except AdgenError as error:
                raise TypingError(str(error)) from error
        return types.Dispatcher(self._dispatchers[key])


@register_model(DerivativeType)
class _DerivativeModel(models.OpaqueModel):
    """Nothing of it exists at run time."""


@lower_constant(DerivativeType)
def _constant(context: Any, builder: Any, ty: Any, pyval: Any) -> Any:
    return context.get_dummy_value()


@unbox(DerivativeType)
def _unboxed(typ: Any, obj: Any, c: Any) -> NativeValue:
    return NativeValue(c.context.get_dummy_value())


def dispatcher_for(derivative: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """A function that Numba compiles, for arguments of these types."""
    signature = inspect.signature(derivative.function)
    bound = signature.bind(*args, **kws)
    bound.apply_defaults()
    return loaded(derivative, bound.arguments, defaults(signature))


def tangent_dispatcher(jvp: Any, args: tuple[Any, ...], kws: Mapping[str, Any]) -> Dispatcher:
    """``jvp(f)(primals, tangents)``, for tuples of these types; a tangent is None where none is taken."""
    given: list[Any] = [*args, *kws.values()]
    primals, tangents = (tuple(a.types) if isinstance(a, types.BaseTuple) else None for a in given)
    names = list(inspect.signature(jvp.function).parameters)
    if primals is None or tangents is None or not len(primals) == len(tangents) == len(names):
        raise TypingError("in compiled code jvp takes two tuples: all arguments, and a tangent or None for each")
    chosen = [k for k, tangent in enumerate(tangents) if not isinstance(tangent, types.NoneType)]
    inner = loaded(jvp.derivative(tuple(names[k] for k in chosen)), dict(zip(names, primals, strict=True)), None)
    passed = [*[f"primals[{k}]" for k in range(len(names))], *[f"tangents[{k}]" for k in chosen]]
    space: dict[str, Any] = {"inner": inner}
    exec(f"def call(primals, tangents):\n    return inner({', '.join(passed)})\n", space)  # noqa: S102  our own text
    return numba.njit(space["call"])  # pyright: ignore[reportReturnType]


def loaded(derivative: Any, arguments: Mapping[str, Any], default: tuple[Any, ...] | None) -> Dispatcher:
    """The generated function for arguments of these types; `default` are values of its last parameters."""

    def generated_for(*, known: bool) -> Any:
        examples = {name: example(value, known=known) for name, value in arguments.items()}
        return derivative.generate(_promoted(derivative, examples))

    try:
        generated = generated_for(known=False)
    except AdgenError:  # numbers that stand in the call may decide what is generated
        generated = generated_for(known=True)
    space = load_text(generated.text, generated.name, generated.globals, as_file=True)
    made = space[generated.name]
    if isinstance(made, Dispatcher):
        quiet(made.py_func.__code__.co_filename)
        made.py_func.__defaults__ = default
        return numba.njit(**derivative.options.settings())(made.py_func) if default else made
    quiet(made.__code__.co_filename)
    made.__defaults__ = default
    return numba.njit(made)  # pyright: ignore[reportReturnType]


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
