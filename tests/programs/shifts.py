"""Maxima taken off before exponentials: some cancel, some only look as if they did."""

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
