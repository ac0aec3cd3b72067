"""Functions with a rule of the user's, and the rule that one without is asked for."""

from __future__ import annotations

import inspect
from typing import Any

from adgen.rules.registry import registry


def row_to_fill_in(function: Any, path: str) -> str:
    """The call of `adgen.rule` that a function lacks, to be pasted and filled in."""
    try:
        parameters = inspect.signature(function).parameters.values()
        names = [p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    except (TypeError, ValueError):
        names = ["x"]
    short = path.rpartition(".")[2]
    partials = ", ".join(f'dy_d{n}="..."' for n in names)
    return f'adgen.rule("y = {short}({", ".join(names)})", {path}, {partials})   # partial derivatives, as Python'


def row_of_user(function: Any) -> Any:
    """For a function with a rule of the user's: what tells the type of its result; None for all others."""
    rows = registry().lookup(function)
    return (rows[0][1].y_type or function) if rows and rows[0][1].space is not None else None
