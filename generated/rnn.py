# Written by adgen from examples.rnn.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 802399ee24d766b0
# adgen: examples.rnn:vanilla_loss source 9a8b6c34f213b8a9 options 156e7bacbf522c50
# adgen: examples.rnn:gru_loss source 05c9c097d678e352 options 156e7bacbf522c50
# adgen: examples.rnn:lstm_loss source 7252b7f2650e190c options 156e7bacbf522c50
import numpy as np


def add_rows(x, rows, values):
    """``np.add.at(x, rows, values)`` of a matrix; NumPy adds to many elements faster than to many rows."""
    rows, values = np.ravel(rows), np.reshape(values, (-1, x.shape[1]))
    if x.shape[1] < rows.size:
        for k in range(x.shape[1]):
            np.add.at(x[:, k], rows, values[:, k])
    else:
        np.add.at(x, rows, values)


def vanilla_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `vanilla_loss` (rnn.py:68) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (
        e.shape[1] == w.shape[0]
        and w.shape[1] == u.shape[1]
        and u.shape[1] == b.shape[0]
        and b.shape[0] == v.shape[0]
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
    t4_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t5_tape = np.empty((max(t1, 0), texts.shape[1]))
    for t in range(t1):
        h_tape[t] = h
        h2 = np.tanh(e[texts[t]] @ w + h @ u + b)
        h2_tape[t] = h2
        t2 = h2 @ v + a
        t3 = texts[t + 1]
        top = np.max(t2, axis=1)
        t4 = np.exp(t2 - top[:, None])
        t4_tape[t] = t4
        t5 = np.sum(t4, axis=1)
        t5_tape[t] = t5
        log_sum = top + np.log(t5)
        total += np.mean(log_sum - t2[np.arange(t3.size), t3])
        h = h2
    t6 = texts.shape[0] - 1
    # line 75: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t6
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    h_bar = np.zeros((texts.shape[1], b.shape[0]))
    u_bar = np.zeros_like(u)
    b_bar = np.zeros_like(b)
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t in range(t1 - 1, -1, -1):
        h = h_tape[t]
        h2 = h2_tape[t]
        # line 62 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        log_sum_bar = total_bar / texts.shape[1]
        t7 = texts[t + 1]
        t8_bar = np.zeros((texts.shape[1], a.shape[0]))
        t8_bar[np.arange(t7.size), t7] -= log_sum_bar
        # line 61 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t8_bar += (log_sum_bar / t5_tape[t])[:, None] * t4_tape[t]
        # line 74: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t8_bar, axis=0)
        h_bar += t8_bar @ v.T
        v_bar += h2.T @ t8_bar
        # line 32 of vanilla_step: return np.tanh(x @ w + h @ u + b)
        t9_bar = h_bar * (1 - h2 * h2)
        b_bar += np.sum(t9_bar, axis=0)
        h_bar = t9_bar @ u.T
        u_bar += h.T @ t9_bar
        t10 = texts[t]
        w_bar += e[t10].T @ t9_bar
        # line 73: h = vanilla_step(e[texts[t]], h, w, u, b)
        add_rows(e_bar, t10, t9_bar @ w.T)
    return total / t6, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)


def gru_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `gru_loss` (rnn.py:78) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (
        e.shape[1] == w.shape[0]
        and w.shape[1] == b.shape[0]
        and 3 * u.shape[0] == u.shape[1]
        and b.shape[0] == 3 * u.shape[0]
        and u.shape[0] == v.shape[0]
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
    t6_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t7_tape = np.empty((max(t1, 0), texts.shape[1]))
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
        t4 = h2 @ v + a
        t5 = texts[t + 1]
        top = np.max(t4, axis=1)
        t6 = np.exp(t4 - top[:, None])
        t6_tape[t] = t6
        t7 = np.sum(t6, axis=1)
        t7_tape[t] = t7
        log_sum = top + np.log(t7)
        total += np.mean(log_sum - t4[np.arange(t5.size), t5])
        h = h2
    t8 = texts.shape[0] - 1
    # line 84: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t8
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    b_bar = np.zeros_like(b)
    h_bar = np.zeros((texts.shape[1], u.shape[0]))
    u_bar = np.zeros_like(u)
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t in range(t1 - 1, -1, -1):
        h = h_tape[t]
        candidate = candidate_tape[t]
        t9 = t3_tape[t]
        t10 = t2_tape[t]
        hu = hu_tape[t]
        # line 62 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        log_sum_bar = total_bar / texts.shape[1]
        t11 = texts[t + 1]
        t13_bar = np.zeros((texts.shape[1], a.shape[0]))
        t13_bar[np.arange(t11.size), t11] -= log_sum_bar
        # line 61 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t13_bar += (log_sum_bar / t7_tape[t])[:, None] * t6_tape[t]
        # line 83: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t13_bar, axis=0)
        h_bar += t13_bar @ v.T
        t14 = 1.0 + t9
        z = 1.0 / t14
        t15 = 1.0 - z
        h2 = z * h + t15 * candidate
        v_bar += h2.T @ t13_bar
        # line 43 of gru_step: return z * h + (1.0 - z) * candidate
        candidate_bar = h_bar * t15
        z_bar = h_bar * h - h_bar * candidate
        # line 42 of gru_step: candidate = np.tanh(xw[:, 2 * n :] + r * hu[:, 2 * n :])
        t16_bar = candidate_bar * (1 - candidate * candidate)
        n = h.shape[1]
        r_bar = t16_bar * hu[:, 2 * n :]
        t17 = 1.0 + t10
        r = 1.0 / t17
        hu_bar = np.zeros((texts.shape[1], 3 * u.shape[0]))
        hu_bar[:, 2 * n :] += t16_bar * r
        xw_bar = np.zeros((texts.shape[1], 3 * u.shape[0]))
        xw_bar[:, 2 * n :] += t16_bar
        # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t3_bar = -z_bar * z / t14
        t18_bar = -t3_bar * np.where(t3_bar != 0.0, t9, 1.0)
        # line 41 of gru_step: z = sigmoid(xw[:, n : 2 * n] + hu[:, n : 2 * n])
        hu_bar[:, n : 2 * n] += t18_bar
        xw_bar[:, n : 2 * n] += t18_bar
        # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t2_bar = -r_bar * r / t17
        t19_bar = -t2_bar * np.where(t2_bar != 0.0, t10, 1.0)
        # line 40 of gru_step: r = sigmoid(xw[:, :n] + hu[:, :n])
        hu_bar[:, :n] += t19_bar
        xw_bar[:, :n] += t19_bar
        # line 43 of gru_step: return z * h + (1.0 - z) * candidate
        h_bar = h_bar * z + hu_bar @ u.T
        # line 39 of gru_step: hu = h @ u
        u_bar += h.T @ hu_bar
        # line 38 of gru_step: xw = x @ w + b
        b_bar += np.sum(xw_bar, axis=0)
        t21 = texts[t]
        w_bar += e[t21].T @ xw_bar
        # line 82: h = gru_step(e[texts[t]], h, w, u, b)
        add_rows(e_bar, t21, xw_bar @ w.T)
    return total / t8, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)


def lstm_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `lstm_loss` (rnn.py:87) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (
        e.shape[1] == w.shape[0]
        and w.shape[1] == u.shape[1]
        and u.shape[1] == b.shape[0]
        and b.shape[0] == 4 * u.shape[0]
        and u.shape[0] == v.shape[0]
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
    t8_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t9_tape = np.empty((max(t1, 0), texts.shape[1]))
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
        t6 = h2 @ v + a
        t7 = texts[t + 1]
        top = np.max(t6, axis=1)
        t8 = np.exp(t6 - top[:, None])
        t8_tape[t] = t8
        t9 = np.sum(t8, axis=1)
        t9_tape[t] = t9
        log_sum = top + np.log(t9)
        total += np.mean(log_sum - t6[np.arange(t7.size), t7])
        h = h2
    t10 = texts.shape[0] - 1
    # line 94: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t10
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
        t11 = t5_tape[t]
        t12 = t4_tape[t]
        g = g_tape[t]
        t13 = t3_tape[t]
        t15 = t2_tape[t]
        # line 62 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        log_sum_bar = total_bar / texts.shape[1]
        t16 = texts[t + 1]
        t17_bar = np.zeros((texts.shape[1], a.shape[0]))
        t17_bar[np.arange(t16.size), t16] -= log_sum_bar
        # line 61 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t17_bar += (log_sum_bar / t9_tape[t])[:, None] * t8_tape[t]
        # line 93: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t17_bar, axis=0)
        h_bar += t17_bar @ v.T
        t18 = 1.0 + t12
        o = 1.0 / t18
        h2 = o * t11
        v_bar += h2.T @ t17_bar
        # line 55 of lstm_step: return o * np.tanh(c), c
        o_bar = h_bar * t11
        c_bar += h_bar * o * (1 - t11 * t11)
        # line 54 of lstm_step: c = f * c + i * g
        i_bar = c_bar * g
        t20 = 1.0 + t15
        i = 1.0 / t20
        g_bar = c_bar * i
        f_bar = c_bar * c
        t21 = 1.0 + t13
        f = 1.0 / t21
        c_bar *= f
        # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t4_bar = -o_bar * o / t18
        n = h.shape[1]
        # line 53 of lstm_step: o = sigmoid(gates[:, 3 * n :])
        gates_bar = np.zeros((texts.shape[1], 4 * u.shape[0]))
        gates_bar[:, 3 * n :] -= t4_bar * np.where(t4_bar != 0.0, t12, 1.0)
        # line 52 of lstm_step: g = np.tanh(gates[:, 2 * n : 3 * n])
        gates_bar[:, 2 * n : 3 * n] += g_bar * (1 - g * g)
        # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t3_bar = -f_bar * f / t21
        # line 51 of lstm_step: f = sigmoid(gates[:, n : 2 * n])
        gates_bar[:, n : 2 * n] -= t3_bar * np.where(t3_bar != 0.0, t13, 1.0)
        # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t2_bar = -i_bar * i / t20
        # line 50 of lstm_step: i = sigmoid(gates[:, :n])
        gates_bar[:, :n] -= t2_bar * np.where(t2_bar != 0.0, t15, 1.0)
        # line 49 of lstm_step: gates = x @ w + h @ u + b
        b_bar += np.sum(gates_bar, axis=0)
        h_bar = gates_bar @ u.T
        u_bar += h.T @ gates_bar
        t22 = texts[t]
        w_bar += e[t22].T @ gates_bar
        # line 92: h, c = lstm_step(e[texts[t]], h, c, w, u, b)
        add_rows(e_bar, t22, gates_bar @ w.T)
    return total / t10, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)
