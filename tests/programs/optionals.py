"""Variables that are None on some paths and numbers on others; paths on which an operation always fails."""

import math

from tests.programs import program, vec


@program(5.0, more=[(20.0,)], order2=True)
def bracketed_secant(c):
    """The ends of the bracket are None until a point of their sign was seen."""
    low, high = None, None
    x0, x1 = 1.0, 3.0
    q0, q1 = x0**3 - c, x1**3 - c
    for x, q in ((x0, q0), (x1, q1)):
        if q < 0.0:
            low = x
        else:
            high = x
    for _ in range(40):
        p = x1 - q1 * (x1 - x0) / (q1 - q0)
        if low is not None and high is not None:
            if not low < p < high:
                p = 0.5 * (low + high)
        q = p**3 - c
        if q < 0.0:
            low = p
        else:
            high = p
        if abs(p - x1) < 1e-14:
            return p
        x0, q0, x1, q1 = x1, q1, p, q
    return p


@program(1.5, 4, more=[(0.7, 1), (0.7, 2)], argnums=(0,), order2=True)
def products_of_the_last_two(x, n):
    last, before = None, None
    total = x
    while n > 0:
        if last is not None and before is not None:
            total += last * before
        before = last
        last = x * n
        n -= 1
    return total + last


def which_region(t, p):
    if t < 1.0:
        return 1
    elif p < 2.0:
        return 2
    elif t > 5.0:
        return 3


@program(0.5, 3.0, more=[(1.5, 1.0), (1.5, 3.0), (5.5, 3.0)])
def branches_by_a_helper_that_may_return_none(t, p):
    region = which_region(t, p)
    if region == 1:
        return t * p
    if region == 2:
        return t + p * p
    if region is None:
        return t**3
    return t - p


@program(1.5, more=[(-1.5,)])
def none_that_is_added_and_caught(x):
    found = None
    if x > 0.0:
        found = x * x
    try:
        return found + x
    except TypeError:
        return 7.0 * x


@program(1.5, 2.0, more=[(-1.5, 2.0)])
def the_first_that_is_there(x, y):
    found = None
    if x > 0.0:
        found = x * y
    return (found or y**2) * x


@program(vec(5), 0.9, more=[(vec(5), 5.0)])
def first_above_or_the_mean(x, level):
    found = None
    for k in range(len(x)):
        if x[k] > level and found is None:
            found = x[k] ** 2
    if found is None:
        found = x.mean()
    return found * x[0]


@program(vec(5), 0.9)
def place_of_the_largest_so_far(x, level):
    place = None
    for k in range(len(x)):
        if x[k] > level and (place is None or x[k] > x[place]):
            place = k
    return x[place] * x.sum()


class Search:
    def __init__(self):
        self.best = None

    def offer(self, value):
        if self.best is None or value < self.best:
            self.best = value


@program(vec(5))
def attribute_that_is_none_at_first(x):
    search = Search()
    for k in range(len(x)):
        search.offer((x[k] - 1.0) ** 2)
    return search.best + x[0]


@program(1.5)
def fails_on_a_path_that_is_not_taken(x, length=None):
    if x < 10.0:
        return x * x
    return x / length


@program(1.5)
def fails_in_a_branch(x, height=None):
    if x < 10.0:
        y = x * x
    elif x > 1e9:
        y = x + math.log(-1.0)
    else:
        y = x + 1.0 / height
    return y * x


@program(1.5)
def decided_by_the_second_operand(x, height=None):
    if x < 10.0 and height is not None:
        return x * height
    return x * x


@program(1.5, 3, argnums=(0,), refused="undecided-value", more=[(0.5, 3)])
def pair_or_none_after_a_loop(x, n):
    best = (x, 0.0)
    for _ in range(40 * n):
        if x > 1.0:
            best = None
    if best is None:
        return 3.0 * x
    return best[0]


@program(1.5, 3, argnums=(0,), refused="undecided-value")
def none_before_a_loop_and_a_pair_after(x, n):
    best = None
    for k in range(40 * n):
        best = (x * k, k)
    if best is None:
        return 3.0 * x
    return best[0]


@program(0.2, 0.0, more=[(0.4, 3.0)])
def newton_that_searches_along_a_line(c, start):
    """Points before the present one are None at first, in a loop within the loop too."""
    p, before, twice_before = start, None, None
    for k in range(60):
        value, slope = math.atan(p) - c, 1.0 / (1.0 + p * p)
        if before is not None and twice_before is not None:
            if p == twice_before and before == p:
                break
        if abs(value) > 0.6 and before is not None:
            for factor in (0.5, 0.25, 0.125):
                guess = before + (p - before) * factor
                if guess != p and abs(math.atan(guess) - c) < abs(value):
                    break
            p = guess
            continue
        if abs(value) < 1e-15:
            break
        twice_before = before
        before = p
        p = p - value / slope
    return p


@program(vec(5) + 1.0)
def none_in_a_conditional_expression(x):
    before = None
    total = 0.0
    for v in x:
        if before is not None:
            total += before * v
        before = v * v if v > 1 else None
    return total
