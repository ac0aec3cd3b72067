"""Calls in object mode: a function of the module that hands its arguments to Python and takes the result back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.errors import BackendRefused
from adgen.lower.helpers import Helper
from adgen.lower.trees import is_static, name, text_of
from adgen.program.function import Function
from adgen.program.spans import Span, span_of
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, ListOf, Opaque, Scalar, TupleOf, Type

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering


def in_object_mode(lowering: Lowering, node: gast.Call, type_: Type | None) -> gast.expr:
    """The call, made by a helper in object mode; its result is of a known type, or is not used."""
    inner = _Arguments(lowering)
    call = inner.call(node)
    text = text_of(call)
    stem = _stem(node.func)
    parameters = ", ".join(inner.parameters)
    if type_ is None and stem not in EFFECTS:
        raise _untyped(lowering, node)
    try:
        lines = _body(text, type_)
    except TypeError:
        raise _untyped(lowering, node) from None
    key = f"({parameters}): " + "\n".join(lines)
    if key not in lowering.helpers:
        helper = lowering.fresh(f"{stem}_object")
        body = "\n".join(f"    {line}" for line in lines)
        lowering.helpers[key] = Helper(helper, f"{lowering.decorator}\ndef {helper}({parameters}):\n{body}")
    return gast.Call(name(lowering.helpers[key].name), inner.values, [])


EFFECTS = frozenset({"print"})


def unformatted(span: Span | None) -> BackendRefused:
    return BackendRefused(
        "numba-format",
        "a text with a format",
        span,
        reason="Numba puts values into texts without formats only.",
        remedy="jit=False, or the value without `:.3f`",
    )


def refuse_unknown_precision(function: Function) -> None:
    """Numba computes in single and double precision."""
    names = {n for n, kind in function.types.items() if isinstance(kind, Array | Scalar) and kind.dtype.name in UNKNOWN}
    if not names:
        return
    read = [s for s in function.body if names & {n.id for n in nodes_in(s) if isinstance(n, gast.Name)}]
    spans = [span for statement in read or function.body if (span := span_of(statement)) is not None]
    dtype = getattr(function.types[min(names)], "dtype", None)
    raise BackendRefused(
        "numba-precision",
        f"values of the type {dtype}",
        spans[0] if spans else None,
        reason="Numba computes in single and double precision only.",
        remedy="jit=False, or float64",
    )


UNKNOWN = frozenset(np.dtype(d).name for d in (np.float16, np.longdouble, np.clongdouble)) - {
    "float64",  # what some platforms take for a long double
    "complex128",
}


def _untyped(lowering: Lowering, node: gast.Call) -> BackendRefused:
    written = text_of(node)
    return BackendRefused(
        "no-compiled-form",
        f"{written} has no compiled form",
        lowering.span,
        reason="Numba has no type for its result, or it isn't known.",
        remedy="jit=False",
    )


def _stem(function: gast.expr) -> str:
    return function.attr if isinstance(function, gast.Attribute) else getattr(function, "id", "call")


def _body(text: str, type_: Type | None) -> list[str]:
    if type_ is None:
        return ["with numba.objmode():", f"    {text}"]
    types = type_.items if isinstance(type_, TupleOf) else (type_,)
    names = ["y"] if not isinstance(type_, TupleOf) else [f"y{k}" for k in range(len(types))]
    annotations = ", ".join(f"{n}={numba_type(t)!r}" for n, t in zip(names, types, strict=True))
    targets = ", ".join(names) + ("," if isinstance(type_, TupleOf) and len(names) == 1 else "")
    lines = [f"with numba.objmode({annotations}):", f"    {targets} = {text}"]
    lines += [f"    {n} = {_settled(n, t)}" for n, t in zip(names, types, strict=True) if _settled(n, t) != n]
    result = names[0] if not isinstance(type_, TupleOf) else f"({targets})"
    return [*lines, f"return {result}"]


def _settled(variable: str, type_: Type) -> str:
    """The result in the dtype and the layout that Numba was told."""
    match type_:
        case Array(dtype):  # a wrong layout would be believed, a wrong dtype is an error
            return f"np.asarray({variable}).astype(np.{dtype.name}, 'C', 'same_kind', copy=False)"
        case ListOf():
            return f"list({variable})"
    return variable


def numba_type(type_: Type | None) -> str:
    """A type as Numba spells it.

    >>> from adgen.program.dims import Dim
    >>> numba_type(Array(np.dtype(float), (Dim.symbol("n"), Dim(3))))
    'float64[:, ::1]'
    """
    match type_:
        case Scalar(dtype):
            return _dtype(dtype)
        case Array(dtype, shape):
            return (
                f"{_dtype(dtype)}[{', '.join([*[':'] * (len(shape) - 1), '::1'])}]"
                if shape
                else f"Array({_dtype(dtype)}, 0, 'C')"
            )
        case ListOf(item):
            return f"List({numba_type(item)})"
        case TupleOf(items):
            return f"Tuple(({', '.join(map(numba_type, items))},))"
        case Opaque("str"):
            return "unicode_type"
    raise TypeError(type_)


def _dtype(dtype: np.dtype) -> str:
    return "boolean" if dtype.kind == "b" else dtype.name


class _Arguments:
    """Arguments of a call: known ones stay in its text, the others become parameters."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering = lowering
        self.parameters: list[str] = []
        self.values: list[gast.expr] = []

    def call(self, node: gast.Call) -> gast.Call:
        function = node.func
        if isinstance(function, gast.Attribute) and not is_static(function) and not _is_library(function):
            function = gast.Attribute(self.argument(function.value), function.attr, gast.Load())
        elif isinstance(function, gast.Name) and function.id in self.lowering.globals:
            self.lowering.plain[function.id] = self.lowering.globals[function.id].value
        args = [self.argument(a) for a in node.args]
        keywords = [gast.keyword(k.arg, self.argument(k.value)) for k in node.keywords]
        return gast.Call(function, args, keywords)

    def argument(self, node: Any) -> Any:
        match node:
            case gast.Starred(value=value):
                return gast.Starred(self.argument(value), gast.Load())
            case gast.Tuple(elts=elts) | gast.List(elts=elts):
                return type(node)([self.argument(e) for e in elts], gast.Load())
            case gast.Call(func=gast.Name(id="slice"), args=args):
                return gast.Call(node.func, [self.argument(a) for a in args], [])
        if node is None:
            return None
        if is_static(node):
            return clone(node)
        parameter = f"x{len(self.parameters)}"
        kind = self.lowering.type_of(node)
        self.parameters.append(parameter)
        self.values.append(self.lowering.expr(node))
        if isinstance(kind, Scalar) and not kind.weak and kind.dtype.itemsize < 8 and kind.kind in "fc":
            return gast.Call(gast.Attribute(name("np"), kind.dtype.name, gast.Load()), [name(parameter)], [])
        return name(parameter)


def _is_library(function: gast.Attribute) -> bool:
    node: Any = function
    while isinstance(node, gast.Attribute):
        node = node.value
    return isinstance(node, gast.Name) and node.id in ("np", "math", "cmath", "sp", "scipy")
