# Written by adgen from examples.computational_graphs.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text fc147d3c976f0213
# adgen: examples.computational_graphs:product_of_sum source be387a8f21fd7184 options 67ecbf03f69ec559
# adgen: examples.computational_graphs:neuron source 44bdc67593876e16 options 23d2ad5692fa2690
# adgen: examples.computational_graphs:patterns source 27ab7358b066b80e options e40c03fc5ff0738e
# adgen: examples.computational_graphs:quotient source 0e17a220f30f2fb5 options 0eebe739f1fda579
# adgen: examples.computational_graphs:norm_1 source 2f261545b3450f74 options 0eebe739f1fda579
# adgen: examples.computational_graphs:inner_product source 1510b9c1fd3b2090 options d1b7925fe9156b49
# adgen: examples.computational_graphs:row_times_matrix source a69f98532828eedb options 8c21b41848fe07af
# adgen: examples.computational_graphs:quadratic_form source 16bf509f67cd604e options 19b88fa0761a3996
import math
import numpy as np


def product_of_sum_grad(x, y, z):
    """Gradient of `product_of_sum` (computational_graphs.py:80) with respect to `x`, `y`, `z`, reverse mode."""
    q = x + y
    return z, z, q


def neuron_grad(w0, x0, w1, x1, w2):
    """Gradient of `neuron` (computational_graphs.py:86) with respect to `w0`, `x0`, `w1`, `x1`, `w2`, reverse mode."""
    t1 = w0 * x0
    t2 = math.exp(-(t1 + w1 * x1 + w2))
    # line 88: return 1.0 / (1.0 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    w2_bar = t2 / ((1.0 + t2) * (1.0 + t2))
    w1_bar = w2_bar * x1
    x1_bar = w2_bar * w1
    w0_bar = w2_bar * x0
    x0_bar = w2_bar * w0
    return w0_bar, x0_bar, w1_bar, x1_bar, w2_bar


def patterns_grad(x, y, z, w):
    """Gradient of `patterns` (computational_graphs.py:91) with respect to `x`, `y`, `z`, `w`, reverse mode."""
    # line 93: return 2.0 * (x * y + max(z, w))
    z_bar = 2.0 * (0.5 * (z >= w) + 0.5 * (z > w))
    w_bar = 2.0 * (0.5 * (w >= z) + 0.5 * (w > z))
    x_bar = 2.0 * y
    y_bar = 2.0 * x
    return x_bar, y_bar, z_bar, w_bar


def quotient_grad(x):
    """Gradient of `quotient` (computational_graphs.py:106) with respect to `x`, reverse mode."""
    u = x ** 2
    # line 110: return v / u
    u_bar = -x / u / u
    return 1.0 / u + 2 * u_bar * x


def norm_1_grad(x):
    """Gradient of `norm_1` (computational_graphs.py:113) with respect to `x`, reverse mode."""
    # line 115: return np.sum(np.abs(x))
    return np.sign(x)


def inner_product_grad(x, y):
    """Gradient of `inner_product` (computational_graphs.py:118) with respect to `x`, `y`, reverse mode."""
    # line 120: return x @ y
    x_bar = y.copy()
    y_bar = x.copy()
    return x_bar, y_bar


def row_times_matrix_vjp(x, a, result_bar):
    """Vector-Jacobian product of `row_times_matrix` (computational_graphs.py:123) with respect to `x`, `a`, reverse mode."""
    # line 125: return x @ a
    x_bar = a @ result_bar
    a_bar = np.outer(x, result_bar)
    return x_bar, a_bar


def quadratic_form_grad(x, a):
    """Gradient of `quadratic_form` (computational_graphs.py:128) with respect to `x`, `a`, reverse mode."""
    # line 130: return x @ a @ x
    x_bar = x @ a + a @ x
    a_bar = np.outer(x, x)
    return x_bar, a_bar
