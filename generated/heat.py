# Written by adgen from examples.heat.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text e28d9230dbcddae1
# adgen: examples.heat:misfit source d6a704596532e0d5 options bada6b58199cf178
import numpy as np


def misfit_value_and_grad(u0, measured, steps, rate):
    """Value and gradient of `misfit` (heat.py:29) with respect to `u0`, reverse mode."""
    if not u0.shape[0] == measured.shape[0]:
        raise ValueError(
            "misfit_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    u = np.copy(u0)
    u[0] = 0.0
    u[-1] = 0.0
    for step in range(steps):
        u[1:-1] += rate * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    t1 = u - measured
    # line 36: return 0.5 * np.sum((u - measured) ** 2)
    u_bar = t1.copy()
    for step in range(steps):
        # line 35: u[1:-1] += rate * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        t2_bar = rate * u_bar[1:-1]
        u_bar[:-2] += t2_bar
        u_bar[2:] += t2_bar
        u_bar[1:-1] -= 2.0 * t2_bar
    # line 33: u[-1] = 0.0
    u_bar[-1] = 0.0
    # line 32: u[0] = 0.0
    u_bar[0] = 0.0
    return 0.5 * np.sum(t1 ** 2), u_bar
