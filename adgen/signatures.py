"""Types of parameters from annotations and from Numba signature strings."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from collections.abc import Callable
from typing import Any

import numpy as np

from adgen.errors import CannotInfer
from adgen.program.dims import Dim
from adgen.program.types import COMPLEX, FLOAT, INT, Abstract, Array, Scalar, Type

NAMES = {
    "float64": np.float64,
    "f8": np.float64,
    "double": np.float64,
    "float32": np.float32,
    "f4": np.float32,
    "float": np.float64,
    "int64": np.int64,
    "i8": np.int64,
    "int32": np.int32,
    "int": np.int64,
    "intp": np.int64,
    "boolean": np.bool_,
    "bool": np.bool_,
    "b1": np.bool_,
    "complex128": np.complex128,
    "c16": np.complex128,
    "complex64": np.complex64,
    "c8": np.complex64,
    "uint8": np.uint8,
    "int8": np.int8,
}
JAXTYPING = {
    "Float64": np.float64,
    "Float": np.float64,
    "Float32": np.float32,
    "Int": np.int64,
    "Int64": np.int64,
    "Complex": np.complex128,
    "Complex128": np.complex128,
    "Bool": np.bool_,
    "Shaped": np.float64,
    "Num": np.float64,
    "Real": np.float64,
    "Inexact": np.float64,
}


def from_signature(function: Callable[..., Any], signature: str) -> dict[str, Abstract]:
    """Types by parameter from a signature as Numba writes it.

    >>> def f(x, n): ...
    >>> from_signature(f, "float64(float64[:, :], int64)")["x"].type.rank
    2
    """
    inner = re.fullmatch(r"\s*(?:[\w\[\]:, ]*?)\((.*)\)\s*", signature, re.DOTALL)
    parts = _split(inner.group(1) if inner else signature)
    names = list(inspect.signature(function).parameters)
    if len(parts) != len(names):
        raise CannotInfer(
            "signature",
            f"{len(parts)} types for {len(names)} parameters in {signature!r}",
            None,
            reason="each parameter needs one type.",
            remedy=f"types for {', '.join(names)}",
        )
    return {name: Abstract(_parse(part, name, signature)) for name, part in zip(names, parts, strict=True)}


def _split(text: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for character in text:
        depth += (character in "[(") - (character in "])")
        if character == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()] if current.strip() else parts


def _parse(text: str, name: str, signature: str) -> Type:
    base, bracket, rest = text.partition("[")
    if base.strip() not in NAMES:
        raise CannotInfer(
            "signature",
            f"{text!r} in {signature!r} is no type that is known",
            None,
            reason="types are written as in Numba.",
            remedy="float64, float64[:], float64[:, ::1], int64",
        )
    dtype = np.dtype(NAMES[base.strip()])
    if not bracket:
        return Scalar(dtype)
    rank = len(rest.rstrip("]").split(","))
    return Array(dtype, tuple(Dim.symbol(f"{name}.shape[{k}]") for k in range(rank)))


def from_annotations(function: Callable[..., Any]) -> dict[str, Any] | None:
    """Types by parameter from annotations; None if an annotation is missing or not understood.

    A tuple's annotation gives a tuple of types, that of a named tuple or a dataclass an instance that holds types.
    """
    signature = inspect.signature(function)
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception:  # annotations may name anything  # noqa: BLE001
        return None
    found: dict[str, Any] = {}
    symbols: dict[str, Dim] = {}
    for name in signature.parameters:
        example = annotated(hints[name], name, symbols) if name in hints else None
        if example is None:
            return None
        found[name] = example
    return found


def annotated(hint: Any, name: str, symbols: dict[str, Dim]) -> Any:
    """The type that an annotation stands for, in the containers that it names; None if it is not understood."""
    parts = _parts(hint)
    if parts is None:
        type_ = annotated_type(hint, name, symbols)
        return None if type_ is None else Abstract(type_)
    build, hints = parts
    # Arrays in containers get names in the frontend, so their extents stay unnamed here.
    inside = [_unnamed(annotated(inner, name, symbols)) for inner in hints]
    return None if any(part is None for part in inside) else build(inside)


def _parts(hint: Any) -> tuple[Callable[[list[Any]], Any], list[Any]] | None:
    """How a container is built, and the annotations of its items; None for anything else."""
    if typing.get_origin(hint) is tuple:
        items = list(typing.get_args(hint))
        return None if Ellipsis in items else (tuple, items)
    if isinstance(hint, type) and (hasattr(hint, "_fields") or dataclasses.is_dataclass(hint)):
        fields = getattr(hint, "_fields", None) or [f.name for f in dataclasses.fields(hint)]
        hints = typing.get_type_hints(hint, include_extras=True)
        return lambda values: hint(*values), [hints.get(field) for field in fields]
    return None


def _unnamed(example: Any) -> Any:
    if isinstance(example, Abstract) and isinstance(example.type, Array):
        return Abstract(Array(example.type.dtype, (None,) * example.type.rank))  # pyright: ignore[reportArgumentType]
    return example


def annotated_type(hint: Any, name: str, symbols: dict[str, Dim]) -> Type | None:
    """The type that an annotation stands for."""
    plain = {float: FLOAT, int: INT, complex: COMPLEX, bool: Scalar(np.dtype(np.bool_))}
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, np.generic) and hint is not np.generic:
        return Scalar(np.dtype(hint), weak=False)
    if hasattr(hint, "dim_str"):
        return _jaxtyping(hint, name, symbols)
    if typing.get_origin(hint) is np.ndarray:
        return _numpy_array(hint, name)
    if typing.get_origin(hint) is typing.Annotated:
        return annotated_type(typing.get_args(hint)[0], name, symbols)
    return None


def _numpy_array(hint: Any, name: str) -> Type | None:
    """``np.ndarray[tuple[int, int], np.dtype[np.float64]]``; None where the rank is left open."""
    axes, dtype = typing.get_args(hint)
    dims, (scalar,) = typing.get_args(axes), typing.get_args(dtype) or (None,)
    if not dims or Ellipsis in dims or not (isinstance(scalar, type) and issubclass(scalar, np.generic)):
        return None
    return Array(np.dtype(scalar), tuple(Dim.symbol(f"{name}.shape[{k}]") for k in range(len(dims))))


def _jaxtyping(hint: Any, name: str, symbols: dict[str, Dim]) -> Type:
    dtype = np.dtype(JAXTYPING.get(getattr(hint, "dtype", hint).__name__, np.float64))
    for dtype_name in getattr(hint, "dtypes", ()):
        if dtype_name in NAMES:
            dtype = np.dtype(NAMES[dtype_name])
            break
    if "float64" in getattr(hint, "dtypes", ()):
        dtype = np.dtype(np.float64)
    dims: list[Dim] = []
    for axis, word in enumerate(hint.dim_str.split()):
        own = Dim.symbol(f"{name}.shape[{axis}]")
        if word.isdigit():
            dims.append(Dim(int(word)))
        else:
            dims.append(symbols.setdefault(word, own) if word.isidentifier() and word != "_" else own)
    return Array(dtype, tuple(dims)) if dims else Scalar(dtype, weak=False)


def guessed(function: Callable[..., Any]) -> dict[str, Any]:
    """Annotations where there are any, floats for the rest."""
    known = from_annotations(function)
    if known is not None:
        return known
    found: dict[str, Any] = {}
    symbols: dict[str, Dim] = {}
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception:  # annotations may name anything  # noqa: BLE001
        hints = {}
    for name in inspect.signature(function).parameters:
        found[name] = annotated(hints.get(name), name, symbols) or Abstract(FLOAT)
    return found
