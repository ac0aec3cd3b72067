"""Lists whose lengths are known only at run time."""

import numpy as np

from tests.programs import program

VALUES = np.array([1.3, 2.1, 0.7, 3.2, 1.9])


@program(VALUES)
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


@program(VALUES)
def stack_that_only_rises(x):
    stack = [x[0]]
    for i in range(1, len(x)):
        while stack and stack[-1] > x[i]:
            stack.pop()
        stack.append(x[i] * stack[-1] if stack else 2.0 * x[i])
    return sum(stack)
