"""Products and quotients of floats: ``coefficient * numbers * arrays / denominators``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import gast

from adgen.analyses.effects import facts
from adgen.optimize.kinds import Kinds
from adgen.optimize.trees import binary, constant, is_number, negated


@dataclass
class Product:
    """A flattened chain of ``*``, ``/`` and signs, in the order of the text."""

    negative: bool = False
    numbers: list[float] = field(default_factory=list)
    divisors: list[float] = field(default_factory=list)
    over: list[gast.expr] = field(default_factory=list)
    under: list[gast.expr] = field(default_factory=list)
    untidy: bool = False

    def add(self, node: gast.expr, kinds: Kinds, *, inverse: bool = False, first: bool = True) -> None:
        """Take in a factor (or a divisor), and the factors that it consists of."""
        match node:
            case gast.UnaryOp(op=gast.USub(), operand=operand) if kinds.of(node).kind not in "biu?":
                self.negative = not self.negative
                self.untidy = self.untidy or not first or inverse or isinstance(operand, gast.BinOp)
                self.add(operand, kinds, inverse=inverse, first=first)
            case gast.Constant() if is_number(node):
                self._number(node.value, inverse=inverse, first=first)
            case gast.BinOp(left=left, op=gast.Mult(), right=right) if is_float(node, kinds):
                self.untidy = self.untidy or (not first and not inverse) or is_quotient(left)
                self.add(left, kinds, inverse=inverse, first=first and not inverse)
                self.add(right, kinds, inverse=inverse, first=False)
            case gast.BinOp(left=left, op=gast.Div(), right=right) if is_float(node, kinds):
                self.untidy = self.untidy or not first or inverse
                self.add(left, kinds, inverse=inverse, first=first)
                self.add(right, kinds, inverse=not inverse, first=False)
            case _:
                (self.under if inverse else self.over).append(node)

    def _number(self, value: float, *, inverse: bool, first: bool) -> None:
        if inverse and value == 0:
            self.under.append(constant(value))
            return
        if value < 0:
            self.negative, value = not self.negative, -value
            self.untidy = self.untidy or not first
        self.untidy = self.untidy or (not first and not inverse) or value == 1
        (self.divisors if inverse else self.numbers).append(value)
        self.untidy = self.untidy or len(self.numbers) + len(self.divisors) > 1

    def cancel(self) -> None:
        """Drop factors that stand above and below the line."""
        for factor in list(self.under):
            text = facts(factor).text
            found = next((f for f in self.over if facts(f).text == text), None)
            if found is not None and not facts(factor).calls:
                self.over = [f for f in self.over if f is not found]
                self.under = [f for f in self.under if f is not factor]
                self.untidy = True

    def coefficient(self) -> tuple[float, float]:
        """One number to multiply by, and one to divide by (1 where the quotient is exact)."""
        top: float = 1
        for value in self.numbers:
            top = top * value
        bottom: float = 1
        for value in self.divisors:
            bottom = bottom * value
        if bottom != 1 and top != 1:
            exact = Fraction(top) / Fraction(bottom)
            if Fraction(float(exact)) == exact:
                return float(exact), 1
        return top, bottom


def is_quotient(node: gast.expr) -> bool:
    return isinstance(node, gast.BinOp) and isinstance(node.op, gast.Div)


def is_float(node: gast.expr, kinds: Kinds) -> bool:
    return kinds.of(node).is_float


def tidy_product(node: gast.BinOp | gast.UnaryOp, kinds: Kinds) -> gast.expr:
    """The same product, written as one would write it by hand; the same node if nothing is gained."""
    if not is_float(node, kinds):
        return node
    product = Product()
    product.add(node, kinds)
    product.cancel()
    scalars = [f for f in product.over if kinds.of(f).is_number]
    arrays = [f for f in product.over if not kinds.of(f).is_number]
    if len(product.over) + len(product.under) + len(product.numbers) + len(product.divisors) < 2:
        if not product.untidy:
            return node
    lower = [f for f in product.under if kinds.of(f).is_number]
    factors = len(scalars) + len(product.numbers)
    mixed = bool(arrays) and (factors > 1 or bool(factors and (lower or product.divisors)))
    order = in_order(scalars) + arrays if not arrays else in_order(scalars) + in_order(arrays)
    sorted_already = [id(f) for f in order] == [id(f) for f in product.over]
    if not product.untidy and sorted_already and not mixed:
        return node
    new = _write(product, in_order(scalars), in_order(arrays), kinds)
    return node if facts(new).text == facts(node).text else new


def in_order(factors: Sequence[gast.expr]) -> list[gast.expr]:
    """Names first, then elements, then calls and sums; constants of the module last."""
    return sorted(factors, key=_rank)


def _rank(factor: gast.expr) -> int:
    match factor:
        case gast.Name(id=name):
            return 4 if name.isupper() and len(name) > 1 else 0
        case gast.Attribute():
            return 1
        case gast.Subscript():
            return 1
        case gast.BinOp(op=gast.Pow()):
            return 2
    return 3


def _write(product: Product, scalars: list[gast.expr], arrays: list[gast.expr], kinds: Kinds) -> gast.expr:
    top, bottom = product.coefficient()
    numbers = [f for f in product.under if kinds.of(f).is_number]
    others = [f for f in product.under if not kinds.of(f).is_number]
    if bottom != 1:
        numbers = [constant(bottom), *numbers]
    rest = scalars + arrays
    if top != 1 or not rest or not any(kinds.of(f).is_float for f in [*rest, *product.under]):
        scalars = [constant(_as_float(top, product, kinds, rest)), *scalars]
    if arrays and (len(scalars) > 1 or (scalars and numbers)):
        head = _quotient(chain(scalars), numbers)
        value = _quotient(chain([head, *arrays]), others)
        if isinstance(head, gast.BinOp):
            value = _quotient(_chain_grouped(head, arrays), others)
    else:
        value = _quotient(chain([*scalars, *arrays]), [*numbers, *others])
    return _signed(value) if product.negative else value


def _as_float(top: float, product: Product, kinds: Kinds, rest: Sequence[gast.expr]) -> float:
    """A product of integers alone must stay a float where the whole was one."""
    floating = any(isinstance(v, float) for v in [*product.numbers, *product.divisors])
    others = any(kinds.of(f).is_float for f in [*rest, *product.under])
    return top if floating or others else float(top)


def chain(factors: Iterable[gast.expr]) -> gast.expr:
    value: gast.expr | None = None
    for factor in factors:
        value = factor if value is None else binary(value, gast.Mult, factor)
    return constant(1.0) if value is None else value


def _chain_grouped(head: gast.expr, arrays: Sequence[gast.expr]) -> gast.expr:
    """``(numbers) * arrays``; Python reads products from the left, so the group comes first."""
    return chain([head, *arrays])


def _quotient(value: gast.expr, under: Sequence[gast.expr]) -> gast.expr:
    if not under:
        return value
    return binary(value, gast.Div, chain(under))


def _signed(value: gast.expr) -> gast.expr:
    """Put the sign at the very front: ``-2.0 * x``, ``-x * y``."""
    if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Mult | gast.Div):
        return gast.BinOp(_signed(value.left), value.op, value.right)
    if is_number(value):
        return constant(-value.value)
    return negated(value)


def split_sign(value: gast.expr) -> tuple[bool, gast.expr]:
    """Whether an expression begins with a minus, and the expression without it."""
    match value:
        case gast.UnaryOp(op=gast.USub(), operand=operand):
            return True, operand
        case gast.Constant(value=int() | float() as number) if type(number) is not bool and number < 0:
            return True, constant(-number)
        case gast.BinOp(left=left, op=gast.Mult() | gast.Div() as op, right=right):
            negative, left = split_sign(left)
            if negative:
                return True, gast.BinOp(left, op, right)
    return False, value
