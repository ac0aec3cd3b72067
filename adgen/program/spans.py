"""Where a piece of a program stands in the user's files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import gast

Node = TypeVar("Node", bound=gast.AST)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of characters in a file.  Lines count from 1, columns from 0, as in `ast`.

    `sweep` is "reverse" for adjoint statements, which are printed with a comment that shows the original line, and
    "tangent" for tangent ones, which stand beside the original.  `errstate` is what ``np.errstate`` has set there:
    ``divide="ignore"``.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    function: str = ""
    sweep: str = "forward"
    errstate: str = ""


def span_of(node: object) -> Span | None:
    """The span that the frontend attached to a statement, or None."""
    return getattr(node, "span", None)


def errstate_of(node: object) -> str:
    """The settings of ``np.errstate`` under which a statement runs."""
    span = span_of(node)
    return "" if span is None else span.errstate


def with_span(node: Node, span: Span | None) -> Node:
    """Attach a span to a node (the only annotation that nodes of a program carry)."""
    node.span = span  # type: ignore[attr-defined]
    return node
