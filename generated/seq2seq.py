# Written by adgen from examples.seq2seq.  Edit the original, then run `adgen build`.
# adgen: rules 688379cb62cef076 text 0acd315a78518d58
# adgen: examples.seq2seq:loss source 19398393a42fd85b options 0740d0d9cf1f6c55
import numpy as np
from examples.seq2seq import START


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None:
        return weight / np.maximum(np.sum(weight), 1)
    return weight / np.maximum(np.expand_dims(np.sum(weight, axis=axis), axis), 1)


def loss_value_and_grad(e, w1, u1, w2, u2, v, texts, answers):
    """Value and gradient of `loss` (seq2seq.py:42) with respect to `e`, `w1`, `u1`, `w2`, `u2`, `v`, reverse mode."""
    if not (
        w1.shape[1] == u1.shape[1]
        and u1.shape[0] == u1.shape[1]
        and w2.shape[1] == u2.shape[1]
        and u2.shape[1] == u1.shape[0]
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
    scores_tape = np.empty((t2, answers.shape[1], texts.shape[0]))
    t4_tape = np.empty((t2, answers.shape[1]))
    exponentials_tape = np.empty((t2, answers.shape[1], texts.shape[0]))
    t5_tape = np.empty((t2, answers.shape[1], 2 * u1.shape[0]))
    top_tape = np.empty((t2, answers.shape[1]))
    z_tape = np.empty((t2, answers.shape[1], v.shape[1]))
    t6_tape = np.empty((t2, answers.shape[1], v.shape[1]))
    t7_tape = np.empty((t2, answers.shape[1]))
    for t in range(t2):
        h3_tape[t] = h3
        last_tape[t] = last
        h5 = np.tanh(e[last] @ w2 + h3 @ u2)
        h5_tape.append(h5)
        scores = np.einsum("bh,bth->bt", h5, states)
        scores_tape[t] = scores
        t3 = np.max(scores, axis=1)
        t3_tape[t] = t3
        exponentials = np.exp(scores - t3[:, None])
        exponentials_tape[t] = exponentials
        t4 = np.sum(exponentials, axis=1)
        t4_tape[t] = t4
        weights = exponentials / t4[:, None]
        read = np.einsum("bt,bth->bh", weights, states)
        t5 = np.concatenate([h5, read], axis=1)
        t5_tape[t] = t5
        z = t5 @ v
        z_tape[t] = z
        last2 = answers[t]
        top = np.max(z, axis=1)
        top_tape[t] = top
        t6 = np.exp(z - top[:, None])
        t6_tape[t] = t6
        t7 = np.sum(t6, axis=1)
        t7_tape[t] = t7
        log_sum = top + np.log(t7)
        total += np.mean(log_sum - z[np.arange(last2.size), last2])
        h3, last = h5, last2
    t8 = answers.shape[0]
    # line 54: return total / answers.shape[0]
    total_bar = 1.0 / t8
    e_bar = np.zeros_like(e)
    w2_bar = np.zeros_like(w2)
    h_bar = np.zeros((answers.shape[1], u1.shape[0]))
    u2_bar = np.zeros_like(u2)
    states_bar = np.zeros((answers.shape[1], texts.shape[0], u1.shape[0]))
    v_bar = np.zeros_like(v)
    for t in range(t2 - 1, -1, -1):
        last = last_tape[t]
        h3 = h3_tape[t]
        top = top_tape[t]
        z = z_tape[t]
        exponentials = exponentials_tape[t]
        scores = scores_tape[t]
        h5 = h5_tape.pop()
        # line 53: total += np.mean(log_sum - z[np.arange(last.size), last])
        top_bar = total_bar / answers.shape[1]
        t9_bar = -top_bar
        last2 = answers[t]
        z_bar = np.zeros((answers.shape[1], v.shape[1]))
        np.add.at(z_bar, (np.arange(last2.size), last2), t9_bar)
        # line 52: log_sum = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))
        t10_bar = (top_bar / t7_tape[t])[:, None] * t6_tape[t]
        top_bar1 = top_bar - np.sum(t10_bar, axis=1)
        z_bar += t10_bar + top_bar1[:, None] * shares(z == top[:, None], z, 1)
        # line 39 of decode_step: return h, np.concatenate([h, read], axis=1) @ v, weights
        t5_bar = z_bar @ v.T
        v_bar += t5_tape[t].T @ z_bar
        read_bar = t5_bar[:, u1.shape[0] :]
        # line 32 of attend: return weights, np.einsum("bt,bth->bh", weights, states)
        weights_bar = np.einsum("bh,bth->bt", read_bar, states)
        t11 = t4_tape[t][:, None]
        weights = exponentials / t11
        # line 31 of attend: weights = exponentials / np.sum(exponentials, axis=1)[:, None]
        t12_bar = -np.sum(weights_bar * weights / t11, axis=1, keepdims=True)
        exponentials_bar = weights_bar / t11 + t12_bar
        # line 30 of attend: exponentials = np.exp(scores - np.max(scores, axis=1)[:, None])
        scores_bar = exponentials_bar * exponentials
        t13_bar = -np.sum(scores_bar, axis=1, keepdims=True)
        scores_bar += t13_bar * shares(scores == t3_tape[t][:, None], scores, 1)
        # line 39 of decode_step: return h, np.concatenate([h, read], axis=1) @ v, weights
        h_bar += t5_bar[:, : u1.shape[0]] + np.einsum("bt,bth->bh", scores_bar, states)
        # line 32 of attend: return weights, np.einsum("bt,bth->bh", weights, states)
        states_bar += np.einsum(
            "bh,bt->bth", read_bar, weights
        ) + np.einsum("bt,bh->bth", scores_bar, h5)
        # line 37 of decode_step: h = np.tanh(e[last] @ w + h @ u)
        t14_bar = h_bar * (1 - h5 * h5)
        h_bar = t14_bar @ u2.T
        u2_bar += h3.T @ t14_bar
        t15_bar = t14_bar @ w2.T
        w2_bar += e[last].T @ t14_bar
        np.add.at(e_bar, last, t15_bar)
    # line 48: for t in range(answers.shape[0]):
    states_bar[:, -1] += h_bar
    w1_bar = np.zeros_like(w1)
    h1_bar = np.zeros((answers.shape[1], u1.shape[0]))
    u1_bar = np.zeros_like(u1)
    for t in range(t1 - 1, -1, -1):
        h = h_tape[t]
        h2 = h2_tape[t]
        # line 23 of encode: states[:, t] = h
        h1_bar += states_bar[:, t]
        # line 22 of encode: h = np.tanh(e[texts[t]] @ w + h @ u)
        t16_bar = h1_bar * (1 - h2 * h2)
        h1_bar = t16_bar @ u1.T
        u1_bar += h.T @ t16_bar
        t17_bar = t16_bar @ w1.T
        t19 = texts[t]
        w1_bar += e[t19].T @ t16_bar
        np.add.at(e_bar, t19, t17_bar)
    return total / t8, (e_bar, w1_bar, u1_bar, w2_bar, u2_bar, v_bar)
