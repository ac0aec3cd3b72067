# Written by adgen from examples.swing.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 97797900f30d8f76
# adgen: examples.swing:swing source 4edb807b077cf64a options a119f586b245bef2
import numpy as np
from examples.swing import DT


def swing_grad(x0, k, n):
    """Gradient of `swing` (swing.py:6) with respect to `x0`, `k`, reverse mode."""
    v, x = 0.0, x0
    x_tape = np.empty(max(n, 0))
    for i in range(n):
        x_tape[i] = x
        v -= k * x * DT
        x += v * DT
    x_bar, k_bar, v_bar = 1.0, 0.0, 0.0
    for i in range(n - 1, -1, -1):
        x = x_tape[i]
        # line 11: x += v * DT
        v_bar += x_bar * DT
        # line 10: v -= k * x * DT
        k_bar -= v_bar * x * DT
        x_bar -= v_bar * k * DT
    return x_bar, k_bar


def swing_jvp(x0, k, n, x0_dot, k_dot):
    """Value and tangent of `swing` (swing.py:6) with respect to `x0`, `k`, forward mode."""
    v, v_dot, x, x_dot = 0.0, 0.0, x0, x0_dot
    for i in range(n):
        v -= k * x * DT
        v_dot -= (k_dot * x + x_dot * k) * DT
        x += v * DT
        x_dot += v_dot * DT
    return x, x_dot
