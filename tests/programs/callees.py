"""Functions that call functions."""

import math
from functools import partial

import numpy as np

from tests.programs import mat, program, vec


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def scale_in_place(x, factor):
    x *= factor


def add_first(x, value):
    x[0] += value
    return x[0]


def norm(v):
    return np.sqrt(np.sum(v * v))


def normalized(v):
    return v / norm(v)


def sum_and_product(x, y):
    return x + y, x * y


def with_defaults(x, scale=2.0, *, shift=1.0):
    return scale * x + shift


def factorial_like(x, n):
    return 1.0 if n == 0 else x * n * factorial_like(x, n - 1)


def is_even_step(x, n):
    return x if n == 0 else is_odd_step(math.sin(x), n - 1)


def is_odd_step(x, n):
    return x * 2.0 if n == 0 else is_even_step(x * x, n - 1)


def apply_twice(f, x):
    return f(f(x))


@program(0.7, order2=True)
def helper_function(x):
    return logistic(x) * logistic(2.0 * x)


@program(vec(4), order2=True)
def helper_that_calls_a_helper(x):
    return np.sum(normalized(x) * np.arange(4.0))


@program(0.7, 0.2)
def helper_with_two_results(x, y):
    s, p = sum_and_product(x, y)
    return s * p


@program(0.7)
def helper_with_defaults(x):
    return with_defaults(x) * with_defaults(x, 3.0) + with_defaults(x, shift=x, scale=x * x)


@program(vec(4), 1.3)
def helper_that_mutates(x, s):
    y = x * x
    scale_in_place(y, s)
    return y * x


@program(vec(4), 1.3)
def helper_that_mutates_an_argument(x, s):
    scale_in_place(x, s)
    return np.sum(x * x)


@program(vec(4))
def helper_that_mutates_and_returns(x):
    y = x * 1.0
    a = add_first(y, x[1])
    b = add_first(y, a * x[2])
    return a * b * y


@program(vec(6))
def helper_given_a_view(x):
    y = x * x
    scale_in_place(y[2:4], x[0])
    add_first(y[3:], x[1])
    return y


@program(mat(3, 4))
def helper_given_rows(a):
    b = a.copy()
    for i in range(3):
        scale_in_place(b[i], a[i, 0])
    return b


@program(vec(4), 3)
def helper_in_a_loop(x, n):
    for _ in range(n):
        x = normalized(x) + 0.1 * x**2
    return x


@program(vec(5))
def helper_in_while(x):
    n = 0
    while norm(x) > 0.5:
        x = x * 0.8
        n += 1
    return x * n


@program(0.7, 4, more=[(0.7, 0)])
def recursion(x, n):
    return factorial_like(x, n)


@program(0.7, 5)
def mutual_recursion(x, n):
    return is_even_step(x, n)


@program(0.7)
def nested_function(x):
    def inner(y):
        return y * math.sin(y)

    return inner(x) + inner(x * 2.0)


@program(0.7, 0.3)
def closure_over_an_active_value(x, a):
    def scaled(y):
        return a * y * x

    return scaled(x) + scaled(2.0)


@program(0.7)
def closure_sees_the_latest_value(x):
    a = 1.0

    def shifted(y):
        return y + a * x

    first = shifted(x)
    a = x * 3.0
    return first * shifted(x)


@program(0.7)
def nonlocal_state(x):
    total = 0.0

    def add(value):
        nonlocal total
        total += value

    add(x)
    add(x * x)
    return total * x


@program(vec(4))
def closure_that_writes_an_array(x):
    y = np.zeros(4)

    def put(i, value):
        y[i] = value

    for i in range(4):
        put(i, x[i] ** 2)
    return y


@program(0.7)
def lambda_expression(x):
    f = lambda t: t * t + x
    return f(x) * f(1.0)


@program(0.7)
def function_passed_as_an_argument(x):
    return apply_twice(math.sin, x) + apply_twice(logistic, x) + apply_twice(lambda t: t * x, x)


@program(0.7, math.cos)
def function_argument(x, f):
    return f(x) * x


@program(0.7)
def function_chosen_statically(x):
    table = {"a": math.sin, "b": logistic}
    return table["b"](x) * table["a"](x)


@program(0.7)
def list_of_functions(x):
    for f in (math.sin, logistic, math.exp):
        x = f(x) * 0.5
    return x


@program(0.7)
def partial_application(x):
    f = partial(with_defaults, scale=x)
    return f(3.0) + f(x)


@program(0.7)
def keyword_arguments_in_another_order(x):
    return with_defaults(shift=x * 2.0, x=x, scale=3.0)


@program(0.7, 0.2)
def star_arguments(x, y):
    def total(*items):
        s = 0.0
        for item in items:
            s = s * 2.0 + item
        return s

    pair = (x, y)
    return total(x, y, x * y) + total(*pair)


@program(0.7, 0.2)
def double_star_arguments(x, y):
    def area(**sides):
        return sides["width"] * sides["height"]

    options = {"width": x, "height": y}
    return area(**options) + area(width=y, height=y)


@program(0.7)
def default_taken_from_outside(x, factor=math.pi, n=2):
    for _ in range(n):
        x = x * factor
    return x


@program(0.7)
def same_helper_with_active_and_constant_arguments(x):
    return sum_and_product(x, 2.0)[1] + sum_and_product(3.0, x)[0] + sum_and_product(1.0, 2.0)[0] * x


@program(vec(4), 2)
def same_helper_with_scalars_and_arrays(x, n):
    s, p = sum_and_product(x, x[0])
    t, q = sum_and_product(x[1], x[2])
    return s * t + p * q * n


@program(vec(4))
def helper_with_a_loop_and_break(x):
    def first_above(v, level):
        s = 0.0
        for item in v:
            s += item
            if s > level:
                break
        return s

    return first_above(x, 0.8) * first_above(x, 2.0)


@program(vec(4))
def helper_with_early_return(x):
    def limited(v):
        if v > 1.0:
            return 1.0
        return v * v

    s = 0.0
    for item in x:
        s += limited(item)
    return s


@program(vec(3))
def helper_returning_its_argument(x):
    def touch(v):
        v[0] = v[1] * v[2]
        return v

    y = touch(x * 1.0)
    return y * y


@program(vec(3))
def helper_returning_a_view(x):
    def tail(v):
        return v[1:]

    y = x * x
    t = tail(y)
    t *= 2.0
    return y


@program(vec(4))
def helper_without_a_result(x):
    def report(v):
        message = f"sum {np.sum(v)}"
        assert message

    report(x)
    return x * x


@program(vec(4))
def higher_order_loop(x):
    def fold(f, items, start):
        acc = start
        for item in items:
            acc = f(acc, item)
        return acc

    return fold(lambda a, b: a * b + 1.0, x, 1.0)


@program(0.3, 1.2)
def simpson_of_a_function_with_parameters(a, b):
    def integrate(f, lo, hi, n):
        h = (hi - lo) / n
        s = f(lo) + f(hi)
        for i in range(1, n):
            s += f(lo + i * h) * (4.0 if i % 2 else 2.0)
        return s * h / 3.0

    return integrate(lambda t: math.exp(-a * t) * math.sin(b * t), 0.0, b, 6)


@program(0.9)
def decorated_helper(x):
    return cached_square(x) + x


def passing_through(f):
    def wrapped(*args, **kwargs):
        return f(*args, **kwargs)

    return wrapped


@passing_through
def cached_square(x):
    return x * x


SETTINGS = {"power": 3, "kind": "cubic"}


def raised(x, power=2, kind=""):
    return x**power if kind else x


@program(0.9)
def keyword_arguments_of_a_global_dict(x):
    return raised(x, **SETTINGS) + raised(x, power=2)
