"""Lists and tuples as packages use them: built, cut, sorted, unpacked, stacked."""

import bisect
import math

import numpy as np

from tests.programs import mat, program, vec


@program(vec(4))
def append_then_stack(x):
    rows = []
    for k in range(4):
        rows.append(x * (k + 1.0))
    return np.stack(rows)


@program(0.7, 1.3, order2=True)
def polynomial_by_a_list_of_coefficients(x, a):
    coefficients = [1.0, a, a * a]
    coefficients.append(0.5)
    total = 0.0
    for c in reversed(coefficients):
        total = total * x + c
    return total


@program(0.7, 1.3)
def extended_inserted_removed(x, y):
    parts = [x]
    parts.extend([y, x * y])
    parts.insert(1, math.sin(x))
    first = parts.pop(0)
    last = parts.pop()
    return first * parts[0] + last * parts[-1]


@program(0.7, 1.3, 0.4)
def reversed_in_place(a, b, c):
    items = [a, b * b, c]
    items.reverse()
    return items[0] + 10.0 * items[1] + 100.0 * items[2]


@program(0.7, 1.3)
def names_sorted_by_a_key(x, y):
    terms = [("shear", x), ("bulk", y), ("axial", x * y)]
    terms.sort(key=lambda t: t[0])
    weight, total = 1.0, 0.0
    for _, value in terms:
        total += weight * value
        weight *= 2.0
    return total


@program(0.7, 1.3)
def sorted_pairs_by_order(x, y):
    table = {3: x, 1: y, 2: x * y}
    return sum(k * table[k] ** k for k in sorted(table))


@program(0.7, 1.3)
def sorted_in_reverse(x, y):
    orders = sorted([2, 5, 3], reverse=True)
    return x ** orders[0] + y ** orders[-1]


@program(vec(5))
def index_and_count_of_labels(x):
    labels = ["a", "b", "a", "c", "a"]
    return x[labels.index("c")] * labels.count("a") + x[0]


@program(vec(6))
def slices_of_a_list(x):
    items = [x[0], x[1] ** 2, x[2], x[3], x[4] * x[5]]
    middle = items[1:-1]
    evens = items[::2]
    backwards = items[::-1]
    return middle[0] * evens[2] + backwards[1] * middle[-1]


@program(0.7, 1.3)
def slice_of_a_list_assigned(x, y):
    items = [0.0] * 5
    items[1:3] = [x, y]
    items[-1] = x * y
    items[3:3] = [x + y]
    return sum(v * (k + 1) for k, v in enumerate(items))


@program(0.7, 1.3)
def grid_of_lists(x, y):
    grid = [[0.0] * 3 for _ in range(3)]
    for i in range(3):
        for j in range(3):
            grid[i][j] = x**i * y**j
    grid[1][2] += grid[0][0]
    return sum(grid[i][2 - i] for i in range(3)) + sum(sum(row) for row in grid)


@program(vec(4), order2=True)
def prefix_sums_in_a_list(x):
    totals = [x[0]]
    for k in range(1, 4):
        totals.append(totals[-1] + x[k] * totals[k - 1])
    return totals[-1]


@program(0.7, 1.3)
def lists_added_and_repeated(x, y):
    knots = [0.0] * 2 + [x] + [1.0] * 2
    knots = knots + [y]
    knots += [x * y]
    return np.array(knots)


@program(vec(3), vec(3, 1))
def list_of_arrays_to_a_matrix(x, y):
    columns = [x, y, x * y]
    return np.array(columns) @ np.array([1.0, 2.0, 3.0])


@program(vec(3), vec(2))
def concatenated_parts(x, y):
    parts = [x]
    parts.append(y)
    if len(parts) == 2:
        parts.append(np.ones(1))
    return np.concatenate(parts) ** 2


@program(0.7, 1.3)
def starred_assignment_from_the_middle(x, y):
    first, *middle, last = (x, y, x * y, x + y)
    return first * last + sum(middle)


@program(0.7, 1.3)
def starred_in_displays(x, y):
    pair = (x, y)
    items = [*pair, x * y]
    more = (*items, *pair)
    return sum(a * b for a, b in zip(items, more[2:]))


@program((0.7, 1.3), (0.4, 0.9))
def unpacked_in_the_header_of_a_loop(p, q):
    total = 0.0
    for i, (a, b) in enumerate(zip(p, q), start=1):
        total += i * a * b
    return total


@program(0.7, 1.3)
def swapped_in_a_tuple_assignment(a, b):
    for _ in range(3):
        a, b = b, a * b
    return a + 2.0 * b


@program(0.4)
def conditional_items(x):
    terms = [x]
    if x > 0.3:
        terms = [x, x * x]
    else:
        terms = [x * x, x]
    return terms[0] + 3.0 * terms[1]


@program(0.7, 3)
def repeated_by_an_argument(x, n):
    values = [x] * n
    for k in range(n):
        values[k] = values[k] ** (k + 1)
    return sum(values)


@program(vec(3))
def tolist_and_back(x):
    items = x.tolist()
    items[0] = items[1] * items[2]
    return np.array(items)


@program(vec(5))
def loop_over_pairs(x):
    pairs = [(0, 1), (1, 2), (2, 4)]
    energy = 0.0
    for i, j in pairs:
        energy += (x[i] - x[j]) ** 2
    return energy


@program(vec(3))
def adjacency_as_a_list_of_lists(x):
    neighbours = [[1, 2], [0], [0, 1]]
    flow = []
    for k, near in enumerate(neighbours):
        flow.append(sum(x[j] for j in near) - len(near) * x[k])
    return np.array(flow)


@program(mat(3, 3), refused="list-store")
def rows_of_a_list_of_run_time_length_swapped(a):
    rows = [row for row in a]
    rows[0], rows[2] = rows[2], rows[0]
    return np.vstack(rows)


@program(mat(3, 3))
def rows_of_a_list_swapped(a):
    rows = list(a)
    rows[0], rows[2] = rows[2], rows[0]
    return np.vstack(rows)


@program(mat(3, 3))
def list_of_a_matrix(a):
    rows = list(a)
    return rows[0] * rows[1] + rows[-1]


@program(0.7)
def bracket_found_in_a_table(x):
    edges = [0.0, 0.5, 1.0, 2.0]
    slopes = [1.0, 3.0, -2.0]
    k = bisect.bisect_right([0, 1, 2], 1) - 1
    return slopes[k] * (x - edges[k]) ** 2


@program(0.7, 1.3)
def tuple_compared(x, y):
    shape = (2, 3)
    if shape == (2, 3) and len(shape) == 2:
        return x * y
    return x + y


@program(vec(4))
def enumerated_in_reverse(x):
    total = 0.0
    for k, value in reversed(list(enumerate(x))):
        total = total * 0.5 + k * value
    return total


@program(vec(4))
def min_and_max_of_lists(x):
    items = [v * v for v in x]
    return max(items) - min(items) + max(x[0], 0.1, x[1])


@program(0.7, 1.3)
def sum_of_tuples_from_a_start(x, y):
    return sum([x, y, x * y], start=x * x) + sum((x,), y)


@program(0.7, 1.3)
def nested_tuples_unpacked(x, y):
    (a, b), [c, (d, e)] = (x, y), [x * y, (x + y, 2.0)]
    return a * b + c * d * e


@program(vec(3), [0.5, 1.5])
def list_and_array_together(x, ws):
    return ws[0] * x + ws[1] * x**2


@program([vec(2), [0.7, (1.3, vec(3))]])
def deeply_nested_argument(tree):
    a, (b, (c, d)) = tree
    return np.sum(a) * b + c * np.sum(d * d)


@program(vec(4), more=((vec(7),),))
def list_grown_to_the_length_of_an_array(x):
    out = []
    state = 0.0
    for value in x:
        state = 0.5 * state + value
        out.append(state * value)
    return np.asarray(out)


@program(vec(5))
def window_of_the_last_two(x):
    window = [x[0], x[1]]
    total = 0.0
    for k in range(2, 5):
        total += window[0] * window[1] * x[k]
        window.pop(0)
        window.append(x[k])
    return total


@program(vec(6))
def chunks_of_a_list(x):
    items = [x[k] for k in range(6)]
    size = 2
    sums = [sum(items[i : i + size]) for i in range(0, len(items), size)]
    return sums[0] * sums[1] + sums[2]


@program(0.7, 1.3)
def divided_differences(x, y):
    nodes = [0.0, 1.0, 2.5]
    table = [x, y, x * y]
    for order in range(1, 3):
        for k in range(2, order - 1, -1):
            table[k] = (table[k] - table[k - 1]) / (nodes[k] - nodes[k - order])
    return table[2]


@program(vec(4))
def membership_in_a_list_of_indices(x):
    fixed = [0, 3]
    total = 0.0
    for k in range(4):
        if k not in fixed:
            total += x[k] ** 2
        else:
            total -= x[k]
    return total


@program(0.7, 1.3)
def deleted_from_a_list(x, y):
    items = [x, y, x * y, x + y]
    del items[1]
    del items[-1]
    items.remove(items[0]) if False else None
    return items[0] * items[1]


@program(0.7, 1.3)
def item_removed_by_value(x, y):
    orders = [1, 2, 3, 2]
    orders.remove(2)
    return sum(x**k for k in orders) * y


@program(0.7, 1.3)
def cleared_and_refilled(x, y):
    items = [x]
    total = items[0]
    items.clear()
    items.append(y)
    return total * items[0] * len(items)


@program(vec(3))
def copy_of_a_list_is_another(x):
    a = [x[0], x[1]]
    b = a.copy()
    c = a[:]
    b[0] = x[2]
    c.append(x[2])
    return a[0] * b[0] + len(a) * c[2]


@program(vec(3))
def alias_of_a_list_is_the_same(x):
    a = [x[0], x[1]]
    b = a
    b[0] = x[2] * x[2]
    b += [x[1]]
    return a[0] * a[1] * a[2]
