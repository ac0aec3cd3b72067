# Written by adgen from examples.perceptron.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text d59f635d6d8c155b
# adgen: examples.perceptron:loss source fa3e726804a19e73 options 7bfa0cfcaaed79b9
import numpy as np


def loss_value_and_grad(w1, b1, w2, b2, x, y):
    """Value and gradient of `loss` (perceptron.py:38) with respect to `w1`, `b1`, `w2`, `b2`, reverse mode."""
    if not (w1.shape[1] == b1.shape[0] and y.shape[0] == x.shape[0]):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    t1 = np.exp(-(x @ w1 + b1))
    t2 = 1.0 + t1
    h = 1.0 / t2
    t3 = np.exp(-(h @ w2 + b2))
    t4 = 1.0 + t3
    p = 1.0 / t4
    t5 = y * np.log(p)
    t6 = 1.0 - y
    t7 = 1.0 - p
    # line 41: return -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))
    t5_bar = -1.0 / y.size
    p_bar = t5_bar * y / p - t5_bar * t6 / t7
    # line 29 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
    t3_bar = -p_bar * p / t4
    t8_bar = -t3_bar * np.where(t3_bar != 0.0, t3, 1.0)
    # line 35 of output: return sigmoid(h @ w2 + b2)
    b2_bar = np.sum(t8_bar)
    h_bar = np.outer(t8_bar, w2)
    w2_bar = h.T @ t8_bar
    # line 29 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
    t1_bar = -h_bar * h / t2
    t9_bar = -t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    # line 34 of output: h = sigmoid(x @ w1 + b1)
    b1_bar = np.sum(t9_bar, axis=0)
    w1_bar = x.T @ t9_bar
    return -np.mean(t5 + t6 * np.log(t7)), (w1_bar, b1_bar, w2_bar, b2_bar)
