"""Functions and stand-alone modules as text."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import gast

from adgen.emit.helpers import helper_sources, import_lines
from adgen.emit.python import Writer, check_text, deep_recursion
from adgen.emit.settings import under_errstate
from adgen.emit.spelling import spell
from adgen.emit.wrapping import WIDTH, wrap_line
from adgen.program.function import Function, GlobalName
from adgen.program.spans import Span, span_of, with_span

Group = list[gast.Assign]


def render_function(function: Function, *, decorator: str | None = None, comments: bool = True) -> str:
    """A function as text; derivative statements are preceded by the line that they come from."""
    body = spell(function, compiled=decorator is not None)
    body = group_initialisations(body, function.temporaries) or [gast.Pass()]
    if decorator is None:  # compiled code neither warns nor raises
        body = under_errstate(body)
    with deep_recursion():
        writer = _Commenting(function.name if comments else None)
        writer.block(body)
        text = writer.text()
        check_text(text, body)
    head = [decorator] if decorator else []
    head += wrap_line(f"def {function.name}({', '.join(_parameters(function))}):")
    if function.docstring:
        head += _docstring(function.docstring)
    return "\n".join([*head, text])


def _parameters(function: Function) -> list[str]:
    defaults = function.defaults
    return [f"{p}={defaults[p]}" if p in defaults else p for p in function.params]


def _docstring(text: str) -> list[str]:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"""')
    lines = f'"""{escaped}"""'.splitlines()
    if len(lines) > 1 and len(lines[-1]) > WIDTH - 4:
        lines = [*lines[:-1], lines[-1][:-3], '"""']
    return ["    " + line if line.strip() else "" for line in lines]


LEAST = 40  # characters of a comment, however deep it stands


class _Commenting(Writer):
    """Writes `# line 12: ...` before each run of statements that come from the same line."""

    def __init__(self, function: str | None) -> None:
        super().__init__()
        self._function = function
        self._last: tuple[str, int] | None = None
        self._written = 0

    def block(self, body: Sequence[gast.stmt]) -> None:
        outer, written = self._last, self._written
        super().block(body)
        self._last = outer if written == self._written else None

    def dispatch(self, tree: Any) -> None:
        if isinstance(tree, gast.stmt):
            self._comment(tree)
        super().dispatch(tree)

    def has_comment(self, stmt: gast.stmt) -> bool:
        span = span_of(stmt)
        return self._function is not None and span is not None and span.sweep == "reverse"

    def _comment(self, stmt: gast.stmt) -> None:
        span = span_of(stmt)
        if span is None or self._function is None:
            return
        if span.sweep != "reverse":
            return
        place = (span.file, span.line)
        if place != self._last:
            text = original_line(span)
            if text:
                self.flush()
                self._lines.append(self._comment_line(span, text))
                self._written += 1
            self._last = place

    def _comment_line(self, span: Span, text: str) -> str:
        own = not span.function or self._is_own(span.function)
        where = f"line {span.line}" + ("" if own else f" of {span.function}")
        line = f"{'    ' * self._indent}# {where}: {text}"
        width = max(WIDTH, 4 * self._indent + LEAST)
        return line if len(line) <= width else line[: width - 4].rstrip() + " ..."

    def _is_own(self, name: str) -> bool:
        """`loss_grad` is derived from `loss`: its lines need no name."""
        own = self._function or ""
        return own == name or own.startswith(name.rpartition(".")[2] + "_") or "lambda" in name


def original_line(span: Span) -> str:
    """The first line of the statement that a span covers, as it stands in the file."""
    return linecache.getline(span.file, span.line).strip()


# ---- initialisations ------------------------------------------------------------------------


def group_initialisations(body: Sequence[gast.stmt], temporaries: frozenset[str] = frozenset()) -> list[gast.stmt]:
    """``x_bar = 1.0; v_bar = 0.0`` to ``x_bar, v_bar = 1.0, 0.0``, in all blocks.

    Statements of one original line, and scalar adjoints set to constants, are joined.
    """
    done: list[gast.stmt] = []
    group: Group = []
    for stmt in body:
        if _is_simple(stmt) and (not group or _belongs(group, stmt, temporaries)):
            group.append(stmt)
            continue
        done += _joined(group)
        group = [stmt] if _is_simple(stmt) else []
        if not group:
            done.append(_with_grouped_blocks(stmt, temporaries))
    return [*done, *_joined(group)]


def _with_grouped_blocks(stmt: gast.stmt, temporaries: frozenset[str]) -> gast.stmt:
    fields = {f: getattr(stmt, f) for f in ("body", "orelse") if getattr(stmt, f, None)}
    if not fields or not isinstance(stmt, gast.If | gast.For | gast.While):
        return stmt
    new = stmt.__class__.__new__(stmt.__class__)
    new.__dict__.update(stmt.__dict__)
    for name, block in fields.items():
        setattr(new, name, group_initialisations(block, temporaries))
    return new


def _is_simple(stmt: gast.stmt) -> bool:
    return (
        isinstance(stmt, gast.Assign)
        and isinstance(stmt.targets[0], gast.Name)
        and isinstance(stmt.value, gast.Name | gast.Constant)
    )


def _belongs(group: Group, stmt: gast.Assign, temporaries: frozenset[str]) -> bool:
    """Whether a statement may join a group: same origin, and independent of what the group defines."""
    names = {s.targets[0].id for s in group}
    if stmt.targets[0].id in names or (isinstance(stmt.value, gast.Name) and stmt.value.id in names):
        return False
    if any(isinstance(s.value, gast.Name) and s.value.id == stmt.targets[0].id for s in group):
        return False
    first, own = span_of(group[0]), span_of(stmt)
    if first is not None and own is not None and "reverse" not in (first.sweep, own.sweep):
        return (first.file, first.line, first.column) == (own.file, own.line, own.column)
    return all(_is_adjoint_constant(s, temporaries) for s in [*group, stmt])


def _is_adjoint_constant(stmt: gast.Assign, temporaries: frozenset[str]) -> bool:
    name = stmt.targets[0].id
    derived = "_bar" in name or "_dot" in name or name in temporaries
    return derived and isinstance(stmt.value, gast.Constant) and isinstance(stmt.value.value, float)


def _joined(group: Group) -> list[gast.stmt]:
    if len(group) < 2:
        return list(group)
    if len(group) > 6:
        return [*_joined(group[:6]), *_joined(group[6:])]
    targets = gast.Tuple([s.targets[0] for s in group], gast.Store())
    values = gast.Tuple([s.value for s in group], gast.Load())
    spans = {(s.file, s.line, s.sweep == "reverse") if (s := span_of(g)) else None for g in group}
    joined = gast.Assign([targets], values, None)
    return [with_span(joined, span_of(group[0])) if len(spans) == 1 else joined]


# ---- modules --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    text: str
    names: frozenset[str]


def render_module(
    functions: Iterable[Function | str],
    *,
    header_comment: str = "",
    imports: Iterable[str] = ("import math", "import numba", "import numpy as np"),
    runtime_functions: Iterable[Callable[..., Any]] = (),
    plain_functions: Iterable[Callable[..., Any]] = (),
    decorator: str | None = None,
    user_globals: Iterable[GlobalName] = (),
    helper_decorator: str | None = None,
) -> str:
    """A module that stands alone: of `imports`, those lines whose name is used are kept.

    Runtime helpers are copied in with what they call from their own module, all but `plain_functions` with the
    `helper_decorator`; a user's globals are imported from where they live.
    """
    functions = list(functions)
    texts = [f if isinstance(f, str) else render_function(f, decorator=decorator) for f in functions]
    helpers, helper_imports = helper_sources(runtime_functions)
    if helper_decorator is not None:
        helpers = [f"{helper_decorator}\n{h}" if _defined(h) else h for h in helpers]
    known = {n for h in helpers for n in _defined(h)}
    others, other_imports = helper_sources(plain_functions)
    helpers += [h for h in others if h not in helpers and not known & set(_defined(h))]
    helper_imports += other_imports
    parts = [_part(text) for text in [*helpers, *texts]]
    used = frozenset().union(*[p.names for p in parts]) if parts else frozenset()
    entries = [g for f in functions if isinstance(f, Function) for g in f.globals.values()]
    entries += user_globals
    defined = {n for p in parts for n in _defined(p.text)}
    lines, constants = import_lines([*imports, *helper_imports], entries, used - defined)
    header = "\n".join(f"# {line}".rstrip() for line in header_comment.splitlines())
    plain = [p.text for p in parts if not _defined(p.text)]
    top = [header, "\n".join(lines), "\n".join([*plain, *constants])]
    blocks = ["\n\n".join(block for block in top if block)]
    blocks += [p.text.strip("\n") for p in parts if _defined(p.text)]
    text = "\n\n\n".join(block for block in blocks if block) + "\n"
    ast.parse(text)
    return text


def _part(text: str) -> _Part:
    tree = ast.parse(text)
    return _Part(text, frozenset(n.id for n in ast.walk(tree) if isinstance(n, ast.Name)))


def _defined(text: str) -> list[str]:
    return [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
