"""The words in which derivative rules are written.

A row begins with the statement that it differentiates (its *head*) and gives, by keyword,
the quantities that it defines: ``dy_dx`` a partial derivative, ``y_dot`` a tangent,
``x_bar`` what is added to the adjoint of ``x``.  Right-hand sides are the Python that will be
emitted, over the names of the head, ``y_bar``, ``x_dot``, the row's ``let`` names, ``np``, ``math``,
``sp``, the macros of `macros` (expanded when generating) and ``rt`` (the functions of `adgen.runtime`,
whose source is written into generated modules that use them).

The first row that fits a call wins: its head binds the call's arguments (`Head.bind`), the leading
arguments have the ``ranks`` that it names, and its ``when`` (a test of static facts, as below) holds.

A conditional expression whose test is known when generating is folded: tests may use static
arguments (``axis is None``), ranks (``x.ndim == 2``), and ``y_bar is None`` for an output whose
adjoint is zero.  ``np.shape(x)``, ``x.shape``, ``x.size``, ``x.ndim`` and ``x.dtype`` are metadata: they
do not make the value of ``x`` be kept.

Broadcasting, accumulation, activity and the guard of singular partials belong to the kind, never
to the row.  Adjoints are transposes without conjugation (JAX's convention for complex numbers).
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def _scipy_version() -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in version("scipy").split(".")[:2])
    except PackageNotFoundError:
        return ()


SCIPY = _scipy_version()  # a few functions give other results since some version
ROWS: list[Row] = []


@dataclass(frozen=True)
class Head:
    """The statement that a row differentiates: ``y = np.sum(x, axis=None, keepdims=False)``."""

    text: str
    outputs: tuple[str, ...]
    callee: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, Any]
    star: str | None = None

    def bind(
        self,
        function: Any,
        arguments: Sequence[Any],
        keywords: Mapping[str, Any],
    ) -> dict[str, Any] | None:
        """The call's arguments by the head's names, or None if the head lacks one that is given.

        A name with a default in the head is matched by name, the others by position; ``out=None`` and
        the like, which the head does not mention, must be absent.  A parameter that is a tuple in the
        head (``cho_solve((c, lower), b)``) is taken apart, be it a tuple or a node of a tree.

        >>> parse_head("y = np.sum(x, axis=None, keepdims=False)").bind(sum, ["v"], {"axis": 0})
        {'x': 'v', 'axis': 0}
        """
        plain = [name for name in self.parameters if name not in self.defaults]
        order = _positions(function)
        if order is None:
            order = self.parameters
        bound: dict[str, Any] = {}
        if self.star:
            if len(arguments) < len(plain):
                return None
            bound = dict(zip(plain, arguments)) | {self.star: tuple(arguments[len(plain) :])}
            order = self.parameters
        else:
            for position, value in enumerate(arguments):
                name = self._name_at(position, order, plain)
                if name is None:
                    return None
                bound[name] = value
        for key, value in keywords.items():
            name = (
                key
                if key in self.defaults
                else (self._name_at(order.index(key), order, plain) if key in order else None)
            )
            if name is None or name in bound:
                return None
            bound[name] = value
        if not all(name in bound for name in plain):
            return None
        for name in plain:
            if name.startswith("("):
                value = bound.pop(name)
                items = getattr(value, "elts", value)
                if not isinstance(items, tuple | list):
                    return None
                bound |= zip(name.strip("()").split(", "), items, strict=True)
        return bound

    def _name_at(self, position: int, order: Sequence[str], plain: Sequence[str]) -> str | None:
        if position < len(plain):
            return plain[position]
        return order[position] if position < len(order) and order[position] in self.defaults else None


@dataclass(frozen=True)
class Row:
    """One function's derivative.  Built by the words below, never by hand."""

    kind: str
    heads: tuple[Head, ...]
    partials: Mapping[str, str] = field(default_factory=dict)
    adjoints: Mapping[str, str] = field(default_factory=dict)
    tangents: Mapping[str, str] = field(default_factory=dict)
    let: Mapping[str, str] = field(default_factory=dict)
    singular: tuple[str, ...] = ()
    ranks: tuple[int, ...] | None = None
    when: str = ""
    view: bool = False
    y_type: Callable[..., Any] | None = None
    numba: str | None = None
    at: str = ""
    reason: str = ""
    space: Mapping[str, Any] | None = None  # of a user's rule: what its right-hand sides name besides

    @property
    def differentiable(self) -> frozenset[str]:
        """The arguments that the row has a derivative for; the others are held constant."""
        return frozenset(self.partials) | frozenset(self.adjoints)


def _positions(function: Any) -> tuple[str, ...] | None:
    """Names of the parameters that may be given by position; None where Python does not tell."""
    known = _known_positions.get(id(function))
    if known is None or known[0] is not function:  # some functions can't be hashed
        known = _known_positions[id(function)] = (function, _find_positions(function))
    return known[1]


_known_positions: dict[int, tuple[Any, tuple[str, ...] | None]] = {}


def _find_positions(function: Any) -> tuple[str, ...] | None:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))


# fmt: off
OPERATORS = {
    "Add": "operator.add", "Sub": "operator.sub", "Mult": "operator.mul", "Div": "operator.truediv",
    "Pow": "operator.pow", "FloorDiv": "operator.floordiv", "Mod": "operator.mod",
    "MatMult": "operator.matmul", "USub": "operator.neg", "UAdd": "operator.pos",
    "Not": "operator.not_", "Invert": "operator.invert", "LShift": "operator.lshift",
    "RShift": "operator.rshift", "BitAnd": "operator.and_", "BitOr": "operator.or_",
    "BitXor": "operator.xor", "Eq": "operator.eq", "NotEq": "operator.ne", "Lt": "operator.lt",
    "LtE": "operator.le", "Gt": "operator.gt", "GtE": "operator.ge", "Is": "operator.is_",
    "IsNot": "operator.is_not",
}
# fmt: on


def parse_head(text: str) -> Head:
    """Read a head.

    >>> parse_head("w, v = np.linalg.eigh(a, UPLO='L')").defaults
    {'UPLO': 'L'}
    >>> parse_head("y = a * b").callee
    'operator.mul'
    """
    (statement,) = ast.parse(text).body
    assert isinstance(statement, ast.Assign), text
    target, value = statement.targets[0], statement.value
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    outputs = tuple(ast.unparse(name) for name in names)
    if isinstance(value, ast.BinOp):
        operands = (value.left, value.right)
        return Head(text, outputs, OPERATORS[type(value.op).__name__], tuple(map(ast.unparse, operands)), {})
    if isinstance(value, ast.UnaryOp):
        return Head(text, outputs, OPERATORS[type(value.op).__name__], (ast.unparse(value.operand),), {})
    if isinstance(value, ast.Compare):
        operands = (value.left, *value.comparators)
        return Head(text, outputs, OPERATORS[type(value.ops[0]).__name__], tuple(map(ast.unparse, operands)), {})
    assert isinstance(value, ast.Call), text
    star = next((ast.unparse(a.value) for a in value.args if isinstance(a, ast.Starred)), None)
    plain = tuple(ast.unparse(a) for a in value.args if not isinstance(a, ast.Starred))
    defaults = {k.arg: ast.literal_eval(k.value) for k in value.keywords if k.arg}
    return Head(text, outputs, ast.unparse(value.func), plain + tuple(defaults), defaults, star)


def build_row(kind: str, heads: tuple[str, ...], entries: Mapping[str, Any], **extra: Any) -> Row:
    """A row of the given kind, not yet in the table."""
    parsed = tuple(parse_head(text) for text in heads)
    options = {k: entries[k] for k in ("let", "ranks", "when", "view", "y_type", "numba", "at") if k in entries}
    quantities = {k: v for k, v in entries.items() if k not in options and k != "singular"}
    outputs = parsed[0].outputs
    partials, adjoints, tangents = {}, {}, {}
    for key, text in quantities.items():
        if key.endswith("_bar"):
            adjoints[key[:-4]] = text
        elif key.endswith("_dot"):
            tangents[key[:-4]] = text
        elif key.startswith(f"d{outputs[0]}_d"):
            partials[key[len(outputs[0]) + 3 :]] = text
        else:
            raise TypeError(f"{heads[0]}: unknown keyword {key!r}")
    singular = tuple(entries.get("singular", "").split())
    return Row(kind, parsed, partials, adjoints, tangents, singular=singular, **options, **extra)


def _row(kind: str, heads: tuple[str, ...], entries: Mapping[str, Any]) -> Row:
    row = build_row(kind, heads, entries)
    ROWS.append(row)
    return row


def elementwise(*heads: str, **entries: Any) -> Row:
    """A function of broadcast elements: partials ``dy_dx``, or ``x_bar`` and ``y_dot`` as they stand.

    ``singular="x"`` names the arguments whose partial may be infinite or NaN where the function is
    defined (or masked); there a zero cotangent or tangent contributes zero.
    """
    return _row("elementwise", heads, entries)


def linear(*heads: str, **entries: Any) -> Row:
    """Linear in the arguments that have an ``x_bar``; the tangent is the statement itself on ``x_dot``.

    An argument that is a sequence of arrays (``np.concatenate(xs)``) has its ``xs_bar`` evaluated once
    for each item, with ``k`` the item's position and ``xs[k]`` the item.
    """
    return _row("linear", heads, entries)


def bilinear(*heads: str, **entries: Any) -> Row:
    """Linear in each of two arguments, or in each item of a sequence; the tangent is the product rule."""
    return _row("bilinear", heads, entries)


def general(*heads: str, **entries: Any) -> Row:
    """Tangent and adjoints as given: ``y_dot`` (one for each output) and every ``x_bar``.

    The dot of an inactive argument stands for zero; an output without a ``_dot`` is piecewise constant.
    """
    return _row("general", heads, entries)


def constant(*names: str, **entries: Any) -> Row:
    """Functions whose derivative is zero wherever it exists (``np.floor``), or whose results are not floats.

    Names are written alone (``"np.floor"``): no head is needed.
    """
    heads = tuple(Head(name, ("y",), name, (), {}, "args") for name in names)
    row = Row("constant", heads, **entries)
    ROWS.append(row)
    return row


def refused(*names: str, reason: str) -> Row:
    """Functions that are refused by name; the reason says what to write instead."""
    heads = tuple(Head(name, ("y",), name, (), {}, "args") for name in names)
    row = Row("refused", heads, reason=reason)
    ROWS.append(row)
    return row
