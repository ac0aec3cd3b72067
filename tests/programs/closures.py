"""Nested functions: what they capture, what they change, what they return."""

import math
from functools import partial

import numpy as np

from tests.programs import program, vec


def make_potential(depth, width):
    def potential(r):
        return -depth * math.exp(-((r / width) ** 2))

    return potential


def make_counter():
    count = 0

    def step(value):
        nonlocal count
        count += 1
        return value * count

    return step


def make_filter(alpha):
    state = {"y": 0.0}

    def filtered(x):
        state["y"] = alpha * x + (1.0 - alpha) * state["y"]
        return state["y"]

    return filtered


def make_model(sizes):
    def initial(scale):
        return [scale * (k + 1.0) for k in range(len(sizes))]

    def apply(params, x):
        for p in params:
            x = math.tanh(p * x)
        return x

    return initial, apply


WELL = make_potential(2.0, 1.5)
INITIAL, APPLY = make_model([3, 3])


@program(0.7)
def closure_of_the_module(r):
    return WELL(r)


@program(0.7, 1.3, 0.9, order2=True)
def closure_made_inside(r, depth, width):
    v = make_potential(depth, width)
    h = 0.1
    return (v(r + h) - v(r - h)) / (2.0 * h)


@program(0.7)
def pair_of_functions(x):
    params = INITIAL(x)
    return APPLY(params, 0.5)


@program(0.7)
def counter_of_calls(x):
    step = make_counter()
    return step(x) + step(x) + step(x * x)


@program(vec(4), 0.3)
def filter_with_state(xs, alpha):
    smooth = make_filter(alpha)
    out = [smooth(xs[k]) for k in range(4)]
    return out[-1] * out[1]


@program(vec(4))
def nonlocal_total(x):
    total = 0.0

    def add(value):
        nonlocal total
        total += value * value
        return total

    for k in range(4):
        add(x[k])
    return total * add(1.0)


@program(vec(5), more=((vec(3),),))
def nonlocal_total_in_a_residual_loop(x):
    total = 0.0

    def add(value):
        nonlocal total
        total = 0.5 * total + value

    for value in x:
        add(value)
    return total


@program(0.7, 1.3)
def late_binding_of_closures(x, y):
    functions = [lambda v: v * k for k in range(3)]
    bound = [lambda v, k=k: v * k for k in range(3)]
    return sum(f(x) for f in functions) + sum(f(y) for f in bound)


@program(0.7, 1.3)
def closures_made_by_a_factory_in_a_loop(x, y):
    def scaled(k):
        return lambda v: v**k

    functions = []
    for k in range(1, 4):
        functions.append(scaled(k))
    return functions[0](x) + functions[1](y) * functions[2](x)


@program(0.7, 1.3)
def variable_rebound_after_capture(x, y):
    def f():
        return x * y

    before = f()
    x = y * y
    return before + f()


@program(vec(3), 1.2)
def residuals_captured_by_an_objective(data, k):
    times = np.arange(3.0)

    def model(p):
        return p * np.exp(-times)

    def objective(p):
        r = model(p) - data
        return r @ r

    return objective(k) + objective(2.0 * k)


@program(0.7)
def inner_function_returns_inner_function(x):
    def outer(a):
        def middle(b):
            def inner(c):
                return a * b + c * x

            return inner

        return middle

    return outer(x)(2.0)(3.0)


@program(0.7, 1.3)
def recursive_closure(x, y):
    def continued(n):
        if n == 0:
            return y
        return x + 1.0 / continued(n - 1)

    return continued(4)


@program(0.7)
def closure_captures_a_container(x):
    memo = {}

    def power(n):
        if n not in memo:
            memo[n] = x if n == 1 else x * power(n - 1)
        return memo[n]

    return power(3) + power(2) + len(memo)


@program(vec(3))
def closure_that_appends(x):
    log = []

    def record(value):
        log.append(value)
        return value

    a = record(x[0] * x[1])
    b = record(a + x[2])
    return log[0] * log[1] + b


@program(0.7, 1.3)
def partial_with_a_closure(x, y):
    def f(a, b, c=1.0):
        return a * b + c * x

    return partial(f, y)(2.0) + partial(f, b=x, c=y)(3.0)


@program(0.7)
def lambda_in_a_default(x):
    def solve(f=lambda v: v * v - x, start=1.0):
        for _ in range(3):
            start = start - 0.2 * f(start)
        return start

    return solve() + solve(start=x)


@program(0.7, 1.3)
def comprehension_scopes(x, y):
    k = 2.0
    squares = [k * x for k in range(3)]
    pairs = {k: v for k, v in zip("ab", (x, y))}
    return k * sum(squares) + pairs["a"] * pairs["b"]


@program(0.7, refused="attribute-write")
def attribute_of_a_nested_function(x):
    def f(v):
        return v * f.gain

    f.gain = 3.0
    return f(x)


@program(0.7, 1.3)
def while_with_a_closure(x, y):
    def residual(v):
        return v * v - y

    n = 0
    while abs(residual(x)) > 1e-12 and n < 20:
        x = x - residual(x) / (2.0 * x)
        n += 1
    return x


@program(0.4, 1.3)
def early_returns_in_closures(x, y):
    def clamp(v, low=0.0, high=1.0):
        if v < low:
            return low
        if v > high:
            return high
        return v

    return clamp(x) * clamp(y) + clamp(-x) + x * y
