"""``with np.errstate(...)``: a setting of statements in a program, a block in its text."""

from __future__ import annotations

from collections.abc import Sequence

import gast

from adgen.program.attempts import Attempt
from adgen.program.spans import errstate_of
from adgen.program.syntax import nodes_in


def under_errstate(body: Sequence[gast.stmt]) -> list[gast.stmt]:
    """``with np.errstate(...)`` around the statements that stood under it in the original."""
    done: list[gast.stmt] = []
    group: list[gast.stmt] = []
    for position, statement in enumerate(body):
        setting = errstate_of(statement)
        if not setting:
            done.append(_with_blocks(statement))
            continue
        group.append(statement)
        if position + 1 == len(body) or errstate_of(body[position + 1]) != setting:
            if any(_may_warn(s) for s in group):
                call = gast.parse(f"np.errstate({setting})").body[0].value
                done.append(gast.With([gast.withitem(call, None)], group, None))
            else:
                done += group
            group = []
    return done


def _may_warn(statement: gast.stmt) -> bool:
    return any(isinstance(n, gast.BinOp | gast.Call | gast.UnaryOp) for n in nodes_in(statement))


def _with_blocks(statement: gast.stmt) -> gast.stmt:
    if isinstance(statement, Attempt) or not isinstance(statement, gast.If | gast.For | gast.While):
        return statement
    new = statement.__class__.__new__(statement.__class__)
    new.__dict__.update(statement.__dict__)
    new.body = under_errstate(statement.body)
    if isinstance(statement, gast.If):
        new.orelse = under_errstate(statement.orelse)
    return new
