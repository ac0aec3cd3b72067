# Written by adgen from examples.seq2seq.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 04d66c566323d28c
# adgen: examples.seq2seq:loss source 19398393a42fd85b options 0740d0d9cf1f6c55
import numpy as np
from examples.seq2seq import START


def add_rows(x, rows, values):
    """``np.add.at(x, rows, values)`` of a matrix; NumPy adds to many elements faster than to many rows."""
    rows, values = np.ravel(rows), np.reshape(values, (-1, x.shape[1]))
    if x.shape[1] < rows.size:
        for k in range(x.shape[1]):
            np.add.at(x[:, k], rows, values[:, k])
    else:
        np.add.at(x, rows, values)


def loss_value_and_grad(e, w1, u1, w2, u2, v, texts, answers):
    """Value and gradient of `loss` (seq2seq.py:49) with respect to `e`, `w1`, `u1`, `w2`, `u2`, `v`, reverse mode."""
    if not (
        e.shape[1] == w1.shape[0]
        and w1.shape[1] == u1.shape[1]
        and u1.shape[0] == u1.shape[1]
        and e.shape[1] == w2.shape[0]
        and u1.shape[0] == u2.shape[0]
        and w2.shape[1] == u2.shape[1]
        and u2.shape[1] == u1.shape[0]
        and 2 * u1.shape[0] == v.shape[0]
        and texts.shape[1] == answers.shape[1]
    ):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u1.shape[0]))
    states = np.zeros((texts.shape[1], texts.shape[0], u1.shape[0]))
    t1 = texts.shape[0]
    h_tape = np.empty((t1, answers.shape[1], u1.shape[0]))
    h2_tape = np.empty((t1, answers.shape[1], u1.shape[0]))
    for t in range(t1):
        h_tape[t] = h
        h2 = np.tanh(e[texts[t]] @ w1 + h @ u1)
        h2_tape[t] = h2
        states[:, t] = h2
        h = h2
    h3 = states[:, -1]
    last = np.full(texts.shape[1], START)
    t2 = answers.shape[0]
    total = 0.0
    last_tape = np.empty((t2, answers.shape[1]), np.int64)
    h3_tape = np.empty((t2, answers.shape[1], u1.shape[0]))
    h5_tape = []
    t3_tape = np.empty((t2, answers.shape[1]))
    exponentials_tape = np.empty((t2, answers.shape[1], texts.shape[0]))
    t4_tape = np.empty((t2, answers.shape[1], 2 * u1.shape[0]))
    t5_tape = np.empty((t2, answers.shape[1], v.shape[1]))
    t6_tape = np.empty((t2, answers.shape[1]))
    for t in range(t2):
        h3_tape[t] = h3
        last_tape[t] = last
        h5 = np.tanh(e[last] @ w2 + h3 @ u2)
        h5_tape.append(h5)
        scores = np.einsum("bh,bth->bt", h5, states)
        exponentials = np.exp(scores - np.max(scores, axis=1)[:, None])
        exponentials_tape[t] = exponentials
        t3 = np.sum(exponentials, axis=1)
        t3_tape[t] = t3
        weights = exponentials / t3[:, None]
        read = np.einsum("bt,bth->bh", weights, states)
        t4 = np.concatenate([h5, read], axis=1)
        t4_tape[t] = t4
        z = t4 @ v
        last2 = answers[t]
        top = np.max(z, axis=1)
        t5 = np.exp(z - top[:, None])
        t5_tape[t] = t5
        t6 = np.sum(t5, axis=1)
        t6_tape[t] = t6
        log_sum = top + np.log(t6)
        total += np.mean(log_sum - z[np.arange(last2.size), last2])
        h3, last = h5, last2
    t7 = answers.shape[0]
    # line 61: return total / answers.shape[0]
    total_bar = 1.0 / t7
    e_bar = np.zeros_like(e)
    w2_bar = np.zeros_like(w2)
    h_bar = np.zeros((answers.shape[1], u1.shape[0]))
    u2_bar = np.zeros_like(u2)
    states_bar = np.zeros((answers.shape[1], texts.shape[0], u1.shape[0]))
    v_bar = np.zeros_like(v)
    for t in range(t2 - 1, -1, -1):
        last = last_tape[t]
        h3 = h3_tape[t]
        exponentials = exponentials_tape[t]
        h5 = h5_tape.pop()
        # line 60: total += np.mean(log_sum - z[np.arange(last.size), last])
        log_sum_bar = total_bar / answers.shape[1]
        last2 = answers[t]
        z_bar = np.zeros((answers.shape[1], v.shape[1]))
        z_bar[np.arange(last2.size), last2] -= log_sum_bar
        # line 59: log_sum = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))
        z_bar += (log_sum_bar / t6_tape[t])[:, None] * t5_tape[t]
        # line 46 of decode_step: return h, np.concatenate([h, read], axis=1) @ v, weights
        t4_bar = z_bar @ v.T
        v_bar += t4_tape[t].T @ z_bar
        read_bar = t4_bar[:, u1.shape[0] :]
        # line 39 of attend: return weights, np.einsum("bt,bth->bh", weights, states)
        weights_bar = np.einsum("bh,bth->bt", read_bar, states)
        t8 = t3_tape[t][:, None]
        weights = exponentials / t8
        # line 38 of attend: weights = exponentials / np.sum(exponentials, axis=1)[:, None]
        t9_bar = -np.sum(weights_bar * weights / t8, axis=1, keepdims=True)
        exponentials_bar = weights_bar / t8 + t9_bar
        # line 37 of attend: exponentials = np.exp(scores - np.max(scores, axis=1)[:, None])
        scores_bar = exponentials_bar * exponentials
        # line 46 of decode_step: return h, np.concatenate([h, read], axis=1) @ v, weights
        h_bar += t4_bar[:, : u1.shape[0]] + np.einsum("bt,bth->bh", scores_bar, states)
        # line 39 of attend: return weights, np.einsum("bt,bth->bh", weights, states)
        states_bar += np.einsum(
            "bh,bt->bth", read_bar, weights
        ) + np.einsum("bt,bh->bth", scores_bar, h5)
        # line 44 of decode_step: h = np.tanh(e[last] @ w + h @ u)
        t10_bar = h_bar * (1 - h5 * h5)
        h_bar = t10_bar @ u2.T
        u2_bar += h3.T @ t10_bar
        w2_bar += e[last].T @ t10_bar
        add_rows(e_bar, last, t10_bar @ w2.T)
    # line 55: for t in range(answers.shape[0]):
    states_bar[:, -1] += h_bar
    w1_bar = np.zeros_like(w1)
    h1_bar = np.zeros((answers.shape[1], u1.shape[0]))
    u1_bar = np.zeros_like(u1)
    for t in range(t1 - 1, -1, -1):
        h = h_tape[t]
        h2 = h2_tape[t]
        # line 30 of encode: states[:, t] = h
        h1_bar += states_bar[:, t]
        # line 29 of encode: h = np.tanh(e[texts[t]] @ w + h @ u)
        t11_bar = h1_bar * (1 - h2 * h2)
        h1_bar = t11_bar @ u1.T
        u1_bar += h.T @ t11_bar
        t12 = texts[t]
        w1_bar += e[t12].T @ t11_bar
        add_rows(e_bar, t12, t11_bar @ w1.T)
    return total / t7, (e_bar, w1_bar, u1_bar, w2_bar, u2_bar, v_bar)
