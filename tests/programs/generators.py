"""Generators, grids of indices, iterators that move on, and context managers made of generators."""

import contextlib
import math

import numpy as np

from tests.programs import cube, mat, program, vec


def squares(x):
    for v in x:
        yield v * v


def pairs(x, scale):
    for i in range(len(x) - 1):
        yield i, x[i] * scale
        yield i, x[i + 1]


def relaxation(x, dt):
    """Yields the array that it goes on changing."""
    while True:
        yield x
        x = x - dt * x * x


def until_large(x, limit):
    y = x
    while y < limit:
        yield y
        y = y * 1.5 + 0.1


def checked(x):
    for v in x:
        if v > 1.4:
            raise ValueError("large")
        yield math.sqrt(v)


def chained(x):
    yield x[0]
    yield from squares(x[1:])
    yield x[-1] * 3.0


@contextlib.contextmanager
def scaled(state, factor):
    before = state["scale"]
    state["scale"] = before * factor
    yield state["scale"]
    state["scale"] = before


@contextlib.contextmanager
def restored(a):
    saved = a.copy()
    try:
        yield a
    finally:
        a[:] = saved * 2.0


@contextlib.contextmanager
def negative_is_fine(state):
    try:
        yield
    except ValueError:
        state["failed"] = state["failed"] + 1.0


# ---- grids


@program(mat(2, 3), more=[(mat(1, 1),), (np.zeros((0, 3)),)], order2=True)
def ndindex_of_a_shape(x):
    total = 0.0
    for i, j in np.ndindex(x.shape):
        total += x[i, j] ** 2 * (i + 1) * (j + 2)
    return total


@program(cube(2, 3, 2))
def ndindex_with_one_name(x):
    y = np.empty_like(x)
    for index in np.ndindex(*x.shape):
        y[index] = math.sin(x[index]) * (index[0] + index[2])
    return y


@program(mat(3, 3), 3)
def ndindex_of_sizes(x, n):
    y = np.zeros((n, n))
    for i, j in np.ndindex(n, n):
        if i < j:
            continue
        y[i, j] = x[i, j] * x[j, i]
    return np.sum(y)


@program(mat(3, 4), more=[(mat(3, 4) * 4.0,)])
def ndindex_left_by_break(x):
    total = 1.0
    for i, j in np.ndindex(x.shape):
        if total > 9.0:
            break
        total = total + x[i, j] * total
    return total


@program(mat(3, 4))
def ndindex_left_by_return(x):
    total = 0.0
    for i, j in np.ndindex(3, 4):
        total = total + x[i, j] ** 2
        if total > 4.0:
            return total * (i + j)
    return total


@program(mat(2, 2))
def ndindex_in_ndindex(x):
    total = 0.0
    for i in np.ndindex(2, 2):
        for k in np.ndindex(2, 2):
            total += x[i] * x[k] * (1.0 if i < k else 0.5)
    return total


@program(mat(2, 3), order2=True)
def ndenumerate_an_array(x):
    total = 0.0
    for (i, j), v in np.ndenumerate(x):
        total += v**3 * (i + 2 * j)
    return total


@program(mat(2, 3).T)
def nditer_over_elements(x):
    total = 1.0
    for v in np.nditer(x, order="C"):
        total = total * 0.7 + v * v
    return total


@program(mat(2, 3), jit=False)
def nditer_that_writes(x):
    y = x * 2.0
    for v in np.nditer(y, op_flags=["readwrite"], order="C"):
        v[...] = v * v + 1.0
    return np.sum(y * x)


@program(mat(2, 3), refused="nditer")
def nditer_in_the_order_of_memory(x):
    total = 1.0
    for v in np.nditer(x):
        total = total * 0.7 + v
    return total


# ---- iterators


@program(vec(4))
def first_of_an_iterator(x):
    it = iter([x[0], x[1], x[2]])
    first = next(it)
    second = next(it)
    return first * second + sum(it)


@program(vec(3))
def iterator_of_an_array(x):
    it = iter(x)
    total = next(it) ** 2
    for v in it:
        total = total * v
    return total + next(it, 2.0)


@program(vec(3))
def reduce_by_hand(x):
    it = iter([x[0] ** 2, x[1] ** 2, x[2] ** 2])
    total = next(it)
    for v in it:
        total = total * v + 1.0
    return total


@program(0.5)
def next_of_a_generator_expression(x):
    table = [(1.0, x), (2.0, x * x), (3.0, x**3)]
    return next(value for key, value in table if key > 1.5) * next((v for k, v in table if k > 9.0), x)


@program(0.5)
def stop_iteration_caught(x):
    it = iter([x, x * x])
    total = 1.0
    try:
        for _ in range(5):
            total = total * next(it) + 1.0
    except StopIteration:
        total = total * 2.0
    return total


@program(vec(4))
def pairs_of_one_iterator(x):
    first = iter([x[0], x[1]])
    second = iter([x[2], x[3]])
    total = 0.0
    for a, b in zip(first, second):
        total += a * b
    return total


# ---- generators


@program(vec(4), order2=True)
def loop_over_a_generator(x):
    total = 0.0
    for v in squares(x):
        total = total * 0.9 + v
    return total


@program(vec(4))
def sum_and_list_of_generators(x):
    values = list(squares(x))
    return sum(squares(x)) * values[2]


@program(vec(4), 0.3)
def generator_of_pairs(x, scale):
    total = 0.0
    for i, v in pairs(x, scale):
        total += v * v * (i + 1)
    return total


@program(vec(4))
def enumerated_generator(x):
    total = 0.0
    for k, v in enumerate(squares(x)):
        total += v * (k + 1)
    return total


@program(vec(3), 0.1)
def generator_without_end(x, dt):
    total = 0.0
    k = 0
    for state in relaxation(x, dt):
        total += np.sum(state)
        k += 1
        if k > 3:
            break
    return total


@program(0.3, 2.0)
def generator_that_ends_by_value(x, limit):
    total = 0.0
    for y in until_large(x, limit):
        total = total + y * y
    return total


@program(vec(4), more=[(vec(4) + 0.8,)])
def generator_that_raises(x):
    total = 0.0
    try:
        for r in checked(x):
            total += r * r * r
    except ValueError:
        total = total * 2.0 + x[0]
    return total


@program(vec(4))
def yield_from_another(x):
    total = 1.0
    for v in chained(x):
        total = total * 0.5 + v
    return total


@program(vec(4))
def taking_turns(x):
    """The loop changes what the generator reads next."""
    a = x * 1.0

    def walk():
        for i in range(4):
            yield a[i]

    total = 0.0
    for k, v in enumerate(walk()):
        total += v
        if k < 3:
            a[k + 1] = a[k + 1] * v
    return total + np.sum(a)


@program(vec(4))
def continue_in_a_loop_over_a_generator(x):
    total = 0.0
    for k, v in enumerate(squares(x)):
        if k == 1:
            continue
        total += v * k
    else:
        total = total * 2.0
    return total


@program(vec(4))
def return_from_a_loop_over_a_generator(x):
    total = 0.0
    for v in squares(x):
        total += v
        if total > 1.0:
            return total * v
    return total


@program(vec(3))
def generators_in_generators(x):
    def outer():
        for v in squares(x):
            yield v * 2.0
            yield v

    total = 0.0
    for v in outer():
        for w in squares(x):
            total += v * w
    return total


# ---- context managers made of generators


@program(0.5)
def context_of_a_generator(x):
    state = {"scale": 2.0}
    with scaled(state, x) as factor:
        y = factor * state["scale"]
    return y + state["scale"] * x


@program(vec(3), more=[(vec(3) + 1.0,)])
def context_left_by_return(x):
    a = x * x
    with restored(a) as b:
        b[0] = b[1] * 3.0
        if b[0] > 4.0:
            return np.sum(b)
    return np.sum(a * x)


@program(vec(3), 0.5, more=[(vec(3), -0.5)])
def context_that_handles_an_exception(x, y):
    state = {"failed": x[0]}
    total = y
    with negative_is_fine(state):
        total = total * 2.0
        total = math.log(y)
    return total * state["failed"]


@program(vec(3), 0.5, more=[(vec(3), -0.5)])
def context_that_cleans_up(x, y):
    a = x * x
    try:
        with restored(a):
            a[0] = math.sqrt(y)
    except ValueError:
        a[1] = a[1] * y
    return np.sum(a)


class Chain:
    """An object that yields the links of a chain."""

    def __init__(self, weights):
        self.weights = weights

    def __iter__(self):
        yield self.weights[0]
        for k in range(1, len(self.weights)):
            yield self.weights[k] * self.weights[k - 1]


@program(vec(4))
def object_that_yields(x):
    total = 1.0
    for link in Chain(x):
        total = total * 0.5 + link * link
    return total


def counted(x, n):
    """Returns what it has seen, which `yield from` hands on."""
    total = 0.0
    for k in range(n):
        yield x * k
        total = total + x * x
    return total


def twice(x):
    first = yield from counted(x, 2)
    second = yield from counted(x * first, 3)
    yield first * second


@program(0.7)
def value_of_a_generator(x):
    total = 0.0
    for k, v in enumerate(twice(x), start=1):
        total += v * k
    return total


@program(vec(3))
def generator_that_is_kept(x):
    kept = squares(x)
    a = x[0] * 2.0
    return sum(kept) * a


@program(vec(3), refused="spent-iterator")
def generator_used_twice(x):
    kept = squares(x)
    return sum(kept) + sum(kept)


@program(vec(3), refused="generator")
def generator_in_zip(x):
    total = 0.0
    for k, v in zip(range(3), squares(x)):
        total += k * v
    return total


def halves(x, depth):
    yield x
    if depth > 0:
        yield from halves(x * 0.5, depth - 1)
        yield from halves(x * x, depth - 1)


@program(0.9)
def generator_that_calls_itself(x):
    total = 0.0
    for v in halves(x, 2):
        total = total * 0.5 + v
    return total


@program(mat(3, 2))
def counted_generators_in_each_other(x):
    total = 0.0
    for i, row in enumerate(x):
        for j, v in enumerate(squares(row)):
            for k, w in enumerate(squares(row)):
                total += v * w * (i + 1) * (j + 2 * k)
    return total


@program(vec(4))
def unpacked_from_a_generator(x):
    def three():
        yield x[0]
        yield x[1] * x[2]
        yield x[3]

    a, b, c = three()
    return a * b + c * max(three())


@program(vec(3), more=[(mat(2, 2),), (np.array(0.7),), (cube(2, 1, 2),)])
def ndenumerate_arrays_of_any_rank(x):
    total = 0.0
    for index, v in np.ndenumerate(x):
        total += v**3 * (1 + sum(index))
    return total
