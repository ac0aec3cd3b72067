# Written by adgen from examples.graph_network.  Edit the original, then run `adgen build`.
# adgen: rules 8a674b94a1c1724b text d5ea44a029d66f75
# adgen: examples.graph_network:loss source e63c7a3c3d217062 options 7bfa0cfcaaed79b9
import numpy as np


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
    t2 = t1 * w1[senders]
    np.add.at(received, receivers, t2)
    hidden = np.tanh(received + b1)
    t3 = hidden @ w2
    received1 = np.zeros((t3.shape[0], t3.shape[1]))
    t4 = scale[:, None]
    t5 = t4 * t3[senders]
    np.add.at(received1, receivers, t5)
    z = (received1 + b2)[known]
    top = np.max(z, axis=1)
    t6 = np.exp(z - top[:, None])
    t7 = np.sum(t6, axis=1)
    log_sum = top + np.log(t7)
    t8 = np.arange(groups.size)
    # line 51: return np.mean(log_sum - z[np.arange(groups.size), groups])
    log_sum_bar = 1.0 / known.size
    t9_bar = -log_sum_bar
    z_bar = np.zeros((groups.shape[0], b2.shape[0]))
    z_bar[t8, groups] += t9_bar
    # line 50: log_sum = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))
    z_bar += t6 * (log_sum_bar / t7)[:, None]
    # line 48: z = logits(w1, b1, w2, b2, senders, receivers, scale)[known]
    received1_bar = np.zeros((w1.shape[0], b2.shape[0]))
    np.add.at(received1_bar, known, z_bar)
    # line 33 of logits: return spread(hidden @ w2, senders, receivers, scale) + b2
    b2_bar = np.sum(received1_bar, axis=0)
    # line 26 of spread: np.add.at(received, receivers, scale[:, None] * features[senders])
    t10_bar = t4 * received1_bar[receivers]
    t3_bar = np.zeros((w1.shape[0], b2.shape[0]))
    np.add.at(t3_bar, senders, t10_bar)
    # line 33 of logits: return spread(hidden @ w2, senders, receivers, scale) + b2
    hidden_bar = t3_bar @ w2.T
    w2_bar = hidden.T @ t3_bar
    # line 32 of logits: hidden = np.tanh(spread(w1, senders, receivers, scale) + b1)
    received_bar = hidden_bar * (1 - hidden * hidden)
    b1_bar = np.sum(received_bar, axis=0)
    # line 26 of spread: np.add.at(received, receivers, scale[:, None] * features[senders])
    t11_bar = t1 * received_bar[receivers]
    w1_bar = np.zeros_like(w1)
    np.add.at(w1_bar, senders, t11_bar)
    return np.mean(log_sum - z[t8, groups]), (w1_bar, b1_bar, w2_bar, b2_bar)
