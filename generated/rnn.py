# Written by adgen from examples.rnn.  Edit the original, then run `adgen build`.
# adgen: rules 688379cb62cef076 text 65fdeeb36ac5f7e7
# adgen: examples.rnn:vanilla_loss source 9a8b6c34f213b8a9 options 156e7bacbf522c50
# adgen: examples.rnn:gru_loss source 05c9c097d678e352 options 156e7bacbf522c50
# adgen: examples.rnn:lstm_loss source 7252b7f2650e190c options 156e7bacbf522c50
import numpy as np


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None:
        return weight / np.maximum(np.sum(weight), 1)
    return weight / np.maximum(np.expand_dims(np.sum(weight, axis=axis), axis), 1)


def vanilla_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `vanilla_loss` (rnn.py:62) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (
        w.shape[1] == u.shape[1]
        and u.shape[1] == b.shape[0]
        and v.shape[1] == a.shape[0]
        and u.shape[0] == b.shape[0]
    ):
        raise ValueError(
            "vanilla_loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u.shape[0]))
    t1 = texts.shape[0] - 1
    total = 0.0
    h_tape = np.empty((max(t1, 0), texts.shape[1], b.shape[0]))
    h2_tape = np.empty((max(t1, 0), texts.shape[1], b.shape[0]))
    top_tape = np.empty((max(t1, 0), texts.shape[1]))
    t2_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t5_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t6_tape = np.empty((max(t1, 0), texts.shape[1]))
    for t in range(t1):
        h_tape[t] = h
        h2 = np.tanh(e[texts[t]] @ w + h @ u + b)
        h2_tape[t] = h2
        t2 = h2 @ v
        t2_tape[t] = t2
        t3 = t2 + a
        t4 = texts[t + 1]
        top = np.max(t3, axis=1)
        top_tape[t] = top
        t5 = np.exp(t3 - top[:, None])
        t5_tape[t] = t5
        t6 = np.sum(t5, axis=1)
        t6_tape[t] = t6
        log_sum = top + np.log(t6)
        total += np.mean(log_sum - t3[np.arange(t4.size), t4])
        h = h2
    t7 = texts.shape[0] - 1
    # line 69: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t7
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    h_bar = np.zeros((texts.shape[1], b.shape[0]))
    u_bar = np.zeros_like(u)
    b_bar = np.zeros_like(b)
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t in range(t1 - 1, -1, -1):
        h = h_tape[t]
        top = top_tape[t]
        h2 = h2_tape[t]
        # line 56 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        top_bar = total_bar / texts.shape[1]
        t8_bar = -top_bar
        t9 = texts[t + 1]
        t2_bar = np.zeros((texts.shape[1], a.shape[0]))
        np.add.at(t2_bar, (np.arange(t9.size), t9), t8_bar)
        # line 55 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t10_bar = (top_bar / t6_tape[t])[:, None] * t5_tape[t]
        top_bar1 = top_bar - np.sum(t10_bar, axis=1)
        t12 = t2_tape[t] + a
        t2_bar += t10_bar + top_bar1[:, None] * shares(t12 == top[:, None], t12, 1)
        # line 68: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t2_bar, axis=0)
        h_bar += t2_bar @ v.T
        v_bar += h2.T @ t2_bar
        # line 26 of vanilla_step: return np.tanh(x @ w + h @ u + b)
        t13_bar = h_bar * (1 - h2 * h2)
        b_bar += np.sum(t13_bar, axis=0)
        h_bar = t13_bar @ u.T
        u_bar += h.T @ t13_bar
        t14_bar = t13_bar @ w.T
        t15 = texts[t]
        w_bar += e[t15].T @ t13_bar
        # line 67: h = vanilla_step(e[texts[t]], h, w, u, b)
        np.add.at(e_bar, t15, t14_bar)
    return total / t7, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)


def gru_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `gru_loss` (rnn.py:72) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (
        w.shape[1] == b.shape[0]
        and 3 * u.shape[0] == u.shape[1]
        and b.shape[0] == 3 * u.shape[0]
        and v.shape[1] == a.shape[0]
    ):
        raise ValueError(
            "gru_loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u.shape[0]))
    t1 = texts.shape[0] - 1
    total = 0.0
    t2_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    hu_tape = np.empty((max(t1, 0), texts.shape[1], 3 * u.shape[0]))
    candidate_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    h_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    t3_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    top_tape = np.empty((max(t1, 0), texts.shape[1]))
    t4_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t7_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t8_tape = np.empty((max(t1, 0), texts.shape[1]))
    for t in range(t1):
        h_tape[t] = h
        n = h.shape[1]
        xw = e[texts[t]] @ w + b
        hu = h @ u
        hu_tape[t] = hu
        t2 = np.exp(-(xw[:, :n] + hu[:, :n]))
        t2_tape[t] = t2
        r = 1.0 / (1.0 + t2)
        t3 = np.exp(-(xw[:, n : 2 * n] + hu[:, n : 2 * n]))
        t3_tape[t] = t3
        z = 1.0 / (1.0 + t3)
        candidate = np.tanh(xw[:, 2 * n :] + r * hu[:, 2 * n :])
        candidate_tape[t] = candidate
        h2 = z * h + (1.0 - z) * candidate
        t4 = h2 @ v
        t4_tape[t] = t4
        t5 = t4 + a
        t6 = texts[t + 1]
        top = np.max(t5, axis=1)
        top_tape[t] = top
        t7 = np.exp(t5 - top[:, None])
        t7_tape[t] = t7
        t8 = np.sum(t7, axis=1)
        t8_tape[t] = t8
        log_sum = top + np.log(t8)
        total += np.mean(log_sum - t5[np.arange(t6.size), t6])
        h = h2
    t9 = texts.shape[0] - 1
    # line 78: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t9
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    b_bar = np.zeros_like(b)
    h_bar = np.zeros((texts.shape[1], u.shape[0]))
    u_bar = np.zeros_like(u)
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t in range(t1 - 1, -1, -1):
        h = h_tape[t]
        top = top_tape[t]
        candidate = candidate_tape[t]
        t10 = t3_tape[t]
        t11 = t2_tape[t]
        hu = hu_tape[t]
        # line 56 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        top_bar = total_bar / texts.shape[1]
        t13_bar = -top_bar
        t14 = texts[t + 1]
        t4_bar = np.zeros((texts.shape[1], a.shape[0]))
        np.add.at(t4_bar, (np.arange(t14.size), t14), t13_bar)
        # line 55 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t15_bar = (top_bar / t8_tape[t])[:, None] * t7_tape[t]
        top_bar1 = top_bar - np.sum(t15_bar, axis=1)
        t16 = t4_tape[t] + a
        t4_bar += t15_bar + top_bar1[:, None] * shares(t16 == top[:, None], t16, 1)
        # line 77: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t4_bar, axis=0)
        h_bar += t4_bar @ v.T
        t17 = 1.0 + t10
        z = 1.0 / t17
        t18 = 1.0 - z
        h2 = z * h + t18 * candidate
        v_bar += h2.T @ t4_bar
        # line 37 of gru_step: return z * h + (1.0 - z) * candidate
        candidate_bar = h_bar * t18
        z_bar = h_bar * h - h_bar * candidate
        # line 36 of gru_step: candidate = np.tanh(xw[:, 2 * n :] + r * hu[:, 2 * n :])
        t19_bar = candidate_bar * (1 - candidate * candidate)
        n = h.shape[1]
        r_bar = t19_bar * hu[:, 2 * n :]
        t21 = 1.0 + t11
        r = 1.0 / t21
        hu_bar = np.zeros((texts.shape[1], 3 * u.shape[0]))
        hu_bar[:, 2 * n :] += t19_bar * r
        xw_bar = np.zeros((texts.shape[1], 3 * u.shape[0]))
        xw_bar[:, 2 * n :] += t19_bar
        # line 22 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t3_bar = -z_bar * z / t17
        t22_bar = -t3_bar * np.where(t3_bar != 0.0, t10, 1.0)
        # line 35 of gru_step: z = sigmoid(xw[:, n : 2 * n] + hu[:, n : 2 * n])
        hu_bar[:, n : 2 * n] += t22_bar
        xw_bar[:, n : 2 * n] += t22_bar
        # line 22 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t2_bar = -r_bar * r / t21
        t23_bar = -t2_bar * np.where(t2_bar != 0.0, t11, 1.0)
        # line 34 of gru_step: r = sigmoid(xw[:, :n] + hu[:, :n])
        hu_bar[:, :n] += t23_bar
        xw_bar[:, :n] += t23_bar
        # line 37 of gru_step: return z * h + (1.0 - z) * candidate
        h_bar = h_bar * z + hu_bar @ u.T
        # line 33 of gru_step: hu = h @ u
        u_bar += h.T @ hu_bar
        # line 32 of gru_step: xw = x @ w + b
        b_bar += np.sum(xw_bar, axis=0)
        t24_bar = xw_bar @ w.T
        t25 = texts[t]
        w_bar += e[t25].T @ xw_bar
        # line 76: h = gru_step(e[texts[t]], h, w, u, b)
        np.add.at(e_bar, t25, t24_bar)
    return total / t9, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)


def lstm_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `lstm_loss` (rnn.py:81) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (
        w.shape[1] == u.shape[1]
        and u.shape[1] == b.shape[0]
        and b.shape[0] == 4 * u.shape[0]
        and v.shape[1] == a.shape[0]
    ):
        raise ValueError(
            "lstm_loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u.shape[0]))
    c = np.zeros((texts.shape[1], u.shape[0]))
    t1 = texts.shape[0] - 1
    total = 0.0
    h_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    t3_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    c_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    t2_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    g_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    t5_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    t4_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[0]))
    top_tape = np.empty((max(t1, 0), texts.shape[1]))
    t6_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t9_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t10_tape = np.empty((max(t1, 0), texts.shape[1]))
    for t in range(t1):
        c_tape[t] = c
        h_tape[t] = h
        n = h.shape[1]
        gates = e[texts[t]] @ w + h @ u + b
        t2 = np.exp(-gates[:, :n])
        t2_tape[t] = t2
        i = 1.0 / (1.0 + t2)
        t3 = np.exp(-gates[:, n : 2 * n])
        t3_tape[t] = t3
        f = 1.0 / (1.0 + t3)
        g = np.tanh(gates[:, 2 * n : 3 * n])
        g_tape[t] = g
        t4 = np.exp(-gates[:, 3 * n :])
        t4_tape[t] = t4
        o = 1.0 / (1.0 + t4)
        c = f * c + i * g
        t5 = np.tanh(c)
        t5_tape[t] = t5
        h2 = o * t5
        t6 = h2 @ v
        t6_tape[t] = t6
        t7 = t6 + a
        t8 = texts[t + 1]
        top = np.max(t7, axis=1)
        top_tape[t] = top
        t9 = np.exp(t7 - top[:, None])
        t9_tape[t] = t9
        t10 = np.sum(t9, axis=1)
        t10_tape[t] = t10
        log_sum = top + np.log(t10)
        total += np.mean(log_sum - t7[np.arange(t8.size), t8])
        h = h2
    t11 = texts.shape[0] - 1
    # line 88: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t11
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    h_bar = np.zeros((texts.shape[1], u.shape[0]))
    u_bar = np.zeros_like(u)
    b_bar = np.zeros_like(b)
    c_bar = np.zeros((texts.shape[1], u.shape[0]))
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t in range(t1 - 1, -1, -1):
        h = h_tape[t]
        c = c_tape[t]
        top = top_tape[t]
        t12 = t5_tape[t]
        t13 = t4_tape[t]
        g = g_tape[t]
        t15 = t3_tape[t]
        t16 = t2_tape[t]
        # line 56 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        top_bar = total_bar / texts.shape[1]
        t17_bar = -top_bar
        t18 = texts[t + 1]
        t6_bar = np.zeros((texts.shape[1], a.shape[0]))
        np.add.at(t6_bar, (np.arange(t18.size), t18), t17_bar)
        # line 55 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t20_bar = (top_bar / t10_tape[t])[:, None] * t9_tape[t]
        top_bar1 = top_bar - np.sum(t20_bar, axis=1)
        t21 = t6_tape[t] + a
        t6_bar += t20_bar + top_bar1[:, None] * shares(t21 == top[:, None], t21, 1)
        # line 87: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t6_bar, axis=0)
        h_bar += t6_bar @ v.T
        t22 = 1.0 + t13
        o = 1.0 / t22
        h2 = o * t12
        v_bar += h2.T @ t6_bar
        # line 49 of lstm_step: return o * np.tanh(c), c
        o_bar = h_bar * t12
        c_bar += h_bar * o * (1 - t12 * t12)
        # line 48 of lstm_step: c = f * c + i * g
        i_bar = c_bar * g
        t23 = 1.0 + t16
        i = 1.0 / t23
        g_bar = c_bar * i
        f_bar = c_bar * c
        t24 = 1.0 + t15
        f = 1.0 / t24
        c_bar *= f
        # line 22 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t4_bar = -o_bar * o / t22
        n = h.shape[1]
        # line 47 of lstm_step: o = sigmoid(gates[:, 3 * n :])
        gates_bar = np.zeros((texts.shape[1], 4 * u.shape[0]))
        gates_bar[:, 3 * n :] -= t4_bar * np.where(t4_bar != 0.0, t13, 1.0)
        # line 46 of lstm_step: g = np.tanh(gates[:, 2 * n : 3 * n])
        gates_bar[:, 2 * n : 3 * n] += g_bar * (1 - g * g)
        # line 22 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t3_bar = -f_bar * f / t24
        # line 45 of lstm_step: f = sigmoid(gates[:, n : 2 * n])
        gates_bar[:, n : 2 * n] -= t3_bar * np.where(t3_bar != 0.0, t15, 1.0)
        # line 22 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t2_bar = -i_bar * i / t23
        # line 44 of lstm_step: i = sigmoid(gates[:, :n])
        gates_bar[:, :n] -= t2_bar * np.where(t2_bar != 0.0, t16, 1.0)
        # line 43 of lstm_step: gates = x @ w + h @ u + b
        b_bar += np.sum(gates_bar, axis=0)
        h_bar = gates_bar @ u.T
        u_bar += h.T @ gates_bar
        t25_bar = gates_bar @ w.T
        t26 = texts[t]
        w_bar += e[t26].T @ gates_bar
        # line 86: h, c = lstm_step(e[texts[t]], h, c, w, u, b)
        np.add.at(e_bar, t26, t25_bar)
    return total / t11, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)
