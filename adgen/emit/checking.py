"""The text that was written, parsed again and compared with the tree that it came from."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import gast
import numpy as np


def check_text(text: str, statements: Sequence[gast.AST]) -> None:
    """Parse `text` and compare; a difference is a fault of the writer."""
    try:
        indented = text.startswith(" ")
        parsed = ast.parse(f"if 1:\n{text}").body[0].body if indented else ast.parse(text).body
    except SyntaxError as fault:
        raise AssertionError(f"unreadable text was written: {fault}\n{text}") from fault
    assert same_tree(parsed, list(statements)), f"text differs from its tree:\n{text}"


def same_tree(parsed: Any, tree: Any) -> bool:
    """Whether a parsed `ast` tree and a `gast` tree mean the same.

    A negative or otherwise unwritable constant equals the expression that spells it.
    """
    if isinstance(tree, list | tuple):
        return isinstance(parsed, list) and len(parsed) == len(tree) and all(map(same_tree, parsed, tree))
    kind = tree.__class__.__name__
    if kind == "Constant":
        return _same_constant(parsed, tree.value)
    if not isinstance(tree, ast.AST):
        return parsed == tree
    if kind in COMPARED_BY_DUMP:
        return ast.dump(parsed) == ast.dump(gast.gast_to_ast(tree))
    if kind == "Attempt":
        return _same_attempt(parsed, tree)
    if parsed.__class__.__name__ != kind:
        return False
    if kind == "Name":
        return parsed.id == tree.id
    for field in COMPARED.get(kind) or _compared_fields(kind, tree):
        if not same_tree(getattr(parsed, field, None), getattr(tree, field, None)):
            return False
    return True


COMPARED: dict[str, tuple[str, ...]] = {}
COMPARED_BY_DUMP = {"FunctionDef", "AsyncFunctionDef", "ClassDef", "Lambda", "Try", "JoinedStr", "Match"}


def _compared_fields(kind: str, tree: gast.AST) -> tuple[str, ...]:
    skipped = {"ctx", "kind", "type_comment", "annotation"} if kind != "AnnAssign" else {"ctx"}
    COMPARED[kind] = tuple(field for field in tree._fields if field not in skipped)
    return COMPARED[kind]


def _same_attempt(parsed: Any, tree: Any) -> bool:
    if not isinstance(parsed, ast.Try) or len(parsed.handlers) != 1:
        return False
    (handler,) = parsed.handlers
    if isinstance(parsed.body[0], ast.With):  # the settings that its statement carries
        parsed.body[:1] = parsed.body[0].body
    pairs = ((parsed.body, tree.body), (handler.type, tree.test), (handler.body, tree.orelse))
    return all(same_tree(one, other) for one, other in pairs)


def _same_constant(parsed: Any, value: Any) -> bool:
    if isinstance(parsed, ast.Constant):
        found = parsed.value
    elif isinstance(value, int | float | complex | np.generic):
        found = eval(compile(ast.Expression(parsed), "<constant>", "eval"), {"np": np})  # noqa: S307
    else:
        return False
    return type(found) is type(value) and (found == value or (found != found and value != value))
