# Written by adgen from examples.model.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text a7f33e54d08bdcc7
# adgen: examples.model:loss source f6e74c403a9f8fe6 options 4b20f5afe64833a3
import numpy as np


def loss_grad(w, x, y):
    """Gradient of `loss` (model.py:8) with respect to `w`, reverse mode."""
    if not (x.shape[0] == y.shape[0] and w.shape[1] == y.shape[1]):
        raise ValueError("loss_grad: the sizes of the arguments do not agree as this test wants")
    r = x @ w - y
    # line 11: return np.mean(r**2)
    r_bar = (2.0 / y.size) * r
    # line 10: r = x @ w - y
    return x.T @ r_bar


def loss_value_and_grad(w, x, y):
    """Value and gradient of `loss` (model.py:8) with respect to `w`, reverse mode."""
    if not (x.shape[0] == y.shape[0] and w.shape[1] == y.shape[1]):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    r = x @ w - y
    # line 11: return np.mean(r**2)
    r_bar = (2.0 / y.size) * r
    # line 10: r = x @ w - y
    w_bar = x.T @ r_bar
    return np.mean(r ** 2), w_bar
