# Written by adgen from examples.rnn.  Edit the original, then run `adgen build`.
# adgen: rules 50b40a3eaaf2b08b text dfabbc98b05ce943
# adgen: examples.rnn:vanilla_loss source 9a8b6c34f213b8a9 options 156e7bacbf522c50
# adgen: examples.rnn:gru_loss source 05c9c097d678e352 options 156e7bacbf522c50
# adgen: examples.rnn:lstm_loss source 7252b7f2650e190c options 156e7bacbf522c50
import numpy as np


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


def vanilla_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `vanilla_loss` (rnn.py:62) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (w.shape[1] == u.shape[1] and u.shape[1] == b.shape[0] and v.shape[1] == a.shape[0]):
        raise ValueError(
            "vanilla_loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u.shape[0]))
    t1 = texts.shape[0] - 1
    total = 0.0
    h1_tape = []
    h2_tape = np.empty((max(t1, 0), texts.shape[1], b.shape[0]))
    t17_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t18_tape = np.empty((max(t1, 0), texts.shape[1]))
    t21_tape = np.empty((max(t1, 0), texts.shape[1]), np.int64)
    t11_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t19_tape = np.empty((max(t1, 0), texts.shape[1]))
    top_tape = np.empty((max(t1, 0), texts.shape[1]))
    for t4 in range(t1):
        h1_tape.append(h)
        h2 = np.tanh(e[texts[t4]] @ w + h @ u + b)
        h2_tape[t4] = h2
        t2 = h2 @ v
        t11_tape[t4] = t2
        t3 = t2 + a
        t5 = texts[t4 + 1]
        top = np.max(t3, axis=1)
        top_tape[t4] = top
        t6 = np.exp(t3 - top[:, None])
        t17_tape[t4] = t6
        t7 = np.sum(t6, axis=1)
        t18_tape[t4] = t7
        t8 = np.log(t7)
        t19_tape[t4] = t8
        log_sum = top + t8
        t9 = np.arange(t5.size)
        t21_tape[t4] = t9
        total += np.mean(log_sum - t3[t9, t5])
        h = h2
    t10 = texts.shape[0] - 1
    # line 69: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t10
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    h1_bar = np.zeros_like(h)
    u_bar = np.zeros_like(u)
    b_bar = np.zeros_like(b)
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t4 in range(t1 - 1, -1, -1):
        h = h1_tape.pop()
        t12 = t21_tape[t4]
        top = top_tape[t4]
        h2 = h2_tape[t4]
        log_sum = top + t19_tape[t4]
        t13 = t11_tape[t4] + a
        t14 = texts[t4 + 1]
        # line 56 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        top_bar13 = total_bar / (log_sum - t13[t12, t14]).size
        t15_bar = -top_bar13
        t2_bar = np.zeros((texts.shape[1], a.shape[0]))
        np.add.at(t2_bar, (t12, t14), t15_bar)
        # line 55 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t16_bar = np.expand_dims(top_bar13 / t18_tape[t4], 1) * t17_tape[t4]
        top_bar1 = np.full(texts.shape[1], top_bar13)
        top_bar1[:, None] += -np.sum(t16_bar, axis=1, keepdims=True)
        t2_bar += t16_bar + shares(
            t13 == np.expand_dims(top, 1), t13, 1
        ) * np.expand_dims(top_bar1, 1)
        # line 68: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t2_bar, axis=0)
        h2_bar6 = h1_bar + t2_bar @ v.T
        v_bar += h2.T @ t2_bar
        # line 26 of vanilla_step: return np.tanh(x @ w + h @ u + b)
        t20_bar = h2_bar6 * (1 - h2 * h2)
        b_bar += np.sum(t20_bar, axis=0)
        t22_bar = np.zeros((texts.shape[1], b.shape[0])) + t20_bar
        h1_bar = t22_bar @ u.T
        u_bar += h.T @ t22_bar
        t23_bar = np.zeros((texts.shape[1], b.shape[0])) + t20_bar
        t24_bar = t23_bar @ w.T
        t25 = texts[t4]
        w_bar += e[t25].T @ t23_bar
        # line 67: h = vanilla_step(e[texts[t]], h, w, u, b)
        np.add.at(e_bar, t25, t24_bar)
    return total / t10, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)


def gru_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `gru_loss` (rnn.py:72) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (w.shape[1] == b.shape[0] and v.shape[1] == a.shape[0]):
        raise ValueError(
            "gru_loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u.shape[0]))
    t1 = texts.shape[0] - 1
    total = 0.0
    t12_tape = []
    hu_tape = np.empty((max(t1, 0), texts.shape[1], u.shape[1]))
    t7_tape = np.empty((max(t1, 0), texts.shape[1], b.shape[0]))
    candidate_tape = []
    h1_tape = []
    t20_tape = []
    t37_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t38_tape = np.empty((max(t1, 0), texts.shape[1]))
    t41_tape = np.empty((max(t1, 0), texts.shape[1]), np.int64)
    t31_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t39_tape = np.empty((max(t1, 0), texts.shape[1]))
    top_tape = np.empty((max(t1, 0), texts.shape[1]))
    for t4 in range(t1):
        h1_tape.append(h)
        n = h.shape[1]
        t2 = e[texts[t4]] @ w
        t7_tape[t4] = t2
        xw = t2 + b
        hu = h @ u
        hu_tape[t4] = hu
        t3 = np.exp(-(xw[:, :n] + hu[:, :n]))
        t12_tape.append(t3)
        r = 1.0 / (1.0 + t3)
        t5 = np.exp(-(xw[:, n : 2 * n] + hu[:, n : 2 * n]))
        t20_tape.append(t5)
        z = 1.0 / (1.0 + t5)
        candidate = np.tanh(xw[:, 2 * n :] + r * hu[:, 2 * n :])
        candidate_tape.append(candidate)
        h2 = z * h + (1.0 - z) * candidate
        t6 = h2 @ v
        t31_tape[t4] = t6
        t8 = t6 + a
        t9 = texts[t4 + 1]
        top = np.max(t8, axis=1)
        top_tape[t4] = top
        t10 = np.exp(t8 - top[:, None])
        t37_tape[t4] = t10
        t11 = np.sum(t10, axis=1)
        t38_tape[t4] = t11
        t13 = np.log(t11)
        t39_tape[t4] = t13
        log_sum = top + t13
        t14 = np.arange(t9.size)
        t41_tape[t4] = t14
        total += np.mean(log_sum - t8[t14, t9])
        h = h2
    t15 = texts.shape[0] - 1
    # line 78: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t15
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    b_bar = np.zeros_like(b)
    h1_bar = np.zeros_like(h)
    u_bar = np.zeros_like(u)
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t4 in range(t1 - 1, -1, -1):
        h = h1_tape.pop()
        t16 = t41_tape[t4]
        top = top_tape[t4]
        candidate = candidate_tape.pop()
        t17 = t20_tape.pop()
        t18 = t12_tape.pop()
        hu = hu_tape[t4]
        log_sum = top + t39_tape[t4]
        t19 = t31_tape[t4] + a
        t21 = texts[t4 + 1]
        # line 56 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        top_bar13 = total_bar / (log_sum - t19[t16, t21]).size
        t22_bar = -top_bar13
        t6_bar = np.zeros((texts.shape[1], a.shape[0]))
        np.add.at(t6_bar, (t16, t21), t22_bar)
        # line 55 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t23_bar = np.expand_dims(top_bar13 / t38_tape[t4], 1) * t37_tape[t4]
        top_bar1 = np.full(texts.shape[1], top_bar13)
        top_bar1[:, None] += -np.sum(t23_bar, axis=1, keepdims=True)
        t6_bar += t23_bar + shares(
            t19 == np.expand_dims(top, 1), t19, 1
        ) * np.expand_dims(top_bar1, 1)
        # line 77: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t6_bar, axis=0)
        h2_bar6 = h1_bar + t6_bar @ v.T
        t24 = 1.0 + t17
        z = 1.0 / t24
        t25 = z * h
        t26 = 1.0 - z
        t27 = t26 * candidate
        h2 = t25 + t27
        v_bar += h2.T @ t6_bar
        # line 37 of gru_step: return z * h + (1.0 - z) * candidate
        t28_bar = sum_to(h2_bar6, (texts.shape[1], t25.shape[1]))
        t29_bar = sum_to(h2_bar6, (texts.shape[1], t27.shape[1]))
        xw = t7_tape[t4] + b
        n = h.shape[1]
        t30 = xw[:, n : 2 * n]
        t32 = hu[:, n : 2 * n]
        t33 = t30 + t32
        t34 = xw[:, 2 * n :]
        t35 = 1.0 + t18
        r = 1.0 / t35
        t36 = hu[:, 2 * n :]
        t40 = r * t36
        candidate_bar3 = sum_to(t29_bar * t26, (texts.shape[1], (t34 + t40).shape[1]))
        z_bar3 = -sum_to(t29_bar * candidate, (texts.shape[1], t33.shape[1]))
        z_bar3 += sum_to(t28_bar * h, (texts.shape[1], t33.shape[1]))
        h1_bar5 = sum_to(t28_bar * z, (texts.shape[1], h.shape[1]))
        # line 36 of gru_step: candidate = np.tanh(xw[:, 2 * n :] + r * hu[:, 2 * n :])
        t42_bar = candidate_bar3 * (1 - candidate * candidate)
        t43_bar = sum_to(t42_bar, (texts.shape[1], t40.shape[1]))
        t44 = xw[:, :n]
        t45 = hu[:, :n]
        r_bar3 = sum_to(t43_bar * t36, (texts.shape[1], (t44 + t45).shape[1]))
        hu_bar = np.zeros((texts.shape[1], u.shape[1]))
        hu_bar[:, 2 * n :] += sum_to(t43_bar * r, (texts.shape[1], t36.shape[1]))
        xw_bar = np.zeros((texts.shape[1], b.shape[0]))
        xw_bar[:, 2 * n :] += sum_to(t42_bar, (texts.shape[1], t34.shape[1]))
        # line 22 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t46_bar = z_bar3 * z * t17 / t24
        # line 35 of gru_step: z = sigmoid(xw[:, n : 2 * n] + hu[:, n : 2 * n])
        hu_bar[:, n : 2 * n] += sum_to(t46_bar, (texts.shape[1], t32.shape[1]))
        xw_bar[:, n : 2 * n] += sum_to(t46_bar, (texts.shape[1], t30.shape[1]))
        # line 22 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
        t47_bar = r_bar3 * r * t18 / t35
        # line 34 of gru_step: r = sigmoid(xw[:, :n] + hu[:, :n])
        hu_bar[:, :n] += sum_to(t47_bar, (texts.shape[1], t45.shape[1]))
        xw_bar[:, :n] += sum_to(t47_bar, (texts.shape[1], t44.shape[1]))
        # line 33 of gru_step: hu = h @ u
        h1_bar6 = h1_bar5 + hu_bar @ u.T
        u_bar += h.T @ hu_bar
        # line 32 of gru_step: xw = x @ w + b
        b_bar += np.sum(xw_bar, axis=0)
        t48_bar = xw_bar @ w.T
        t49 = texts[t4]
        w_bar += e[t49].T @ xw_bar
        # line 76: h = gru_step(e[texts[t]], h, w, u, b)
        np.add.at(e_bar, t49, t48_bar)
        h1_bar = np.zeros_like(h) + h1_bar6
    return total / t15, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)


def lstm_loss_value_and_grad(e, w, u, b, v, a, texts):
    """Value and gradient of `lstm_loss` (rnn.py:81) with respect to `e`, `w`, `u`, `b`, `v`, `a`, reverse mode."""
    if not (w.shape[1] == u.shape[1] and u.shape[1] == b.shape[0] and v.shape[1] == a.shape[0]):
        raise ValueError(
            "lstm_loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    h = np.zeros((texts.shape[1], u.shape[0]))
    c = np.zeros((texts.shape[1], u.shape[0]))
    t1 = texts.shape[0] - 1
    total = 0.0
    g_tape = []
    t14_tape = []
    c1_tape = []
    t19_tape = []
    h1_tape = []
    t10_tape = np.empty((max(t1, 0), texts.shape[1], b.shape[0]))
    t9_tape = np.empty((max(t1, 0), texts.shape[1], b.shape[0]))
    t31_tape = []
    t27_tape = []
    t38_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t39_tape = np.empty((max(t1, 0), texts.shape[1]))
    t42_tape = np.empty((max(t1, 0), texts.shape[1]), np.int64)
    t32_tape = np.empty((max(t1, 0), texts.shape[1], a.shape[0]))
    t40_tape = np.empty((max(t1, 0), texts.shape[1]))
    top_tape = np.empty((max(t1, 0), texts.shape[1]))
    for t6 in range(t1):
        h1_tape.append(h)
        c1_tape.append(c)
        n = h.shape[1]
        t2 = e[texts[t6]] @ w
        t9_tape[t6] = t2
        t3 = h @ u
        t10_tape[t6] = t3
        gates = t2 + t3 + b
        t4 = np.exp(-gates[:, :n])
        t14_tape.append(t4)
        i = 1.0 / (1.0 + t4)
        t5 = np.exp(-gates[:, n : 2 * n])
        t19_tape.append(t5)
        f = 1.0 / (1.0 + t5)
        g = np.tanh(gates[:, 2 * n : 3 * n])
        g_tape.append(g)
        t7 = np.exp(-gates[:, 3 * n :])
        t27_tape.append(t7)
        o = 1.0 / (1.0 + t7)
        c2 = f * c + i * g
        t8 = np.tanh(c2)
        t31_tape.append(t8)
        h2 = o * t8
        t11 = h2 @ v
        t32_tape[t6] = t11
        t12 = t11 + a
        t13 = texts[t6 + 1]
        top = np.max(t12, axis=1)
        top_tape[t6] = top
        t15 = np.exp(t12 - top[:, None])
        t38_tape[t6] = t15
        t16 = np.sum(t15, axis=1)
        t39_tape[t6] = t16
        t17 = np.log(t16)
        t40_tape[t6] = t17
        log_sum = top + t17
        t18 = np.arange(t13.size)
        t42_tape[t6] = t18
        total += np.mean(log_sum - t12[t18, t13])
        h, c = h2, c2
    t20 = texts.shape[0] - 1
    # line 88: return total / (texts.shape[0] - 1)
    total_bar = 1.0 / t20
    e_bar = np.zeros_like(e)
    w_bar = np.zeros_like(w)
    h1_bar = np.zeros_like(h)
    u_bar = np.zeros_like(u)
    b_bar = np.zeros_like(b)
    c1_bar = np.zeros_like(c)
    v_bar = np.zeros_like(v)
    a_bar = np.zeros_like(a)
    for t6 in range(t1 - 1, -1, -1):
        c = c1_tape.pop()
        h = h1_tape.pop()
        t21 = t42_tape[t6]
        top = top_tape[t6]
        t22 = t31_tape.pop()
        t23 = t27_tape.pop()
        g = g_tape.pop()
        t24 = t19_tape.pop()
        t25 = t14_tape.pop()
        log_sum = top + t40_tape[t6]
        t26 = t32_tape[t6] + a
        t28 = texts[t6 + 1]
        # line 56 of cross_entropy: return np.mean(log_sum - logits[np.arange(labels.size), labels])
        top_bar13 = total_bar / (log_sum - t26[t21, t28]).size
        t29_bar = -top_bar13
        t11_bar = np.zeros((texts.shape[1], a.shape[0]))
        np.add.at(t11_bar, (t21, t28), t29_bar)
        # line 55 of cross_entropy: log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), ...
        t30_bar = np.expand_dims(top_bar13 / t39_tape[t6], 1) * t38_tape[t6]
        top_bar1 = np.full(texts.shape[1], top_bar13)
        top_bar1[:, None] += -np.sum(t30_bar, axis=1, keepdims=True)
        t11_bar += t30_bar + shares(
            t26 == np.expand_dims(top, 1), t26, 1
        ) * np.expand_dims(top_bar1, 1)
        # line 87: total += cross_entropy(h @ v + a, texts[t + 1])
        a_bar += np.sum(t11_bar, axis=0)
        h2_bar6 = h1_bar + t11_bar @ v.T
        t33 = 1.0 + t23
        o = 1.0 / t33
        h2 = o * t22
        v_bar += h2.T @ t11_bar
        gates = t9_tape[t6] + t10_tape[t6] + b
        n = h.shape[1]
        # line 49 of lstm_step: return o * np.tanh(c), c
        o_bar3 = sum_to(h2_bar6 * t22, (texts.shape[1], gates[:, 3 * n :].shape[1]))
        t34 = 1.0 + t24
        f = 1.0 / t34
        t35 = f * c
        t36 = 1.0 + t25
        i = 1.0 / t36
        t37 = i * g
        c2 = t35 + t37
        t8_bar = sum_to(h2_bar6 * o, (texts.shape[1], c2.shape[1]))
        c2_bar6 = c1_bar + t8_bar * (1 - t22 * t22)
        # line 48 of lstm_step: c = f * c + i * g
        t41_bar = sum_to(c2_bar6, (texts.shape[1], t35.shape[1]))
        t43_bar = sum_to(c2_bar6, (texts.shape[1], t37.shape[1]))
        i_bar3 = sum_to(t43_bar * g, (texts.shape[1], gates[:, :n].shape[1]))
        g_bar3 = sum_to(t43_bar * i, (texts.shape[1], gates[:, 2 * n : 3 * n].shape[1]))
        f_bar3 = sum_to(t41_bar * c, (texts.shape[1], gates[:, n : 2 * n].shape[1]))
        c1_bar3 = sum_to(t41_bar * f, (texts.shape[1], c.shape[1]))
        # line 47 of lstm_step: o = sigmoid(gates[:, 3 * n :])
        gates_bar = np.zeros((texts.shape[1], b.shape[0]))
        gates_bar[:, 3 * n :] += o_bar3 * o * t23 / t33
        # line 46 of lstm_step: g = np.tanh(gates[:, 2 * n : 3 * n])
        gates_bar[:, 2 * n : 3 * n] += g_bar3 * (1 - g * g)
        # line 45 of lstm_step: f = sigmoid(gates[:, n : 2 * n])
        gates_bar[:, n : 2 * n] += f_bar3 * f * t24 / t34
        # line 44 of lstm_step: i = sigmoid(gates[:, :n])
        gates_bar[:, :n] += i_bar3 * i * t25 / t36
        # line 43 of lstm_step: gates = x @ w + h @ u + b
        b_bar += np.sum(gates_bar, axis=0)
        h1_bar = gates_bar @ u.T
        u_bar += h.T @ gates_bar
        t44_bar = gates_bar @ w.T
        t45 = texts[t6]
        w_bar += e[t45].T @ gates_bar
        # line 86: h, c = lstm_step(e[texts[t]], h, c, w, u, b)
        np.add.at(e_bar, t45, t44_bar)
        c1_bar = np.zeros_like(c) + c1_bar3
    return total / t20, (e_bar, w_bar, u_bar, b_bar, v_bar, a_bar)
