"""Naive adjoints, as a transform writes them, and the code that a careful person would have written."""

from __future__ import annotations

import pytest

from adgen.emit.python import to_source
from adgen.optimize import optimize
from adgen.optimize.showing import array, small_function, strip
from adgen.program.types import FLOAT

SWING = """
x = x0
v = 0.0
x_tape = np.empty(n)
v_tape = np.empty(n)
for i in range(n):
    x_tape[i] = x
    v_tape[i] = v
    t1 = k * x
    t2 = t1 * DT
    v1 = v - t2
    t3 = v1 * DT
    x1 = x + t3
    x, v = x1, v1
x_bar = 1.0
v_bar = 0.0
k_bar = 0.0
for i in range(n - 1, -1, -1):
    x = x_tape[i]
    v = v_tape[i]
    t1 = k * x
    t2 = t1 * DT
    v1 = v - t2
    x1_bar = x_bar
    v1_bar = v_bar
    x_bar = 0.0
    v_bar = 0.0
    x_bar += x1_bar
    t3_bar = x1_bar
    v1_bar += t3_bar * DT
    v_bar += v1_bar
    t2_bar = -v1_bar
    t1_bar = t2_bar * DT
    k_bar += t1_bar * x
    x_bar += t1_bar * k
x0_bar = x_bar
return x0_bar, k_bar
"""

SWING_WANTED = """
x = x0
v = 0.0
x_tape = np.empty(n)
for i in range(n):
    x_tape[i] = x
    v -= k * x * DT
    x += v * DT
x_bar = 1.0
v_bar = 0.0
k_bar = 0.0
for i in range(n - 1, -1, -1):
    x = x_tape[i]
    v_bar += x_bar * DT
    k_bar -= v_bar * x * DT
    x_bar -= v_bar * k * DT
return x_bar, k_bar
"""

LOSS = """
t1 = x @ w
r = t1 - y
t2 = r ** 2
t3 = np.mean(t2)
t3_bar = 1.0
t2_bar = t3_bar / r.size
r_bar = t2_bar * (2 * r ** (2 - 1))
t1_bar = r_bar
w_bar = x.T @ t1_bar
return w_bar
"""

LOSS_WANTED = """
r = x @ w - y
r_bar = (2.0 / r.size) * r
return x.T @ r_bar
"""

LOSS_TYPES = {
    "x": array("n", "m"), "w": array("m"), "w_bar": array("m"), "t2_bar": FLOAT,
    **dict.fromkeys(["y", "r", "r_bar", "t1", "t2", "t1_bar"], array("n")),
}  # fmt: skip

ENERGY = """
e = 0.0
for i in range(x.size):
    t1 = x[i]
    t2 = -t1
    t3 = np.exp(t2)
    t4 = x[i]
    t5 = t3 * t4
    e1 = e + t5
    e = e1
e_bar = 1.0
x_bar = np.zeros_like(x)
for i in range(x.size - 1, -1, -1):
    t1 = x[i]
    t2 = -t1
    t3 = np.exp(t2)
    t4 = x[i]
    e1_bar = e_bar
    t5_bar = e1_bar
    t3_bar = t5_bar * t4
    t4_bar = t5_bar * t3
    x_bar[i] += t4_bar
    t2_bar = t3_bar * np.exp(t2)
    t1_bar = -t2_bar
    x_bar[i] += t1_bar
    e_bar = e1_bar
return x_bar
"""

ENERGY_WANTED = """
x_bar = np.zeros_like(x)
for i in range(x.size):
    t = np.exp(-x[i])
    x_bar[i] += t - t * x[i]
return x_bar
"""

TAPED_ENERGY = ENERGY.replace("e = 0.0\n", "e = 0.0\nt3_tape = np.empty(x.size)\n", 1)
TAPED_ENERGY = TAPED_ENERGY.replace("    t4 = x[i]\n", "    t3_tape[i] = t3\n    t4 = x[i]\n", 1)
TAPED_ENERGY = TAPED_ENERGY.replace("* np.exp(t2)", "* t3")
REVERSE = TAPED_ENERGY.index("e_bar = 1.0")
TAPED_ENERGY = TAPED_ENERGY[:REVERSE] + TAPED_ENERGY[REVERSE:].replace("t3 = np.exp(t2)", "t3 = t3_tape[i]")

VALUE_AND_GRAD = TAPED_ENERGY.replace("return x_bar", "return e, x_bar")
VALUE_AND_GRAD_WANTED = """
e = 0.0
x_bar = np.zeros_like(x)
for i in range(x.size):
    t = np.exp(-x[i])
    e += t * x[i]
    x_bar[i] += t - t * x[i]
return e, x_bar
"""
VECTORS = dict.fromkeys(["x", "x_bar"], array("n"))


@pytest.mark.parametrize(
    ("text", "wanted", "params", "types"),
    [
        pytest.param(SWING, SWING_WANTED, ("x0", "k", "n"), {}, id="swing"),
        pytest.param(LOSS, LOSS_WANTED, ("w", "x", "y"), LOSS_TYPES, id="loss"),
        pytest.param(ENERGY, ENERGY_WANTED, ("x",), VECTORS, id="energy, recomputed"),
        pytest.param(TAPED_ENERGY, ENERGY_WANTED, ("x",), VECTORS, id="energy, taped"),
        pytest.param(VALUE_AND_GRAD, VALUE_AND_GRAD_WANTED, ("x",), VECTORS, id="energy and its gradient"),
    ],
)
def test_naive_adjoints_become_what_a_person_writes(text, wanted, params, types) -> None:
    function = optimize(small_function(strip(text), params, types))
    assert to_source(list(function.body)) == wanted.strip()
