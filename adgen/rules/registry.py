"""Look-up of rules by the function that is called."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import sys
from collections.abc import Hashable
from typing import Any

from adgen.rules import kinds
from adgen.rules.kinds import Head, Row

CORE_TABLES = (
    "operators", "math_functions", "numpy_elementwise", "numpy_reductions", "numpy_shapes",
    "numpy_products", "numpy_linalg", "numpy_fft", "numpy_selection", "constants", "runtime_functions",
)  # fmt: skip
SCIPY_TABLES = ("scipy_special", "scipy_linalg")
STANDARD = ("math", "cmath", "operator", "heapq", "bisect")


def resolve(path: str) -> Any:
    root, *attributes = path.split(".")
    modules = {"np": "numpy", "sp": "scipy", "rt": "adgen.runtime"}
    if root in modules and root == "sp":
        value: Any = importlib.import_module("scipy." + attributes[0])
        attributes = attributes[1:]
    elif root in modules or root in STANDARD:
        value = importlib.import_module(modules.get(root, root))
    else:
        return getattr(importlib.import_module("builtins"), root, None)
    for attribute in attributes:
        value = getattr(value, attribute, None)
        if value is None:
            return None  # absent from the installed version
    return value


def key_of(function: Any) -> Hashable:
    """What identifies a function: methods of ufuncs (``np.add.reduce``) are new objects each time."""
    owner = getattr(function, "__self__", None)
    if type(owner).__name__ == "ufunc":
        return id(owner), function.__name__
    return id(function)


class Registry:
    """Rows by the identity of their functions; the first row that fits wins."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, list[tuple[Head, Row]]] = {}
        self._keep: list[Any] = []
        self._loaded: set[str] = set()
        self._indexed = 0
        self.extended = False  # by rules of the user's

    def _load(self, tables: tuple[str, ...]) -> None:
        for table in tables:
            if table not in self._loaded:
                self._loaded.add(table)
                name = f"adgen.rules.tables.{table}"
                if importlib.util.find_spec(name):
                    importlib.import_module(name)
        self.index_new_rows()

    def index_new_rows(self) -> None:
        while self._indexed < len(kinds.ROWS):
            row = kinds.ROWS[self._indexed]
            self._indexed += 1
            for head in row.heads:
                function = resolve(head.callee)
                if function is not None:
                    self.add(function, head, row)

    def add(self, function: Any, head: Head, row: Row, *, first: bool = False) -> None:
        self._keep.append(function)
        entries = self._entries.setdefault(key_of(function), [])
        entries.insert(0, (head, row)) if first else entries.append((head, row))
        self.extended |= first

    def lookup(self, function: Any) -> list[tuple[Head, Row]]:
        """All rows of a function, in the order in which they are tried."""
        self._load(CORE_TABLES)
        key = key_of(function)
        if "scipy" in sys.modules and key not in self._entries:
            self._load(SCIPY_TABLES)
        return self._entries.get(key, [])


@functools.cache
def registry() -> Registry:
    return Registry()
