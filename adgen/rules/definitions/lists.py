# ruff: noqa: ANN001, ANN201  (specialised from their source, for any types)
"""What methods and functions do to lists whose lengths are known only at run time: by append, pop, reads and stores."""

import numpy as np

from adgen.rules.definitions import defines


def extend(items, others):
    for other in others:
        items.append(other)


def insert(items, position, item):
    items.append(item)
    last = len(items) - 1
    place = max(position + last, 0) if position < 0 else min(position, last)
    for k in range(last, place, -1):
        items[k] = items[k - 1]
    items[place] = item


def take_out(items, position):
    place = position + len(items) if position < 0 else position
    found = items[place]
    for k in range(place, len(items) - 1):
        items[k] = items[k + 1]
    items.pop()
    return found


def remove(items, item):
    take_out(items, index(items, item))


def index(items, item):
    k = 0
    while items[k] != item:
        k += 1
    return k


def count(items, item):
    found = 0
    for other in items:
        if other == item:
            found += 1
    return found


def clear(items):
    while len(items) > 0:
        items.pop()


def concatenate(arrays, axis=0):
    if axis is None:
        return concatenate([np.ravel(array) for array in arrays])
    if axis != 0:
        return np.moveaxis(concatenate([np.moveaxis(array, axis, 0) for array in arrays]), 0, axis)
    size = 0
    for array in arrays:
        size += array.shape[0]
    joined = np.empty((size, *arrays[0].shape[1:]), arrays[0].dtype)
    place = 0
    for array in arrays:
        joined[place : place + array.shape[0]] = array
        place += array.shape[0]
    return joined


def hstack(arrays):
    return concatenate(arrays, axis=0 if arrays[0].ndim == 1 else 1)


def vstack(arrays):
    return np.array(arrays) if arrays[0].ndim == 1 else concatenate(arrays)


def column_stack(arrays):
    return np.array(arrays).T if arrays[0].ndim == 1 else concatenate(arrays, axis=1)


def stack(arrays, axis=0):
    return np.array(arrays) if axis == 0 else np.moveaxis(np.array(arrays), 0, axis)


# Functions that join arrays, as they are for a list that grew at run time.
JOINS = {
    id(np.concatenate): concatenate,
    id(np.hstack): hstack,
    id(np.vstack): vstack,
    id(np.column_stack): column_stack,
    id(np.stack): stack,
}


def part(items, start, stop, step):
    size = len(items)
    step = 1 if step is None else step
    if step > 0:
        first = 0 if start is None else max(start + size, 0) if start < 0 else min(start, size)
        last = size if stop is None else max(stop + size, 0) if stop < 0 else min(stop, size)
    else:
        first = size - 1 if start is None else max(start + size, -1) if start < 0 else min(start, size - 1)
        last = -1 if stop is None else max(stop + size, -1) if stop < 0 else min(stop, size - 1)
    return [items[k] for k in range(first, last, step)]


def in_order(items, key=None, reverse=False):
    keys = np.array([item if key is None else key(item) for item in items])
    order = np.argsort(-keys if reverse else keys, kind="stable")
    return [items[k] for k in order]


def sort(items, key=None, reverse=False):
    for k, item in enumerate(in_order(items, key, reverse)):
        items[k] = item


def reverse(items):
    last = len(items) - 1
    for k in range(len(items) // 2):
        items[k], items[last - k] = items[last - k], items[k]


@defines("bisect.bisect_left")
def bisect_left(a, x):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if a[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


@defines("bisect.bisect_right")
def bisect_right(a, x):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if x < a[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@defines("bisect.insort_left", in_place=True)
def insort_left(a, x):
    insert(a, bisect_left(a, x), x)


@defines("bisect.insort_right", in_place=True)
def insort_right(a, x):
    insert(a, bisect_right(a, x), x)


def risen(heap, start, place):
    """Move an item up to below the first ancestor that is not larger."""
    item = heap[place]
    while place > start:
        parent = (place - 1) // 2
        if heap[parent] <= item:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = item


def settled(heap, start):
    """Move an item down to a leaf, the smaller children up; from there it rises."""
    size, place, item = len(heap), start, heap[start]
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and heap[child] >= heap[child + 1]:
            child += 1
        heap[place] = heap[child]
        place = child
    heap[place] = item
    risen(heap, start, place)


@defines("heapq.heappush", in_place=True)
def heappush(heap, item):
    heap.append(item)
    risen(heap, 0, len(heap) - 1)


@defines("heapq.heappop", in_place=True)
def heappop(heap):
    last = heap.pop()
    if len(heap) == 0:
        return last
    first = heap[0]
    heap[0] = last
    settled(heap, 0)
    return first


@defines("heapq.heapify", in_place=True)
def heapify(x):
    for k in range(len(x) // 2 - 1, -1, -1):
        settled(x, k)


@defines("heapq.heapreplace", in_place=True)
def heapreplace(heap, item):
    first = heap[0]
    heap[0] = item
    settled(heap, 0)
    return first


@defines("heapq.heappushpop", in_place=True)
def heappushpop(heap, item):
    if len(heap) > 0 and heap[0] < item:
        return heapreplace(heap, item)
    return item


@defines("heapq.nsmallest")
def nsmallest(n, iterable, key=None):
    return in_order([item for item in iterable], key)[:n]  # noqa: C416


@defines("heapq.nlargest")
def nlargest(n, iterable, key=None):
    return in_order([item for item in iterable], key, True)[:n]  # noqa: C416


def reduced(function, items, *initial):  # noqa: ANN002
    if len(initial) == 0 and len(items) == 0:
        raise TypeError("reduce() of empty iterable with no initial value")
    total = initial[0] if len(initial) > 0 else items[0]
    for k in range(1 - len(initial), len(items)):
        total = function(total, items[k])
    return total
