# Written by adgen from examples.energy.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text cfee37d38f4944b7
# adgen: examples.energy:energy source e1b10bda14cf4c5a options 0eebe739f1fda579
import numpy as np


def energy_grad(x):
    """Gradient of `energy` (energy.py:8) with respect to `x`, reverse mode."""
    x_bar = np.zeros_like(x)
    for i in range(x.size):
        t = np.exp(-x[i])
        # line 12: e += np.exp(-x[i]) * x[i]
        x_bar[i] += t - t * x[i]
    return x_bar
