"""Products of matrices and tensors: transposes, contractions, einsum, chains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adgen.program.dims import Dim
from adgen.program.types import Array, Type
from adgen.rules.macros.operands import LETTERS, Operand, macro, rank_of


@macro
def mT(a: Operand) -> str:  # noqa: N802  (NumPy's name)
    """The transpose of a matrix, or of each matrix of a stack."""
    return "a.T" if a.rank == 2 else "np.swapaxes(a, -1, -2)"


@macro
def mH(a: Operand) -> str:  # noqa: N802  (NumPy's name)
    """The conjugate transpose."""
    return "np.conj(mT(a))" if a.is_complex else "mT(a)"


@macro
def sum_to(e: Operand, x: Operand, *others: Operand) -> str:
    """Sum `e` over the leading axes along which `x` was broadcast against `others` (the last two: matrices)."""
    stacks = [o.type.shape[:-2] for o in (x, *others) if isinstance(o.type, Array)]
    return "e" if all(s == stacks[0] or not s for s in stacks) else "rt.sum_to(e, x.shape)"


@macro
def repeated(e: Operand, x: Operand) -> str:
    """`e` in the shape of what was summed to it."""
    same = isinstance(e.type, Array) and isinstance(x.type, Array) and e.type.shape == x.type.shape
    return "e" if same else "np.broadcast_to(e, x.shape)"


@macro
def fitted(e: Operand, x: Operand, other: Operand) -> str:
    """Sum `e` over all axes along which `x` was broadcast against an array of the same rank."""
    same = isinstance(x.type, Array) and isinstance(other.type, Array) and x.type.shape == other.type.shape
    return "e" if same or x.rank == 1 else "rt.sum_to(e, x.shape)"


@macro
def flipped(v: Operand) -> str:
    """A vector, or a number that stands for one, back to front."""
    return "np.flip(v)" if v.rank else "np.atleast_1d(v)"


@macro
def last_with_second_last(b: Operand) -> str:
    """The axes over which np.dot sums: the last of the first factor, the second last of the other."""
    return "(-1, -2)" if b.rank > 1 else "(-1, 0)"


@macro
def flat_like(e: Operand, x: Operand) -> str:
    """`e` in the shape of `x`, where both are flat or have the same rank."""
    return "e" if x.rank == 1 else "np.reshape(e, x.shape)"


def _contraction(axes: Any, rank_a: int, rank_b: int) -> tuple[list[int], list[int]]:
    if isinstance(axes, int):
        return list(range(rank_a - axes, rank_a)), list(range(axes))
    pair = [[x] if isinstance(x, int) else list(x) for x in axes]
    return [x % rank_a for x in pair[0]], [x % rank_b for x in pair[1]]


@macro
def tensordot_a(y_bar: Operand, a: Operand, b: Operand, axes: Operand) -> str:
    """Adjoint of the first factor of ``np.tensordot(a, b, axes)``."""
    ca, cb = _contraction(axes.static, a.rank, b.rank)
    free_a = [i for i in range(a.rank) if i not in ca]
    free_b = [i for i in range(b.rank) if i not in cb]
    over_y = list(range(len(free_a), len(free_a) + len(free_b)))
    layout = free_a + [ca[cb.index(i)] for i in sorted(cb)]
    return _arranged(f"np.tensordot(y_bar, b, ({over_y}, {free_b}))", layout)


@macro
def tensordot_b(y_bar: Operand, a: Operand, b: Operand, axes: Operand) -> str:
    """Adjoint of the second factor of ``np.tensordot(a, b, axes)``."""
    ca, cb = _contraction(axes.static, a.rank, b.rank)
    free_a = [i for i in range(a.rank) if i not in ca]
    free_b = [i for i in range(b.rank) if i not in cb]
    layout = [cb[ca.index(i)] for i in sorted(ca)] + free_b
    return _arranged(f"np.tensordot(a, y_bar, ({free_a}, {list(range(len(free_a)))}))", layout)


def _arranged(text: str, layout: Sequence[int]) -> str:
    """Transpose `text`, whose axis ``i`` is to become axis ``layout[i]``."""
    if list(layout) == sorted(layout):
        return text
    return f"np.transpose({text}, {tuple(layout.index(a) for a in range(len(layout)))})"


@macro
def einsum_bar(s: Operand, y_bar: Operand, xs: Operand, k: Operand) -> str:
    """Adjoint of operand `k` of ``np.einsum(s, *xs)``, as another einsum.

    Letters that occur in this operand alone become axes of length one (the adjoint is constant along them);
    a letter that it repeats is spread over the diagonal by an identity matrix.
    """
    terms, out = spelt_out(s.static, [rank_of(t) for t in xs.items])
    mine = terms[k.static]
    others = [(terms[j], f"xs[{j}]") for j in range(len(terms)) if j != k.static]
    spare = [c for c in LETTERS if c not in "".join(terms) + out]
    result, identities = "", []
    for position, letter in enumerate(mine):
        if letter in mine[:position]:
            fresh = spare.pop(0)
            identities.append((letter + fresh, f"np.eye(xs[{k.static}].shape[{position}], dtype=xs[{k.static}].dtype)"))
            result += fresh
        else:
            result += letter
    beside = [(out, y_bar.type), *((terms[j], xs.items[j]) for j in range(len(terms)) if j != k.static)]
    lengths = [pair for term, kind in beside for pair in zip(term, _shape(kind))]
    for position, (letter, extent) in enumerate(zip(mine, _shape(xs.items[k.static]))):
        elsewhere = [e for c, e in lengths if c == letter]
        if elsewhere and all(e.is_one for e in elsewhere) and not extent.is_one:  # what is one there is spread here
            identities.append((letter, f"np.ones(xs[{k.static}].shape[{position}], dtype=xs[{k.static}].dtype)"))
    sources = [(out, "y_bar"), *others, *identities]
    known = set("".join(term for term, _ in sources))
    kept = "".join(c for c in result if c in known)
    missing = tuple(i for i, c in enumerate(result) if c not in known)
    shrunk = tuple(  # axes of length one that are longer elsewhere
        kept.index(c)
        for c, extent in zip(result, _shape(xs.items[k.static]))
        if c in kept and c in mine and extent.is_one and any(letter == c and not e.is_one for letter, e in lengths)
    )
    spelling = ",".join(term for term, _ in sources) + "->" + kept
    text = (
        "y_bar"
        if spelling == f"{kept}->{kept}"
        else (f"np.einsum({spelling!r}, {', '.join(name for _, name in sources)})")
    )
    if shrunk:
        text = f"np.sum({text}, axis={shrunk}, keepdims=True)"
    text = f"np.expand_dims({text}, {missing})" if missing else text
    undecided = any(  # which of them is one is known at run time only
        letter == c and not e.is_one and e != n
        for c, n in zip(mine, _shape(xs.items[k.static]))
        if not n.is_one
        for j, term in enumerate(terms)
        if j != k.static
        for letter, e in zip(term, _shape(xs.items[j]))
    )
    if not undecided:
        return text
    extents = ("1" if i in missing else f"xs[{k.static}].shape[{i}]" for i in range(len(mine)))
    shape = f"({', '.join(extents)},)" if missing else f"xs[{k.static}].shape"
    return f"rt.stretched_to({text}, {shape})"


def _shape(type_: Type | None) -> tuple[Dim, ...]:
    return type_.shape if isinstance(type_, Array) else ()


def spelt_out(subscripts: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """Subscripts with an explicit output and letters for the ellipsis.

    >>> spelt_out("...ij,...jk", [3, 3])
    (['aij', 'ajk'], 'aik')
    """
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    dots = [rank - len(term.replace("...", "")) for term, rank in zip(terms, ranks, strict=True)]
    widest = max((d for d, term in zip(dots, terms) if "..." in term), default=0)
    fresh = [c for c in LETTERS if c not in subscripts][:widest]
    if not arrow:
        plain = left.replace("...", "").replace(",", "")
        once = sorted(c for c in set(plain) if plain.count(c) == 1)
        right = ("..." if "..." in left else "") + "".join(once)
    spelt = [t.replace("...", "".join(fresh[widest - d :])) if "..." in t else t for t, d in zip(terms, dots)]
    return spelt, right.replace("...", "".join(fresh))


@macro
def kron_bar(y_bar: Operand, a: Operand, b: Operand, first: Operand) -> str:
    """Adjoint of one factor of ``np.kron(a, b)``: the product's axes split into pairs."""
    rank = max(a.rank, b.rank)
    left = [f"a.shape[{i - rank + a.rank}]" if i >= rank - a.rank else "1" for i in range(rank)]
    right = [f"b.shape[{i - rank + b.rank}]" if i >= rank - b.rank else "1" for i in range(rank)]
    pairs = ", ".join(f"{p}, {q}" for p, q in zip(left, right))
    la, lb = LETTERS[:rank], LETTERS[rank : 2 * rank]
    blocks = "".join(p + q for p, q in zip(la, lb))
    split = f"np.reshape(y_bar, ({pairs}))"
    if first.static:
        own, other, factor, target = la, lb[rank - b.rank :], "b", a.rank
    else:
        own, other, factor, target = lb, la[rank - a.rank :], "a", b.rank
    narrow = dict.fromkeys(lb[: rank - b.rank] if first.static else la[: rank - a.rank], "")
    narrow |= dict.fromkeys(own[: rank - target], "")
    if narrow:
        split = f"np.reshape(y_bar, ({', '.join(e for e in pairs.split(', ') if e != '1')},))"
        blocks = "".join(c for c in blocks if c not in narrow)
    return f"np.einsum('{blocks},{other}->{own[rank - target :]}', {split}, {factor})"


@macro
def chain_bar(y_bar: Operand, xs: Operand, k: Operand) -> str:
    """Adjoint of factor `k` of a chain of matrix products; the ends may be vectors."""
    n, ranks = len(xs.items), [rank_of(t) for t in xs.items]
    if ranks == [2] * n:
        left = [f"xs[{j}].T" for j in reversed(range(k.static))]
        right = [f"xs[{j}].T" for j in reversed(range(k.static + 1, n))]
        return " @ ".join([*left, "y_bar", *right])
    terms = ["".join(LETTERS[j : j + 2]) for j in range(n)]
    terms[0] = terms[0][-ranks[0] :]
    terms[-1] = terms[-1][: ranks[-1]]
    out = (LETTERS[0] if ranks[0] == 2 else "") + (LETTERS[n] if ranks[-1] == 2 else "")
    subscripts = Operand("", None, ",".join(terms) + "->" + out)
    return einsum_bar(subscripts, y_bar, xs, k)
