"""What results depend on, and dropping the rest: loop variables that the frontend made in case they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import gast

from adgen.analyses.effects import MODULES, PURE_METHODS
from adgen.analyses.structure import assigned, base_name, leaves_early
from adgen.program.attempts import Attempt
from adgen.program.syntax import nodes_in
from adgen.program.types import ListOf, Scalar, Type


def prune(body: list[gast.stmt], results: Iterable[str], types: Mapping[str, Type]) -> list[gast.stmt]:
    """The statements that results and effects depend on.  Nodes that stay are the same objects."""
    live = live_names(body, results, types)
    return [s for s in (_kept(s, live) for s in body) if s is not None]


def live_names(body: Sequence[gast.stmt], results: Iterable[str], types: Mapping[str, Type]) -> set[str]:
    """The names that results and effects of a block depend on, wherever in it."""
    live = set(results)
    shares = _sharing(body, types)
    written = {name for name in map(base_name, _stores(body)) if name}
    size = -1
    while size != len(live):
        size = len(live)
        for statement in reversed(body):
            _mark(statement, live)
        shared = {shares(name) for name in live}  # a store into a view is one into all that share its memory
        live |= {name for name in written if shares(name) in shared}
    return live


def matters(statement: gast.stmt, live: Iterable[str]) -> bool:
    """Whether a statement does anything for names that are live, has an effect of its own, or leaves its loop."""
    return _mark(statement, set(live)) or leaves_early([statement])


def _stores(body: Iterable[gast.stmt]) -> list[gast.expr]:
    found: list[gast.expr] = []
    for statement in body:
        for node in nodes_in(statement):
            if isinstance(node, gast.Assign):
                found += [t for t in node.targets if isinstance(t, gast.Subscript)]
            elif isinstance(node, gast.AugAssign):
                found.append(node.target)
    return found


def _sharing(body: Iterable[gast.stmt], types: Mapping[str, Type]) -> Callable[[str], str]:
    """Classes of names that may share memory, by whatever may make a view."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.get(name, name) != name:
            name = parent[name]
        return name

    def join(name: str, value: gast.expr) -> None:
        for source in _reads(value):
            kinds = (types.get(source), types.get(name))
            if None in kinds or any(isinstance(kind, Scalar) for kind in kinds):
                continue  # modules hold no memory, numbers are copied
            if find(name) != find(source):
                parent[find(name)] = find(source)

    for statement in body:
        for node in nodes_in(statement):
            match node:
                case gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"), args=[item]):
                    join(name, item)
                case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=name))], value=value):
                    if isinstance(types.get(name), ListOf):
                        join(name, value)
            if not isinstance(node, gast.Assign):
                continue
            for target in node.targets:
                pairs = (
                    list(zip(target.elts, node.value.elts, strict=True))
                    if isinstance(target, gast.Tuple) and isinstance(node.value, gast.Tuple)
                    else [(target, node.value)]
                )
                for one, value in pairs:
                    if isinstance(value, gast.BinOp | gast.UnaryOp | gast.Compare | gast.Constant):
                        continue
                    for name in assigned(one):
                        join(name, value)
    return find


def _reads(node: gast.AST | None) -> set[str]:
    if node is None:
        return set()
    return {n.id for n in nodes_in(node) if isinstance(n, gast.Name)}


def _mark(statement: gast.stmt, live: set[str], counters: frozenset[str] = frozenset()) -> bool:
    """Whether a statement matters; if so, what it reads matters (but for the counters of the loops around it)."""
    match statement:
        case gast.Assign(targets=[gast.Subscript() as target], value=value):
            if base_name(target) in live:
                live |= (_reads(value) | _reads(target)) - counters
                return True
            return False
        case gast.AugAssign(target=target, value=value):
            if base_name(target) in live:
                live |= (_reads(value) | _reads(target)) - counters
                return True
            return False
        case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
            for one, value in zip(targets, values, strict=True):
                if one.id in live:
                    live |= _reads(value) - counters
            return any(t.id in live for t in targets)
        case gast.Assign(targets=[target], value=value):
            if any(n in live for n in assigned(target)) or _acts(value, live):
                live |= _reads(value) - counters
                return True
            return False
        case Attempt():
            names = {n for s in nodes_in(statement) if isinstance(s, gast.Assign) for n in assigned(s.targets[0])}
            if names & live:
                live |= (_reads(statement) - counters) | names  # all of it or nothing
                return True
            return False
        case gast.If(test=test, body=body, orelse=orelse):
            matters = [_mark(s, live, counters) for s in reversed((*body, *orelse))]
            if any(matters):
                live |= _reads(test) - counters
            return any(matters)
        case gast.For(target=target, iter=header, body=body):
            inner = counters | set(assigned(target))
            if _mark_all(body, live, inner):
                for s in body:
                    _mark_breaks(s, live, inner)
                live |= _reads(header) - counters
                return True
            return False
        case gast.While(test=test, body=body):
            if _mark_all(body, live, counters):
                for s in body:
                    _mark_breaks(s, live, counters)
                live |= _reads(test) - counters
                return True
            return False
        case gast.Break() | gast.Pass():
            return False
        case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"))):
            if name in live:
                live |= _reads(statement) - counters
                return True
            return False
    live |= _reads(statement) - counters
    return True


def _acts(value: gast.expr, live: set[str]) -> bool:
    """Whether computing a value takes an item off a live list, or moves a random generator on."""
    for node in nodes_in(value):
        match node:
            case gast.Call(
                func=gast.Attribute(value=gast.Attribute(value=gast.Name(id="np"), attr="random"), attr=name)
            ):
                return name != "default_rng"
            case gast.Call(func=gast.Attribute(value=gast.Name(id=owner), attr="pop")):
                return owner in live
            case gast.Call(func=gast.Attribute(value=gast.Name(id=owner), attr=name)):
                return owner not in MODULES and name not in PURE_METHODS
    return False


def _mark_all(body: Sequence[gast.stmt], live: set[str], counters: frozenset[str]) -> bool:
    """Whether a statement of a loop's body matters; all of them are marked."""
    marks = [_mark(s, live, counters) for s in reversed(body) if not isinstance(s, gast.Break)]
    return any(marks)


def _mark_breaks(statement: gast.stmt, live: set[str], counters: frozenset[str]) -> bool:
    """Tests that decide whether a live loop is left matter."""
    if isinstance(statement, gast.Break):
        return True
    if not isinstance(statement, gast.If):
        return False
    inside = [_mark_breaks(s, live, counters) for s in (*statement.body, *statement.orelse)]
    if any(inside):
        live |= _reads(statement.test) - counters
        return True
    return False


def _kept(statement: gast.stmt, live: set[str]) -> gast.stmt | None:
    match statement:
        case gast.Assign(targets=[gast.Subscript() as target]):
            return statement if base_name(target) in live else None
        case gast.AugAssign(target=target):
            return statement if base_name(target) in live else None
        case gast.Assign(targets=[gast.Tuple(elts=targets) as target], value=gast.Tuple(elts=values) as value):
            pairs = [(t, v) for t, v in zip(targets, values, strict=True) if t.id in live]
            if len(pairs) == 1:
                statement.targets, statement.value = [pairs[0][0]], pairs[0][1]
            target.elts, value.elts = [t for t, _ in pairs], [v for _, v in pairs]
            return statement if pairs else None
        case gast.Assign(targets=[target], value=value):
            return statement if any(n in live for n in assigned(target)) or _acts(value, live) else None
        case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"))):
            return statement if name in live else None
        case Attempt():
            return statement if _mark(statement, live) else None
        case gast.If():
            body, orelse = (
                [k for k in (_kept(s, live) for s in b) if k is not None] for b in (statement.body, statement.orelse)
            )
            if not body and not orelse:
                return None
            if not body:
                statement.test, body, orelse = gast.UnaryOp(gast.Not(), statement.test), orelse, []
            statement.body, statement.orelse = body, orelse
            return statement
        case gast.For() | gast.While():
            body = [k for k in (_kept(s, live) for s in statement.body) if k is not None]
            if not any(_matters(s) for s in body):
                return None
            statement.body = body
            return statement
    return statement


def _matters(statement: gast.stmt) -> bool:
    """Whether a statement does more than leave a loop."""
    if isinstance(statement, gast.Break | gast.Pass):
        return False
    if isinstance(statement, gast.If):
        return any(_matters(s) for s in (*statement.body, *statement.orelse))
    return True
