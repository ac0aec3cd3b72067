"""Functions whose loops are written for the ranks at hand: einsum, tensordot, pad, tile, where, takes."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.lower import elements
from adgen.lower.helpers import Helper
from adgen.lower.trees import MISSING, build, name, static
from adgen.program.types import Array, Scalar

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering


def helper(lowering: Lowering, stem: str, parameters: Sequence[str], lines: Sequence[str]) -> gast.Name:
    """A function of the module, made once for each text."""
    text = f"({', '.join(parameters)}):\n" + "".join(f"    {line}\n" for line in lines)
    if text not in lowering.helpers:
        own = lowering.fresh(stem)
        lowering.helpers[text] = Helper(own, f"{lowering.decorator}\ndef {own}{text}")
    return name(lowering.helpers[text].name)


def nested(indices: Sequence[str], extents: Sequence[str], body: Sequence[str]) -> list[str]:
    """Lines of loops around a body."""
    lines = [f"{'    ' * k}for {i} in range({n}):" for k, (i, n) in enumerate(zip(indices, extents, strict=True))]
    return [*lines, *(f"{'    ' * len(indices)}{line}" for line in body)]


def at(array: str, indices: Sequence[str]) -> str:
    return f"{array}[{', '.join(indices) or '()'}]"


def shape(extents: Sequence[str]) -> str:
    return f"({''.join(f'{n}, ' for n in extents)})"


# ---- sums of products


def contracted(
    lowering: Lowering, operands: Sequence[gast.expr], terms: Sequence[str], result: str, dtype: np.dtype
) -> gast.expr | None:
    """``np.einsum`` of these letters: a product of matrices where it is one, else loops."""
    kinds = [lowering.type_of(o) for o in operands]
    if dtype.kind not in "iufc" or any(not isinstance(k, Array | Scalar) for k in kinds):
        return None
    extents: dict[str, tuple[str, Any]] = {}
    for k, (kind, term) in enumerate(zip(kinds, terms, strict=True)):
        assert isinstance(kind, Array | Scalar)
        if kind.rank != len(term):
            return None
        for axis, letter in enumerate(term):
            dim = lowering.sizes.reduce(kind.shape[axis])
            known = extents.setdefault(letter, (f"x{k}.shape[{axis}]", dim))
            if known[1] != dim:
                return None  # it may be broadcast
    product = matrix_product(operands, terms, result) if dtype.kind in "fc" else None
    if product is not None:
        return lowering.expr(product)
    summed = [letter for letter in dict.fromkeys("".join(terms)) if letter not in result]
    factors = " * ".join(at(f"x{k}", t) if t else f"x{k}" for k, t in enumerate(terms))
    size = {letter: text for letter, (text, _) in extents.items()}
    start = "0.0" if dtype.kind == "f" else "0j" if dtype.kind == "c" else "0"
    start = f"np.{dtype.name}({start})" if dtype.itemsize < 8 * (1 + (dtype.kind == "c")) else start
    inner = [f"total = {start}", *nested(summed, [size[i] for i in summed], [f"total += {factors}"])]
    inner = inner if summed else [f"total = {factors}"]
    if result:
        lines = [f"y = np.empty({shape([size[i] for i in result])}, np.{dtype.name})"]
        lines += nested(list(result), [size[i] for i in result], [*inner, f"{at('y', result)} = total"])
        lines.append("return y")
    else:
        lines = [*inner, "return total"]
    function = helper(lowering, "summed", [f"x{k}" for k in range(len(operands))], lines)
    return gast.Call(function, [lowering.expr(o) for o in operands], [])


def matrix_product(operands: Sequence[gast.expr], terms: Sequence[str], result: str) -> gast.expr | None:
    """``a @ b`` with transposes, if the sum of products is that of two matrices or vectors."""
    if len(operands) != 2 or any(len(set(t)) != len(t) or not 1 <= len(t) <= 2 for t in terms):
        return None
    common = set(terms[0]) & set(terms[1])
    if len(common) != 1 or common & set(result) or set(result) != set("".join(terms)) - common:
        return None
    (letter,) = common
    a, b = operands
    left = build("x.T", x=a) if len(terms[0]) == 2 and terms[0][0] == letter else a
    right = build("x.T", x=b) if len(terms[1]) == 2 and terms[1][1] == letter else b
    product = build("a @ b", a=left, b=right)
    natural = "".join(t.replace(letter, "") for t in terms)
    return product if natural == result else build("x.T", x=product)


def einsum(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    if not node.args or not {k.arg for k in node.keywords} <= {"optimize"}:
        return None
    text, operands = static(node.args[0]), node.args[1:]
    dtype = getattr(lowering.type_of(node), "dtype", None)
    if not isinstance(text, str) or dtype is None or not operands:
        return None
    spelt = letters(text.replace(" ", ""), [lowering.rank(o) for o in operands])
    return None if spelt is None else contracted(lowering, operands, *spelt, dtype)


def letters(text: str, ranks: Sequence[int]) -> tuple[list[str], str] | None:
    """The terms and the result, with letters for an ellipsis.

    >>> letters("...i,i->...", [3, 1])
    (['ABi', 'i'], 'AB')
    >>> letters("ba,b", [2, 1])
    (['ba', 'b'], 'a')
    """
    left, arrow, result = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks):
        return None
    rests = [rank - len(term.replace("...", "")) for term, rank in zip(terms, ranks, strict=True)]
    unused = [c for c in string.ascii_uppercase if c not in text]
    longest = max((rest for term, rest in zip(terms, rests, strict=True) if "..." in term), default=0)
    whole = "".join(unused[:longest])
    if not arrow:
        counts = {c: left.count(c) for c in left if c.isalpha()}
        result = ("..." if "..." in left else "") + "".join(sorted(c for c, n in counts.items() if n == 1))
    filled = [t.replace("...", whole[longest - r :] if r else "") for t, r in zip(terms, rests, strict=True)]
    return filled, result.replace("...", whole)


def tensordot(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    operands = node.args[:2]
    kinds = [lowering.array(o) for o in operands]
    axes = static(node.args[2]) if len(node.args) > 2 else static(bound["axes"]) if "axes" in bound else 2
    dtype = getattr(lowering.type_of(node), "dtype", None)
    if len(operands) < 2 or axes is MISSING or dtype is None or None in kinds:
        return None
    first, second = (lowering.rank(o) for o in operands)
    if isinstance(axes, int):
        axes = (tuple(range(first - axes, first)), tuple(range(axes)))
    pairs = [(a,) if isinstance(a, int) else a for a in axes]
    left = list(string.ascii_lowercase[:first])
    right = list(string.ascii_uppercase[:second])
    for a, b in zip(*pairs, strict=True):
        right[b] = left[a]
    free = [c for c in left if c not in right] + [c for c in right if c not in left]
    return contracted(lowering, operands, ["".join(left), "".join(right)], "".join(free), dtype)


# ---- copies of an array


def pad(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Of zeros, or of one number."""
    kind, widths = lowering.array(bound["array"]), static(bound["pad_width"])
    mode = static(bound["mode"]) if "mode" in bound else "constant"
    value = static(bound["constant_values"]) if "constant_values" in bound else 0
    extra = set(bound) - {"array", "pad_width", "mode", "constant_values", "kwargs"}
    if kind is None or not kind.rank or widths is MISSING or mode != "constant" or extra:
        return None
    if not isinstance(value, int | float) or kind.kind not in "fc":
        return None
    pairs = widths_of(widths, kind.rank)
    if pairs is None:
        return None
    index = [f"i{k}" for k in range(kind.rank)]
    extents = [f"x.shape[{k}]" for k in range(kind.rank)]
    grown = [f"{n} + {a + b}" if a + b else n for n, (a, b) in zip(extents, pairs, strict=True)]
    place = [f"{i} + {a}" if a else i for i, (a, _) in zip(index, pairs, strict=True)]
    filled = "np.zeros" if value == 0 else "np.full"
    fill = "" if value == 0 else f"{float(value)!r}, "
    lines = [f"y = {filled}({shape(grown)}, {fill}np.{kind.dtype.name})"]
    lines += nested(index, extents, [f"{at('y', place)} = {at('x', index)}"])
    return gast.Call(helper(lowering, "padded", ["x"], [*lines, "return y"]), [lowering.expr(bound["array"])], [])


def widths_of(widths: Any, rank: int) -> list[tuple[int, int]] | None:
    """How much is added before and behind, for each axis."""
    if isinstance(widths, int):
        return [(widths, widths)] * rank
    if not isinstance(widths, tuple):
        return None
    if len(widths) == 2 and all(isinstance(w, int) for w in widths):
        return [widths] * rank
    pairs = [(w, w) if isinstance(w, int) else w if len(w) == 2 else (w[0], w[0]) for w in widths]
    pairs = pairs * rank if len(pairs) == 1 else pairs
    return pairs if len(pairs) == rank else None


def tile(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind, times = lowering.array(bound["A"]), static(bound["reps"])
    if kind is None or not kind.rank or times is MISSING or kind.kind not in "iufc":
        return None
    counts = [times] if isinstance(times, int) else list(times)
    counts = [1] * (kind.rank - len(counts)) + counts
    extents = ["1"] * (len(counts) - kind.rank) + [f"x.shape[{k}]" for k in range(kind.rank)]
    index = [f"i{k}" for k in range(len(counts))]
    own = [f"{i} % {n}" if c != 1 else i for i, n, c in zip(index, extents, counts, strict=True)][-kind.rank :]
    grown = [f"{c} * {n}" if c != 1 else n for n, c in zip(extents, counts, strict=True)]
    lines = [f"y = np.empty({shape(grown)}, np.{kind.dtype.name})"]
    lines += nested(index, grown, [f"{at('y', index)} = {at('x', own)}"])
    return gast.Call(helper(lowering, "tiled", ["x"], [*lines, "return y"]), [lowering.expr(bound["A"])], [])


def take_along_axis(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind, picked = lowering.array(bound["arr"]), lowering.array(bound["indices"])
    axis = static(bound["axis"]) if "axis" in bound else -1
    if kind is None or picked is None or not isinstance(axis, int) or kind.rank != picked.rank or not kind.rank:
        return None
    axis %= kind.rank
    sizes = [[lowering.sizes.reduce(d) for d in k.shape] for k in (kind, picked)]
    if kind.kind not in "iufc" or any(a != b for k, (a, b) in enumerate(zip(*sizes, strict=True)) if k != axis):
        return None
    index = [f"i{k}" for k in range(kind.rank)]
    own = [at("picked", index) if k == axis else i for k, i in enumerate(index)]
    lines = [f"y = np.empty(picked.shape, np.{kind.dtype.name})"]
    lines += nested(index, [f"picked.shape[{k}]" for k in range(kind.rank)], [f"{at('y', index)} = {at('x', own)}"])
    function = helper(lowering, "taken", ["x", "picked"], [*lines, "return y"])
    return gast.Call(function, [lowering.expr(bound["arr"]), lowering.expr(bound["indices"])], [])


def take(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Along an axis: a subscript, which compiles in a tenth of the function's time and takes indices of any rank."""
    kind, axis = lowering.array(bound["a"]), static(bound["axis"]) if "axis" in bound else MISSING
    if kind is None or not isinstance(axis, int) or not kind.rank or not set(bound) <= {"a", "indices", "axis"}:
        return None
    picked = lowering.type_of(bound["indices"])
    if not isinstance(picked, Array | Scalar) or picked.kind not in "iu":
        return None
    items: list[gast.expr] = [gast.Slice(None, None, None) for _ in range(axis % kind.rank)]
    index = gast.Tuple([*items, bound["indices"]], gast.Load()) if items else bound["indices"]
    taken = lowering.expr(gast.Subscript(bound["a"], index, gast.Load()))
    is_view = not picked.rank and kind.rank > 1
    return gast.Call(gast.Attribute(taken, "copy", gast.Load()), [], []) if is_view else taken


def where(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """``np.where`` of arrays whose extents are known to agree, or to be one."""
    if set(bound) != {"condition", "x", "y"}:
        return elements.where(lowering, bound, node)
    parts = [bound["condition"], bound["x"], bound["y"]]
    kinds, result = [lowering.type_of(p) for p in parts], lowering.type_of(node)
    if not isinstance(result, Array) or not result.rank or not all(isinstance(k, Array | Scalar) for k in kinds):
        return elements.where(lowering, bound, node)
    index = [f"i{k}" for k in range(result.rank)]
    extents: list[tuple[str, Any]] = [("1", None)] * result.rank
    own: list[str] = []
    for k, kind in enumerate(kinds):
        if isinstance(kind, Array) and not kind.rank:
            return None
        places = []
        dims = [lowering.sizes.reduce(d) for d in kind.shape] if isinstance(kind, Array) else []
        for axis, dim in enumerate(dims):
            place = result.rank - len(dims) + axis
            places.append("0" if dim.is_one else index[place])
            if not dim.is_one and extents[place][1] is None:
                extents[place] = (f"x{k}.shape[{axis}]", dim)
            elif not dim.is_one and extents[place][1] != dim:
                return None  # it may be broadcast
        own.append(at(f"x{k}", places) if places else f"x{k}")
    sizes = [text for text, _ in extents]
    lines = [f"y = np.empty({shape(sizes)}, np.{'bool_' if result.kind == 'b' else result.dtype.name})"]
    lines += nested(index, sizes, [f"{at('y', index)} = {own[1]} if {own[0]} else {own[2]}"])
    function = helper(lowering, "chosen", ["x0", "x1", "x2"], [*lines, "return y"])
    return gast.Call(function, list(map(lowering.expr, parts)), [])


def triangle(lower: bool) -> Any:
    """``np.tril`` and ``np.triu`` of stacks of matrices."""

    def respell(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
        kind, k = lowering.array(bound["m"]), static(bound["k"]) if "k" in bound else 0
        if kind is None or kind.rank < 3 or not isinstance(k, int) or kind.kind not in "iufc":
            return None
        index = [f"i{a}" for a in range(kind.rank)]
        test = f"if {index[-1]} - {index[-2]} {'<=' if lower else '>='} {k}:"
        lines = [f"y = np.zeros(x.shape, np.{kind.dtype.name})"]
        body = [test, f"    {at('y', index)} = {at('x', index)}"]
        lines += nested(index, [f"x.shape[{a}]" for a in range(kind.rank)], body)
        return gast.Call(helper(lowering, "triangle", ["x"], [*lines, "return y"]), [lowering.expr(bound["m"])], [])

    return respell


RESPELLINGS: Mapping[str, Any] = {
    "np.einsum": einsum,
    "np.tensordot": tensordot,
    "np.linalg.tensordot": tensordot,
    "np.pad": pad,
    "np.tile": tile,
    "np.take": take,
    "np.take_along_axis": take_along_axis,
    "np.where": where,
    "np.tril": triangle(lower=True),
    "np.triu": triangle(lower=False),
}
