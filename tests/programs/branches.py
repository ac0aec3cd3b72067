"""Choices: if, elif, conditional expressions, boolean logic."""

import math

import numpy as np

from tests.programs import program, signed, vec


@program(0.5, more=[(-0.5,)])
def leaky_relu(x):
    if x > 0:
        y = x
    else:
        y = 0.1 * x
    return y


@program(0.5, more=[(1.5,), (2.5,)])
def elif_chain(x):
    if x < 1.0:
        y = x * x
    elif x < 2.0:
        y = math.sin(x)
    else:
        y = 1.0 / x
    return y * x


@program(0.5, more=[(-0.5,)])
def if_without_else(x):
    y = x * x
    if x > 0:
        y = y * x
    return y


@program(0.5, 1.0, more=[(-0.5, 1.0), (0.5, -1.0), (-0.5, -1.0)])
def nested_ifs(x, y):
    if x > 0:
        if y > 0:
            z = x * y
        else:
            z = x - y
    else:
        z = x / 2.0
        if y > 0:
            z = z * y**2
    return z + x


@program(0.5, more=[(-0.5,)], order2=True)
def conditional_expression(x):
    return x**3 if x > 0 else math.exp(x)


@program(0.5, 0.6, more=[(0.5, -0.6), (-0.5, 0.6)])
def and_or_not(x, y):
    if x > 0 and y > 0:
        z = x * y
    elif not (x > 0) or y < -1.0:
        z = x + y
    else:
        z = y
    return z * z


@program(0.5, more=[(1.5,), (3.0,)])
def chained_comparison(x):
    if 1.0 < x <= 2.0:
        return x * x
    return x


@program(0.3, more=[(0.7,)])
def variable_changed_in_one_branch(x):
    a = x
    b = 2.0 * x
    if x < 0.5:
        a = b * x
        b = a + 1.0
    return a * b


@program(0.3, True, more=[(0.3, False)])
def flag_argument(x, squared):
    if squared:
        x = x * x
    return math.sin(x)


@program(0.3, "sin", more=[(0.3, "cos"), (0.3, "other")])
def string_argument(x, kind):
    if kind == "sin":
        return math.sin(x)
    if kind == "cos":
        return math.cos(x)
    return x


@program(0.3, None, more=[(0.3, 2.0)])
def optional_argument(x, scale):
    if scale is None:
        scale = 3.0
    return x * scale


@program(vec(4), 2, more=[(vec(4), 0), (vec(4), 3)])
def integer_condition(x, k):
    if k % 2 == 0:
        return x[k] * x[0]
    return x[k] ** 3


@program(signed(4), more=[(-signed(4),)])
def condition_on_an_element(x):
    y = x * x
    if x[0] > 0:
        y = y * x[0]
    else:
        y = y + x[1]
    return y


@program(vec(4), more=[(0.2 * vec(4),)])
def condition_on_a_reduction(x):
    if np.sum(x) > 2.0:
        return x / np.sum(x)
    return x * 1.0


@program(0.5, more=[(-0.5,)])
def both_branches_define_several(x):
    if x > 0:
        a, b = x * x, x
    else:
        b, a = x * 3.0, 1.0
    return a - b


@program(0.5, more=[(-0.5,)])
def constant_in_one_branch(x):
    if x > 0:
        y = 1.0
    else:
        y = x
    return y * 2.0


@program(0.5, more=[(-0.5,)])
def integer_in_one_branch(x):
    if x > 0:
        y = 0
    else:
        y = x
    return y * 2.0 + x


@program(0.5, more=[(-0.5,)])
def raise_in_a_branch(x):
    if x > 10.0:
        raise ValueError("too large")
    return x * x


@program(0.5, more=[(-0.5,)])
def pass_in_a_branch(x):
    if x > 0:
        pass
    else:
        x = -x
    return x * 3.0


@program(vec(3), more=[(vec(5),)])
def condition_on_a_size(x):
    if len(x) > 4:
        return x[4] * x[0]
    return x[0] ** 2


@program(0.2, more=[(0.7,), (1.4,)])
def condition_on_a_computed_value(x):
    y = math.exp(x)
    if y > 3.0:
        y = y - x
    if y > 1.5:
        y = y * x
    return y


@program(2.0, 0.9, more=[(-2.0, 0.9)])
def huber(x, delta):
    if abs(x) <= delta:
        return 0.5 * x**2
    return delta * (abs(x) - 0.5 * delta)


@program(0.25, more=[(0.75,), (1.25,)])
def smoothstep(x):
    t = 0.0 if x < 0.0 else 1.0 if x > 1.0 else x
    return t * t * (3.0 - 2.0 * t)


@program(0.5, 2, more=[(0.5, 1), (0.5, 7)])
def match_statement(x, n):
    match n:
        case 1:
            y = x
        case 2 | 3:
            y = x * x
        case _:
            y = x**3
    return y
