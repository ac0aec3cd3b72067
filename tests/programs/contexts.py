"""Context managers around active code."""

import contextlib
import math
import warnings

import numpy as np

from tests.programs import mat, program, signed, vec

MIXED = np.array([0.5, -1.2, 2.1, 3.4])
WITH_ZERO = np.array([0.5, 0.0, 2.1, 3.4])


class Scaled:
    """Counts how deep it is entered; restores what it changed."""

    def __init__(self, state, factor):
        self.state = state
        self.factor = factor

    def __enter__(self):
        self.before = self.state["scale"]
        self.state["scale"] = self.before * self.factor
        return self.state["scale"]

    def __exit__(self, kind, error, traceback):
        self.state["scale"] = self.before
        if kind is not None:
            self.state["scale"] = self.before * 3.0


class Counting:
    def __init__(self, x):
        self.total = x

    def __enter__(self):
        return self

    def add(self, value):
        self.total = self.total + value

    def __exit__(self, *details):
        self.total = self.total * self.total
        return False


# ---- np.errstate


@program(vec(4), WITH_ZERO, argnums=(0,))
def division_by_zero_silenced(x, w):
    with np.errstate(divide="ignore"):
        y = x / w
    return np.where(np.isinf(y), 0.0, y)


@program(np.array([0.5, -1.2, 2.1]), order2=True)
def masked_logarithm(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(x > 0.0, np.log(x), x * x)
    return np.sum(y * y)


@program(MIXED)
def errstate_in_a_loop(x):
    total = 0.0
    for i in range(x.size):
        with np.errstate(invalid="ignore"):
            r = np.sqrt(x[i])
        if np.isnan(r):
            total = total + x[i] ** 2
        else:
            total = total * r + r
    return total


@program(signed(5), order2=True)
def errstate_around_a_return(x):
    with np.errstate(all="ignore"):
        y = np.exp(x) / np.sum(np.exp(x))
        if y[0] > 2.0:
            return y[0]
        return np.sum(y**2)


@program(vec(6))
def errstate_around_break_and_continue(x):
    total = 1.0
    for i in range(6):
        with np.errstate(all="ignore"):
            if i == 1:
                continue
            if i == 4:
                break
            total = total * x[i]
        total = total + 1.0
    return total


@program(vec(3), 2, more=[(vec(3), 0)], jit=False)
def floating_point_error_caught(x, n):
    try:
        with np.errstate(divide="raise"):
            y = x / np.float64(n)
    except FloatingPointError:
        y = x * x
    return np.sum(y * x)


@program(vec(3), more=[(vec(3) * 400.0,)], jit=False)
def overflow_raises_and_is_caught(x):
    try:
        with np.errstate(over="raise"):
            y = np.exp(x)
            z = y * y
    except FloatingPointError:
        z = x * x
    return np.sum(np.log(z))


@program(np.array([0.5, -1.2, 2.1]), more=[(vec(3),)], jit=False)
def invalid_raises_in_a_loop(x):
    total = 1.0
    for v in x:
        with np.errstate(all="raise", under="ignore"):
            try:
                total = total + np.sqrt(v) * total
            except FloatingPointError:
                total = total * v
    return total


@program(vec(4))
def nested_settings(x):
    with np.errstate(all="ignore"):
        y = x * x
        with np.errstate(divide="warn"):
            z = y / x
        return np.sum(z * y)


def silenced(x):
    with np.errstate(invalid="ignore"):
        return np.where(x > 0.0, np.sqrt(x), -x)


@program(np.array([0.5, -1.2, 2.1]))
def errstate_in_a_callee(x):
    return np.sum(silenced(x) * silenced(x - 1.0))


@program(vec(3))
def decimal_places_of_output(x):
    with np.printoptions(precision=3):
        y = x * x
    return np.sum(y)


@program(vec(3))
def warnings_caught(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = x**3
    return np.sum(y)


# ---- contextlib


@program(MIXED)
def suppressed(x):
    total = 1.0
    for v in x:
        with contextlib.suppress(ValueError):
            total = total + v
            total = total * math.sqrt(v)
    return total


@program(0.5, more=[(-0.5,)])
def suppressed_of_two_kinds(x):
    y = x * x
    with contextlib.suppress(ValueError, ZeroDivisionError):
        y = math.log(x)
        y = y * 2.0
    return y


@program(0.5)
def suppressed_nothing(x):
    y = 1.0
    with contextlib.suppress(KeyError):
        y = y * x * x
    return y


@program(mat(2, 3))
def no_context(x):
    with contextlib.nullcontext(x * 2.0) as y:
        z = y * x
    return np.sum(z)


@program(vec(3))
def two_contexts_in_one_statement(x):
    with np.errstate(all="ignore"), contextlib.nullcontext(3.0) as factor:
        y = x * factor
    return np.sum(y * x)


# ---- the user's own


@program(0.5)
def entered_and_left(x):
    state = {"scale": 1.0}
    with Scaled(state, x) as scale:
        y = scale * state["scale"]
    return y + state["scale"] * x


@program(0.5, more=[(-0.5,)])
def left_by_an_exception(x):
    state = {"scale": 2.0}
    y = x
    try:
        with Scaled(state, x):
            y = math.log(x) * state["scale"]
    except ValueError:
        y = y * 5.0
    return y * state["scale"]


@program(vec(4), 2, more=[(vec(4), 9)])
def left_by_break_and_return(x, n):
    state = {"scale": 1.0}
    total = 0.0
    for i in range(4):
        with Scaled(state, x[i]) as scale:
            if i == n:
                break
            if scale > 100.0:
                return total
            total = total + scale * x[i]
    return total * state["scale"]


@program(vec(4))
def a_context_that_collects(x):
    with Counting(x[0]) as counter:
        for v in x:
            counter.add(v * v)
    return counter.total


@program(vec(3))
def entered_twice(x):
    state = {"scale": x[0]}
    with Scaled(state, 2.0):
        with Scaled(state, x[1]):
            y = state["scale"] * x[2]
        y = y * state["scale"]
    return y * state["scale"]
