"""Values for what a branch or an exception skipped: a name that is read behind an ``if`` is defined in both branches.

Nobody looks at these values: who reads the name has come along the other branch, or stands under ``if not raised``.
But copies hand them on, and the reverse sweep records them and gives every name an adjoint of its shape: it relies on
every name being defined wherever it is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import gast

from adgen.analyses.sizes import Sizes
from adgen.analyses.structure import assigned
from adgen.frontend.loop_variables import placeholder
from adgen.frontend.nodes import store
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Opaque, Type


def complete(body: list[gast.stmt], results: Iterable[str], types: Mapping[str, Type], sizes: Sizes) -> None:
    """Add definitions, in place."""
    total = Counter(results)
    for statement in body:
        total += _reads(statement)
    _Completion(types, sizes, total).block(body, set())


def _reads(statement: gast.AST) -> Counter[str]:
    return Counter(n.id for n in nodes_in(statement) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load))


class _Completion:
    def __init__(self, types: Mapping[str, Type], sizes: Sizes, total: Counter[str]) -> None:
        self.types, self.sizes, self.total = types, sizes, total

    def block(self, body: list[gast.stmt], before: set[str]) -> set[str]:
        """The names that a block defines, on every path through it; some have a value before it."""
        defined: set[str] = set()
        for statement in body:
            match statement:
                case gast.If():
                    defined |= self.branch(statement, before | defined)
                case gast.For() | gast.While():
                    self.block(statement.body, before | defined)
                case gast.Assign(targets=[target]):
                    defined |= set(assigned(target))
        return defined

    def branch(self, statement: gast.If, before: set[str]) -> set[str]:
        one, two = self.block(statement.body, before), self.block(statement.orelse, before)
        leaves = [bool(b) and isinstance(b[-1], gast.Raise | gast.Break) for b in (statement.body, statement.orelse)]
        inner: Counter[str] | None = None
        for name in sorted((one ^ two) - before):
            inner = _reads(statement) if inner is None else inner
            if self.total[name] > inner[name]:
                side = 1 if name in one else 0
                if not leaves[side]:
                    block = (statement.body, statement.orelse)[side]
                    at = span_of(block[-1]) if block else span_of(statement)
                    block.append(with_span(gast.Assign([store(name)], self.value(name), None), at))
        return one | two

    def value(self, name: str) -> gast.expr:
        type_ = self.types[name]
        if isinstance(type_, Opaque):
            return gast.Constant(None, None)
        made = placeholder(type_)
        if isinstance(type_, Array) and isinstance(made, gast.Call):
            dims = [self.sizes.reduce(d) for d in type_.shape]
            known = all(s in self.sizes.entry_symbols for d in dims for s in d.symbols)
            if known:  # a tape of fixed shape may take it up
                made.args[0] = gast.Tuple([gast.parse(str(d)).body[0].value for d in dims], gast.Load())
        return made
