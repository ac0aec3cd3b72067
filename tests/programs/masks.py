"""Boolean masks and np.where."""

import numpy as np

from tests.programs import mat, program, signed, vec


@program(signed(6), order2=True)
def masked_read(x):
    return np.sum(x[x > 0] ** 2)


@program(signed(6))
def masked_write_of_a_constant(x):
    y = x * x
    y[x < 0] = 0.0
    return y


@program(signed(6))
def masked_write_of_values(x):
    y = np.zeros(6)
    positive = x > 0
    y[positive] = np.sqrt(x[positive])
    y[~positive] = x[~positive] ** 2
    return y


@program(signed(6))
def masked_augmented(x):
    y = x.copy()
    y[y > 0.5] *= 2.0
    y[y < 0] += 1.0
    return y


@program(signed(6), 0.3)
def masked_write_of_a_scalar(x, s):
    x[x < 0] = s
    return x * x


@program(signed(6), order2=True)
def where_of_three_arrays(x):
    return np.where(x > 0, x**2, np.exp(x))


@program(signed(6), 0.4)
def where_with_scalars(x, s):
    return np.where(x > 0, s * x, 1.0) + np.where(x > 1.0, 0.0, s)


@program(signed(6), np.array([True, False, True, True, False, False]))
def mask_argument(x, keep):
    return np.where(keep, x, -x) * x + keep * x


@program(mat(3, 4))
def two_dimensional_mask(a):
    b = a * a
    b[a > 1.0] = a[a > 1.0]
    return b


@program(mat(3, 4), np.array([True, False, True]))
def mask_of_rows(a, rows):
    return np.sum(a[rows] ** 2, axis=0)


@program(mat(3, 4), np.array([True, False, True]))
def rows_written_by_a_mask(a, rows):
    b = np.zeros((3, 4))
    b[rows] = a[rows] * 2.0
    b[~rows, 1] = 5.0
    return b * a


@program(signed(6))
def combined_masks(x):
    inside = (x > -1.0) & (x < 1.0)
    outside = (x <= -1.0) | (x >= 1.0)
    return np.where(inside, x**2, 0.0) + np.where(outside, np.abs(x), 0.0)


@program(signed(6))
def boolean_times_value(x):
    return (x > 0) * x + (x <= 0) * 0.1 * x


@program(signed(6))
def logical_functions(x):
    keep = np.logical_and(x > 0, np.logical_not(x > 1.0))
    return np.where(keep, np.sin(x), x)


@program(signed(6))
def nonzero_indices(x):
    k = np.nonzero(x > 0)[0]
    return x[k] ** 2


@program(signed(6))
def where_with_one_argument(x):
    k = np.where(x > 0)[0]
    y = np.zeros(6)
    y[k] = x[k] ** 3
    return y


@program(signed(7))
def mean_of_selected(x):
    chosen = x[x > 0]
    return chosen.sum() / chosen.size


@program(signed(6))
def clip(x):
    return np.clip(x, -0.7, 0.9) * x


@program(signed(6))
def maximum_with_zero(x):
    return np.maximum(x, 0.0) ** 2 + np.minimum(x, 0.5)


@program(signed(5), 3)
def mask_in_a_loop(x, n):
    for _ in range(n):
        x = np.where(x > 0, 0.8 * x, x * x * 0.5)
        x[x > 1.0] = 1.0
    return x


@program(signed(5))
def select_of_several(x):
    return np.select([x > 0.8, x > 0.0], [x**2, 2.0 * x], default=-x)


@program(vec(5))
def mask_that_selects_nothing(x):
    y = x[x > 10.0]
    return np.sum(y) + np.sum(x)


@program(signed(5))
def piecewise_by_hand(x):
    y = np.empty_like(x)
    low = x < 0
    y[low] = -x[low]
    y[np.logical_not(low)] = 0.5 * x[np.logical_not(low)] ** 2
    return y.sum()


@program(signed(6))
def count_is_inactive(x):
    n = np.count_nonzero(x > 0)
    return np.sum(x) / n


@program(signed(6))
def sign_function(x):
    return np.sign(x) * x**2 + np.heaviside(x, 0.5) * x


@program(np.array([-800.0, 1.0, 2.0]))
def masked_where_an_exponential_underflows(x):
    with np.errstate(all="ignore"):
        return np.where(x > -700.0, 1.0 / np.exp(x), x)


@program(vec(4), mat(4, 3), order2=True)
def normalised_where_masked(x, w):
    z = x @ w
    z = (z - np.mean(z)) / np.sqrt(np.var(z) + 1e-5)
    e = np.exp(z - np.max(z))
    return np.where(z > 0.0, e / np.sum(e), 0.0)


@program(np.array([0.4, np.nan, 1.7]), np.array([0.2, 0.3, np.nan]))
def sums_over_gaps(x, y):
    return np.nansum(x * x * y) + np.nanmean(np.sin(x) / y)


@program(np.array([0.4, np.nan, 1.7]), 0.7)
def gaps_filled(x, s):
    return np.where(np.isnan(x), s, np.exp(s * x) * x**3)


@program(np.array([-3.0, 0.5, 400.0, 800.0]))
def flat_where_an_exponential_overflows(x):
    with np.errstate(all="ignore"):
        e = np.exp(x)
        return np.arctan(e) + np.tanh(e) + 1.0 / e
