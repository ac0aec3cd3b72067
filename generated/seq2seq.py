# Written by adgen from examples.seq2seq.  Edit the original, then run `adgen build`.
# adgen: rules 50b40a3eaaf2b08b text 6e21049b073b7510
# adgen: examples.seq2seq:loss source 19398393a42fd85b options 0740d0d9cf1f6c55
import numpy as np
from examples.seq2seq import START


def quotient(a, b):
    """``a / b``, and 0 where `b` is 0: the symmetric subgradient of a norm at the origin."""
    return np.where(b == 0, 0, a) / np.where(b == 0, 1, b)


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None:
        return quotient(weight, np.sum(weight))
    return quotient(weight, np.expand_dims(np.sum(weight, axis=axis), axis))


def sum_to(x, shape):
    """Sum `x` over the axes along which an array of shape `shape` was broadcast to it."""
    x = np.asarray(x)
    extra = x.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(a + extra for a in range(len(shape)) if shape[a] == 1 != x.shape[a + extra])
    return np.reshape(np.sum(x, axis=axes), shape)


def loss_value_and_grad(e, w1, u1, w2, u2, v, texts, answers):
    """Value and gradient of `loss` (seq2seq.py:42) with respect to `e`, `w1`, `u1`, `w2`, `u2`, `v`, reverse mode."""
    if not (
        w1.shape[1] == u1.shape[1]
        and w2.shape[1] == u2.shape[1]
        and texts.shape[1] == answers.shape[1]
    ):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u1.shape[0]))
    states = np.zeros((texts.shape[1], texts.shape[0], u1.shape[0]))
    t1 = texts.shape[0]
    h1_tape = []
    h2_tape = np.empty((t1, answers.shape[1], u1.shape[1]))
    for t6 in range(t1):
        h1_tape.append(h)
        h2 = np.tanh(e[texts[t6]] @ w1 + h @ u1)
        h2_tape[t6] = h2
        states[:, t6] = h2
        h = h2
    h3 = states[:, -1]
    last = np.full(texts.shape[1], START)
    t2 = answers.shape[0]
    total = 0.0
    last1_tape = np.empty((t2, answers.shape[1]), np.int64)
    h4_tape = []
    h5_tape = []
    t19_tape = np.empty((t2, answers.shape[1]))
    scores_tape = np.empty((t2, answers.shape[1], texts.shape[0]))
    t22_tape = np.empty((t2, answers.shape[1]))
    exponentials_tape = np.empty((t2, answers.shape[1], texts.shape[0]))
    read_tape = []
    t24_tape = []
    t27_tape = np.empty((t2, answers.shape[1], v.shape[1]))
    t28_tape = np.empty((t2, answers.shape[1]))
    t31_tape = np.empty((t2, answers.shape[1]), np.int64)
    z_tape = np.empty((t2, answers.shape[1], v.shape[1]))
    t29_tape = np.empty((t2, answers.shape[1]))
    top_tape = np.empty((t2, answers.shape[1]))
    for t14 in range(t2):
        h4_tape.append(h3.copy())
        last1_tape[t14] = last
        h5 = np.tanh(e[last] @ w2 + h3 @ u2)
        h5_tape.append(h5)
        scores = np.einsum("bh,bth->bt", h5, states)
        scores_tape[t14] = scores
        t3 = np.max(scores, axis=1)
        t19_tape[t14] = t3
        exponentials = np.exp(scores - t3[:, None])
        exponentials_tape[t14] = exponentials
        t4 = np.sum(exponentials, axis=1)
        t22_tape[t14] = t4
        weights = exponentials / t4[:, None]
        read = np.einsum("bt,bth->bh", weights, states)
        read_tape.append(read)
        t5 = np.concatenate([h5, read], axis=1)
        t24_tape.append(t5)
        z = t5 @ v
        z_tape[t14] = z
        last2 = answers[t14]
        top = np.max(z, axis=1)
        top_tape[t14] = top
        t7 = np.exp(z - top[:, None])
        t27_tape[t14] = t7
        t8 = np.sum(t7, axis=1)
        t28_tape[t14] = t8
        t9 = np.log(t8)
        t29_tape[t14] = t9
        log_sum = top + t9
        t10 = np.arange(last2.size)
        t31_tape[t14] = t10
        total += np.mean(log_sum - z[t10, last2])
        h3, last = h5, last2
    t11 = answers.shape[0]
    # line 54: return total / answers.shape[0]
    total_bar = 1.0 / t11
    e_bar = np.zeros_like(e)
    w2_bar = np.zeros_like(w2)
    h4_bar = np.zeros_like(h3)
    u2_bar = np.zeros_like(u2)
    states_bar = np.zeros_like(states)
    v_bar = np.zeros_like(v)
    for t14 in range(t2 - 1, -1, -1):
        last = last1_tape[t14]
        h3 = h4_tape.pop()
        t12 = t31_tape[t14]
        top = top_tape[t14]
        z = z_tape[t14]
        t13 = t24_tape.pop()
        read = read_tape.pop()
        exponentials = exponentials_tape[t14]
        scores = scores_tape[t14]
        h5 = h5_tape.pop()
        log_sum = top + t29_tape[t14]
        last2 = answers[t14]
        # line 53: total += np.mean(log_sum - z[np.arange(last.size), last])
        top_bar15 = total_bar / (log_sum - z[t12, last2]).size
        t15_bar = -top_bar15
        z_bar = np.zeros((answers.shape[1], v.shape[1]))
        np.add.at(z_bar, (t12, last2), t15_bar)
        # line 52: log_sum = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))
        t16_bar = np.expand_dims(top_bar15 / t28_tape[t14], 1) * t27_tape[t14]
        top_bar1 = np.full(answers.shape[1], top_bar15)
        top_bar1[:, None] += -np.sum(t16_bar, axis=1, keepdims=True)
        z_bar += t16_bar + shares(z == np.expand_dims(top, 1), z, 1) * np.expand_dims(top_bar1, 1)
        # line 39 of decode_step: return h, np.concatenate([h, read], axis=1) @ v, weights
        t5_bar = z_bar @ v.T
        v_bar += t13.T @ z_bar
        h5_bar14 = h4_bar + t5_bar[:, : u2.shape[1]]
        read_bar15 = t5_bar[:, u2.shape[1] :]
        # line 32 of attend: return weights, np.einsum("bt,bth->bh", weights, states)
        read_bar1 = np.zeros_like(read) + read_bar15
        weights_bar = np.einsum("bh,bth->bt", read_bar1, states)
        t17 = t22_tape[t14][:, None]
        weights = exponentials / t17
        # line 31 of attend: weights = exponentials / np.sum(exponentials, axis=1)[:, None]
        t18 = np.where(weights_bar != 0.0, t17, 1.0)
        exponentials_bar = weights_bar / t18
        t4_bar = np.zeros(answers.shape[1])
        t4_bar[:, None] += -np.sum(
            weights_bar * np.where(weights_bar != 0.0, weights, 1.0) / t18, axis=1, keepdims=True
        )
        exponentials_bar += np.expand_dims(t4_bar, 1)
        # line 30 of attend: exponentials = np.exp(scores - np.max(scores, axis=1)[:, None])
        scores_bar = exponentials_bar * exponentials
        t3_bar = np.zeros(answers.shape[1])
        t3_bar[:, None] += -np.sum(scores_bar, axis=1, keepdims=True)
        share9 = shares(scores == np.expand_dims(t19_tape[t14], 1), scores, 1)
        scores_bar += share9 * np.expand_dims(t3_bar, 1)
        # line 29 of attend: scores = np.einsum("bh,bth->bt", h, states)
        h5_bar15 = h5_bar14 + np.einsum("bt,bth->bh", scores_bar, states)
        # line 32 of attend: return weights, np.einsum("bt,bth->bh", weights, states)
        states_bar += np.einsum(
            "bh,bt->bth", read_bar1, weights
        ) + np.einsum("bt,bh->bth", scores_bar, h5)
        # line 37 of decode_step: h = np.tanh(e[last] @ w + h @ u)
        t20_bar = h5_bar15 * (1 - h5 * h5)
        t21_bar = np.zeros((answers.shape[1], u2.shape[1])) + t20_bar
        h4_bar = t21_bar @ u2.T
        u2_bar += h3.T @ t21_bar
        t23_bar = np.zeros((answers.shape[1], u2.shape[1])) + t20_bar
        t25_bar = t23_bar @ w2.T
        w2_bar += e[last].T @ t23_bar
        np.add.at(e_bar, last, t25_bar)
    # line 48: for t in range(answers.shape[0]):
    states_bar[:, -1] += h4_bar
    w1_bar = np.zeros_like(w1)
    h1_bar = np.zeros_like(h)
    u1_bar = np.zeros_like(u1)
    for t6 in range(t1 - 1, -1, -1):
        h = h1_tape.pop()
        h2 = h2_tape[t6]
        # line 23 of encode: states[:, t] = h
        h2_bar10 = h1_bar + sum_to(states_bar[:, t6].copy(), (answers.shape[1], u1.shape[1]))
        # line 22 of encode: h = np.tanh(e[texts[t]] @ w + h @ u)
        t26_bar = h2_bar10 * (1 - h2 * h2)
        h1_bar = t26_bar @ u1.T
        u1_bar += h.T @ t26_bar
        t30_bar = t26_bar @ w1.T
        t32 = texts[t6]
        w1_bar += e[t32].T @ t26_bar
        np.add.at(e_bar, t32, t30_bar)
    return total / t11, (e_bar, w1_bar, u1_bar, w2_bar, u2_bar, v_bar)
