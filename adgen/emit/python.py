"""Trees to text: what a careful person would have typed, checked by parsing it again."""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import astunparse
import gast

from adgen.emit.checking import check_text, same_tree
from adgen.emit.settings import under_errstate
from adgen.emit.wrapping import WIDTH, wrap_line
from adgen.program.accumulation import is_accumulation, spelled
from adgen.program.attempts import Attempt

LAMBDA, TERNARY, OR, AND, NOT, COMPARE = range(6)
BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, UNARY, POWER, ATOM = range(6, 15)

BINARY = {
    "Add": ("+", SUM), "Sub": ("-", SUM), "Mult": ("*", PRODUCT), "Div": ("/", PRODUCT),
    "FloorDiv": ("//", PRODUCT), "Mod": ("%", PRODUCT), "MatMult": ("@", PRODUCT),
    "Pow": ("**", POWER), "LShift": ("<<", SHIFT), "RShift": (">>", SHIFT),
    "BitOr": ("|", BIT_OR), "BitXor": ("^", BIT_XOR), "BitAnd": ("&", BIT_AND),
}  # fmt: skip
UNARY_TEXT = {"USub": ("-", UNARY), "UAdd": ("+", UNARY), "Invert": ("~", UNARY), "Not": ("not ", NOT)}


class Writer(astunparse.Unparser):
    """Writes statements as lines; knows precedence, and leaves what is rare to `ast.unparse`."""

    def __init__(self, indent: int = 0) -> None:  # the base class prints when constructed; we do not
        self._indent = indent
        self._lines: list[str] = []
        self._parts: list[str] = []
        self._level = LAMBDA

    # ---- text -------------------------------------------------------------------------------

    def fill(self, text: str = "") -> None:
        self.flush()
        self._parts.append("    " * self._indent + text)

    def write(self, text: str) -> None:
        self._parts.append(text)

    def flush(self) -> None:
        if self._parts:
            line = "".join(self._parts)
            self._parts = []
            self._lines.extend(wrap_line(line) if len(line) > WIDTH else [line])

    def line(self) -> str:
        """What was written since the last line ended."""
        return "".join(self._parts)

    def text(self) -> str:
        self.flush()
        return "\n".join(self._lines)

    def dispatch(self, tree: Any) -> None:
        if isinstance(tree, list | tuple):
            for node in tree:
                self.dispatch(node)
            return
        method = getattr(self, "_" + tree.__class__.__name__, None)
        if method is None or tree.__class__.__name__ in RARE:
            self._rare(tree)
        else:
            method(tree)

    def at(self, tree: gast.AST, level: int) -> None:
        """Write an expression that stands where only operators of `level` or tighter may stand."""
        outer, self._level = self._level, level
        self.dispatch(tree)
        self._level = outer

    def _enclosed(self, precedence: int, parts: Iterable[Any]) -> None:
        """Write text and (expression, level) pairs, in parentheses if the context binds tighter."""
        needs = precedence < self._level
        if needs:
            self.write("(")
        for part in parts:
            if isinstance(part, str):
                self.write(part)
            else:
                self.at(*part)
        if needs:
            self.write(")")

    def _rare(self, tree: gast.AST) -> None:
        """Hand a node to the standard library: f-strings, match, with, try, comprehensions, ..."""
        text = ast.unparse(ast.fix_missing_locations(gast.gast_to_ast(tree)))
        if isinstance(tree, gast.stmt):
            self.flush()
            self._lines.extend("    " * self._indent + line for line in text.splitlines())
        else:
            bare = isinstance(tree, BRACKETED) or self._level == LAMBDA
            self.write(text if bare or text.startswith("(") and text.endswith(")") else f"({text})")

    # ---- statements -------------------------------------------------------------------------

    def block(self, body: Sequence[gast.stmt]) -> None:
        self._indent += 1
        for stmt in body:
            self.dispatch(stmt)
        self._indent -= 1

    def _Expr(self, tree: gast.Expr) -> None:
        self.fill()
        self.at(tree.value, LAMBDA)

    def _Assign(self, tree: gast.Assign) -> None:
        self.fill()
        for target in tree.targets:
            self._bare(target)
            self.write(" = ")
        self._bare(tree.value)

    def _AugAssign(self, tree: gast.AugAssign) -> None:
        if is_accumulation(tree):
            return self.dispatch(spelled(tree))
        self.fill()
        self.at(tree.target, ATOM)
        self.write(f" {BINARY[tree.op.__class__.__name__][0]}= ")
        self._bare(tree.value)

    def _Return(self, tree: gast.Return) -> None:
        self.fill("return")
        if tree.value is not None:
            self.write(" ")
            self._bare(tree.value)

    def _Assert(self, tree: gast.Assert) -> None:
        self.fill("assert ")
        self.at(tree.test, TERNARY)
        if tree.msg is not None:
            self.write(", ")
            self.at(tree.msg, TERNARY)

    def _Raise(self, tree: gast.Raise) -> None:
        self.fill("raise")
        if tree.exc is not None:
            self.write(" ")
            self.at(tree.exc, LAMBDA)
        if tree.cause is not None:
            self.write(" from ")
            self.at(tree.cause, LAMBDA)

    def _If(self, tree: gast.If) -> None:
        word = "if "
        while True:
            self.fill(word)
            self.at(tree.test, LAMBDA)
            self.write(":")
            self.block(tree.body)
            if len(tree.orelse) != 1 or type(tree.orelse[0]) is not gast.If:
                break
            if self.has_comment(tree.orelse[0]):
                break
            tree, word = tree.orelse[0], "elif "
        self._else(tree)

    def _With(self, tree: gast.With) -> None:
        self.fill("with ")
        for position, item in enumerate(tree.items):
            self.write(", " if position else "")
            self.at(item.context_expr, LAMBDA)
            if item.optional_vars is not None:
                self.write(" as ")
                self.at(item.optional_vars, ATOM)
        self.write(":")
        self.block(tree.body)

    def _Attempt(self, tree: Attempt) -> None:
        self.fill("try:")
        self.block(under_errstate(tree.body))
        self.fill("except ")
        self.at(tree.test, LAMBDA)
        self.write(":")
        self.block(tree.orelse)

    def has_comment(self, stmt: gast.stmt) -> bool:  # overridden where comments are written
        return False

    def _For(self, tree: gast.For) -> None:
        self.fill("for ")
        self._bare(tree.target)
        self.write(" in ")
        self._bare(tree.iter)
        self.write(":")
        self.block(tree.body)
        self._else(tree)

    def _While(self, tree: gast.While) -> None:
        self.fill("while ")
        self.at(tree.test, LAMBDA)
        self.write(":")
        self.block(tree.body)
        self._else(tree)

    def _else(self, tree: Any) -> None:
        if tree.orelse:
            self.fill("else:")
            self.block(tree.orelse)

    # ---- expressions ------------------------------------------------------------------------

    def _bare(self, tree: gast.AST) -> None:
        """An expression that may be a tuple without parentheses."""
        if isinstance(tree, gast.Tuple) and len(tree.elts) > 1:
            self._items(tree.elts)
        else:
            self.at(tree, LAMBDA)

    def _items(self, items: Sequence[gast.AST]) -> None:
        for position, item in enumerate(items):
            if position:
                self.write(", ")
            self.at(item, TERNARY)

    def _Name(self, tree: gast.Name) -> None:
        self.write(tree.id)

    def _Constant(self, tree: gast.Constant) -> None:
        text = constant_text(tree.value)
        negative = text.startswith("-")
        self._enclosed(UNARY if negative else ATOM, [text])

    def _BinOp(self, tree: gast.BinOp) -> None:
        symbol, own = BINARY[tree.op.__class__.__name__]
        left, right = (ATOM, UNARY) if own == POWER else (own, own + 1)
        if symbol == "*" and isinstance(tree.left, gast.BinOp) and isinstance(tree.left.op, gast.Div):
            left = own + 1  # (a / b) * c: nobody has to remember the order
        self._enclosed(own, [(tree.left, left), f" {symbol} ", (tree.right, right)])

    def _UnaryOp(self, tree: gast.UnaryOp) -> None:
        symbol, own = UNARY_TEXT[tree.op.__class__.__name__]
        self._enclosed(own, [symbol, (tree.operand, own)])

    def _BoolOp(self, tree: gast.BoolOp) -> None:
        word, own = (" and ", AND) if isinstance(tree.op, gast.And) else (" or ", OR)
        parts: list[Any] = [(tree.values[0], NOT)]  # (a and b) or c: nobody has to remember the order
        for value in tree.values[1:]:
            parts += [word, (value, NOT)]
        self._enclosed(own, parts)

    def _Compare(self, tree: gast.Compare) -> None:
        parts: list[Any] = [(tree.left, BIT_OR)]
        for op, right in zip(tree.ops, tree.comparators, strict=True):
            parts += [f" {self.cmpops[op.__class__.__name__]} ", (right, BIT_OR)]
        self._enclosed(COMPARE, parts)

    def _IfExp(self, tree: gast.IfExp) -> None:
        parts = [(tree.body, OR), " if ", (tree.test, OR), " else ", (tree.orelse, TERNARY)]
        self._enclosed(TERNARY, parts)

    def _Attribute(self, tree: gast.Attribute) -> None:
        self._primary(tree.value)
        self.write("." + tree.attr)

    def _primary(self, tree: gast.AST) -> None:
        integer = isinstance(tree, gast.Constant) and type(tree.value) is int and tree.value >= 0
        if integer:
            self.write(f"({tree.value})")
        else:
            self.at(tree, ATOM)

    def _Subscript(self, tree: gast.Subscript) -> None:
        self._primary(tree.value)
        self.write("[")
        index = tree.slice
        if isinstance(index, gast.Tuple) and index.elts:
            self._items(index.elts)
            if len(index.elts) == 1:
                self.write(",")
        else:
            self.at(index, LAMBDA)
        self.write("]")

    def _Slice(self, tree: gast.Slice) -> None:
        bounds = (tree.lower, tree.upper, tree.step)
        space = "" if all(map(_is_simple_bound, bounds)) else " "
        for position, part in enumerate(bounds):
            if position == 1 or (position == 2 and part is not None):
                before = space if bounds[position - 1] is not None else ""
                self.write(f"{before}:{space if part is not None else ''}")
            if part is not None:
                self.at(part, TERNARY)

    def _Call(self, tree: gast.Call) -> None:
        self._primary(tree.func)
        self.write("(")
        self._items([*tree.args, *tree.keywords])
        self.write(")")

    def _keyword(self, tree: gast.keyword) -> None:
        self.write("**" if tree.arg is None else tree.arg + "=")
        self.at(tree.value, TERNARY if tree.arg else BIT_OR)

    def _Tuple(self, tree: gast.Tuple) -> None:
        self.write("(")
        self._items(tree.elts)
        self.write(",)" if len(tree.elts) == 1 else ")")

    def _List(self, tree: gast.List) -> None:
        self.write("[")
        self._items(tree.elts)
        self.write("]")

    def _Dict(self, tree: gast.Dict) -> None:
        self.write("{")
        for position, (key, value) in enumerate(zip(tree.keys, tree.values, strict=True)):
            self.write(", " if position else "")
            if key is None:
                self.write("**")
            else:
                self.at(key, TERNARY)
                self.write(": ")
            self.at(value, TERNARY if key else BIT_OR)
        self.write("}")

    def _Starred(self, tree: gast.Starred) -> None:
        self.write("*")
        self.at(tree.value, BIT_OR)


def _is_simple_bound(node: gast.AST | None) -> bool:
    """Bounds around whose colon `ruff format` puts no spaces."""
    match node:
        case gast.UnaryOp(operand=operand):
            return _is_simple_bound(operand)
    return node is None or isinstance(node, gast.Name | gast.Constant)


RARE = {
    "JoinedStr", "FormattedValue", "Lambda", "ListComp", "SetComp", "DictComp", "GeneratorExp", "NamedExpr",
    "Await", "Yield", "YieldFrom", "Set", "FunctionDef", "AsyncFunctionDef", "ClassDef", "AsyncWith",
    "Try", "AsyncFor", "Import", "ImportFrom", "AnnAssign", "Delete", "Global", "Nonlocal",
}  # fmt: skip
BRACKETED = (gast.JoinedStr, gast.ListComp, gast.SetComp, gast.DictComp, gast.Set, gast.GeneratorExp)


def constant_text(value: Any) -> str:
    """A literal, or the shortest expression with the same value (``np.inf``)."""
    if isinstance(value, str):
        text = repr(value)
        return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in value else text
    if type(value) is float and not math.isfinite(value):
        return "np.nan" if math.isnan(value) else ("np.inf" if value > 0 else "-np.inf")
    if type(value) is complex and value.real != 0:
        return f"complex({constant_text(value.real)}, {constant_text(value.imag)})"
    return "..." if value is Ellipsis else repr(value)


def to_source(nodes: gast.AST | Sequence[gast.AST], *, indent: int = 0) -> str:
    """Statements or expressions as text.

    >>> to_source(gast.parse("y = -(a[i, :] ** 2) * (b + (c * d))").body)
    'y = -a[i, :] ** 2 * (b + c * d)'
    """
    many: list[Any] = list(nodes) if isinstance(nodes, list | tuple) else [nodes]
    with deep_recursion():
        if many and isinstance(many[0], gast.expr):
            texts = [_expression_text(node) for node in many]
            return "\n".join(texts)
        writer = Writer(indent)
        writer.dispatch(many)
        text = writer.text()
        check_text(text, _statements(many))
    return text


def _statements(nodes: Sequence[gast.AST]) -> list[gast.AST]:
    return [s for node in nodes for s in (node.body if isinstance(node, gast.Module) else [node])]


def _expression_text(node: gast.AST) -> str:
    writer = Writer()
    writer.dispatch(node)
    text = writer.line()
    same = same_tree(ast.parse(text, mode="eval").body, node)
    assert same, f"text differs from its tree: {text}"
    return text


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for long chains of operators: printing and comparing recurse."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
