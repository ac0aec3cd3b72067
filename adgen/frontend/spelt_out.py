"""Functions without Python source, as Python functions that call them: ``adgen.grad(np.linalg.norm)``."""

from __future__ import annotations

import functools
import inspect
import itertools
import linecache
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from adgen.frontend.read_source import underlying
from adgen.rules.definitions import definition_of
from adgen.rules.registry import registry

LITERALS = (type(None), bool, int, float, str)
LIBRARIES = ("numpy", "scipy", "math", "cmath", "builtins", "operator", "_operator", "statistics")
_counter = itertools.count()
_made: dict[int, tuple[Any, Callable[..., Any]]] = {}  # with the originals, so that no id is used again


def spelt_out(function: Any) -> Any:
    """The function itself, or ``def f(x, axis=None): return f(x, axis)`` if it has a rule and no source of its own.

    >>> spelt_out(np.square).__name__, list(inspect.signature(spelt_out(np.square)).parameters)
    ('square', ['x'])
    """
    if not _is_foreign(function):
        return function
    known = _made.get(id(function))
    if known is None:
        known = _made[id(function)] = (function, _written(function))
    return known[1]


def _is_foreign(function: Any) -> bool:
    if hasattr(function, "__adgen_inline__") or isinstance(function, type):
        return function in (float, complex)
    if isinstance(function, functools.partial | np.ufunc | np.vectorize | types.BuiltinFunctionType):
        return True
    plain = underlying(function)
    if isinstance(plain, types.MethodType):
        return False
    if not isinstance(plain, types.FunctionType):
        return not isinstance(getattr(type(plain), "__call__", None), types.FunctionType)  # noqa: B004
    if (plain.__module__ or "").partition(".")[0] not in LIBRARIES:
        return False
    return bool(registry().lookup(plain)) or definition_of(plain) is not None


def _written(function: Any) -> Callable[..., Any]:
    name = getattr(function, "__name__", None) or getattr(getattr(function, "func", None), "__name__", "function")
    name = name if name.isidentifier() and name != "<lambda>" else "function"
    parameters, arguments = _parameters(function)
    text = f"def {name}({', '.join(parameters)}):\n    return original({', '.join(arguments)})\n"
    file = f"<adgen: {name} {next(_counter)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"original": function, "inf": float("inf"), "nan": float("nan")}
    exec(compile(text, file, "exec"), space)  # noqa: S102  our own text
    made = space[name]
    made.__doc__ = getattr(function, "__doc__", None)
    return made


def _options(function: Any) -> frozenset[str] | None:
    """Options that the rows of a function know; None if it has none, or a definition that knows them all."""
    rows = registry().lookup(underlying(function))
    if not rows or definition_of(underlying(function)) is not None:
        return None
    return frozenset(name for head, _ in rows for name in head.parameters)


def _parameters(function: Any) -> tuple[list[str], list[str]]:
    """What the function takes, and how it is passed on; options that a literal can't write are left out."""
    if isinstance(function, np.ufunc):
        names = ["x"] if function.nin == 1 else [f"x{k + 1}" for k in range(function.nin)]
        return names, names
    try:
        found = inspect.signature(getattr(function, "pyfunc", function)).parameters.values()
    except (TypeError, ValueError):
        return (["a", "b"], ["a", "b"]) if function in (max, min) else (["x"], ["x"])
    parameters, arguments = [], []
    keyword_only = False
    known = _options(getattr(function, "func", function))
    for p in found:
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            continue
        if p.default is not p.empty and (type(p.default) not in LITERALS or known is not None and p.name not in known):
            continue
        named = p.kind is p.KEYWORD_ONLY or (p.default is not p.empty and p.kind is not p.POSITIONAL_ONLY)
        if p.kind is p.KEYWORD_ONLY and not keyword_only:
            parameters.append("*")
            keyword_only = True
        parameters.append(p.name if p.default is p.empty else f"{p.name}={p.default!r}")
        arguments.append(f"{p.name}={p.name}" if named else p.name)
    return parameters, arguments
