"""The source of a function object, as a gast tree.  Reads; never writes to anything of the user's."""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import types
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from adgen.errors import UnsupportedSyntax
from adgen.program.spans import Span


@dataclass(frozen=True)
class Source:
    """A function's definition and where it stands.

    `node` is a gast.FunctionDef or gast.Lambda whose line numbers are those of the file.
    """

    node: gast.FunctionDef | gast.Lambda
    file: str
    name: str
    function: types.FunctionType

    @property
    def line(self) -> int:
        return self.function.__code__.co_firstlineno


def underlying(function: Any) -> Any:
    """Look through what wraps a Python function without changing what it computes."""
    while True:
        if hasattr(function, "py_func"):  # a Numba dispatcher
            function = function.py_func
        elif is_vectorized(function):
            function = function._dispatcher.py_func  # noqa: SLF001 - the function of numbers behind it
        elif isinstance(function, functools._lru_cache_wrapper):  # noqa: SLF001 - computes the same values
            function = function.__wrapped__
        elif getattr(function, "__module__", None) == "numba.misc.special" and function.__name__ == "prange":
            return range
        else:
            return function


def is_vectorized(function: Any) -> bool:
    """Whether this is a function of numbers under ``numba.vectorize``: of arrays, it is taken element by element."""
    return type(function).__name__ == "DUFunc" and hasattr(function, "_dispatcher")


@functools.lru_cache(maxsize=256)
def _parse(file: str, text: str) -> tuple[dict[int, list[ast.AST]], list[ast.Lambda]]:
    """Function definitions of a file by the line at which their code starts, and all its lambdas."""
    del file
    starts: dict[int, list[ast.AST]] = {}
    lambdas = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            starts.setdefault(first, []).append(node)
        elif isinstance(node, ast.Lambda):
            lambdas.append(node)
    return starts, lambdas


def read_source(function: Callable[..., Any]) -> Source:
    """Find the definition of a Python function.

    Raises
    ------
    UnsupportedSyntax
        If there is no source text (built-in, compiled, typed at a prompt that keeps none).
    """
    function = underlying(function)
    known = _sources.get(function.__code__) if isinstance(function, types.FunctionType) else None
    if known is not None:
        return Source(known.node, known.file, known.name, function)
    source = _read(function)
    _sources[function.__code__] = source
    return source


_sources: weakref.WeakKeyDictionary[types.CodeType, Source] = weakref.WeakKeyDictionary()


def _read(function: Any) -> Source:
    name = getattr(function, "__name__", repr(function))
    if not isinstance(function, types.FunctionType):
        raise UnsupportedSyntax(
            "no-source",
            f"{name} is not a Python function",
            None,
            reason="adgen differentiates source text, and this object has none.",
            remedy="a Python function that does the same, or a rule: adgen.rule",
        )
    code = function.__code__
    if code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise UnsupportedSyntax(
            "async",
            f"{name} is a coroutine",
            definition_span(function),
            reason="the reverse sweep can't wait for the same events again.",
            remedy="a plain function",
        )
    text = "".join(linecache.getlines(code.co_filename, function.__globals__))
    if not text:
        raise UnsupportedSyntax(
            "no-source",
            f"the source of {name} can't be read ({code.co_filename})",
            None,
            reason="adgen differentiates source text.",
            remedy="define the function in a file or a notebook cell",
        )
    try:
        starts, lambdas = _parse(code.co_filename, text)
    except SyntaxError as error:
        raise UnsupportedSyntax(
            "no-source",
            f"the file of {name} does not parse: {error}",
            None,
            reason="the file was changed, or is not Python.",
            remedy="reload the module",
        ) from None
    node = _pick_lambda(code, lambdas) if name == "<lambda>" else _pick_definition(code, starts)
    if node is None:
        raise UnsupportedSyntax(
            "no-source",
            f"{name} is not found at line {code.co_firstlineno} of {code.co_filename}",
            None,
            reason="the file was changed after it was imported.",
            remedy="reload the module",
        )
    tree = gast.ast_to_gast(node)
    display = "lambda" if name == "<lambda>" else name
    return Source(tree, code.co_filename, display, function)


def _pick_definition(code: types.CodeType, starts: dict[int, list[ast.AST]]) -> ast.AST | None:
    for node in starts.get(code.co_firstlineno, []):
        if getattr(node, "name", None) == code.co_name:
            return node
    return None


def _pick_lambda(code: types.CodeType, lambdas: list[ast.Lambda]) -> ast.AST | None:
    """Tell lambdas on one line apart by the columns of their compiled instructions."""
    spots = [
        (line, column)
        for line, _, column, _ in code.co_positions()
        if line is not None and column is not None and (line, column) != (code.co_firstlineno, 0)
    ]
    best = None
    for node in lambdas:
        body = node.body
        inside = all((body.lineno, body.col_offset) <= spot <= (body.end_lineno, body.end_col_offset) for spot in spots)
        if (
            inside
            and node.lineno <= (spots[0][0] if spots else code.co_firstlineno)
            and (best is None or best.col_offset < node.col_offset or best.lineno < node.lineno)
        ):
            best = node
    return best


def definition_span(function: Any) -> Span | None:
    """The line on which a Python function is defined."""
    code = getattr(underlying(function), "__code__", None)
    if code is None:
        return None
    line = next(
        (
            k
            for k in range(code.co_firstlineno, code.co_firstlineno + 40)
            if linecache.getline(code.co_filename, k).lstrip().startswith(("def ", "async def "))
        ),
        code.co_firstlineno,
    )
    text = linecache.getline(code.co_filename, line).rstrip()
    start = len(text) - len(text.lstrip())
    return Span(code.co_filename, line, start, line, len(text), code.co_name)


def names_of_items(node: Any) -> dict[str, str]:
    """What a function calls the items of its parameters, by their paths.

    >>> names_of_items(gast.parse("def f(ws, x): (w, b), c = ws").body[0])
    {'ws[0][0]': 'w', 'ws[0][1]': 'b', 'ws[1]': 'c'}
    """
    parameters = {a.id for a in (*node.args.posonlyargs, *node.args.args)}
    found: dict[str, str] = {}

    def visit(target: gast.expr, path: str) -> None:
        if isinstance(target, gast.Name):
            found.setdefault(path, target.id)
        elif isinstance(target, gast.Tuple | gast.List) and not any(isinstance(t, gast.Starred) for t in target.elts):
            for k, item in enumerate(target.elts):
                visit(item, f"{path}[{k}]")

    for statement in node.body if isinstance(node.body, list) else ():
        match statement:
            case gast.Assign(targets=[gast.Tuple() | gast.List() as target], value=gast.Name(id=name)):
                if name in parameters:
                    visit(target, name)
    return {path: name for path, name in found.items() if name not in parameters}
