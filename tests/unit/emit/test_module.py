"""Functions with comments, and modules that stand alone."""

from __future__ import annotations

import linecache
from dataclasses import replace

import gast
import numpy as np
import pytest

from adgen.emit import wrapping
from adgen.emit.module import render_function, render_module
from adgen.optimize.showing import small_function
from adgen.program.dims import Dim
from adgen.program.function import GlobalName
from adgen.program.spans import Span
from adgen.program.types import Array

MODEL = "<model of the tests>"
LINES = ["def loss(w, x, y):\n", "    r = x @ w - y\n", "    return np.mean(r ** 2)\n"]


@pytest.fixture(autouse=True)
def _source_on_file():
    linecache.cache[MODEL] = (len("".join(LINES)), None, LINES, MODEL)
    yield
    del linecache.cache[MODEL]


def spanned(text: str, *places: tuple[int, str], **options):
    function = replace(small_function(text, ("w", "x", "y")), name="loss_grad", **options)
    for stmt, (line, sweep) in zip(function.body, places, strict=True):
        stmt.span = Span(MODEL, line, 4, line, 20, "loss", sweep)
    return function


LOSS = spanned(
    "r = x @ w - y\nr_bar = 2.0 / r.size * r\nreturn x.T @ r_bar",
    (2, "forward"), (3, "reverse"), (2, "reverse"), docstring="Gradient of `loss`.",
)  # fmt: skip


def test_each_derivative_line_shows_the_original() -> None:
    assert (
        render_function(LOSS)
        == '''\
def loss_grad(w, x, y):
    """Gradient of `loss`."""
    r = x @ w - y
    # line 3: return np.mean(r ** 2)
    r_bar = (2.0 / r.size) * r
    # line 2: r = x @ w - y
    return x.T @ r_bar'''
    )


def test_comments_can_be_left_out_and_decorators_put_on() -> None:
    text = render_function(replace(LOSS, defaults={"y": "None"}), decorator="@numba.njit", comments=False)
    assert text.startswith("@numba.njit\ndef loss_grad(w, x, y=None):\n")
    assert "#" not in text


def test_one_comment_for_a_run_of_one_line() -> None:
    text = "r_bar = 1.0\nw_bar = r_bar * x\nreturn w_bar"
    function = spanned(text, (3, "reverse"), (3, "reverse"), (3, "reverse"))
    assert render_function(function).count("# line 3") == 1


def test_lines_of_helpers_name_them() -> None:
    function = spanned("w_bar = x * 2.0\nreturn w_bar", (2, "reverse"), (3, "forward"))
    function.body[0].span = replace(function.body[0].span, function="helper")
    assert "# line 2 of helper: r = x @ w - y" in render_function(function)


def test_initial_adjoints_share_a_line() -> None:
    function = small_function("x_bar = 1.0\nv_bar = 0.0\nk_bar = 0.0\nreturn x_bar, v_bar, k_bar")
    assert "    x_bar, v_bar, k_bar = 1.0, 0.0, 0.0\n" in render_function(function)


def test_dependent_initialisations_do_not() -> None:
    function = small_function("x_bar = 1.0\nv_bar = x_bar\nx_bar = 2.0\nreturn x_bar, v_bar")
    assert "x_bar = 1.0\n    v_bar = x_bar\n    x_bar = 2.0\n" in render_function(function)


def test_docstrings_hold_anything() -> None:
    text = render_function(replace(LOSS, docstring='back\\slash and """quotes"""\n\nmore'))
    space: dict = {}
    exec(text, space)
    assert space["loss_grad"].__doc__.startswith('back\\slash and """quotes"""\n\n')


def test_a_module_imports_only_what_it_uses() -> None:
    values = {
        "DT": GlobalName("DT", 0.1, "model", "DT"),
        "K": GlobalName("K", 3, "__main__", "K"),
        "unused": GlobalName("unused", 1, "model", "unused"),
    }
    function = replace(small_function("y = DT * x + K\nreturn math.sin(y)", ("x",)), globals=values)
    text = render_module([function], header_comment="Written by adgen.")
    assert text == (
        "# Written by adgen.\n\nimport math\nfrom model import DT\n\nK = 3\n\n\n"
        "def f(x):\n    y = DT * x + K\n    return math.sin(y)\n"
    )


def test_helpers_are_copied_with_what_they_call() -> None:
    function = small_function("return wrap_line(x)", ("x",))
    text = render_module([function], runtime_functions=[wrapping.wrap_line])
    space: dict = {}
    exec(compile(text, "<module>", "exec", dont_inherit=True), space)
    assert space["f"]("short") == ["short"]
    assert "def _split(" in text
    assert "adgen" not in text


def test_else_if_keeps_its_comment() -> None:
    function = small_function(
        "if x > 0:\n    y = 1.0\nelse:\n    if x < -1:\n        y = 2.0\n    else:\n        y = 3.0\nreturn y",
        ("x",),
    )
    assert "    elif x < -1:\n" in render_function(function)
    inner = function.body[0].orelse[0]
    assert isinstance(inner, gast.If)
    inner.span = Span(MODEL, 2, 4, 2, 20, "f", "reverse")
    assert "    else:\n        # line 2: r = x @ w - y\n        if x < -1:\n" in render_function(function)


def test_all_extents_of_an_array_are_unpacked_at_once() -> None:
    function = small_function("n = X.shape[0]\nm = X.shape[1]\nk = Y.shape[1]\nreturn n * m * k", ("X", "Y"))
    assert render_function(function).splitlines()[1:] == [
        "    n, m = X.shape",
        "    k = Y.shape[1]",
        "    return n * m * k",
    ]


def test_all_items_of_an_argument_are_unpacked_at_once() -> None:
    function = small_function("a = p[0]\nb = p[1]\nc = q[0]\nreturn a * b * c", ("p", "q"))
    function = replace(function, lengths={"p": 2, "q": 2})
    assert render_function(function).splitlines()[1:3] == ["    a, b = p", "    c = q[0]"]


@pytest.mark.parametrize(
    ("index", "written"),
    [
        ("np.arange(i.size), i", "X[np.arange(i.size), i] += x"),  # no pair twice
        ("np.arange(j.size), i", "np.add.at(X, (np.arange(j.size), i), x)"),  # lengths may differ: one may be 1
        ("i, i", "np.add.at(X, (i, i), x)"),
        ("np.arange(i.size), Y", "np.add.at(X, (np.arange(i.size), Y), x)"),  # a matrix of indices
    ],
)
def test_stores_whose_indices_never_repeat_are_plain_ones(index: str, written: str) -> None:
    function = small_function(f"np.add.at(X, ({index}), x)\nreturn X", ("X", "Y", "i", "j", "x"))
    vector = {name: Array(np.dtype(np.int64), (Dim.symbol(f"{name}.shape[0]"),)) for name in "ij"}
    function = replace(function, types=function.types | vector)
    assert render_function(function).splitlines()[1].strip() == written
    kept = render_function(function, decorator="@njit").splitlines()[2].strip()
    assert kept == f"np.add.at(X, ({index}), x)"  # as Numba wants it


@pytest.mark.parametrize(("between", "written"), [("", "X[i, j] -= x"), ("i[0] = 1\n", "np.subtract.at(X, (i, j), x)")])
def test_the_places_of_a_triangle_never_repeat_unless_they_are_written(between: str, written: str) -> None:
    text = f"i, j = np.tril_indices(n, -1)\n{between}np.subtract.at(X, (i, j), x)\nreturn X"
    function = small_function(text, ("X", "n", "x"))
    vector = {name: Array(np.dtype(np.int64), (Dim.symbol("i.shape[0]"),)) for name in "ij"}
    assert written in render_function(replace(function, types=function.types | vector))


@pytest.mark.parametrize(("between", "written"), [("", "X[k, i] += x"), ("k[0] = 1\n", "np.add.at(X, (k, i), x)")])
def test_a_counter_of_the_users_counts_unless_it_is_written(between: str, written: str) -> None:
    function = small_function(f"k = np.arange(i.size)\n{between}np.add.at(X, (k, i), x)\nreturn X", ("X", "i", "x"))
    vector = {"i": Array(np.dtype(np.int64), (Dim.symbol("i.shape[0]"),))}
    function = replace(function, types=function.types | vector, temporaries=frozenset())
    assert written in render_function(function)
