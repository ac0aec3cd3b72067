"""Maxima taken off before exponentials: some cancel, some only look as if they did."""

import math

import numpy as np

from tests.programs import mat, program, vec


@program(mat(3, 4), order2=True)
def log_sum_exp_of_rows(x):
    m = np.max(x, axis=1)
    return m + np.log(np.sum(np.exp(x - m[:, None]), axis=1))


@program(mat(3, 4), order2=True)
def log_sum_exp_of_columns(x):
    m = np.max(x, axis=0)
    return np.log(np.sum(np.exp(x - m), axis=0)) + m


@program(mat(3, 4), order2=True)
def log_sum_exp_of_all(x):
    m = x.max()
    return m + np.log(np.exp(x - m).sum())


@program(mat(3, 4), order2=True)
def softmax_with_axes_kept(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@program(mat(3, 4), order2=True)
def softmax_and_its_logarithm(x):
    s = x - np.expand_dims(np.max(x, axis=1), 1)
    e = np.exp(s)
    t = np.sum(e, axis=1)
    return np.sum((s - np.log(t)[:, None]) * (e / t[:, None]), axis=1)


@program(np.array([0.3, 0.9, 0.9, 0.1]))
def log_sum_exp_of_tied_values(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


@program(mat(3, 3), order2=True)
def maximum_of_rows_taken_off_columns(x):
    m = np.max(x, axis=1)
    return m + np.log(np.sum(np.exp(x - m), axis=1))


@program(mat(3, 3), order2=True)
def maximum_of_rows_summed_over_columns(x):
    m = np.max(x, axis=1, keepdims=True)
    e = np.exp(x - m)
    return e / np.sum(e, axis=0, keepdims=True)


@program(mat(3, 3), order2=True)
def maximum_added_along_another_axis(x):
    m = np.max(x, axis=1)
    return m + np.log(np.sum(np.exp(x - m[:, None]), axis=1, keepdims=True))


@program(vec(4), order2=True)
def maximum_used_besides(x):
    m = np.max(x)
    return m * m + m + np.log(np.sum(np.exp(x - m)))


@program(vec(4), order2=True)
def maximum_taken_off_without_being_added(x):
    return np.log(np.sum(np.exp(x - np.max(x))))


@program(vec(4), order2=True)
def maximum_taken_off_exponentials_used_otherwise(x):
    m = np.max(x)
    e = np.exp(x - m)
    return e * e + m + np.log(np.sum(e))


@program(vec(4), order2=True)
def maximum_of_another_array(x):
    m = np.max(x)
    y = x * x
    return m + np.log(np.sum(np.exp(x - m) * y))


@program(vec(4))
def maximum_of_what_was_there_before(x):
    m = np.max(x)
    x[1] = 3.0 * x[0]
    return m + np.log(np.sum(np.exp(x - m)))


@program(vec(4), 3)
def maximum_of_the_step_before(x, n):
    m = np.max(x)
    total = 0.0
    for i in range(n):
        e = np.exp(x - m)
        total += np.log(np.sum(e)) + m
        m = np.max(x)
        x = x * x
    return total


@program(mat(3, 4))
def maximum_returned_too(x):
    m = np.max(x, axis=1)
    return m + np.log(np.sum(np.exp(x - m[:, None]), axis=1)), m


@program(mat(5, 3), vec(3), order2=True)
def log_sum_exp_in_a_loop(x, a):
    for t in range(5):
        y = a[:, None] + x[t]
        m = np.max(y, axis=0)
        a = x[t] + m + np.log(np.sum(np.exp(y - np.expand_dims(m, 0)), axis=0))
    return a


@program(vec(4), order2=True)
def maximum_found_and_taken_off_in_loops(x):
    largest = x[0]
    for i in range(1, x.size):
        largest = max(largest, x[i])
    total = 0.0
    for i in range(x.size):
        total += math.exp(x[i] - largest)
    return largest + math.log(total)


@program(mat(3, 4), order2=True)
def maxima_of_rows_taken_off_in_loops(a):
    """The maximum is found by a comparison, and each row has its own."""
    result = 0.0
    for i in range(a.shape[0]):
        best = -np.inf
        for j in range(a.shape[1]):
            if a[i, j] > best:
                best = a[i, j]
        s = 0.0
        for j in range(a.shape[1]):
            s = np.exp(a[i, j] - best) + s
        result += (np.log(s) + best) ** 2
    return result


@program(vec(4), more=((vec(4)[::-1].copy(),),))
def maxima_in_loops_that_do_matter(x):
    """A sum that starts elsewhere, terms with a weight of the maximum, one more use, a product, another term."""
    largest, second = x[0], x[0]
    for i in range(1, x.size):
        largest = max(largest, x[i])
        second = max(second, 0.5 * x[i])
    one, two, three, four = 1.0, 0.0, 0.0, 0.0
    for i in range(x.size):
        one += math.exp(x[i] - largest)
        two += math.exp(largest - second)
        three += math.exp(x[i] - largest) * x[i]
        four += math.exp(x[i] - second)
        four += x[i] ** 2
    return (
        (largest + math.log(one)) * (second + math.log(two)) + (largest + math.log(three)) + (second + math.log(four))
    )


@program(vec(4))
def maximum_in_a_loop_that_goes_on(x):
    """The maximum so far is taken off, which is another for each term; and one is used after it was changed."""
    running, total = x[0], 0.0
    for i in range(x.size):
        running = max(running, x[i])
        total += math.exp(x[i] - running)
    moved = 2.0 * running
    for i in range(x.size):
        moved = max(moved, x[i])
    rest = 0.0
    for i in range(x.size):
        rest += math.exp(x[i] - moved)
    return running + math.log(total) + (moved + math.log(rest)) * 2.0
