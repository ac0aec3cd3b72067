"""Lists whose lengths are known only at run time."""

import bisect
import heapq
from collections import deque

import numpy as np

from tests.programs import program

VALUES = np.array([1.3, 2.1, 0.7, 3.2, 1.9])


@program(VALUES, order2=True)
def emptied_while_there_is_something(x):
    items = []
    for i in range(len(x)):
        items.append(x[i] ** 2)
    total = 0.0
    while items:
        total = 0.5 * total + items.pop()
    return total


@program(VALUES, np.zeros(0))
def whether_a_list_has_items(x, y):
    def product(values):
        found = []
        for v in values:
            if v > 1.0:
                found.append(v * v)
        if found:
            return found[0] * found[-1]
        return 3.0

    return product(x) + product(y) * x[0]


@program(VALUES, order2=True)
def stack_that_only_rises(x):
    stack = [x[0]]
    for i in range(1, len(x)):
        while stack and stack[-1] > x[i]:
            stack.pop()
        stack.append(x[i] * stack[-1] if stack else 2.0 * x[i])
    return sum(stack)


@program(VALUES, 3, order2=True)
def items_thrown_away(x, n):
    items = [v * v for v in x]
    for _ in range(n):
        items.pop()
    return sum(items)


@program(VALUES, order2=True)
def items_thrown_away_while_too_many(x):
    items = [v * v for v in x]
    while len(items) > 2:
        items.pop()
    items.append(x[-1])
    return items[0] * items[1] * items[2]


@program(VALUES, order2=True)
def items_thrown_away_on_a_condition(x):
    items = [x[0]]
    for i in range(1, len(x)):
        if items and x[i] > items[-1]:
            items.pop()
        if not items:
            items.append(3.0 * x[i])
        items.append(x[i] * items[-1])
    total = 0.0
    for k, item in enumerate(items):
        total += (k + 1) * item
    return total


@program(VALUES, order2=True)
def rows_thrown_away(x):
    rows = []
    for i in range(len(x)):
        rows.append(x * x[i])
        if i % 2:
            rows.pop()
    return np.sum(rows[0] * rows[-1])


@program(VALUES, order2=True)
def largest_so_far(x):
    best = []
    for v in x:
        best.append(v if not best or v > best[-1] else best[-1] * v)
    return sum(best)


@program(VALUES, order2=True)
def indices_two_apart(x):
    chosen = []
    for i in range(len(x)):
        if not chosen or chosen[-1] + 1 < i:
            chosen.append(i)
    total = 0.0
    for k in chosen:
        total += x[k] ** 2
    return total


@program(VALUES, order2=True)
def complex_items_before_their_type_is_known(x):
    phases = []
    for i in range(len(x)):
        if phases:
            phases.append(phases[-1] * 1j * x[i])
        else:
            phases.append(1j * x[i])
    return abs(sum(phases))


@program(VALUES)
def triangle_row_by_row(x):
    total = 0.0
    for i in range(len(x)):
        row = []
        for j in range(i):
            row.append(x[j] * (row[-1] if row else x[i]))
        if row:
            total += row[-1]
    return total


@program(VALUES, 2, -3, order2=True)
def inserted_and_taken_out(x, k, j):
    items = [v * v for v in x]
    items.insert(k, x[0])
    items.insert(-1, 2.0 * x[1])
    items.insert(50, 3.0 * x[2])
    items.insert(-50, 4.0 * x[3])
    taken = items.pop(k) * items.pop(j)
    del items[1]
    items.remove(items[2])
    return sum((n + 1) * v for n, v in enumerate(items)) + taken


@program(VALUES, 1, -1)
def parts_of_a_list(x, k, j):
    items = [v * v for v in x]
    parts = [items[k:], items[:j], items[::2], items[::-1], items[j:k:-1], items[k:40], items[-40:2]]
    total = 0.0
    for part in parts:
        for n, v in enumerate(part):
            total = 0.9 * total + (n + 1) * v
    return total


@program(VALUES, order2=True)
def sorted_by_keys(x):
    items = [v * v for v in x]
    falling = sorted(items, reverse=True)
    near = sorted(items, key=lambda v: (v - 3.0) ** 2)
    items.sort()
    order = sorted(range(len(x)), key=lambda i: -x[i])
    total = 0.0
    for n in range(len(items)):
        total += (n + 1) * items[n] * near[n] + falling[n] * x[order[n]] * n
    return total


@program(VALUES, order2=True)
def reversed_counted_and_cleared(x):
    items = []
    for v in x:
        items.extend([v, v * v])
    items.reverse()
    place = items.index(x[2])
    total = items[place - 1] * items.count(x[1])
    items.clear()
    items.append(x[0])
    return total * items[0] * len(items)


@program(VALUES, order2=True)
def kept_in_order_by_bisection(x):
    items = []
    for v in x:
        bisect.insort(items, v * v)
    return items[0] * items[2] ** 2 + bisect.bisect_left(items, 4.0) * items[-1]


@program(VALUES, order2=True)
def priority_queue(x):
    heap = []
    for v in x:
        heapq.heappush(heap, v * v)
    total = heapq.heappushpop(heap, 2.0 * x[0]) + heapq.heapreplace(heap, x[1])
    while heap:
        total = 0.5 * total + heapq.heappop(heap) * len(heap)
    return total


@program(VALUES)
def heap_made_of_a_list(x):
    heap = [v * v for v in x]
    heapq.heapify(heap)
    smallest = heapq.nsmallest(2, heap)
    largest = heapq.nlargest(2, heap)
    return sum((k + 1) * v for k, v in enumerate(heap)) + smallest[1] * largest[1]


@program(VALUES, order2=True)
def queue_from_both_ends(x):
    queue = deque()
    for v in x:
        queue.append(v)
        queue.appendleft(v * v)
    total = 0.0
    while queue:
        total = 0.5 * total + queue.popleft() * queue.pop()
    return total


@program(1.3, 2.1, 0.7, 3, order2=True)
def known_items_sorted_by_keys_of_the_run(a, b, c, n):
    near = sorted([a, b, c], key=lambda v: (v - 1.5) ** 2)
    items = [a * b, b * c, c * a]
    items.sort(key=lambda v: -v, reverse=True)
    order = sorted(range(3), key=lambda i: items[i] * (-1) ** i, reverse=True)
    return near[0] * items[0] ** 2 + near[2] * items[order[1]] * n


@program(VALUES, 3, order2=True)
def sums_over_a_list_that_grows_later(x, n):
    items = [0.5 * v for v in x]
    total = 1.0
    for item in items:
        total = 0.7 * total + np.sin(item) * np.sin(sum(items)) * len(items)
    for i in range(n):
        items.append(x[i] * items[-1])
    return total * sum(items)


@program(VALUES, order2=True)
def floats_put_into_a_list_of_ints(x):
    sums, places, products, powers = [0], [0], [0] * len(x), [1] * 5
    for i in range(len(x)):
        sums.append(sums[-1] + x[i])
        places.append(i if x[i] > 1.5 else places[-1])
        products[i] = x[i] * i
        powers[i] *= x[i] ** i
    chosen = sum(x[k] ** 2 for k in places)
    return sums[-1] * sums[2] + sum(products) * powers[2] + powers[4] * chosen


@program(VALUES, order2=True)
def counters_become_floats(x):
    items = [i for i in range(len(x))]  # noqa: C416
    for i in range(len(x)):
        items[i] = items[i] * x[i]
    return items[1] * items[2] + sum(items)


@program(VALUES, order2=True)
def complex_put_into_a_list_of_floats(x):
    items = [1.0]
    for i in range(len(x)):
        items.append(items[-1] * x[i] * 1j)
    return abs(items[-1]) + items[2].real


@program(VALUES, order2=True)
def deleted_at_places_of_the_run(x):
    items = [x[0], x[1] * x[1], x[2], 2.0 * x[3]]
    if x[0] > 1.0:
        del items[len(items) // 2]
    k = int(x[1])
    items.insert(k, x[4])
    taken = items.pop(k - 1)
    total = taken * x[2]
    for n, item in enumerate(items):
        total += (n + 1) * item
    return total


@program(VALUES, order2=True)
def zeros_appended_and_filled_later(x):
    rows = []
    for i in range(len(x)):
        rows.append(np.zeros(3))
    for i in range(len(x)):
        row = rows[i]
        row += x[i] * x[:3]
    return np.sum(rows[0] * rows[-1])


@program(1.3, 2.1, 0.7)
def sorted_pairs_of_an_iterator(a, b, c):
    pairs = sorted(zip((2, 0, 1), (a, b, c), strict=True), key=lambda pair: pair[0])
    names = sorted(iter(["b", "a"]))
    return pairs[0][1] ** 2 * pairs[1][1] + pairs[2][1] * (names[0] == "a")


@program(0.9, 3, more=[(0.9, 0)], argnums=(0,), order2=True)
def list_made_anew_in_each_iteration(x, n):
    v = [x, 2.0 * x, 1.0]
    for k in range(n):
        v = [vi * x + k for vi in v]
    return v[0] * v[1] + v[2]


@program(0.9, 3, argnums=(0,))
def lists_that_change_places(x, n):
    v, w = [x, 2.0 * x], [1.0, x]
    for _ in range(n):
        v, w = w, [a * b for a, b in zip(v, w)]
    return v[0] * v[1] + w[0]


@program(0.9, 3, argnums=(0,))
def list_made_anew_and_written_into(x, n):
    v = [x, 2.0 * x]
    old = v
    for k in range(n):
        old = v
        if x * k > 1.5:
            v = [vi * x for vi in v]
        else:
            v = [vi + x for vi in v]
        v[1] = v[1] * 1.5
    return v[0] * v[1] + old[0]


@program(0.9, 3, argnums=(0,))
def list_made_anew_in_a_loop_within_a_loop(x, n):
    v = [x, 2.0 * x]
    done = 0.0
    while done < n:
        v = [vi * 1.1 for vi in v]
        for q in range(3):
            v = [vi + x * q for vi in v]
            if v[0] > 1e3:
                break
        done += 1.0
    return v[0] * v[1]


@program(0.9, 30, argnums=(0,), refused="shared-object")
def list_known_by_two_names_and_written_into(x, n):
    v = [x, 2.0 * x]
    w = v
    for _ in range(n):
        w[0] = w[0] * x
        w = [wi + x for wi in w]
        v = w
    return v[0] * v[1] + w[0]


class State:
    def __init__(self, values):
        self.values = values


@program(0.9, 3, argnums=(0,))
def list_of_an_object_made_anew(x, n):
    state = State([x, 2.0 * x])
    for _ in range(n):
        state.values = [v * x for v in state.values]
    return state.values[0] * state.values[1]
