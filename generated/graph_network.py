# Written by adgen from examples.graph_network.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text add09e3e8d89beaf
# adgen: examples.graph_network:loss source e63c7a3c3d217062 options 7bfa0cfcaaed79b9
import numpy as np


def add_rows(x, rows, values):
    """``np.add.at(x, rows, values)`` of a matrix; NumPy adds to many elements faster than to many rows."""
    rows, values = np.ravel(rows), np.reshape(values, (-1, x.shape[1]))
    if x.shape[1] < rows.size:
        for k in range(x.shape[1]):
            np.add.at(x[:, k], rows, values[:, k])
    else:
        np.add.at(x, rows, values)


def loss_value_and_grad(w1, b1, w2, b2, senders, receivers, scale, known, groups):
    """Value and gradient of `loss` (graph_network.py:36) with respect to `w1`, `b1`, `w2`, `b2`, reverse mode."""
    if not (
        scale.shape[0] == senders.shape[0]
        and w1.shape[1] == b1.shape[0]
        and w2.shape[1] == b2.shape[0]
        and known.shape[0] == groups.shape[0]
        and scale.shape[0] == receivers.shape[0]
    ):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    received = np.zeros((w1.shape[0], w1.shape[1]))
    t1 = scale[:, None]
    np.add.at(received, receivers, t1 * w1[senders])
    hidden = np.tanh(received + b1)
    t2 = hidden @ w2
    received1 = np.zeros((t2.shape[0], t2.shape[1]))
    t3 = scale[:, None]
    np.add.at(received1, receivers, t3 * t2[senders])
    z = (received1 + b2)[known]
    top = np.max(z, axis=1)
    t4 = np.exp(z - top[:, None])
    t5 = np.sum(t4, axis=1)
    log_sum = top + np.log(t5)
    t6 = np.arange(groups.size)
    # line 51: return np.mean(log_sum - z[np.arange(groups.size), groups])
    log_sum_bar = 1.0 / known.size
    z_bar = np.zeros((groups.shape[0], b2.shape[0]))
    z_bar[t6, groups] -= log_sum_bar
    # line 50: log_sum = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))
    z_bar += t4 * (log_sum_bar / t5)[:, None]
    # line 48: z = logits(w1, b1, w2, b2, senders, receivers, scale)[known]
    received1_bar = np.zeros((w1.shape[0], b2.shape[0]))
    add_rows(received1_bar, known, z_bar)
    # line 33 of logits: return spread(hidden @ w2, senders, receivers, scale) + b2
    b2_bar = np.sum(received1_bar, axis=0)
    # line 26 of spread: np.add.at(received, receivers, scale[:, None] * features[senders])
    t2_bar = np.zeros((w1.shape[0], b2.shape[0]))
    add_rows(t2_bar, senders, t3 * received1_bar[receivers])
    # line 33 of logits: return spread(hidden @ w2, senders, receivers, scale) + b2
    hidden_bar = t2_bar @ w2.T
    w2_bar = hidden.T @ t2_bar
    # line 32 of logits: hidden = np.tanh(spread(w1, senders, receivers, scale) + b1)
    received_bar = hidden_bar * (1 - hidden * hidden)
    b1_bar = np.sum(received_bar, axis=0)
    # line 26 of spread: np.add.at(received, receivers, scale[:, None] * features[senders])
    w1_bar = np.zeros_like(w1)
    add_rows(w1_bar, senders, t1 * received_bar[receivers])
    return np.mean(log_sum - z[t6, groups]), (w1_bar, b1_bar, w2_bar, b2_bar)
