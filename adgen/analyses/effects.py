"""What statements read and change: names, array contents, and effects on the outside.

Nodes are never changed once they stand in a `Function`, so facts about the text of an expression are
remembered per node.  Whatever is not understood counts as an effect.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import NamedTuple

import gast

from adgen.program.function import Function, GlobalName
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, ListOf, Opaque, Scalar, Type

METADATA = frozenset({"shape", "size", "ndim", "dtype", "itemsize", "nbytes"})
ONLY_SHAPE = frozenset({"np.zeros_like", "np.empty_like", "np.ones_like", "np.full_like"}) | {
    "np.shape", "np.size", "np.ndim", "len"
}  # fmt: skip
MODULES = frozenset({"np", "numpy", "math", "cmath", "scipy", "sp"})
PURE_HOMES = ("numpy", "math", "cmath", "scipy", "adgen.runtime", "builtins", "operator")
PURE_BUILTINS = frozenset(
    "abs all any bool complex dict divmod enumerate float frozenset int isinstance len list max min "
    "pow range reversed round set slice sorted str sum tuple zip".split()
)
MUTATING_FUNCTIONS = frozenset(
    "np.add.at np.subtract.at np.multiply.at np.maximum.at np.minimum.at np.copyto np.put np.place np.putmask "
    "np.fill_diagonal np.put_along_axis add_rows".split()
)
MUTATING_METHODS = frozenset(
    "append extend insert pop remove clear sort fill put resize partition itemset update reverse "
    "setdefault popitem setflags add discard".split()
)
PURE_METHODS = frozenset(
    "all any argmax argmin argsort astype choose clip compress conj conjugate copy cumprod cumsum diagonal dot "
    "flatten item max mean min nonzero prod ravel real repeat reshape round searchsorted squeeze std sum "
    "swapaxes take tolist trace transpose var view get index count keys values items".split()
)


class Expression(NamedTuple):
    """Facts that follow from the text of an expression alone.

    `names` are read; of those, `contents` have their elements read, not only their shape.
    `loads` are the names again, as often as they stand there.  `text` identifies the expression;
    `operators` counts operations, calls included.
    """

    names: frozenset[str]
    contents: frozenset[str]
    calls: tuple[gast.Call, ...]
    text: str
    operators: int
    loads: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Columns it takes when printed, roughly."""
        return len(self.text) - 2 * self.operators


class Effect(NamedTuple):
    """What executing a statement does.  `mutates`: names whose object is changed in place."""

    reads: frozenset[str]
    contents: frozenset[str]
    defines: frozenset[str]
    mutates: frozenset[str]
    outside: bool = False

    def __or__(self, other: Effect) -> Effect:
        return Effect(
            self.reads | other.reads,
            self.contents | other.contents,
            self.defines | other.defines,
            self.mutates | other.mutates,
            self.outside or other.outside,
        )


EMPTY: frozenset[str] = frozenset()
NOTHING = Effect(EMPTY, EMPTY, EMPTY, EMPTY)
MOST_REMEMBERED = 20_000
_expressions: dict[int, tuple[gast.AST, Expression]] = {}  # holds the nodes, so that no id is used again


def facts(node: gast.AST) -> Expression:
    """Facts about an expression (a store target counts as an expression that is read)."""
    found = _expressions.get(id(node))
    if found is not None:
        return found[1]
    if len(_expressions) > MOST_REMEMBERED:
        _expressions.clear()
    made = _find_facts(node)
    _expressions[id(node)] = (node, made)
    return made


def forget_facts() -> None:
    """Let go of the nodes that facts were found for."""
    _expressions.clear()
    _mentions.clear()


_mentions: dict[int, tuple[gast.AST, tuple[str, ...]]] = {}


def mentions(node: gast.AST) -> tuple[str, ...]:
    """The names that stand in a statement or an expression, as often as they stand there."""
    if isinstance(node, gast.expr):
        return facts(node).loads
    found = _mentions.get(id(node))
    if found is not None:
        return found[1]
    if len(_mentions) > MOST_REMEMBERED:
        _mentions.clear()
    names: list[str] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, gast.AST):
                    names += mentions(item)
        elif isinstance(value, gast.AST):
            names += mentions(value)
    _mentions[id(node)] = (node, tuple(names))
    return _mentions[id(node)][1]


OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "MatMult": "@",
    "Pow": "**", "LShift": "<<", "RShift": ">>", "BitOr": "|", "BitXor": "^", "BitAnd": "&",
    "USub": "-", "UAdd": "+", "Invert": "~", "Not": "not ", "And": " and ", "Or": " or ",
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": " is ",
    "IsNot": " is not ", "In": " in ", "NotIn": " not in ",
}  # fmt: skip


def symbol(op: gast.AST) -> str:
    return OPERATORS[op.__class__.__name__]


def _find_facts(node: gast.AST) -> Expression:
    match node:
        case gast.Name(id=name):
            only = frozenset((name,))
            return Expression(only, only, (), name, 0, (name,))
        case gast.Constant(value=value):
            return Expression(EMPTY, EMPTY, (), _constant_text(value), 0)
        case gast.BinOp(left=left, op=op, right=right):
            return _merge([left, right], f"({{}} {symbol(op)} {{}})", 1)
        case gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=int() | float() as value)):
            return Expression(EMPTY, EMPTY, (), repr(-value), 0)
        case gast.UnaryOp(op=op, operand=operand):
            return _merge([operand], f"({symbol(op)}{{}})", 1)
        case gast.Attribute(value=value, attr=attr):
            inner = _merge([value], "{}." + attr, 0)
            if attr in METADATA:
                contents = EMPTY if isinstance(value, gast.Name) else inner.contents
                return Expression(inner.names, contents, inner.calls, inner.text, 0, inner.loads)
            return inner
        case gast.Subscript(value=value, slice=index):
            return _merge([value, index], "{}[{}]", 0)
        case gast.Call():
            return _call_facts(node)
        case gast.Tuple(elts=items) | gast.List(elts=items):
            braces = "({})" if isinstance(node, gast.Tuple) else "[{}]"
            return _merge(items, braces.format(", ".join(["{}"] * len(items)) or " "), 0)
        case gast.Compare(left=left, ops=ops, comparators=rest):
            text = "({}" + "".join(f" {symbol(op)} {{}}" for op in ops) + ")"
            return _merge([left, *rest], text, len(ops))
        case gast.Slice(lower=lower, upper=upper, step=step):
            parts = [p for p in (lower, upper, step) if p is not None]
            text = ":".join("" if p is None else "{}" for p in (lower, upper, step))
            return _merge(parts, text, 0)
        case gast.keyword(arg=arg, value=value):
            return _merge([value], f"{arg}={{}}", 0)
        case gast.IfExp(test=test, body=body, orelse=orelse):
            return _merge([test, body, orelse], "({1} if {0} else {2})", 1)
    return _other_facts(node)


def _constant_text(value: object) -> str:
    text = repr(value).replace("{", "{{").replace("}", "}}") if isinstance(value, str) else repr(value)
    return text if type(value) in (int, float, bool, complex, str, type(None)) else f"{type(value).__name__}:{text}"


def _merge(parts: Sequence[gast.AST], text: str, operators: int) -> Expression:
    found = [facts(part) for part in parts]
    return Expression(
        EMPTY.union(*[f.names for f in found]),
        EMPTY.union(*[f.contents for f in found]),
        tuple([call for f in found for call in f.calls]),
        text.format(*[f.text for f in found]),
        operators + sum([f.operators for f in found]),
        tuple([name for f in found for name in f.loads]),
    )


def _call_facts(node: gast.Call) -> Expression:
    arguments = [*node.args, *node.keywords]
    text = "{}(" + ", ".join(["{}"] * len(arguments)) + ")"
    merged = _merge([node.func, *arguments], text, 1)
    contents = merged.contents
    if dotted(node.func) in ONLY_SHAPE and node.args and isinstance(node.args[0], gast.Name):
        contents = EMPTY.union(*[facts(a).contents for a in arguments[1:]])
    return Expression(merged.names, contents, (*merged.calls, node), merged.text, merged.operators, merged.loads)


def _other_facts(node: gast.AST) -> Expression:
    loads = tuple(n.id for n in nodes_in(node) if isinstance(n, gast.Name))
    calls = tuple(n for n in nodes_in(node) if isinstance(n, gast.Call))
    names = frozenset(loads)
    return Expression(names, names, calls, gast.dump(node), 6, loads)


def dotted(node: gast.AST) -> str:
    """``np.add.at`` for nested attributes of a name, else the empty string."""
    parts: list[str] = []
    while isinstance(node, gast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, gast.Name) else ""


class Effects:
    """Effects of statements, given the types and the global names of a function."""

    def __init__(self, function: Function) -> None:
        self.types: Mapping[str, Type] = function.types
        self.globals: Mapping[str, GlobalName] = function.globals
        self.readonly = frozenset(p for p in function.params if p not in getattr(function, "owned_params", ()))
        self._of: dict[int, tuple[gast.stmt, Effect]] = {}

    def suits(self, function: Function) -> bool:
        return self.types is function.types and self.globals is function.globals

    def looked_at(self, read: Expression | Effect) -> frozenset[str]:
        """Names whose present contents matter: the length of a list changes, that of an array does not."""
        names = read.names if isinstance(read, Expression) else read.reads
        return read.contents | {n for n in names if isinstance(self.types.get(n), ListOf | Opaque)}

    def is_pure(self, expr: gast.AST) -> bool:
        """Whether evaluating changes nothing, and gives the same every time."""
        calls = facts(expr).calls
        return not calls or all(self._of_call(call) == (EMPTY, False) for call in calls)

    def block(self, body: Iterable[gast.stmt]) -> Effect:
        found = [self.of(stmt) for stmt in body]
        if not found:
            return NOTHING
        reads, contents, defines, mutates, outside = zip(*found, strict=True)
        union = EMPTY.union
        return Effect(union(*reads), union(*contents), union(*defines), union(*mutates), any(outside))

    def of(self, stmt: gast.stmt) -> Effect:
        found = self._of.get(id(stmt))
        if found is not None:
            return found[1]
        made = self._find(stmt)
        self._of[id(stmt)] = (stmt, made)
        return made

    def _find(self, stmt: gast.stmt) -> Effect:
        match stmt:
            case gast.Assign(targets=[target], value=value):
                return self._of_targets(target) | self._of_value(value)
            case gast.AugAssign(target=gast.Name(id=name), value=value):
                only = frozenset((name,))
                type_ = self.types.get(name)
                bound = EMPTY if isinstance(type_, Array | ListOf) else only
                changed = EMPTY if isinstance(type_, Scalar) else only
                return Effect(only, only, bound, changed) | self._of_value(value)
            case gast.AugAssign(target=target, value=value):
                return self._of_targets(target) | self._of_value(value)
            case gast.Expr(value=value):
                return self._of_value(value)
            case gast.Return(value=value):
                return self._of_value(value) if value is not None else NOTHING
            case gast.If(test=test, body=body, orelse=orelse):
                return self._of_value(test) | self.block(body) | self.block(orelse)
            case gast.While(test=test, body=body):
                return self._of_value(test) | self.block(body)
            case gast.For(target=gast.Name(id=name), iter=iter_, body=body, orelse=[]):
                target_ = Effect(EMPTY, EMPTY, frozenset((name,)), EMPTY)
                return target_ | self._of_value(iter_) | self.block(body)
            case gast.Pass() | gast.Break() | gast.Continue():
                return NOTHING
        return self._unknown(stmt)

    def _of_targets(self, target: gast.AST) -> Effect:
        if isinstance(target, gast.Name):
            return Effect(EMPTY, EMPTY, frozenset((target.id,)), EMPTY)
        if isinstance(target, gast.Tuple | gast.List):
            total = NOTHING
            for item in target.elts:
                total = total | self._of_targets(item)
            return total
        base = target
        while isinstance(base, gast.Subscript | gast.Attribute):
            base = base.value
        read = facts(target)
        if isinstance(base, gast.Name):
            inner = [] if target.value is base else [target.value]
            parts = [*inner, target.slice] if isinstance(target, gast.Subscript) else inner
            indices = EMPTY.union(*[facts(part).contents for part in parts])
            return Effect(read.names, indices, EMPTY, frozenset((base.id,)))
        return Effect(read.names, read.contents, EMPTY, read.names, outside=True)

    def _of_value(self, value: gast.AST) -> Effect:
        read = facts(value)
        mutates, outside = EMPTY, False
        for call in read.calls:
            changed, effect = self._of_call(call)
            mutates, outside = mutates | changed, outside or effect
        return Effect(read.names, read.contents, EMPTY, mutates, outside)

    def _of_call(self, call: gast.Call) -> tuple[frozenset[str], bool]:
        """Names whose objects a call changes, and whether it acts on the outside."""
        path = dotted(call.func)
        root = path.partition(".")[0]
        if any(k.arg == "out" for k in call.keywords):
            return facts(call).names, False
        if path in MUTATING_FUNCTIONS:
            return facts(call.args[0]).names if call.args else EMPTY, not call.args
        if not path or (root in self.types and "." in path):
            return self._of_method(call)
        if ".random" in path or root == "random":
            return EMPTY, True
        if root in MODULES or self._is_known(root):
            return EMPTY, path in {"np.seterr", "np.save", "np.savetxt", "np.set_printoptions"}
        if root in PURE_BUILTINS and path == root:
            return EMPTY, False
        if path == root and hasattr(builtins, root) and root not in self.globals:
            return EMPTY, True  # print, open, input, ...
        return self._arrays_in(call), False

    def _is_known(self, root: str) -> bool:
        entry = self.globals.get(root)
        if entry is None:
            return False
        value = entry.value
        home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        return str(home or entry.module or "").startswith(PURE_HOMES) or type(value).__name__ == "ufunc"

    def _of_method(self, call: gast.Call) -> tuple[frozenset[str], bool]:
        if not isinstance(call.func, gast.Attribute):
            return facts(call).names, True
        receiver = call.func.value
        if call.func.attr in MUTATING_METHODS:
            return facts(receiver).names, False
        opaque = isinstance(receiver, gast.Name) and isinstance(self.types.get(receiver.id), Opaque)
        if call.func.attr in PURE_METHODS and not opaque:
            return EMPTY, False
        return facts(call).names, True

    def _arrays_in(self, call: gast.Call) -> frozenset[str]:
        """Arrays that an unknown function might change: those that are not the caller's."""
        names = EMPTY.union(*[facts(a).names for a in [*call.args, *call.keywords]])
        return frozenset(
            n for n in names if n not in self.readonly and not isinstance(self.types.get(n), Scalar)
            and n not in self.globals and n not in MODULES
        )  # fmt: skip

    def _unknown(self, stmt: gast.stmt) -> Effect:
        """Raise, assert, with, del, ...: whatever they mention is read, whatever they bind is bound."""
        names = frozenset(n.id for n in nodes_in(stmt) if isinstance(n, gast.Name))
        if isinstance(stmt, gast.Assert | gast.Raise):
            return Effect(names, names, EMPTY, EMPTY, outside=True)
        bound = frozenset(n.id for n in nodes_in(stmt) if isinstance(n, gast.Name) and not isinstance(n.ctx, gast.Load))
        return Effect(names, names, bound, names, outside=True)


def blocks_of(stmt: gast.stmt) -> Iterator[Sequence[gast.stmt]]:
    """The statement lists inside a compound statement."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(stmt, field, None)
        if block:
            yield block
    for handler in getattr(stmt, "handlers", ()):
        yield handler.body


def statements_in(body: Iterable[gast.stmt]) -> Iterator[gast.stmt]:
    """Every statement, nested ones included, in the order of the text."""
    for stmt in body:
        yield stmt
        for block in blocks_of(stmt):
            yield from statements_in(block)
