"""`itertools`, `functools` and the builtins that walk: on small, known things and on arrays."""

import functools
import heapq
import itertools
import math
import operator
from itertools import accumulate, chain, combinations, pairwise, permutations, product, starmap, zip_longest

import numpy as np

from tests.programs import mat, program, vec


@program(vec(3))
def pairs_of_particles(x):
    energy = 0.0
    for i, j in combinations(range(3), 2):
        energy += 1.0 / (1.0 + (x[i] - x[j]) ** 2)
    return energy


@program(mat(3, 3), order2=True)
def determinant_by_permutations(a):
    total = 0.0
    for p in permutations(range(3)):
        inversions = sum(p[i] > p[j] for i in range(3) for j in range(i + 1, 3))
        total += (-1) ** inversions * math.prod(a[i, p[i]] for i in range(3))
    return total


@program(vec(2))
def corners_of_a_cell(x):
    return sum(x[0] ** i * x[1] ** j for i, j in product((0, 1), repeat=2))


@program(vec(4))
def accumulated_products(x):
    growth = list(accumulate(x, operator.mul))
    balance = list(accumulate([x[0], x[1]], lambda b, v: b * 0.9 + v, initial=10.0))
    return growth[-1] + balance[-1] + sum(accumulate(x))


@program(vec(4))
def pairwise_differences(x):
    return sum((b - a) ** 2 for a, b in pairwise(x))


@program(0.7, 1.3)
def chained_sequences(x, y):
    total = 0.0
    for k, v in enumerate(chain([x], (y, x * y), [1.0])):
        total += v**k
    return total + sum(chain.from_iterable([[x, y], [x]]))


@program(0.7, 1.3)
def starmap_and_map(x, y):
    powers = starmap(pow, [(x, 2), (y, 3)])
    sums = map(operator.add, (x, y), (y, x))
    return sum(powers) * max(sums)


@program(0.7, 1.3)
def zip_longest_of_coefficients(x, y):
    p, q = [1.0, x], [y, 2.0, x * y]
    return sum((a + b) * 0.5**k for k, (a, b) in enumerate(zip_longest(p, q, fillvalue=0.0)))


@program(vec(5))
def islice_and_count(x):
    total = 0.0
    for k, v in zip(itertools.count(1), itertools.islice(x, 1, 4)):
        total += v / k
    return total


@program(0.7)
def repeat_and_cycle(x):
    signs = itertools.cycle([1.0, -1.0])
    return sum(s * x**k / k for s, k in zip(signs, range(1, 6))) + sum(itertools.repeat(x, 3))


@program(vec(4))
def takewhile_on_orders(x):
    orders = itertools.takewhile(lambda n: n < 3, range(10))
    late = itertools.dropwhile(lambda n: n < 2, range(4))
    return sum(x[n] for n in orders) * sum(x[n] for n in late)


@program(vec(4))
def filtered_and_filterfalse(x):
    odd = filter(lambda k: k % 2, range(4))
    even = itertools.filterfalse(lambda k: k % 2, range(4))
    return sum(x[k] for k in odd) / sum(x[k] for k in even)


@program(vec(4))
def grouped_by_a_key(x):
    total = 0.0
    for key, group in itertools.groupby(range(4), key=lambda k: k // 2):
        total += (key + 1) * math.prod(x[k] for k in group)
    return total


@program(vec(3))
def compressed_by_flags(x):
    return sum(itertools.compress(x, [1, 0, 1])) * x[1]


@program(vec(3))
def tee_and_next(x):
    walker = iter(x)
    first = next(walker)
    rest = list(walker)
    return first * sum(rest) + next(iter([]), first)


@program(0.7, 1.3)
def reduce_with_a_start(x, y):
    horner = functools.reduce(lambda s, c: s * x + c, [1.0, y, 2.0])
    return horner + functools.reduce(operator.mul, [x, y, 3.0], 1.0)


@program(vec(3), vec(3, 1))
def zip_of_two_arrays(x, y):
    return sum(a * b for a, b in zip(x, y, strict=True))


@program(vec(3))
def enumerate_from_one(x):
    return sum(v**n for n, v in enumerate(x, start=1)) + sum(n * v for n, v in enumerate(x, 2))


@program(mat(2, 3))
def transposed_by_zip(a):
    columns = list(zip(*a))
    return sum(c[0] * c[1] for c in columns)


@program([[0.7, 1.3], [0.4, 0.9]])
def matrix_of_lists_multiplied(a):
    b = [[sum(x * y for x, y in zip(row, col)) for col in zip(*a)] for row in a]
    return b[0][0] * b[1][1] - b[0][1] * b[1][0]


@program(0.7, 1.3)
def any_and_all(x, y):
    items = [x, y, x * y]
    total = 0.0
    if all(v > 0 for v in items) and any(v > 1 for v in items):
        total += math.prod(items)
    if not any(isinstance(v, str) for v in items):
        total += x
    return total


@program(vec(4), 0.5)
def conditions_over_an_array(x, limit):
    if all(v > 0 for v in x) and not any(v > 100 for v in x):
        return sum(v * limit for v in x if v > limit)
    return limit


@program(vec(6))
def nearest_of_several(x):
    candidates = [(0, 2), (1, 1), (2, 3)]
    i, j = min(candidates, key=lambda c: c[0] ** 2 + c[1])
    return x[i] * x[j]


@program(vec(5))
def heap_of_constants(x):
    order = [3, 1, 4]
    heapq.heapify(order)
    return x[heapq.heappop(order)] * x[heapq.heappop(order)]


@program(vec(4))
def statistics_of_a_list(x):
    values = [x[k] for k in range(4)]
    m = sum(values) / len(values)
    return math.sqrt(sum((v - m) ** 2 for v in values) / (len(values) - 1))


@program(vec(4), vec(2))
def generator_in_np_functions(x, y):
    return np.array([v * w for v in x for w in y]) * np.sum([v for v in y]) + np.array(list(v for v in x)).sum()


@program(vec(3))
def nested_generators_with_filters(x):
    return sum(x[i] * x[j] for i in range(3) for j in range(i) if (i + j) % 2 == 1)


@program(vec(4))
def sum_of_filtered_values(x):
    return sum(v for v in x if v > 1.0) + sum(1 for v in x if v > 1.0) * x[0]


@program(vec(4))
def walrus_in_a_comprehension(x):
    return [y := x[0], y**2, sum(z for k in range(4) if (z := x[k]) > 0.0)][2] + y


@program(vec(6), refused="loop-structure")
def batches(x):
    iterator = iter(range(6))
    total = 0.0
    while batch := list(itertools.islice(iterator, 2)):
        total += math.prod(x[k] for k in batch)
    return total


@program(vec(3))
def range_with_a_step(x):
    total = 0.0
    for k in range(len(x) - 1, -1, -2):
        total += x[k] ** (k + 1)
    for k in reversed(range(0, 3, 2)):
        total = total * x[k]
    return total


@program(vec(5), vec(5, 1), 3)
def lengths_that_are_twice_another(x, y, n):
    y *= np.cos(np.concatenate((x[1:], x[:-4])))
    for _ in range(n):
        for k, v in zip(range(5), 2.0 * y):
            y[k] = v * x[0]
    return y
