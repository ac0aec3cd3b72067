"""What whole packages of PyPI brought to light: patterns of their code, in small."""

import datetime as dt
import functools
import math

import numpy as np
from scipy.interpolate import RectBivariateSpline, bisplev, splev, splrep

from tests.programs import program, vec

ANGLES = [30.0, 45.0, 65.0]
C1S = [[0.718, 0.348, 0.3], [0.718, 0.4, 0.3], [0.63, 0.291, 0.13]]
KNOTS = np.linspace(0.0, 3.0, 9)
CURVE = splrep(KNOTS, np.sin(KNOTS))
STEPS = splrep(KNOTS, np.cos(KNOTS), k=1)
SURFACE = (*RectBivariateSpline(KNOTS, KNOTS[:7], np.sin(np.outer(KNOTS, KNOTS[:7])), kx=3, ky=1).tck, 3, 1)
LIMITS = [[10.0, 10.0], [10.0, 100.0], [20.0, 300.0]]


def call_price(x, s):
    if x > 0:
        return 2.0 * math.sinh(x) + call_price(-x, s)
    if s <= math.fabs(x) * 1e-3:
        return x * s
    return math.exp(0.5 * x) * normal_tail(x / s) * s


def put_price(x, s):
    return x + reflected(x, s) if 0.0 < x else math.exp(-x) * s


def reflected(x, s):
    return s * put_price(-x, s * s)


def normal_tail(z):
    """A series below, a closed form above: reached at several depths of calls."""
    total, term, k = 1.0, 1.0, 1
    while k < 6:
        term = -term * z * z / (2.0 * k)
        total += term / (2.0 * k + 1.0)
        k += 1
    return 0.5 + z * total / math.sqrt(2.0 * math.pi)


@program(0.3, 0.7, more=[(-0.3, 0.7), (-0.3, 1e-5), (0.3, 1e-5)])
def recursion_by_reflection(x, s):
    """Where x > 0 holds, -x > 0 does not: the function calls itself once."""
    return call_price(x, s) + normal_tail(s)


@program(0.3, 0.7, more=[(-0.3, 0.7)])
def mutual_recursion_by_reflection(x, s):
    return put_price(x, s) + call_price(-x, s)


@program(0.7, more=[(-0.7,), (3.0,)])
def conditions_that_decide_others(x):
    if x > 0.0 and x < 2.0:
        y = x * x if 0.0 < x else 5.0 * x
        return y if -x >= -2.0 else 7.0 * x
    elif not x < 0.0:
        return x**3 if x >= 0.0 else 11.0 * x
    return math.sin(x)


@program(50.0, refused="recursion")
def recursion_without_known_depth(x):
    def halved(x):
        return x * x if x < 1.0 else 2.0 * halved(x / 2.0)

    return halved(x) + doubled_until_large(x)


def doubled_until_large(x):
    return x if x > 100.0 else doubled_until_large(2.0 * x) + doubled_until_large(x + 1.0)


@program(3.0, more=[(1.2,)])
def secant_that_meets_the_root_exactly(a):
    """The last point goes on as a loop variable, and is returned: two copies of one value."""
    p0, p1 = 1.0, 2.0
    q0, q1 = p0 - a, p1 - a
    for _ in range(20):
        p = p1 - q1 * (p1 - p0) / (q1 - q0)
        if abs(p0 - p1) <= 1e-12 * abs(p0):
            return p
        p0 = p1
        q0 = q1
        p1 = p
        q1 = p1 - a
        if q1 == 0.0:
            return p1
    raise ValueError("no root")


@program(vec(3), 0.3)
def vectors_handed_on_twice(x, a):
    last, best, before = x * a, x, x * 2.0
    for k in range(3):
        new = before * last + a
        before, last, best = last, new, new
    return np.sum(last * best) + np.sum(before)


@program(0.37, 0.11, 893.9, 0.117)
def saltation_velocity(mp, dp, rho, d):
    """Quotients whose partials are beyond the range of floats, though the derivative is not."""
    beta = 1100.0 * dp + 2.5
    expression1 = 0.1 ** (1440.0 * dp + 1.96) * (1.0 / math.sqrt(9.81 * d)) ** beta
    expression2 = mp / rho / (math.pi / 4 * d * d)
    return (expression2 / expression1) ** (1.0 / (1.0 + beta))


@program(1.5, np.array([2.0, 0.1, -1.0]), more=[(1.5, np.array([-2.0, 2.1, 0.7])), (1.5, np.array([0.2, -1.5, -1.0]))])
def set_by_some_iterations(x, y):
    """What an iteration does not set stays as an earlier one left it."""
    for j in range(3):
        if y[j] > 1:
            c = 2.0
            d = c * x
        elif y[j] > 0:
            c = 3.0
            d = x * x * (j + 1.0)
    return c * x + d


@program(1.5, np.array([2.0, 0.1, -1.0]), more=[(0.5, np.array([-2.0, 2.1, 1.0]))])
def set_unless_the_iteration_is_skipped(x, y):
    for j in range(3):
        if y[j] < 0:
            continue
        c = 2.0 * x * (j + 1)
        if c > 100.0:
            break
        d = c * x
    return c * d


@program(30.0, 2000.0, more=[(62.0, 15.0), (99.0, 317.0), (44.0, 9.0)])
def constants_chosen_by_ranges(angle, re):
    """The last row counts where no other does: the variables have no value before."""
    for i in range(len(ANGLES)):
        if angle <= ANGLES[i]:
            c1s, limits = C1S[i], LIMITS[i]
            break
        elif i == len(ANGLES) - 1:
            c1s, limits = C1S[-1], LIMITS[-1]
    for j in range(len(limits)):
        if re <= limits[j]:
            c1 = c1s[j]
            break
        elif j == len(limits) - 1:
            c1 = c1s[-1]
    return c1 * re**0.7 + angle


@program(1.5, np.array([2.0, 0.1, -1.0]), refused="undecided-value")
def pairs_set_by_some_iterations(x, y):
    for j in range(3):
        if y[j] > 1:
            c = (2.0 * x, x)
        elif y[j] > 0:
            c = (x, 3 * x)
    return c[0] * c[1]


@program(np.outer([0.3, -1.1, 0.7], [0.5, 0.2, -0.8]))
def factors_of_an_outer_product(m):
    """Two singular values are zero; their vectors, which have no derivative, are not asked for."""
    u, s, vh = np.linalg.svd(m)
    return s[0], u.T[0], vh[0]


@program(np.array([[1.3, 0.2, 0.4], [0.2, 0.9, 0.1], [0.4, 0.1, 2.0]]), 0.3)
def adjugates_of_shifted_matrices(m, a):
    """The determinant's derivative needs a function whose name the first sweep did not know."""
    total = 0.0
    k = np.linalg.det(m)
    for i in range(3):
        total = (total + np.linalg.det(m - a * i * np.eye(3))) * k
    return total


def tube_count(d, passes, angle):
    """Each number of passes has coefficients of its own; none is set for all of them."""
    r = 0.5 * d
    if passes < 2.5:
        if angle > 30.0:
            c2 = r * r
        else:
            c2 = 3.0 * r
    else:
        c4 = math.sin(r)
    if passes > 5.0:
        c6 = c4 * r
    if passes < 2.5:
        return c2 * d
    elif passes > 5.0:
        return c6
    return c4


@program(1.0, 2.0, 20.0, more=[(1.0, 2.0, 40.0), (1.0, 6.0, 20.0), (1.0, 3.0, 20.0)])
def coefficients_set_for_some_cases(d, passes, angle):
    total = 0.0
    for k in range(3):
        total = total + tube_count(d + k, passes, angle)
        if total > 1e3:
            break
    return total


@program(1.3, 0.4, more=[(1.3, -0.4)])
def set_before_a_loop_in_one_case(x, a):
    if a > 0:
        y = x * x
    for _ in range(3):
        if a > 0:
            y = y * x
    return y if a > 0 else x


@program(vec(4), 0.4, more=[(vec(4), -0.4)])
def vectors_set_in_one_case(x, a):
    total = 0.0
    for k in range(3):
        if a > 0:
            y = x * (k + a)
            p = [np.sin(y), y[0]]
        z = x * k
        if a > 0:
            total = total + np.sum(p[0] * y) * p[1] + np.sum(z * y)
        if total > 1e3:
            break
    return total + np.sum(x * z)


@program(0.3, more=[(2.95,), (3.4,), (-0.2,)])
def a_curve_between_measurements(x):
    return float(splev(x, CURVE)), math.exp(splev(x, STEPS))


@program(np.array([0.31, 1.37, 3.3]))
def splines_at_many_places(x):
    return splev(x, CURVE) * splev(x, CURVE, ext=1) + splev(x * x, STEPS, ext=3)


@program(np.array([0.31, 1.37]), CURVE[1])
def splines_by_their_coefficients(x, c):
    return splev(x, (CURVE[0], c, 3)) ** 2


@program(0.3, 0.4, more=[(2.3, 1.4), (3.2, 0.4)])
def a_surface_between_measurements(x, y):
    return float(bisplev(x, y, SURFACE)) ** 2, x * y


class Checked:
    """Parameters that are checked by their names."""

    def __init__(self, gain, offset):
        self.gain, self.offset = gain, offset
        for item in ("gain", "offset"):
            if self.__getattribute__(item) is None:
                raise TypeError(item)

    def __call__(self, x):
        return np.squeeze(self.gain * x + self.offset)[()]


@program(0.7, 0.3, 1.3)
def attributes_by_name(gain, offset, x):
    return Checked(gain, offset)(x) ** 2


@program(np.array([300.0, -20.0, 315.0]), 9.0, 1500.0, -30.0, more=[(vec(2) * 100.0, 9.0, 1500.0, -30.0)])
def rows_of_a_list_of_lists(ts, a, b, c):
    """The lists are taken apart for the size at hand."""
    n = len(ts)
    out = [[0.0] * 3 for _ in range(n)]
    for i in range(n):
        row = out[i]
        x0 = c + ts[i]
        if x0 > 0.0:
            x1 = 1.0 / x0
            x2 = 10.0 ** (a - b * x1)
            row[0] = x2
            row[1] = -x1 * x2
            row[2] = b * x2 * x1 * x1
    return out


@program(vec(3), more=[(vec(5),)])
def matrix_as_a_list_of_lists(x):
    n = len(x)
    rows = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            rows[i][j] = x[i] * x[j] + i
    total = 0.0
    for i in range(n):
        total += rows[i][0] * rows[0][i]
    return total


@program(np.array([0.8, 0.36, 0.48, 0.0]))
def angles_of_unit_quaternions(q):
    """Where the result is None, the derivative raises."""
    if not np.allclose(np.linalg.norm(q), 1.0, atol=0.01):
        return None
    roll = np.arctan2(2.0 * (q[0] * q[1] + q[2] * q[3]), 1.0 - 2.0 * (q[1] ** 2 + q[2] ** 2))
    return np.array([roll, np.arcsin(2.0 * (q[0] * q[2] - q[3] * q[1]))])


def nothing_below(x):
    if x < 1.0:
        return None
    return x * x


@program(2.0, more=[(0.5,)])
def none_of_a_helper(x):
    y = nothing_below(2.0)
    return x if y is None else x * y


@program(vec(3), 3)
def floats_in_a_list_of_ints(x, n):
    """A list that began with an int took all items for ints, which have no derivative."""
    items = [n]
    for i in range(len(x)):
        items.append(x[i] * x[i])
    return sum(items) + items[-1]


@program(vec(20), 3)
def floats_in_a_long_list_of_ints(x, n):
    items = [n]
    for i in range(len(x)):
        items.append(x[i] * x[i])
    return sum(items)


@program(vec(3))
def complex_numbers_in_a_list_of_floats(x):
    items = [1.0]
    for i in range(len(x)):
        items.append(x[i] * (1.0 + 0.5j))
    return abs(sum(items))


@program(vec(3), vec(3))
def arrays_in_a_list_that_began_with_a_number(x, off):
    powers = [1.0]
    for _ in range(len(x)):
        powers.append(powers[-1] * off)
    return powers[-1] * x


def extended(items, x):
    items.append(x)
    return x * items[0]


@program(0.4, 0.7, more=[(-0.4, 0.7)])
def list_that_grows_inside_an_expression(c, x):
    items = [c, x]
    y = extended(items, x * x) if c > 0.0 else c * x
    return sum(items) * y


def between(x, xs, ys):
    j = -1
    for k in range(len(xs)):
        if x > xs[k]:
            j = k
    if j == -1:
        return ys[0]
    elif j == len(xs) - 1:
        return ys[j]
    return (ys[j + 1] - ys[j]) / (xs[j + 1] - xs[j]) * (x - xs[j]) + ys[j]


@program(0.33, [0.1, 0.2, 0.4, 0.7], [1.0, 2.0, 2.5, 3.0], more=[(0.05, [0.1, 0.2], [1.0, 2.0]), (0.9, [0.1], [1.0])])
def table_looked_up_in_several_branches(x, xs, ys):
    """The list becomes one that is indexed at run time in each branch."""
    return between(x, xs, ys) * x


def logarithmic_density(d, c, s):
    try:
        return math.log(d / c) ** 2 / s + 1.0 / d
    except (OverflowError, ZeroDivisionError, ValueError):
        return logarithmic_density(1e-3, c, s)


@program(0.1, 0.2, 0.3, more=[(-0.1, 0.2, 0.3)], jit=False)
def called_again_where_it_raised(d, c, s):
    """With the same arguments it would raise again, without end: that path raises."""
    return logarithmic_density(d, c, s)


@program([1.0, 2.0, 3.0], 2.0, more=[([1.0, 2.0, 3.0], 7.0)], order2=True)
def unpacked_list_that_was_grown(zs, x):
    cs = []
    for z in zs:
        cs.append(z * x)
    if x > 5.0:
        cs = [c * 2.0 for c in cs]
    a, b, c = cs
    return a * b + c


@program(2.0)
def message_made_by_format(x, order=2):
    if x < 5.0:
        return x * x
    raise ValueError("bad {} {:.2f}".format(order, x))


ROWS = ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0))


@program(2.0, more=[(4.0,)])
def row_behind_the_last_is_never_read(x):
    for i in range(len(ROWS)):
        low, high = ROWS[i], ROWS[i + 1]
        if low[0] <= x < high[0]:
            break
    return low[1] * x + high[1]


@program(2.0, more=[(0.5,)])
def name_chosen_by_a_number(x, method=None):
    if method is None:
        if x > 1.0:
            method = "square"
        else:
            method = "line"
    if method == "square":
        return x * x
    elif method == "line":
        return 3.0 * x
    raise ValueError("no method")


@program(0.4, np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.3]), 0.7, order2=True)
def horner_scheme_of_a_shifted_vector(x, coefficients, offset, scale):
    x = offset + scale * x
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total


@program(1.5)
def months_of_a_date(x):
    when = WHEN.timetuple()
    return x * when.tm_mon + WHEN.year * x * x


WHEN = dt.datetime(2020, 3, 1)


FIRST = [1.0, 2.0, 3.0]
SECOND = [1.0, 2.0]
THIRD = [4.0, 5.0, 6.0, 7.0]


@program(0.5, more=[(1.5,), (2.5,)])
def coefficients_of_other_lengths(x):
    if x < 1.0:
        p = FIRST
    elif x < 2.0:
        p = SECOND
    else:
        p = THIRD
    total = 0.0
    for c in p:
        total = total * x + c
    return total


@program(0.5, refused="undecided-value")
def list_of_other_length_that_has_another_name(x):
    q = [x, 1.0]
    if x < 1.0:
        p = q
    else:
        p = [x, 2.0 * x, 3.0]
    p.append(x)
    return sum(q)


@program(0.5, more=[(1.5,)])
def array_without_axes_or_number(x):
    y = np.asarray(x)
    if x > 1.0:
        y = np.sin(y) * 2.0
    return y * x


@program(0.5, refused="undecided-value")
def array_without_axes_or_number_that_changes_in_place(x):
    y = np.asarray(x)
    if x > 1.0:
        y = np.sin(y) * 2.0
    y += 1.0
    return y * x


@program(0.5, 0.7, more=[(0.5, 0.0), (0.0, 0.7)])
def product_of_the_matrices_that_count(x, y):
    matrices = []
    if x > 0.1:
        matrices.append(np.array([[1.0, x], [x, 2.0]]))
    if y > 0.1:
        matrices.append(np.array([[y, x], [x, 2.0]]))
    return functools.reduce(np.dot, matrices[::-1])[0, 1] + x
