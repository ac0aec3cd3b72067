# Written by adgen from examples.number_with_grad.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 6c5683b57915b2b0
# adgen: examples.number_with_grad:expression source 385c49f43114a360 options dacb85d4bf3bd7c5
# adgen: examples.number_with_grad:branching source 2f7e8d9c248e9776 options 0eebe739f1fda579
# adgen: examples.number_with_grad:logistic source d0c82575c20a6928 options 0eebe739f1fda579
import numpy as np


def expression_grad(a):
    """Gradient of `expression` (number_with_grad.py:23) with respect to `a`, reverse mode."""
    b = 4.0 * a
    c = b + 3.0
    d = a + 2.0
    # line 28: return c * d
    return c + 4.0 * d


def branching_grad(x):
    """Gradient of `branching` (number_with_grad.py:37) with respect to `x`, reverse mode."""
    y = x * x
    z = y + x
    # line 41: return y * z + z
    x_bar = 1.0 + y
    y_bar = z + x_bar
    # line 39: y = x * x
    x_bar += 2.0 * y_bar * x
    return x_bar


def logistic_grad(x, steps):
    """Gradient of `logistic` (number_with_grad.py:44) with respect to `x`, reverse mode."""
    x_tape = np.empty(max(steps, 0))
    for step in range(steps):
        x_tape[step] = x
        x = 3.7 * x * (1.0 - x)
    x_bar = 1.0
    for step in range(steps - 1, -1, -1):
        x = x_tape[step]
        # line 47: x = 3.7 * x * (1.0 - x)
        t_bar = x_bar * (1.0 - x)
        x_bar = 3.7 * t_bar - 3.7 * x_bar * x
    return x_bar
