"""What a stand-alone module needs besides its functions: imports, constants, copied helpers."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from types import FunctionType, ModuleType
from typing import Any

from adgen.program.function import GlobalName

PLAIN = (bool, int, float, complex, str)


def helper_sources(functions: Iterable[Callable[..., Any]]) -> tuple[list[str], list[str]]:
    """Texts of helpers and of what they call in their own modules, callees first; import lines."""
    texts: dict[str, str] = {}
    imports: list[str] = []
    for function in functions:
        _collect(_plain(function), texts, imports)
    return list(texts.values()), imports


def _plain(function: Any) -> FunctionType:
    """The Python function behind a dispatcher."""
    return getattr(function, "py_func", function)


def _collect(function: FunctionType, texts: dict[str, str], imports: list[str]) -> None:
    if function.__name__ in texts:
        return
    text = textwrap.dedent(inspect.getsource(function)).strip("\n")
    names = [n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)]
    texts[function.__name__] = ""  # a recursive helper meets itself
    constants: list[str] = []
    for name in dict.fromkeys(names):
        value = function.__globals__.get(name)
        helper = _plain(value)
        if isinstance(helper, FunctionType):
            if _package(helper) == _package(function):
                _collect(helper, texts, imports)
            else:
                imports.append(_import(helper.__module__, helper.__qualname__, name))
        elif isinstance(value, ModuleType):
            imports.append(_import_module(value.__name__, name))
        elif isinstance(value, (*PLAIN, tuple, frozenset)):
            constants.append(f"{name} = {value!r}")
        elif value is not None and hasattr(value, "__module__"):
            imports.append(_import(value.__module__, getattr(value, "__qualname__", name), name))
    del texts[function.__name__]
    for line in constants:
        texts.setdefault(line, line)
    texts[function.__name__] = text


def _package(function: FunctionType) -> str:
    """Helpers of one package are copied together."""
    return function.__module__.rpartition(".")[0] or function.__module__


def _import_module(module: str, name: str) -> str:
    if module == name:
        return f"import {module}"
    parent, _, last = module.rpartition(".")
    return f"from {parent} import {last}" if parent and last == name else f"import {module} as {name}"


def _import(module: str, path: str, name: str) -> str:
    first = path.partition(".")[0]
    return f"from {module} import {first}" + ("" if first == name else f" as {name}")


def import_lines(
    candidates: Iterable[str], entries: Iterable[GlobalName], used: frozenset[str] | set[str]
) -> tuple[list[str], list[str]]:
    """Import lines and constant definitions for the names that are used."""
    lines: set[str] = set()
    found: set[str] = set()
    for line in candidates:
        bound = _bound_names(line) & used
        if bound:
            lines.add(line)
            found |= bound
    constants: list[str] = []
    for entry in sorted(entries, key=lambda e: e.name):
        if entry.name in used and entry.name not in found:
            found.add(entry.name)
            line, constant = _entry_lines(entry)
            lines.update(line)
            constants += constant
    return sorted(lines, key=_import_order), constants


def _bound_names(line: str) -> set[str]:
    return {
        (alias.asname or alias.name.partition(".")[0])
        for node in ast.parse(line).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _entry_lines(entry: GlobalName) -> tuple[list[str], list[str]]:
    if isinstance(entry.value, ModuleType):
        return [_import_module(entry.value.__name__, entry.name)], []
    if entry.module and entry.module != "__main__" and "<" not in entry.path:
        path = entry.path or entry.name
        if "." in path:
            first = path.partition(".")[0]
            return [f"from {entry.module} import {first}"], [f"{entry.name} = {path}"]
        return [_import(entry.module, path, entry.name)], []
    if isinstance(entry.value, PLAIN):
        return [], [f"{entry.name} = {entry.value!r}"]
    return [], []


def _import_order(line: str) -> tuple[bool, str]:
    """Plain imports first, as `ruff` sorts them."""
    return line.startswith("from "), line.lower()
