"""Early exits become structure: after this pass every jump stands in tail position.

``continue``, ``break`` and ``return`` in the middle of a block move what follows them into the other
branch; where a branch only may jump, a flag guards the rest.  ``return`` inside a loop becomes a
flag, a value and a ``break``; the ``else`` of a loop is guarded by a flag as well.  What jumps out of a ``try`` or
a ``with`` sets a flag and goes to its end; the jump itself stands behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

import gast

from adgen.program.syntax import clone

RETURNED = "_returned"
RESULT = "_result"

Block = list[gast.stmt]
JUMPS = (gast.Break, gast.Continue, gast.Return, gast.Raise)


def structure_jumps(body: Sequence[gast.stmt]) -> Block:
    """The body of a function with all jumps in tail position.

    >>> tree = gast.parse('''
    ... for x in xs:
    ...     if x < 0:
    ...         continue
    ...     s = s + x''')
    >>> print(gast.unparse(gast.Module(structure_jumps(tree.body), [])).strip())
    for x in xs:
        if x < 0:
            pass
        else:
            s = s + x
    """
    return _Jumps().function_body([clone(s) for s in body])


def _name(name: str, ctx: gast.expr_context | None = None) -> gast.Name:
    return gast.Name(name, ctx or gast.Load(), None, None)


def _set(name: str, value: gast.expr, at: gast.stmt) -> gast.stmt:
    node = gast.Assign([_name(name, gast.Store())], value, None)
    return gast.fix_missing_locations(gast.copy_location(node, at))


def _constant(value: object) -> gast.Constant:
    return gast.Constant(value, None)


def _unless(flag: str, body: Block, at: gast.stmt) -> gast.stmt:
    node = gast.If(gast.UnaryOp(gast.Not(), _name(flag)), body, [])
    return gast.fix_missing_locations(gast.copy_location(node, at))


def _blocks(statement: gast.stmt) -> list[Block]:
    """Blocks of a statement that belong to the same loop."""
    match statement:
        case gast.If():
            return [statement.body, statement.orelse]
        case gast.With():
            return [statement.body]
        case gast.Try():
            return [statement.body, *(h.body for h in statement.handlers), statement.orelse, statement.finalbody]
        case gast.Match():
            return [case.body for case in statement.cases]
    return []


def may(statement: gast.stmt, kinds: tuple[type, ...]) -> bool:
    """Whether a statement may end in one of these jumps (of its own loop)."""
    if isinstance(statement, kinds):
        return True
    return any(may(s, kinds) for block in _blocks(statement) for s in block)


def has_return(statement: gast.stmt) -> bool:
    """Whether a ``return`` stands anywhere in a statement, inner loops included, functions not."""
    if isinstance(statement, gast.Return):
        return True
    blocks = _blocks(statement)
    if isinstance(statement, gast.For | gast.While):
        blocks = [statement.body, statement.orelse]
    return any(has_return(s) for block in blocks for s in block)


def must_jump(block: Block) -> bool:
    """Whether a block always ends in a jump."""
    if not block:
        return False
    match block[-1]:
        case gast.Break() | gast.Continue() | gast.Return() | gast.Raise():
            return True
        case gast.If(body=body, orelse=orelse):
            return must_jump(body) and must_jump(orelse)
        case gast.Match(cases=cases):
            last = cases[-1].pattern
            total = isinstance(last, gast.MatchAs) and last.pattern is None
            return total and all(must_jump(case.body) for case in cases)
    return False


class _Jumps:
    def __init__(self) -> None:
        self.count = 0

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"_{stem}" if self.count == 1 else f"_{stem}{self.count}"

    def function_body(self, body: Block) -> Block:
        body = self.loops(body, in_loop=False)
        return self.tail(body, (gast.Return,))

    # ---- loops: return -> break, continue -> else, else of loops

    def loops(self, block: Block, *, in_loop: bool) -> Block:
        result: Block = []
        for position, statement in enumerate(block):
            for inner in _blocks(statement):
                inner[:] = self.loops(inner, in_loop=in_loop)
            if isinstance(statement, gast.Try | gast.With):
                result += self.contained(statement)
            elif isinstance(statement, gast.For | gast.While):
                result += self.loop(statement)
                if has_return_flag(result):
                    rest = self.loops(block[position + 1 :], in_loop=in_loop)
                    return result[:-1] + self.after_returning_loop(result[-1], rest)
            else:
                result.append(statement)
        return result

    def contained(self, statement: gast.Try | gast.With) -> Block:
        """Jumps out of ``try`` and ``with`` become flags, which are looked at behind the statement."""
        ways = [kind for kind in (gast.Return, gast.Break, gast.Continue) if may(statement, (kind,))]
        if not ways:
            return [statement]
        flags = {kind: self.fresh({gast.Return: "returned", gast.Break: "left"}.get(kind, "skipped")) for kind in ways}
        result = flags.get(gast.Return, "").replace("returned", "result")
        blocks = [block for block in _blocks(statement) if block is not getattr(statement, "finalbody", None)]
        skips = [flag for kind, flag in flags.items() if any(may(s, (kind,)) for s in statement.body)]
        for block in blocks:
            left = self.tail(self.jumps_to_flags(block, flags, result), (gast.Return,))
            block[:] = without_returns(left)
        if isinstance(statement, gast.Try) and statement.orelse:
            for flag in skips:
                statement.orelse = [_unless(flag, statement.orelse, statement)]
        after: Block = []
        for kind, flag in flags.items():
            jump = gast.Return(_name(result)) if kind is gast.Return else kind()
            leave = gast.If(_name(flag), [jump], [])
            after.append(gast.fix_missing_locations(gast.copy_location(leave, statement)))
        return [*(_set(flag, _constant(False), statement) for flag in flags.values()), statement, *after]

    def jumps_to_flags(self, block: Block, flags: dict[type, str], result: str) -> Block:
        """Every jump sets its flag and leaves the block, by a ``return`` that is taken away when it stands last."""
        out: Block = []
        for statement in block:
            if isinstance(statement, tuple(flags)):
                if isinstance(statement, gast.Return):
                    out.append(_set(result, statement.value or _constant(None), statement))
                out.append(_set(flags[type(statement)], _constant(True), statement))
                out.append(gast.copy_location(gast.Return(None), statement))
                continue
            for inner in _blocks(statement):
                inner[:] = self.jumps_to_flags(inner, flags, result)
            out.append(statement)
        return out

    def loop(self, loop: gast.For | gast.While) -> Block:
        returning = any(has_return(s) for s in loop.body)
        orelse, loop.orelse = loop.orelse, []
        loop.body = self.loops(loop.body, in_loop=True)
        before: Block = []
        after: Block = []
        if returning:
            returned = self.fresh("returned")
            result = returned.replace("returned", "result")
            before.append(_set(returned, _constant(False), loop))
            loop.body = self.returns_to_breaks(loop.body, returned, result)
        if orelse:
            breaks = any(may(s, (gast.Break,)) for s in loop.body)
            orelse = self.loops(orelse, in_loop=True)
            if breaks:
                left = self.fresh("left")
                before.append(_set(left, _constant(False), loop))
                loop.body = self.mark_breaks(loop.body, left)
                after.append(_unless(left, orelse, loop))
            else:
                after += orelse
        loop.body = self.tail(loop.body, (gast.Break, gast.Continue))
        result_block = [*before, loop, *after]
        if returning:
            marker = gast.Expr(_name(returned))
            marker.returned = (returned, result)
            result_block.append(marker)
        return result_block

    def after_returning_loop(self, marker: gast.stmt, rest: Block) -> Block:
        returned, result = marker.returned
        leave = gast.If(_name(returned), [gast.Return(_name(result))], rest)
        at = rest[0] if rest else gast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
        return [gast.fix_missing_locations(gast.copy_location(leave, at))]

    def returns_to_breaks(self, block: Block, returned: str, result: str) -> Block:
        out: Block = []
        for statement in block:
            if isinstance(statement, gast.Return):
                value = statement.value or _constant(None)
                out += [
                    _set(result, value, statement),
                    _set(returned, _constant(True), statement),
                    gast.copy_location(gast.Break(), statement),
                ]
                continue
            for inner in _blocks(statement):
                inner[:] = self.returns_to_breaks(inner, returned, result)
            out.append(statement)
        return out

    def mark_breaks(self, block: Block, left: str) -> Block:
        out: Block = []
        for statement in block:
            if isinstance(statement, gast.Break):
                out.append(_set(left, _constant(True), statement))
            for inner in _blocks(statement):
                inner[:] = self.mark_breaks(inner, left)
            out.append(statement)
        return out

    # ---- jumps to tail position

    def tail(self, block: Block, kinds: tuple[type, ...]) -> Block:
        """Move what follows a possible jump behind it, so that jumps end their block."""
        for position, statement in enumerate(block):
            if isinstance(statement, gast.Continue):
                return block[:position] or [gast.copy_location(gast.Pass(), statement)]
            if isinstance(statement, kinds + (gast.Raise,)):
                return block[: position + 1]
            rest = block[position + 1 :]
            if not may(statement, kinds):
                continue
            if isinstance(statement, gast.If):
                return block[:position] + self.tail_if(statement, rest, kinds)
            if isinstance(statement, gast.Match) and (must_jump_everywhere(statement) or not rest):
                for case in statement.cases:
                    case.body = self.tail(case.body, kinds)
                return block[: position + 1]
            if isinstance(statement, gast.Match):
                for case in statement.cases:
                    case.body = self.tail(case.body + ([] if must_jump(case.body) else [clone(s) for s in rest]), kinds)
                if not is_total(statement):
                    statement.cases.append(gast.match_case(gast.MatchAs(None, None), None, self.tail(rest, kinds)))
                return block[: position + 1]
        return block

    def tail_if(self, statement: gast.If, rest: Block, kinds: tuple[type, ...]) -> Block:
        body_jumps = must_jump(statement.body)
        else_jumps = must_jump(statement.orelse)
        if not rest or (body_jumps and else_jumps):
            statement.body = self.tail(statement.body, kinds)
            statement.orelse = self.tail(statement.orelse, kinds)
            return [statement]
        if body_jumps:
            statement.body = self.tail(statement.body, kinds)
            statement.orelse = self.tail(statement.orelse + rest, kinds)
            return [statement]
        if else_jumps:
            statement.body = self.tail(statement.body + rest, kinds)
            statement.orelse = self.tail(statement.orelse, kinds)
            return [statement]
        statement.body = self.tail(statement.body + [clone(s) for s in rest], kinds)
        statement.orelse = self.tail(statement.orelse + rest, kinds)
        return [statement]


def without_returns(block: Block) -> Block:
    """A block whose jumps stand last, without them."""
    kept = [s for s in block if not isinstance(s, gast.Return)]
    for statement in kept:
        for inner in _blocks(statement):
            inner[:] = without_returns(inner)
    if not kept and block:
        kept = [gast.copy_location(gast.Pass(), block[0])]
    return kept


def must_jump_everywhere(statement: gast.Match) -> bool:
    return must_jump([statement])


def is_total(statement: gast.Match) -> bool:
    last = statement.cases[-1]
    return last.guard is None and isinstance(last.pattern, gast.MatchAs) and last.pattern.pattern is None


def has_return_flag(block: Block) -> bool:
    return bool(block) and hasattr(block[-1], "returned")
