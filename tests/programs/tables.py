"""Functions of elements that an outer loop asks for again and again, where elements stay and where they do not."""

import math

import numpy as np

from tests.programs import mat, program, vec


@program(mat(3, 4), mat(2, 4, 1), more=[(mat(0, 4), mat(2, 4, 1)), (mat(3, 0), mat(2, 0, 1))], argnums=(0, 1))
def scales_of_columns(x, w):
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(w.shape[0]):
            s = 0.0
            for a in range(w.shape[1]):
                s += math.exp(w[j, a]) * x[i, a] ** 2
            total += math.sqrt(1.0 + s)
    return total


@program(vec(4), vec(4, 1), 3)
def scales_that_change(x, w, n):
    w = w.copy()
    total = 0.0
    for i in range(n):
        for j in range(4):
            total += math.exp(w[j]) * x[i]
        w[i] = total * 0.1
    return total


@program(vec(4), vec(4, 1), more=[(np.zeros(0), vec(4, 1))], argnums=(0, 1))
def under_a_condition(x, w):
    total = 0.0
    for i in range(len(x)):
        for j in range(4):
            if x[i] > w[j]:
                total += math.log(w[j]) * x[i]
    return total


@program(vec(5), vec(5, 1))
def triangles(x, w):
    total = 0.0
    for i in range(5):
        for j in range(i):
            total += math.sin(w[j]) * x[i] * math.cos(w[4 - j])
    return total


@program(vec(5), vec(5, 1), 0.5)
def beginnings_and_numbers(x, w, k):
    total = 0.0
    for i in range(5):
        for j in range(2, 5):
            total += math.sin(k * w[j]) * x[i] + math.exp(k)
        for j in range(4, -1, -1):
            total *= 1.0 + 0.1 * math.cos(w[j] + k)
    return total


@program(vec(5), vec(4, 1))
def neighbours(x, w):
    total = 0.0
    for i in range(5):
        for j in range(3):
            total += math.exp(w[j] - w[j + 1]) * x[i]
    return total
