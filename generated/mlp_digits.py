# Written by adgen from examples.mlp_digits.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 3dea63307bac1cca
# adgen: examples.mlp_digits:loss source df0a056393c084a0 options e073a05f91c9cb90
# adgen: examples.mlp_digits:squared_loss source 4fa6c1ab57b6d250 options e073a05f91c9cb90
import numpy as np


def loss_value_and_grad(w1, b1, w2, b2, w3, b3, x, labels):
    """Value and gradient of `loss` (mlp_digits.py:35) with respect to `w1`, `b1`, `w2`, `b2`, `w3`, `b3`, reverse mode."""
    if not (
        w1.shape[1] == b1.shape[0]
        and w2.shape[1] == b2.shape[0]
        and w3.shape[1] == b3.shape[0]
        and labels.shape[0] == x.shape[0]
        and labels.shape[1] == b3.shape[0]
    ):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h1 = np.tanh(x @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    z = h2 @ w3 + b3
    m = np.max(z, axis=1)
    t1 = np.exp(z - m[:, None])
    t2 = np.sum(t1, axis=1)
    t3 = m + np.log(t2)
    t4 = labels * z
    # line 38: return np.mean(log_sum_exp(z) - np.sum(labels * z, axis=1))
    t5_bar = 1.0 / labels.shape[0]
    z_bar = t1 * (t5_bar / t2)[:, None] - t5_bar * labels
    # line 26 of logits: return h2 @ w3 + b3
    b3_bar = np.sum(z_bar, axis=0)
    h2_bar = z_bar @ w3.T
    w3_bar = h2.T @ z_bar
    # line 25 of logits: h2 = np.tanh(h1 @ w2 + b2)
    t6_bar = h2_bar * (1 - h2 * h2)
    b2_bar = np.sum(t6_bar, axis=0)
    h1_bar = t6_bar @ w2.T
    w2_bar = h1.T @ t6_bar
    # line 24 of logits: h1 = np.tanh(x @ w1 + b1)
    t7_bar = h1_bar * (1 - h1 * h1)
    b1_bar = np.sum(t7_bar, axis=0)
    w1_bar = x.T @ t7_bar
    return np.mean(t3 - np.sum(t4, axis=1)), (w1_bar, b1_bar, w2_bar, b2_bar, w3_bar, b3_bar)


def squared_loss_value_and_grad(w1, b1, w2, b2, w3, b3, x, labels):
    """Value and gradient of `squared_loss` (mlp_digits.py:41) with respect to `w1`, `b1`, `w2`, `b2`, `w3`, `b3`, reverse mode."""
    if not (
        w1.shape[1] == b1.shape[0]
        and w2.shape[1] == b2.shape[0]
        and w3.shape[1] == b3.shape[0]
        and x.shape[0] == labels.shape[0]
        and b3.shape[0] == labels.shape[1]
    ):
        raise ValueError(
            "squared_loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h1 = np.tanh(x @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    error = h2 @ w3 + b3 - labels
    t1 = error ** 2
    # line 44: return 0.5 * np.mean(np.sum(error**2, axis=1))
    error_bar = error / labels.shape[0]
    # line 26 of logits: return h2 @ w3 + b3
    b3_bar = np.sum(error_bar, axis=0)
    h2_bar = error_bar @ w3.T
    w3_bar = h2.T @ error_bar
    # line 25 of logits: h2 = np.tanh(h1 @ w2 + b2)
    t2_bar = h2_bar * (1 - h2 * h2)
    b2_bar = np.sum(t2_bar, axis=0)
    h1_bar = t2_bar @ w2.T
    w2_bar = h1.T @ t2_bar
    # line 24 of logits: h1 = np.tanh(x @ w1 + b1)
    t3_bar = h1_bar * (1 - h1 * h1)
    b1_bar = np.sum(t3_bar, axis=0)
    w1_bar = x.T @ t3_bar
    return 0.5 * np.mean(np.sum(t1, axis=1)), (w1_bar, b1_bar, w2_bar, b2_bar, w3_bar, b3_bar)
