# Written by adgen from examples.optimisers.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 38c1bbf3eb0a47fc
# adgen: examples.optimisers:valley source 5f81db7275a163c7 options f4520cd1fad365c0
# adgen: examples.optimisers:loss_after_training source e98e06bee301a0d1 options 75ba033ed2f36d0f
import numpy as np


def valley_grad(w):
    """Gradient of `valley` (optimisers.py:77) with respect to `w`, reverse mode."""
    # line 79: return (1.0 - w[0]) ** 2 + 10.0 * (w[1] - w[0] ** 2) ** 2
    t_bar = 20.0 * (w[1] - w[0] ** 2)
    w_bar = np.zeros_like(w)
    w_bar[0] -= 2 * t_bar * w[0]
    w_bar[1] += t_bar
    w_bar[0] -= 2.0 * (1.0 - w[0])
    return w_bar


def loss_after_training_value_and_grad(rate, decay, x, y, steps):
    """Value and gradient of `loss_after_training` (optimisers.py:97) with respect to `rate`, `decay`, reverse mode."""
    if not x.shape[0] == y.shape[0]:
        raise ValueError(
            "loss_after_training_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    w = np.zeros(x.shape[1])
    v = np.zeros(x.shape[1])
    v_tape = np.empty((max(steps, 0), x.shape[1]))
    t1_tape = np.empty((max(steps, 0), x.shape[1]))
    for step in range(steps):
        v_tape[step] = v
        t1 = x.T @ (x @ w - y)
        t1_tape[step] = t1
        g = t1 / y.size
        v = decay * v - rate * g
        w += v
    t2 = x @ w - y
    # line 108: return 0.5 * np.mean((x @ w - y) ** 2)
    w_bar = x.T @ (t2 / y.size)
    decay_bar = 0.0
    v_bar = np.zeros(x.shape[1])
    rate_bar = 0.0
    for step in range(steps - 1, -1, -1):
        v = v_tape[step]
        # line 107: w = w + v
        v_bar += w_bar
        # line 106: v = decay * v - rate * g
        t3_bar = -v_bar
        g = t1_tape[step] / y.size
        rate_bar += t3_bar @ g
        g_bar = rate * t3_bar
        decay_bar += v_bar @ v
        v_bar *= decay
        # line 105: g = x.T @ (x @ w - y) / y.size
        w_bar += x.T @ (x @ (g_bar / y.size))
    return 0.5 * np.mean(t2 ** 2), (rate_bar, decay_bar)
