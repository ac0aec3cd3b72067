"""Loops that keep the best of what they see, and loops that only look so: one iteration counts, or several do."""

import math

import numpy as np

from tests.programs import mat, program, signed, vec


@program(mat(5, 2), mat(3, 2, 1), order2=True)
def distances_to_nearest_centres(points, centres):
    total = 0.0
    for i in range(points.shape[0]):
        nearest = np.inf
        for j in range(centres.shape[0]):
            distance = 0.0
            for a in range(points.shape[1]):
                distance += (points[i, a] - centres[j, a]) ** 2
            if distance < nearest:
                nearest = distance
        total += nearest
    return total


@program(vec(6), more=[(np.array([3.0, 0.5, 0.7]),), (vec(1),)])
def first_stays_or_is_replaced(x):
    best = math.sin(x[0])
    for i in range(1, len(x)):
        if math.sin(x[i]) <= best:
            pass
        else:
            best = math.sin(x[i])
    return best * x[0]


@program(vec(6), vec(6, 1), more=[(vec(1), vec(1, 1))])
def several_are_kept_together(x, y):
    low, at, place = 1e9, 0.0, 0
    for i in range(x.shape[0]):
        cost = x[i] * y[i]
        if cost < low:
            low = cost
            at = x[i] ** 2
            place = i
    return low + 3.0 * at + y[place]


@program(vec(7), 2, more=[(vec(7), 6), (vec(7), 7), (vec(7), 0)])
def counted_down_from_the_end(x, stop):
    best = 0.1
    for i in range(len(x) - 1, stop - 1, -2):
        if x[i] > best:
            best = x[i] ** 3
    return best


@program(signed(7), -3, more=[(signed(7), -7), (signed(7), -1)])
def counted_from_a_negative_start(x, start):
    best = 0.1 * x[0]
    for i in range(start, 2, 2):
        if x[i] > best:
            best = x[i] * x[i - 1]
    return best


@program(vec(6), -1.0, more=[(vec(6), 9.0)])
def nobody_may_win(x, bound):
    best = bound * x[1]
    for i in range(6):
        if x[i] > 0.3 + best:
            best = x[i]
    return best * best


@program(vec(6))
def the_new_value_depends_on_the_old(x):
    best = 1.0
    for i in range(6):
        if x[i] > 0.7:
            best = 0.5 * best + x[i]
    return best


@program(vec(6))
def what_is_compared_is_summed_as_well(x):
    best, total = 0.0, 1.0
    for i in range(6):
        d = x[i] ** 2
        total *= d
        if d > best:
            best = d
    return best + total


@program(vec(6))
def the_best_so_far_is_used(x):
    best, total = 0.0, 0.0
    for i in range(6):
        if x[i] > best:
            best = x[i]
        total += best * x[i]
    return best + total


@program(vec(6), 0.5)
def a_weight_is_carried_on_the_side(x, w):
    best, k = 0.0, 1.0
    for i in range(6):
        d = x[i] * w * k
        if d > best:
            best = d
        k *= 0.9
    return best


@program(vec(6), 0.5)
def a_weight_that_is_varied_is_carried(x, w):
    best, k = 0.0, w
    for i in range(6):
        d = x[i] * k
        if d > best:
            best = d
        k *= 0.9
    return best


@program(vec(5))
def a_workspace_is_written_on(x):
    work = np.array([1.0, 0.2, 0.5, 0.8, 0.1])
    best = 0.0
    for i in range(5):
        d = x[i] * work[i]
        if d > best:
            best = d
        work[(i + 1) % 5] += 0.3
    return best


@program(vec(5))
def read_elements_are_replaced(x):
    y = x.copy()
    best = 0.0
    for i in range(4):
        d = y[i] ** 2
        if d > best:
            best = d
        y[i + 1] = 0.9 * x[i + 1] + 0.1 * i
        y[i] = 0.0
    return best


@program(mat(4, 3))
def rows_are_kept(x):
    best, row = 0.0, x[0]
    for i in range(4):
        d = np.sum(x[i] ** 2)
        if d > best:
            best = d
            row = 2.0 * x[i]
    return best * np.prod(row)


@program(mat(4, 3))
def rows_that_are_views_are_kept(x):
    best, row = 0.0, x[3]
    for i in range(4):
        r = x[i]
        d = np.sum(r * r)
        if d > best:
            best = d
            row = r
    return best * np.prod(row)


@program(mat(4, 3))
def arrays_made_in_the_iteration(x):
    best = 0.0
    for i in range(4):
        work = np.empty(3)
        for j in range(3):
            work[j] = x[i, j] ** 2
        d = work[0] * work[1] + math.sin(work[2])
        if d > best:
            best = d
    return best


@program(mat(4, 3))
def labels_are_written_on_the_side(x):
    labels = np.zeros(4, dtype=np.int64)
    total = 0.0
    for i in range(4):
        best = 0.0
        for j in range(3):
            if x[i, j] > best:
                best = x[i, j]
                labels[i] = j
        total += best**2 * (1 + labels[i])
    return total


@program(mat(4, 3))
def the_best_of_the_best(x):
    best = 0.0
    for i in range(4):
        low = 1e9
        for j in range(3):
            if x[i, j] < low:
                low = x[i, j] ** 2 if i == 1 else x[i, j]
        if low > best:
            best = low * x[i, 0]
    return best


@program(mat(4, 3))
def kept_through_two_loops(x):
    best = 0.0
    for i in range(4):
        for j in range(3):
            if x[i, j] > best:
                best = x[i, j] * x[i, 0]
    return best


@program(vec(5), 3)
def in_steps_that_hand_on(x, steps):
    scale = 1.0
    for _ in range(steps):
        best = -1.0
        for i in range(5):
            v = math.sin(scale * x[i])
            if v > best:
                best = v
        scale = 0.5 + best
    return scale


@program(vec(6), 0.8)
def the_last_of_those_that_pass(x, bound):
    found = bound * x[0]
    for i in range(6):
        if x[i] > bound:
            found = x[i] * bound
    return found * found


@program(vec(6))
def the_search_ends_early(x):
    found = 0.1
    for i in range(6):
        if x[i] > 0.5:
            found = x[i] ** 2
        if x[i] > 1.2:
            break
    return found


@program(vec(6))
def replaced_in_a_branch_of_a_branch(x):
    best = 0.0
    for i in range(6):
        if i != 2:
            if x[i] > best:
                best = x[i] ** 2
    return best


@program(vec(6))
def several_branches_replace(x):
    best, other = 0.0, 1.0
    for i in range(6):
        if x[i] > best:
            best = x[i]
        if x[i] < other:
            other = x[i] ** 2
    return best * other
