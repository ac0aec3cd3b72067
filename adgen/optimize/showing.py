"""Before and after, as text: for doctests, tests and people."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

import gast
import numpy as np

from adgen.program.dims import Dim
from adgen.program.function import Function
from adgen.program.syntax import nodes_in
from adgen.program.types import BOOL, FLOAT, INT, Array, ListOf, Scalar, Type

TEMPORARY = re.compile(r"t\d*(_bar|_dot)?$")


def array(*sizes: str | int, dtype: type = np.float64) -> Array:
    shape = [Dim.symbol(s) if isinstance(s, str) else Dim(s) for s in sizes]
    return Array(np.dtype(dtype), tuple(shape))


def guess_type(name: str) -> Type:
    """By the customs of small examples: i, j, k, n count, X, xs and *_tape are arrays, others numbers."""
    stem = re.sub(r"\d+$|_(bar|dot)$", "", re.sub(r"_(bar|dot)\d*$", "", name))
    if stem in {"i", "j", "n", "m"}:
        return INT
    if stem.isupper() and len(stem) == 1:
        return array("n", "n")
    if name.endswith("tape") or stem in {"xs", "ys", "zs", "rs", "ws", "us", "vs"}:
        return array("n")
    if stem.startswith("items"):
        return ListOf(FLOAT)
    return BOOL if stem in {"flag", "cond"} else FLOAT


def small_function(text: str, params: tuple[str, ...] = (), types: Mapping[str, Type] | None = None) -> Function:
    """A function from the text of its body; names t1, t2_bar, ... are temporaries."""
    body = gast.parse(text).body
    names = {n.id for stmt in body for n in nodes_in(stmt) if isinstance(n, gast.Name)}
    wrapped = "def f():\n" + "\n".join("    " + line for line in text.strip().splitlines())
    body = gast.parse(wrapped).body[0].body if "return" in text else body
    known: dict[str, Type] = {n: guess_type(n) for n in sorted(names | set(params)) if n not in {"np", "math"}}
    known.update(types or {})
    local = {n.id for s in body for n in nodes_in(s) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
    called = {"range", "len", "print", "float", "abs"}
    known = {n: t for n, t in known.items() if n not in called or n in local}
    return Function("f", params, tuple(body), known, frozenset(n for n in names if TEMPORARY.match(n)))


def show(
    transform: Callable[[Function], Function], text: str, types: Mapping[str, Scalar | Array] | None = None
) -> str:
    """The body after a pass."""
    return source(transform(small_function(strip(text), types=types)))


def strip(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return "\n".join(line[margin:] for line in lines)


def source(function: Function) -> str:
    """The statements of a function as text (not the writer of `emit`, which passes may not know)."""
    module = gast.gast_to_ast(gast.Module(body=list(function.body), type_ignores=[]))
    return ast.unparse(ast.fix_missing_locations(module))
