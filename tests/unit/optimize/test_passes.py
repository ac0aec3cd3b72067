"""Each pass by before and after; half of the cases are what it has to leave alone."""

from __future__ import annotations

import pytest

from adgen.emit.python import to_source
from adgen.lower import LOOPS, lower
from adgen.optimize import INTERPRETED
from adgen.optimize.accumulation import merge_accumulations
from adgen.optimize.algebra import simplify_algebra
from adgen.optimize.coalesce import coalesce_copies
from adgen.optimize.common_subexpressions import share_subexpressions
from adgen.optimize.copies import propagate_copies
from adgen.optimize.dead_code import remove_dead_code
from adgen.optimize.delay import delay_redefinitions
from adgen.optimize.inline import inline_temporaries
from adgen.optimize.loops import straighten_loops
from adgen.optimize.names import name_after_variables, number_anew, renumber_temporaries
from adgen.optimize.showing import array, small_function, strip
from adgen.optimize.spare_copies import spare_copies

TYPES = {"t9": array("n"), "hs": array("m"), "t8": array("m"), "ps": array("n"), "ps_bar": array("n")}


def after(transform, before: str, params: tuple[str, ...] = ("x", "y", "k", "n", "ps")) -> str:
    types = {name: type_ for name, type_ in TYPES.items() if name in before}
    return to_source(list(transform(small_function(strip(before), params, types)).body))


def cases(*texts: str):
    """Texts of the form ``name: before => after``; without an arrow, nothing changes."""
    made = []
    for text in texts:
        title, _, rest = text.partition(":\n")
        before, arrow, wanted = rest.partition("    =>\n")
        made.append(pytest.param(strip(before), strip(wanted) if arrow else strip(before), id=title.strip()))
    return pytest.mark.parametrize(("before", "wanted"), made)


@cases(
    """unread definitions and their operands:
    t1 = x * y
    t2 = t1 + 1.0
    return x
    =>
    return x
    """,
    """an array that is only written:
    tape = np.empty(n)
    for i in range(n):
        tape[i] = x
        x = x * k
    return x
    =>
    for i in range(n):
        x = x * k
    return x
    """,
    """a list that is only pushed to and popped from:
    items = []
    for i in range(n):
        items.append(x)
    for i in range(n):
        t1 = items.pop()
    return x
    =>
    return x
    """,
    """stores through a view of what is returned stay:
    ys = np.zeros(n)
    hs = ys[1:3]
    hs[0] = x
    return ys
    """,
    """stores that the next trip reads stay:
    vs = np.zeros(n)
    for i in range(n):
        y = vs[0]
        vs[0] = x
    return y
    """,
    """an empty branch:
    if x < y:
        t1 = x
    else:
        z = y
    return z
    =>
    if not x < y:
        z = y
    return z
    """,
    """assertions and messages stay:
    assert x > 0
    print(x)
    return y
    """,
    """one of two unread results stays with the other:
    q, r = divmod(x, y)
    return r
    """,
    """the dead half of a parallel copy:
    u, v = x, y
    return v
    =>
    v = y
    return v
    """,
)
def test_dead_code(before: str, wanted: str) -> None:
    assert after(remove_dead_code, before) == wanted


@cases(
    """names and constants of temporaries:
    t1 = x
    t2 = 2.0
    y = t1 * t2
    =>
    t1 = x
    t2 = 2.0
    y = x * 2.0
    """,
    """not beyond a redefinition:
    t1 = x
    x = x + 1.0
    y = t1 * x
    """,
    """not into a loop that redefines:
    t1 = x
    for i in range(n):
        x = x + t1
    return x
    """,
    """only what both branches agree on:
    if x < 0.5:
        t1 = y
    else:
        t1 = k
    z = t1 * x
    """,
    """a user's constant keeps its name:
    dt = 0.01
    y = x * dt
    """,
    """a parallel copy stands for the old values:
    t1, x = x, y
    z = t1 + x
    =>
    t1, x = x, y
    z = t1 + y
    """,
)
def test_copies(before: str, wanted: str) -> None:
    assert after(propagate_copies, before) == wanted


@cases(
    """loop variables:
    v = k
    for i in range(n):
        v1 = v * x
        v = v1
    return v
    =>
    v = k
    for i in range(n):
        v = v * x
    return v
    """,
    """not while the old value is needed:
    v = k
    for i in range(n):
        v1 = v * x
        y = v1 - v
        v = v1
    return v, y
    """,
    """a swap stays a swap, even if half of it is dead:
    u = x * 2.0
    v = y * 2.0
    u, v = v, u
    return v
    """,
    """a swap of adjoints too:
    x1_bar = x * 2.0
    x2_bar = y * 2.0
    x1_bar, x2_bar = x2_bar, x1_bar
    return x2_bar
    """,
    """parameters take up versions of themselves only:
    v = x
    for i in range(n):
        x1 = x * k
        v = v + x1
        x = x1
    return v
    =>
    v = x
    for i in range(n):
        x = x * k
        v = v + x
    return v
    """,
    """two variables of the user stay two:
    best = z * k
    z = best
    return z
    """,
    """adjoints of copies are one:
    y1_bar = k * x
    y_bar = y1_bar
    return y_bar
    =>
    y_bar = k * x
    return y_bar
    """,
)
def test_coalescing(before: str, wanted: str) -> None:
    assert after(coalesce_copies, before) == wanted


@cases(
    """ones, zeros and signs:
    z = 1.0 * x + 0.0 - -y
    v = -1.0 * x + -(-k)
    =>
    z = x + y
    v = k - x
    """,
    """coefficients and numbers before arrays:
    xs_bar = 0.5 * xs * (2.0 * x) / n
    =>
    xs_bar = (x / n) * xs
    """,
    """factors above and below the line:
    z = x * y / k / y
    =>
    z = x / k
    """,
    """integers are exact:
    t1 = n + 1 - 1
    j = (i - n) // -1
    for i in range(0, t1):
        y = x ** (3 - 1)
    =>
    t1 = n
    j = n - i
    for i in range(t1):
        y = x ** 2
    """,
    """matrix products keep their order:
    Y = A @ (B @ C) * 1.0
    =>
    Y = A @ (B @ C)
    """,
    """an array that is written stays an own array:
    ys_bar = 1.0 * xs_bar
    ys_bar[0] = 0.0
    return xs_bar, ys_bar
    =>
    ys_bar = xs_bar.copy()
    ys_bar[0] = 0.0
    return xs_bar, ys_bar
    """,
    """the caller's array is not returned:
    ps_bar = 1.0 * ps
    return ps_bar
    =>
    ps_bar = ps.copy()
    return ps_bar
    """,
    """an integer times one is a float:
    y = 1.0 * n
    """,
    """equal terms:
    y = x * k + x * k
    =>
    y = 2.0 * x * k
    """,
    """zero adjoints vanish:
    y_bar = 0.0 * x + 0.0
    =>
    y_bar = 0.0
    """,
)
def test_algebra(before: str, wanted: str) -> None:
    assert after(simplify_algebra, before) == wanted


@cases(
    """chains of temporaries:
    t1 = x * y
    t2 = np.sin(t1)
    z = t2 + k
    =>
    z = np.sin(x * y) + k
    """,
    """not past a store into what is read:
    t1 = xs[0]
    xs[i] = y
    z = t1 * k
    """,
    """not past a store through a view:
    hs = xs[1:3]
    t1 = xs[1] * k
    hs[0] = y
    z = t1 + np.sum(xs)
    """,
    """not past a redefinition in the same branch:
    t1 = x * y
    if k < 0.5:
        x = 0.0
        z = t1
    return z, x
    """,
    """into a branch:
    t1 = np.exp(x)
    if k < 0.5:
        z = t1
    return z
    =>
    if k < 0.5:
        z = np.exp(x)
    return z
    """,
    """not into a loop:
    t1 = np.exp(x)
    for i in range(n):
        y += t1
    return y
    """,
    """not what is defined twice:
    t1 = x * k
    if y < 0.5:
        t1 = y * k
    z = t1 * 2.0
    """,
    """element reads twice:
    t1 = xs[i]
    z = t1 * t1
    =>
    z = xs[i] * xs[i]
    """,
    """an allocation that is written keeps its name:
    t9 = np.zeros(n)
    t9[0] = x
    return t9
    """,
    """no lines that nobody reads:
    t1 = x * y + k * x - y * k
    z = np.sin(t1) * (x + t1 * k) / (k + y * x)
    """,
    """random numbers keep their order:
    t1 = np.random.rand()
    y = np.random.rand()
    z = t1 * y
    """,
)
def test_inlining(before: str, wanted: str) -> None:
    assert after(inline_temporaries, before) == wanted


@cases(
    """a name that holds the value:
    y = np.exp(x)
    z = k * np.exp(x)
    =>
    y = np.exp(x)
    z = k * y
    """,
    """not after its operand changed:
    y = np.exp(x)
    x = x * k
    z = k * np.exp(x)
    """,
    """not after the holder changed:
    y = np.exp(x)
    y = y * k
    z = k * np.exp(x)
    """,
    """not after a store into the array:
    y = np.sum(xs)
    xs[0] = x
    z = k * np.sum(xs)
    """,
    """not after a store through a view:
    hs = xs[1:3]
    y = np.sum(xs)
    hs[0] = x
    z = k * np.sum(xs)
    """,
    """not an array that is written:
    ys = np.exp(xs)
    ys[0] = x
    zs = k * np.exp(xs)
    """,
    """not for an array that is written:
    ys = np.exp(xs)
    zs = np.exp(xs)
    zs[0] = x
    """,
    """not into a loop that changes the operand:
    y = np.exp(x)
    for i in range(n):
        x = x + np.exp(x)
    """,
    """into a loop that does not:
    y = np.exp(x)
    for i in range(n):
        z = z + np.exp(x)
    =>
    y = np.exp(x)
    for i in range(n):
        z = z + y
    """,
    """not from one branch to the other:
    if k < 0.5:
        y = np.exp(x)
    else:
        y = 2.0 * np.exp(x)
    """,
    """what was stored is read back as a name:
    ys[i] = z
    y = ys[i] * k
    =>
    ys[i] = z
    y = z * k
    """,
    """not at another place:
    ys[i] = z
    ys[j] = x
    y = ys[i] * k
    """,
    """a new temporary before the first use:
    if np.sin(x) * k < 0.5:
        y = np.sin(x) * 2.0
    =>
    t1 = np.sin(x)
    if t1 * k < 0.5:
        y = t1 * 2.0
    """,
)
def test_sharing(before: str, wanted: str) -> None:
    assert after(share_subexpressions, before) == wanted


@cases(
    """a sum of what comes between:
    x_bar = y * k
    t1 = np.sin(z)
    x_bar += t1
    =>
    t1 = np.sin(z)
    x_bar = y * k + t1
    """,
    """not past a use:
    x_bar = y * k
    t1 = x_bar * z
    x_bar += t1
    """,
    """neither down nor up past changes of operands:
    x_bar = y * k
    y = z * z
    x_bar += y
    """,
    """elements:
    xs_bar[i] += x
    ys_bar[j] -= k
    xs_bar[i] -= y * k
    =>
    ys_bar[j] -= k
    xs_bar[i] += x - y * k
    """,
    """not past another store:
    xs_bar[i] += x
    xs_bar[j] = 0.0
    xs_bar[i] += y
    """,
    """not if the index changes:
    xs_bar[i] += x
    i = j + 1
    xs_bar[i] += y
    """,
    """not if the value reads the array:
    xs_bar[i] += x
    xs_bar[i] += xs_bar[j]
    """,
    """zeros and a sum of the same extents:
    xs_bar = np.zeros_like(xs)
    xs_bar += xs * k
    =>
    xs_bar = xs * k
    """,
    """zeros and a number:
    xs_bar = np.zeros_like(xs)
    xs_bar += k
    """,
    """not into another's array:
    ys_bar = xs_bar
    ys_bar += xs * k
    return ys_bar, xs_bar
    """,
    """a new array for a shared one:
    ys = xs
    ys = ys + zs
    return ys, xs
    """,
    """in place:
    x = x + y
    y = k - y
    z = k * z
    =>
    x += y
    y = k - y
    z *= k
    """,
)
def test_accumulations(before: str, wanted: str) -> None:
    assert after(merge_accumulations, before) == wanted


@cases(
    """independent iterations:
    for i in range(n - 1, -1, -1):
        t1 = np.exp(xs[i])
        xs_bar[i] += t1
        y += t1
    return y
    =>
    for i in range(n):
        t1 = np.exp(xs[i])
        xs_bar[i] += t1
        y += t1
    return y
    """,
    """a number that is carried:
    for i in range(n - 1, -1, -1):
        y = y * xs[i]
    return y
    """,
    """a sum that is read:
    for i in range(n - 1, -1, -1):
        y += xs[i]
        ys[i] = y
    return ys
    """,
    """a last value that is used:
    for i in range(n - 1, -1, -1):
        y = xs[i] * k
    return y
    """,
    """a neighbour:
    for i in range(n - 1, -1, -1):
        xs[i] = xs[i + 1] * k
    return xs
    """,
    """the same element under two names:
    vs = xs[1:]
    for i in range(n - 1, -1, -1):
        xs[i] = vs[i] * k
    return xs
    """,
    """an index that only counts:
    for i in range(n - 1, -1, -1):
        y = y * k
    return y
    =>
    for i in range(n):
        y = y * k
    return y
    """,
    """neighbours of one range:
    for i in range(n):
        ys[i] = xs[i] * k
    xs_bar = np.zeros_like(xs)
    for i in range(n):
        xs_bar[i] += ys[i] * k
    return xs_bar
    =>
    xs_bar = np.zeros_like(xs)
    for i in range(n):
        ys[i] = xs[i] * k
        xs_bar[i] += ys[i] * k
    return xs_bar
    """,
    """a last value of the second:
    for i in range(n):
        t1 = 0.0
    for i in range(n):
        t1 = x
    return t1
    =>
    for i in range(n):
        t1 = 0.0
        t1 = x
    return t1
    """,
    """not if the second needs a sum of the first:
    for i in range(n):
        y += xs[i]
    for i in range(n):
        ys[i] = xs[i] * y
    return ys
    """,
    """not if the second needs later elements:
    for i in range(n):
        ys[i] = xs[i] * k
    for i in range(n):
        zs[i] = ys[i + 1]
    return zs
    """,
    """not if the second changes what the first reads:
    for i in range(n):
        ys[i] = xs[i] * k
        k = k * 2.0
    for i in range(n):
        k = xs[i]
        zs[i] = k
    return ys, zs
    """,
    """not past what is in between:
    for i in range(n):
        xs[i] = xs[i] * k
    y = np.sum(xs)
    for i in range(n):
        zs[i] = xs[i] * 2.0
    return zs, y
    """,
)
def test_loops(before: str, wanted: str) -> None:
    assert after(straighten_loops, before) == wanted


@cases(
    """not past a use of the new value:
    t1 = y
    y = y * x
    z = t1 * y
    return y
    """,
    """not what changes its operands:
    t1 = y
    y = y * x
    x = t1 * 2.0
    return y
    """,
)
def test_delays(before: str, wanted: str) -> None:
    assert after(delay_redefinitions, before) == wanted


@cases(
    """not what is still used:
    xs_bar = ys_bar * k
    zs_bar = xs_bar.copy()
    zs_bar[0] = 0.0
    return zs_bar, xs_bar
    """,
    """not what has a view:
    xs_bar = ys_bar * k
    hs = xs_bar[1:3]
    zs_bar = xs_bar.copy()
    zs_bar[0] = 0.0
    return zs_bar, hs
    """,
    """not the caller's:
    return ps.copy()
    """,
)
def test_copies_of_arrays(before: str, wanted: str) -> None:
    assert after(spare_copies, before) == wanted


@cases(
    """adjoints and records go along:
    t7_tape[i] = x
    t12 = np.exp(x)
    t12_bar = y * t12
    t5_bar = t12_bar * k
    =>
    t7_tape[i] = x
    t1 = np.exp(x)
    t1_bar = y * t1
    t2_bar = t1_bar * k
    """,
)
def test_numbers(before: str, wanted: str) -> None:
    assert after(renumber_temporaries, before) == wanted


@pytest.mark.parametrize(
    "transform",
    [*INTERPRETED, *LOOPS, lower, renumber_temporaries, number_anew, name_after_variables],
    ids=lambda t: t.__name__,
)
def test_each_pass_shows_what_it_does_in_an_example(transform) -> None:
    """The examples run with the other tests; that results are the same without a pass is tested with the corpus."""
    assert ">>>" in (transform.__doc__ or "")
