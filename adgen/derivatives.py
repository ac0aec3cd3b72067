"""Derivatives as callables: specialised on the types of their arguments, as a Numba dispatcher is."""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from adgen.dispatch import (
    Specialization,
    promoted,
    refuse_own_arithmetic,
    refuse_shared,
    specialization,
    type_key,
)
from adgen.errors import SeparateSweeps
from adgen.frontend.spelt_out import spelt_out
from adgen.frontend.values import Const, DictContents, Handle, ListContents, Ref, ShapeItem, TupleVal, Value
from adgen.kept import Kept, ready
from adgen.loading import load_text, make_importable
from adgen.options import Options, options_for
from adgen.program.types import Abstract, Array, Scalar
from adgen.signatures import guessed

if TYPE_CHECKING:
    from adgen.pipeline import Generated

Argnums = int | str | tuple[int | str, ...]


class Derivative:
    """A derivative of a function.  Call it like the function.

    Attributes
    ----------
    source
        The text that runs: of the last call, or for the annotated types if there was none yet.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        product: str,
        argnums: Argnums,
        *,
        has_aux: bool = False,
        options: Options | None = None,
    ) -> None:
        function = spelt_out(function)
        self.function, self.product, self.argnums = function, product, argnums
        self.has_aux = has_aux
        self.options = options_of(function, options)
        self._signature = inspect.signature(function)
        self._names = list(self._signature.parameters)
        self._wrt = tuple(self._parameter(a) for a in (argnums if isinstance(argnums, tuple | list) else (argnums,)))
        self._cache: dict[Any, list[Specialization]] = {}
        self._last: Specialization | None = None
        self._plain = all(p.kind is p.POSITIONAL_OR_KEYWORD for p in self._signature.parameters.values())
        functools.update_wrapper(self, function, assigned=("__module__", "__qualname__", "__doc__"), updated=())
        self.__name__ = f"{getattr(function, '__name__', 'function')}_{product}"

    def _parameter(self, argnum: int | str) -> str:
        if isinstance(argnum, str):
            if argnum not in self._names:
                raise ValueError(f"{self.function!r} has no parameter {argnum!r}; it has {', '.join(self._names)}")
            return argnum
        if not -len(self._names) <= argnum < len(self._names):
            raise ValueError(f"argnums={argnum} for a function of {len(self._names)} parameters")
        return self._names[argnum]

    def __repr__(self) -> str:
        return f"<adgen {self.product} of {getattr(self.function, '__qualname__', self.function)!s}>"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Decorated methods bind like functions."""
        if instance is None:
            return self
        bound = self.function.__get__(instance, owner)  # type: ignore[attr-defined]
        return Derivative(bound, self.product, self.argnums, has_aux=self.has_aux, options=self.options)

    @functools.cached_property
    def _numba_type_(self) -> Any:
        """How compiled functions see a compiled derivative: as a function."""
        return compiled_type(self, repr(self), "dispatcher_for")

    # ---- calls

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        last = self._last
        if last is not None and not kwargs and len(args) == len(self._names):
            if last.accepts is not None and last.accepts(*args):
                return last.call(*args)
        return self.run(self.bind(args, kwargs))

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments by name, defaults filled in."""
        if self._plain and not kwargs and len(args) == len(self._names):
            return dict(zip(self._names, args, strict=True))
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return dict(bound.arguments)

    def run(self, arguments: dict[str, Any], seeds: tuple[Any, ...] = ()) -> Any:
        for name in self._wrt:
            arguments[name] = promoted(arguments[name], name, strict=self.product != "vjp", function=self.function)
        special = self.specialization(arguments)
        if special.ready.written:
            refuse_shared(arguments, special.ready.written, self.function)
        return special.call(*arguments.values(), *seeds)

    def specialization(self, arguments: dict[str, Any]) -> Specialization:
        """The generated function for these arguments, made at their first call."""
        key = tuple([type_key(v) for v in arguments.values()])
        for special in self._cache.get(key, ()):
            if special.guard(*arguments.values()) and special.refresh():
                self._last = special
                return special
        special = self.specialize(arguments)
        self._cache.setdefault(key, []).insert(0, special)
        self._last = special
        return special

    def specialize(self, arguments: Mapping[str, Any]) -> Specialization:
        """Generate and load; what an earlier process has left on disk need not be generated again."""
        for name, value in arguments.items():
            refuse_own_arithmetic(value, name, self.function)
        jit = self.options.jit
        kept = Kept(self.function, arguments, *self.told()) if jit else None
        made = kept.found() if kept is not None else None
        if made is None:
            generated = self.generate(arguments)
            made = ready(generated)
            noted = [*generated.program.warnings, *([generated.warning] if generated.warning is not None else [])]
            for note in noted:
                warnings.warn(note, stacklevel=4)
            if kept is not None and not noted:
                kept.keep(made)
        space = load_text(made.text, made.name, made.globals, as_file=jit)
        call = space[made.name]
        if jit:
            from adgen.compiled import compiled  # Numba is loaded when it is used

            call = compiled(call, made)
        return specialization(made, call, space, arguments)

    def told(self) -> tuple[Any, ...]:
        """What decides the text besides the function and its arguments."""
        single = not isinstance(self.argnums, tuple | list)
        return self.product, self._wrt, single, self.has_aux, self.options.decorator()

    def generate(self, arguments: Mapping[str, Any]) -> Generated:
        from adgen.pipeline import generate  # the compiler is loaded when it is used

        with uncollected():
            return generate(
                self.function,
                arguments,
                self.product,
                self._wrt,
                options=self.options,
                has_aux=self.has_aux,
                single=not isinstance(self.argnums, tuple | list),
            )

    @property
    def source(self) -> str:
        if self._last is None:
            arguments = guessed(self.function)
            return assumed_note(self.function) + self.generate(arguments).text
        return self._last.ready.text

    # ---- inside of functions that are differentiated in turn

    def __adgen_inline__(self, state: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """The generated function, called in the place of this one."""
        return self.inlined(state, args, kwargs)

    def inlined(
        self, state: Any, args: tuple[Value, ...], kwargs: dict[str, Value], *, for_all_sizes: bool = False
    ) -> Value:
        """The same; `for_all_sizes` unless the function is generated for the sizes of the call at hand."""
        examples = [example_of(state, a) for a in args]
        named = {k: example_of(state, v) for k, v in kwargs.items()}
        bound = self._signature.bind(*examples, **named)
        bound.apply_defaults()
        given = self._signature.bind(*args, **kwargs).arguments
        arguments = dict(bound.arguments)
        function = self.python_function(arguments, for_all_sizes=for_all_sizes)
        values = tuple(given[n] if n in given else state.wrap(v, n, function) for n, v in arguments.items())
        return state.call(Const(function), values, {})

    def python_function(self, arguments: dict[str, Any], *, for_all_sizes: bool = False) -> Callable[..., Any]:
        """The generated function for these types, not compiled, to be differentiated again."""
        plain = self
        if self.options.jit:
            function = getattr(self.function, "py_func", self.function)
            plain = Derivative(function, self.product, self.argnums, has_aux=self.has_aux)
        for name in plain._wrt:
            arguments[name] = promoted(arguments[name], name, strict=True)
        special = plain.specialization(arguments)
        if for_all_sizes and special.ready.guard != "True":
            raise SeparateSweeps("it would be generated for the sizes of the call at hand.")
        return special.call


def options_of(function: Any, options: Options | None) -> Options:
    """The options of a derivative of this function; if it is compiled, its modules can be imported by name."""
    while isinstance(function, Derivative):  # of what it is a derivative of
        function = function.function
    options = options_for(function, options or Options())
    if options.jit:
        make_importable()
    return options


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Without garbage collection: a compiler makes many small objects, and keeps them until it is done."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def compiled_type(derivative: Any, shown: str, make: str) -> Any:
    """The type under which Numba knows a compiled derivative; `make` is who makes its dispatchers."""
    from adgen import compiled_calls, numba_types  # Numba is loaded when it is used

    if not derivative.options.jit:
        raise numba_types.TypingError(f"{shown} is not compiled: give it jit=True to call it in compiled code")
    return numba_types.DerivativeType(derivative, getattr(compiled_calls, make))


def example_of(state: Any, value: Value) -> Any:
    """An object of the type of an abstract value, for specialising another derivative."""
    match value:
        case Const(constant):
            return constant
        case Ref(_, Scalar() as kind, static):
            if static is not None:
                return static
            return Abstract(kind) if kind.kind != "f" or kind.dtype != np.float64 else 1.5
        case Ref(_, Array() as kind):
            sizes = [state.sizes.value(state.sizes.reduce(d)) for d in kind.shape]
            if None in sizes:
                return Abstract(Array(kind.dtype, tuple(None for _ in sizes)))  # type: ignore[arg-type]
            return np.broadcast_to(np.zeros((), kind.dtype), tuple(sizes))
        case ShapeItem():
            return example_of(state, state.shape_item(value))
        case TupleVal(items, cls):
            parts = [example_of(state, i) for i in items]
            return cls(*parts) if cls is not None else tuple(parts)
        case Handle(key):
            contents = state.heap[key]
            if isinstance(contents, ListContents):
                return [example_of(state, i) for i in contents.items]
            if isinstance(contents, DictContents):
                return {k: example_of(state, v) for k, v in contents.items.items()}
    state.refuse(
        "derivative-argument",
        "this argument of a derivative is not understood",
        reason="its type can't be told here.",
        remedy="numbers and arrays",
    )


def assumed_note(function: Callable[..., Any]) -> str:
    unannotated = [n for n, p in inspect.signature(function).parameters.items() if p.annotation is p.empty]
    return f"# Without examples or annotations, taken to be floats: {', '.join(unannotated)}.\n" if unannotated else ""
