# Written by adgen from examples.transformer.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text caaa79ccc8aa4407
# adgen: examples.transformer:loss source 154c7404a864d4ae options 610cce1ce0adc2f3
import numpy as np
from examples.transformer import Block
from examples.transformer import DIGITS
from examples.transformer import HEADS
from examples.transformer import Weights


def sum_to(x, shape):
    """Sum `x` over the axes along which an array of shape `shape` was broadcast to it."""
    x = np.asarray(x)
    extra = x.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(a + extra for a in range(len(shape)) if shape[a] == 1 != x.shape[a + extra])
    return np.reshape(np.sum(x, axis=axes), shape)


def add_rows(x, rows, values):
    """``np.add.at(x, rows, values)`` of a matrix; NumPy adds to many elements faster than to many rows."""
    rows, values = np.ravel(rows), np.reshape(values, (-1, x.shape[1]))
    if x.shape[1] < rows.size:
        for k in range(x.shape[1]):
            np.add.at(x[:, k], rows, values[:, k])
    else:
        np.add.at(x, rows, values)


def loss_value_and_grad(weights, texts, start):
    """Value and gradient of `loss` (transformer.py:80) with respect to `weights`, reverse mode."""
    symbols = weights[0]
    positions = weights[1]
    gain1 = weights[2][0]
    shift1 = weights[2][1]
    w_qkv = weights[2][2]
    b_qkv = weights[2][3]
    w_out = weights[2][4]
    b_out = weights[2][5]
    gain2 = weights[2][6]
    shift2 = weights[2][7]
    w1 = weights[2][8]
    b1 = weights[2][9]
    w2 = weights[2][10]
    b2 = weights[2][11]
    gain1_1 = weights[3][0]
    shift1_1 = weights[3][1]
    w_qkv1 = weights[3][2]
    b_qkv1 = weights[3][3]
    w_out1 = weights[3][4]
    b_out1 = weights[3][5]
    gain2_1 = weights[3][6]
    shift2_1 = weights[3][7]
    w1_1 = weights[3][8]
    b1_1 = weights[3][9]
    w2_1 = weights[3][10]
    b2_1 = weights[3][11]
    gain = weights[4]
    shift = weights[5]
    w = weights[6]
    if not (
        texts.shape[1] >= 1
        and texts.shape[1] <= positions.shape[0] + 1
        and symbols.shape[1] == positions.shape[1]
        and gain1.shape[0] == positions.shape[1]
        and gain1.shape[0] == shift1.shape[0]
        and w_qkv.shape[1] == b_qkv.shape[0]
        and 2 * gain1.shape[0] <= b_qkv.shape[0]
        and w_out.shape[1] == b_out.shape[0]
        and gain1.shape[0] == b_out.shape[0]
        and gain2.shape[0] == b_out.shape[0]
        and b_out.shape[0] == shift2.shape[0]
        and w1.shape[1] == b1.shape[0]
        and b_out.shape[0] == w2.shape[1]
        and b_out.shape[0] == b2.shape[0]
        and gain1_1.shape[0] == b2.shape[0]
        and b2.shape[0] == shift1_1.shape[0]
        and w_qkv1.shape[1] == b_qkv1.shape[0]
        and 2 * b2.shape[0] <= b_qkv1.shape[0]
        and w_out1.shape[1] == b_out1.shape[0]
        and b2.shape[0] == b_out1.shape[0]
        and gain2_1.shape[0] == b2.shape[0]
        and b2.shape[0] == shift2_1.shape[0]
        and w1_1.shape[1] == b1_1.shape[0]
        and b2.shape[0] == w2_1.shape[1]
        and b2.shape[0] == b2_1.shape[0]
        and gain.shape[0] == b2.shape[0]
        and b2.shape[0] == shift.shape[0]
        and DIGITS + 1 == w.shape[1]
        and HEADS == 2
    ):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    t1 = texts[:, :-1]
    mask = np.triu(np.full((t1.shape[1], t1.shape[1]), -1000000000.0), 1)
    x = symbols[t1] + positions[: t1.shape[1]]
    centred = x - np.mean(x, axis=-1, keepdims=True)
    t2 = np.sqrt(np.mean(centred ** 2, axis=-1, keepdims=True) + 1e-05)
    t3 = gain1 * centred / t2
    t4 = t3 + shift1
    batch, n, width = t4.shape
    qkv = t4 @ w_qkv + b_qkv
    t5 = qkv[:, :, :width]
    batch1, n1, width1 = t5.shape
    q = np.transpose(np.reshape(t5, (batch1, n1, HEADS, width1 // HEADS)), (0, 2, 1, 3))
    t6 = qkv[:, :, width : 2 * width]
    batch2, n2, width2 = t6.shape
    k = np.transpose(np.reshape(t6, (batch2, n2, HEADS, width2 // HEADS)), (0, 2, 1, 3))
    t7 = qkv[:, :, 2 * width :]
    batch3, n3, width3 = t7.shape
    v = np.transpose(np.reshape(t7, (batch3, n3, HEADS, width3 // HEADS)), (0, 2, 1, 3))
    t8 = np.transpose(k, (0, 1, 3, 2))
    t9 = np.sqrt(width / HEADS)
    t10 = q @ t8 / t9 + mask
    e = np.exp(t10 - np.max(t10, axis=-1, keepdims=True))
    t11 = np.sum(e, axis=-1, keepdims=True)
    weights1 = e / t11
    t12 = np.transpose(weights1 @ v, (0, 2, 1, 3))
    y = np.reshape(t12, (batch, n, width))
    x1 = x + (y @ w_out + b_out)
    centred1 = x1 - np.mean(x1, axis=-1, keepdims=True)
    t13 = np.sqrt(np.mean(centred1 ** 2, axis=-1, keepdims=True) + 1e-05)
    t14 = gain2 * centred1 / t13
    t15 = t14 + shift2
    t16 = t15 @ w1 + b1
    hidden = np.maximum(t16, 0.0)
    x2 = x1 + hidden @ w2 + b2
    centred2 = x2 - np.mean(x2, axis=-1, keepdims=True)
    t17 = np.sqrt(np.mean(centred2 ** 2, axis=-1, keepdims=True) + 1e-05)
    t18 = gain1_1 * centred2 / t17
    t19 = t18 + shift1_1
    batch4, n4, width4 = t19.shape
    qkv1 = t19 @ w_qkv1 + b_qkv1
    t20 = qkv1[:, :, :width4]
    batch5, n5, width5 = t20.shape
    q1 = np.transpose(np.reshape(t20, (batch5, n5, HEADS, width5 // HEADS)), (0, 2, 1, 3))
    t21 = qkv1[:, :, width4 : 2 * width4]
    batch6, n6, width6 = t21.shape
    k1 = np.transpose(np.reshape(t21, (batch6, n6, HEADS, width6 // HEADS)), (0, 2, 1, 3))
    t22 = qkv1[:, :, 2 * width4 :]
    batch7, n7, width7 = t22.shape
    v1 = np.transpose(np.reshape(t22, (batch7, n7, HEADS, width7 // HEADS)), (0, 2, 1, 3))
    t23 = np.transpose(k1, (0, 1, 3, 2))
    t24 = np.sqrt(width4 / HEADS)
    t25 = q1 @ t23 / t24 + mask
    e1 = np.exp(t25 - np.max(t25, axis=-1, keepdims=True))
    t26 = np.sum(e1, axis=-1, keepdims=True)
    weights2 = e1 / t26
    t27 = np.transpose(weights2 @ v1, (0, 2, 1, 3))
    y1 = np.reshape(t27, (batch4, n4, width4))
    x3 = x2 + (y1 @ w_out1 + b_out1)
    centred3 = x3 - np.mean(x3, axis=-1, keepdims=True)
    t28 = np.sqrt(np.mean(centred3 ** 2, axis=-1, keepdims=True) + 1e-05)
    t29 = gain2_1 * centred3 / t28
    t30 = t29 + shift2_1
    t31 = t30 @ w1_1 + b1_1
    hidden1 = np.maximum(t31, 0.0)
    x4 = x3 + hidden1 @ w2_1 + b2_1
    centred4 = x4 - np.mean(x4, axis=-1, keepdims=True)
    t32 = np.sqrt(np.mean(centred4 ** 2, axis=-1, keepdims=True) + 1e-05)
    t33 = gain * centred4 / t32
    t34 = t33 + shift
    z = (t34 @ w)[:, start:]
    answers = texts[:, start + 1 :]
    top = np.max(z, axis=-1, keepdims=True)
    t35 = z - top
    t36 = np.exp(t35)
    t37 = np.sum(t36, axis=-1, keepdims=True)
    log_p = t35 - np.log(t37)
    right = np.arange(DIGITS + 1) == answers[:, :, None]
    t38 = np.where(right, log_p, 0.0)
    t39 = -np.sum(t38) / answers.size
    # line 87: return -np.sum(np.where(right, log_p, 0.0)) / answers.size
    t38_bar = -1.0 / answers.size
    log_p_bar = sum_to(
        np.zeros((texts.shape[0], t38.shape[1], DIGITS + 1)) + np.where(right, t38_bar, 0),
        (texts.shape[0], z.shape[1], DIGITS + 1),
    )
    # line 85: log_p = z - top - np.log(np.sum(np.exp(z - top), axis=-1, keepdims=True))
    z_bar = log_p_bar - t36 * np.sum(log_p_bar, axis=2, keepdims=True) / t37
    # line 82: z = logits(weights, texts[:, :-1])[:, start:]
    t40_bar = np.zeros((texts.shape[0], texts.shape[1] - 1, DIGITS + 1))
    t40_bar[:, start:] += z_bar
    # line 77 of logits: return norm(x, weights.gain, weights.shift) @ weights.w
    t33_bar = t40_bar @ w.T
    w_bar = np.reshape(t34, (-1, b2.shape[0])).T @ np.reshape(t40_bar, (-1, DIGITS + 1))
    # line 61 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift_bar = np.sum(t33_bar, axis=(0, 1))
    t41_bar = t33_bar / t32
    t32_bar = -np.sum(t33_bar * t33 / t32, axis=2, keepdims=True)
    gain_bar = np.sum(t41_bar * centred4, axis=(0, 1))
    x_bar = t32_bar * centred4 / (b2.shape[0] * t32) + t41_bar * gain
    # line 60 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar -= np.sum(x_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 68 of block: return x + hidden @ p.w2 + p.b2
    b2_1_bar = np.sum(x_bar, axis=(0, 1))
    hidden1_bar = x_bar @ w2_1.T
    w2_1_bar = np.reshape(hidden1, (-1, b1_1.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 67 of block: hidden = np.maximum(norm(x, p.gain2, p.shift2) @ p.w1 + p.b1, 0.0)
    t42_bar = np.where(t31 > 0.0, hidden1_bar, np.where(t31 == 0.0, 0.5 * hidden1_bar, 0))
    b1_1_bar = np.sum(t42_bar, axis=(0, 1))
    t29_bar = t42_bar @ w1_1.T
    w1_1_bar = np.reshape(t30, (-1, b2.shape[0])).T @ np.reshape(t42_bar, (-1, b1_1.shape[0]))
    # line 61 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift2_1_bar = np.sum(t29_bar, axis=(0, 1))
    t43_bar = t29_bar / t28
    t28_bar = -np.sum(t29_bar * t29 / t28, axis=2, keepdims=True)
    gain2_1_bar = np.sum(t43_bar * centred3, axis=(0, 1))
    centred3_bar = t28_bar * centred3 / (b2.shape[0] * t28) + t43_bar * gain2_1
    # line 60 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar += centred3_bar - np.sum(centred3_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 51 of self_attention: return y @ w_out + b_out
    b_out1_bar = np.sum(x_bar, axis=(0, 1))
    y1_bar = x_bar @ w_out1.T
    w_out1_bar = np.reshape(y1, (-1, b2.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 50 of self_attention: y = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, n, width)
    t44_bar = np.transpose(np.reshape(y1_bar, t27.shape), (0, 2, 1, 3))
    weights2_bar = t44_bar @ np.swapaxes(v1, -1, -2)
    v1_bar = np.swapaxes(weights2, -1, -2) @ t44_bar
    # line 23 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e1_bar = weights2_bar / t26 - np.sum(weights2_bar * weights2 / t26, axis=3, keepdims=True)
    # line 22 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t45_bar = e1_bar * e1
    # line 49 of self_attention: weights = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / ...
    t46_bar = t45_bar / np.where(t45_bar != 0.0, t24, 1.0)
    q1_bar = t46_bar @ np.swapaxes(t23, -1, -2)
    k1_bar = np.transpose(np.swapaxes(q1, -1, -2) @ t46_bar, (0, 1, 3, 2))
    # line 48 of self_attention: v = split(qkv[:, :, 2 * width :], heads)
    qkv1_bar = np.zeros((texts.shape[0], texts.shape[1] - 1, b_qkv1.shape[0]))
    qkv1_bar[:, :, 2 * width4 :] += np.reshape(np.transpose(v1_bar, (0, 2, 1, 3)), t22.shape)
    # line 47 of self_attention: k = split(qkv[:, :, width : 2 * width], heads)
    qkv1_bar[:, :, width4 : 2 * width4] += np.reshape(np.transpose(k1_bar, (0, 2, 1, 3)), t21.shape)
    # line 46 of self_attention: q = split(qkv[:, :, :width], heads)
    qkv1_bar[:, :, :width4] += np.reshape(np.transpose(q1_bar, (0, 2, 1, 3)), t20.shape)
    # line 45 of self_attention: qkv = x @ w + b
    b_qkv1_bar = np.sum(qkv1_bar, axis=(0, 1))
    t18_bar = qkv1_bar @ w_qkv1.T
    w_qkv1_bar = np.reshape(t19, (-1, b2.shape[0])).T @ np.reshape(qkv1_bar, (-1, b_qkv1.shape[0]))
    # line 61 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift1_1_bar = np.sum(t18_bar, axis=(0, 1))
    t47_bar = t18_bar / t17
    t17_bar = -np.sum(t18_bar * t18 / t17, axis=2, keepdims=True)
    gain1_1_bar = np.sum(t47_bar * centred2, axis=(0, 1))
    centred2_bar = t17_bar * centred2 / (b2.shape[0] * t17) + t47_bar * gain1_1
    # line 60 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar += centred2_bar - np.sum(centred2_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 68 of block: return x + hidden @ p.w2 + p.b2
    b2_bar = np.sum(x_bar, axis=(0, 1))
    hidden_bar = x_bar @ w2.T
    w2_bar = np.reshape(hidden, (-1, b1.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 67 of block: hidden = np.maximum(norm(x, p.gain2, p.shift2) @ p.w1 + p.b1, 0.0)
    t48_bar = np.where(t16 > 0.0, hidden_bar, np.where(t16 == 0.0, 0.5 * hidden_bar, 0))
    b1_bar = np.sum(t48_bar, axis=(0, 1))
    t14_bar = t48_bar @ w1.T
    w1_bar = np.reshape(t15, (-1, b2.shape[0])).T @ np.reshape(t48_bar, (-1, b1.shape[0]))
    # line 61 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift2_bar = np.sum(t14_bar, axis=(0, 1))
    t49_bar = t14_bar / t13
    t13_bar = -np.sum(t14_bar * t14 / t13, axis=2, keepdims=True)
    gain2_bar = np.sum(t49_bar * centred1, axis=(0, 1))
    centred1_bar = t13_bar * centred1 / (b2.shape[0] * t13) + t49_bar * gain2
    # line 60 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar += centred1_bar - np.sum(centred1_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 51 of self_attention: return y @ w_out + b_out
    b_out_bar = np.sum(x_bar, axis=(0, 1))
    y_bar = x_bar @ w_out.T
    w_out_bar = np.reshape(y, (-1, b2.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 50 of self_attention: y = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, n, width)
    t50_bar = np.transpose(np.reshape(y_bar, t12.shape), (0, 2, 1, 3))
    weights1_bar = t50_bar @ np.swapaxes(v, -1, -2)
    v_bar = np.swapaxes(weights1, -1, -2) @ t50_bar
    # line 23 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e_bar = weights1_bar / t11 - np.sum(weights1_bar * weights1 / t11, axis=3, keepdims=True)
    # line 22 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t51_bar = e_bar * e
    # line 49 of self_attention: weights = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / ...
    t52_bar = t51_bar / np.where(t51_bar != 0.0, t9, 1.0)
    q_bar = t52_bar @ np.swapaxes(t8, -1, -2)
    k_bar = np.transpose(np.swapaxes(q, -1, -2) @ t52_bar, (0, 1, 3, 2))
    # line 48 of self_attention: v = split(qkv[:, :, 2 * width :], heads)
    qkv_bar = np.zeros((texts.shape[0], texts.shape[1] - 1, b_qkv.shape[0]))
    qkv_bar[:, :, 2 * width :] += np.reshape(np.transpose(v_bar, (0, 2, 1, 3)), t7.shape)
    # line 47 of self_attention: k = split(qkv[:, :, width : 2 * width], heads)
    qkv_bar[:, :, width : 2 * width] += np.reshape(np.transpose(k_bar, (0, 2, 1, 3)), t6.shape)
    # line 46 of self_attention: q = split(qkv[:, :, :width], heads)
    qkv_bar[:, :, :width] += np.reshape(np.transpose(q_bar, (0, 2, 1, 3)), t5.shape)
    # line 45 of self_attention: qkv = x @ w + b
    b_qkv_bar = np.sum(qkv_bar, axis=(0, 1))
    t3_bar = qkv_bar @ w_qkv.T
    w_qkv_bar = np.reshape(t4, (-1, b2.shape[0])).T @ np.reshape(qkv_bar, (-1, b_qkv.shape[0]))
    # line 61 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift1_bar = np.sum(t3_bar, axis=(0, 1))
    t53_bar = t3_bar / t2
    t2_bar = -np.sum(t3_bar * t3 / t2, axis=2, keepdims=True)
    gain1_bar = np.sum(t53_bar * centred, axis=(0, 1))
    centred_bar = t2_bar * centred / (b2.shape[0] * t2) + t53_bar * gain1
    # line 60 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar += centred_bar - np.sum(centred_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 74 of logits: x = weights.symbols[texts] + weights.positions[: texts.shape[1]]
    positions_bar = np.zeros_like(positions)
    positions_bar[: t1.shape[1]] += np.sum(x_bar, axis=0)
    symbols_bar = np.zeros_like(symbols)
    add_rows(symbols_bar, t1, x_bar)
    return t39, Weights(
        symbols_bar,
        positions_bar,
        Block(
            gain1_bar,
            shift1_bar,
            w_qkv_bar,
            b_qkv_bar,
            w_out_bar,
            b_out_bar,
            gain2_bar,
            shift2_bar,
            w1_bar,
            b1_bar,
            w2_bar,
            b2_bar,
        ),
        Block(
            gain1_1_bar,
            shift1_1_bar,
            w_qkv1_bar,
            b_qkv1_bar,
            w_out1_bar,
            b_out1_bar,
            gain2_1_bar,
            shift2_1_bar,
            w1_1_bar,
            b1_1_bar,
            w2_1_bar,
            b2_1_bar,
        ),
        gain_bar,
        shift_bar,
        w_bar,
    )
