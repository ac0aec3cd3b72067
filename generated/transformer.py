# Written by adgen from examples.transformer.  Edit the original, then run `adgen build`.
# adgen: rules 50b40a3eaaf2b08b text 774101bba27a960c
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


def quotient(a, b):
    """``a / b``, and 0 where `b` is 0: the symmetric subgradient of a norm at the origin."""
    return np.where(b == 0, 0, a) / np.where(b == 0, 1, b)


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None:
        return quotient(weight, np.sum(weight))
    return quotient(weight, np.expand_dims(np.sum(weight, axis=axis), axis))


def loss_value_and_grad(weights, texts, start):
    """Value and gradient of `loss` (transformer.py:74) with respect to `weights`, reverse mode."""
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
        symbols.shape[1] == positions.shape[1]
        and gain1.shape[0] == positions.shape[1]
        and gain1.shape[0] == shift1.shape[0]
        and w_qkv.shape[1] == b_qkv.shape[0]
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
    t2 = positions[: t1.shape[1]]
    x = symbols[t1] + t2
    centred = x - np.mean(x, axis=-1, keepdims=True)
    t3 = np.sqrt(np.mean(centred ** 2, axis=-1, keepdims=True) + 1e-05)
    t4 = gain1 * centred / t3
    t5 = t4 + shift1
    batch = t5.shape[0]
    n = t5.shape[1]
    width = t5.shape[2]
    qkv = t5 @ w_qkv + b_qkv
    t6 = qkv[:, :, :width]
    batch1 = t6.shape[0]
    n1 = t6.shape[1]
    width1 = t6.shape[2]
    q = np.transpose(np.reshape(t6, (batch1, n1, HEADS, width1 // HEADS)), (0, 2, 1, 3))
    t7 = qkv[:, :, width : 2 * width]
    batch2 = t7.shape[0]
    n2 = t7.shape[1]
    width2 = t7.shape[2]
    k = np.transpose(np.reshape(t7, (batch2, n2, HEADS, width2 // HEADS)), (0, 2, 1, 3))
    t8 = qkv[:, :, 2 * width :]
    batch3 = t8.shape[0]
    n3 = t8.shape[1]
    width3 = t8.shape[2]
    v = np.transpose(np.reshape(t8, (batch3, n3, HEADS, width3 // HEADS)), (0, 2, 1, 3))
    t9 = np.transpose(k, (0, 1, 3, 2))
    t10 = q @ t9
    t11 = np.sqrt(width / HEADS)
    t12 = t10 / t11 + mask
    t13 = np.max(t12, axis=-1, keepdims=True)
    e = np.exp(t12 - t13)
    t14 = np.sum(e, axis=-1, keepdims=True)
    weights1 = e / t14
    t15 = np.transpose(weights1 @ v, (0, 2, 1, 3))
    y = np.reshape(t15, (batch, n, width))
    x1 = x + (y @ w_out + b_out)
    centred1 = x1 - np.mean(x1, axis=-1, keepdims=True)
    t16 = np.sqrt(np.mean(centred1 ** 2, axis=-1, keepdims=True) + 1e-05)
    t17 = gain2 * centred1 / t16
    t18 = t17 + shift2
    t19 = t18 @ w1 + b1
    hidden = np.maximum(t19, 0.0)
    x2 = x1 + hidden @ w2 + b2
    centred2 = x2 - np.mean(x2, axis=-1, keepdims=True)
    t20 = np.sqrt(np.mean(centred2 ** 2, axis=-1, keepdims=True) + 1e-05)
    t21 = gain1_1 * centred2 / t20
    t22 = t21 + shift1_1
    batch4 = t22.shape[0]
    n4 = t22.shape[1]
    width4 = t22.shape[2]
    qkv1 = t22 @ w_qkv1 + b_qkv1
    t23 = qkv1[:, :, :width4]
    batch5 = t23.shape[0]
    n5 = t23.shape[1]
    width5 = t23.shape[2]
    q1 = np.transpose(np.reshape(t23, (batch5, n5, HEADS, width5 // HEADS)), (0, 2, 1, 3))
    t24 = qkv1[:, :, width4 : 2 * width4]
    batch6 = t24.shape[0]
    n6 = t24.shape[1]
    width6 = t24.shape[2]
    k1 = np.transpose(np.reshape(t24, (batch6, n6, HEADS, width6 // HEADS)), (0, 2, 1, 3))
    t25 = qkv1[:, :, 2 * width4 :]
    batch7 = t25.shape[0]
    n7 = t25.shape[1]
    width7 = t25.shape[2]
    v1 = np.transpose(np.reshape(t25, (batch7, n7, HEADS, width7 // HEADS)), (0, 2, 1, 3))
    t26 = np.transpose(k1, (0, 1, 3, 2))
    t27 = np.sqrt(width4 / HEADS)
    t28 = q1 @ t26 / t27 + mask
    t29 = np.max(t28, axis=-1, keepdims=True)
    e1 = np.exp(t28 - t29)
    t30 = np.sum(e1, axis=-1, keepdims=True)
    weights2 = e1 / t30
    t31 = np.transpose(weights2 @ v1, (0, 2, 1, 3))
    y1 = np.reshape(t31, (batch4, n4, width4))
    x3 = x2 + (y1 @ w_out1 + b_out1)
    centred3 = x3 - np.mean(x3, axis=-1, keepdims=True)
    t32 = np.sqrt(np.mean(centred3 ** 2, axis=-1, keepdims=True) + 1e-05)
    t33 = gain2_1 * centred3 / t32
    t34 = t33 + shift2_1
    t35 = t34 @ w1_1 + b1_1
    hidden1 = np.maximum(t35, 0.0)
    x4 = x3 + hidden1 @ w2_1 + b2_1
    centred4 = x4 - np.mean(x4, axis=-1, keepdims=True)
    t36 = np.sqrt(np.mean(centred4 ** 2, axis=-1, keepdims=True) + 1e-05)
    t37 = gain * centred4 / t36
    t38 = t37 + shift
    t39 = t38 @ w
    z = t39[:, start:]
    answers = texts[:, start + 1 :]
    top = np.max(z, axis=-1, keepdims=True)
    t40 = z - top
    t41 = np.exp(t40)
    t42 = np.sum(t41, axis=-1, keepdims=True)
    log_p = t40 - np.log(t42)
    right = np.arange(DIGITS + 1) == answers[:, :, None]
    t43 = -np.sum(np.where(right, log_p, 0.0)) / answers.size
    # line 81: return -np.sum(np.where(right, log_p, 0.0)) / answers.size
    t44_bar = -1.0 / answers.size
    log_p_bar = sum_to(np.where(right, t44_bar, 0), (texts.shape[0], z.shape[1], DIGITS + 1))
    # line 79: log_p = z - top - np.log(np.sum(np.exp(z - top), axis=-1, keepdims=True))
    t45_bar = -np.sum(log_p_bar, axis=2, keepdims=True)
    z_bar = t41 * (np.zeros_like(t42) + t45_bar / t42)
    top_bar = -np.sum(z_bar, axis=2, keepdims=True)
    z_bar1 = z_bar + log_p_bar
    top_bar += -np.sum(log_p_bar, axis=2, keepdims=True)
    # line 78: top = np.max(z, axis=-1, keepdims=True)
    z_bar2 = z_bar1 + shares(z == top, z, -1) * top_bar
    # line 76: z = logits(weights, texts[:, :-1])[:, start:]
    t39_bar = np.zeros_like(t39)
    t39_bar[:, start:] += z_bar2
    # line 71 of logits: return norm(x, weights.gain, weights.shift) @ weights.w
    t37_bar = t39_bar @ w.T
    w_bar = np.reshape(t38, (-1, b2.shape[0])).T @ np.reshape(t39_bar, (-1, DIGITS + 1))
    # line 55 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift_bar = np.sum(t37_bar, axis=(0, 1))
    t46 = np.where(t37_bar != 0.0, t36, 1.0)
    t47_bar = t37_bar / t46
    t36_bar = -np.sum(t37_bar * np.where(t37_bar != 0.0, t37, 1.0) / t46, axis=2, keepdims=True)
    t48_bar = 0.5 * t36_bar / np.where(t36_bar != 0.0, t36, 1.0)
    gain_bar = np.sum(t47_bar * centred4, axis=(0, 1))
    x_bar = (2 / b2.shape[0]) * t48_bar * centred4 + t47_bar * gain
    # line 54 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar = x_bar + -np.sum(x_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 62 of block: return x + hidden @ p.w2 + p.b2
    b2_1_bar = np.sum(x_bar, axis=(0, 1))
    hidden1_bar = x_bar @ w2_1.T
    w2_1_bar = np.reshape(hidden1, (-1, b1_1.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 61 of block: hidden = np.maximum(norm(x, p.gain2, p.shift2) @ p.w1 + p.b1, 0.0)
    t49_bar = np.where(t35 == 0.0, 0.5 * hidden1_bar, np.where(hidden1 == t35, hidden1_bar, 0))
    b1_1_bar = np.sum(t49_bar, axis=(0, 1))
    t33_bar = t49_bar @ w1_1.T
    w1_1_bar = np.reshape(t34, (-1, b2.shape[0])).T @ np.reshape(t49_bar, (-1, b1_1.shape[0]))
    # line 55 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift2_1_bar = np.sum(t33_bar, axis=(0, 1))
    t50 = np.where(t33_bar != 0.0, t32, 1.0)
    t51_bar = t33_bar / t50
    t32_bar = -np.sum(t33_bar * np.where(t33_bar != 0.0, t33, 1.0) / t50, axis=2, keepdims=True)
    t52_bar = 0.5 * t32_bar / np.where(t32_bar != 0.0, t32, 1.0)
    gain2_1_bar = np.sum(t51_bar * centred3, axis=(0, 1))
    centred3_bar = (2 / b2.shape[0]) * t52_bar * centred3 + t51_bar * gain2_1
    # line 54 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar = x_bar + centred3_bar
    x_bar += -np.sum(centred3_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 46 of self_attention: return y @ w_out + b_out
    b_out1_bar = np.sum(x_bar, axis=(0, 1))
    y1_bar = x_bar @ w_out1.T
    w_out1_bar = np.reshape(y1, (-1, b2.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 45 of self_attention: y = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, n, width)
    t53_bar = np.transpose(np.reshape(y1_bar, t31.shape, order="C"), (0, 2, 1, 3))
    weights2_bar = t53_bar @ np.swapaxes(v1, -1, -2)
    v1_bar = np.swapaxes(weights2, -1, -2) @ t53_bar
    # line 18 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e1_bar = weights2_bar / t30
    e1_bar += -np.sum(weights2_bar * weights2 / t30, axis=3, keepdims=True)
    # line 17 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t28_bar = e1_bar * e1
    t29_bar = -np.sum(t28_bar, axis=3, keepdims=True)
    t28_bar = t28_bar + shares(t28 == t29, t28, -1) * t29_bar
    # line 44 of self_attention: weights = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / ...
    t54_bar = sum_to(t28_bar, (texts.shape[0], 2, t12.shape[3], t12.shape[3]))
    t55_bar = t54_bar / np.where(t54_bar != 0.0, t27, 1.0)
    q1_bar = t55_bar @ np.swapaxes(t26, -1, -2)
    k1_bar = np.transpose(np.swapaxes(q1, -1, -2) @ t55_bar, (0, 1, 3, 2))
    # line 43 of self_attention: v = split(qkv[:, :, 2 * width :], heads)
    qkv1_bar = np.zeros_like(qkv1)
    qkv1_bar[:, :, 2 * width4 :] += np.reshape(
        np.transpose(v1_bar, (0, 2, 1, 3)), t25.shape, order="C"
    )
    # line 42 of self_attention: k = split(qkv[:, :, width : 2 * width], heads)
    qkv1_bar[:, :, width4 : 2 * width4] += np.reshape(
        np.transpose(k1_bar, (0, 2, 1, 3)), t24.shape, order="C"
    )
    # line 41 of self_attention: q = split(qkv[:, :, :width], heads)
    qkv1_bar[:, :, :width4] += np.reshape(np.transpose(q1_bar, (0, 2, 1, 3)), t23.shape, order="C")
    # line 40 of self_attention: qkv = x @ w + b
    b_qkv1_bar = np.sum(qkv1_bar, axis=(0, 1))
    t21_bar = qkv1_bar @ w_qkv1.T
    w_qkv1_bar = np.reshape(t22, (-1, b2.shape[0])).T @ np.reshape(qkv1_bar, (-1, b_qkv1.shape[0]))
    # line 55 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift1_1_bar = np.sum(t21_bar, axis=(0, 1))
    t56 = np.where(t21_bar != 0.0, t20, 1.0)
    t57_bar = t21_bar / t56
    t20_bar = -np.sum(t21_bar * np.where(t21_bar != 0.0, t21, 1.0) / t56, axis=2, keepdims=True)
    t58_bar = 0.5 * t20_bar / np.where(t20_bar != 0.0, t20, 1.0)
    gain1_1_bar = np.sum(t57_bar * centred2, axis=(0, 1))
    centred2_bar = (2 / b2.shape[0]) * t58_bar * centred2 + t57_bar * gain1_1
    # line 54 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar = x_bar + centred2_bar
    x_bar += -np.sum(centred2_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 62 of block: return x + hidden @ p.w2 + p.b2
    b2_bar = np.sum(x_bar, axis=(0, 1))
    hidden_bar = x_bar @ w2.T
    w2_bar = np.reshape(hidden, (-1, b1.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 61 of block: hidden = np.maximum(norm(x, p.gain2, p.shift2) @ p.w1 + p.b1, 0.0)
    t59_bar = np.where(t19 == 0.0, 0.5 * hidden_bar, np.where(hidden == t19, hidden_bar, 0))
    b1_bar = np.sum(t59_bar, axis=(0, 1))
    t17_bar = t59_bar @ w1.T
    w1_bar = np.reshape(t18, (-1, b2.shape[0])).T @ np.reshape(t59_bar, (-1, b1.shape[0]))
    # line 55 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift2_bar = np.sum(t17_bar, axis=(0, 1))
    t60 = np.where(t17_bar != 0.0, t16, 1.0)
    t61_bar = t17_bar / t60
    t16_bar = -np.sum(t17_bar * np.where(t17_bar != 0.0, t17, 1.0) / t60, axis=2, keepdims=True)
    t62_bar = 0.5 * t16_bar / np.where(t16_bar != 0.0, t16, 1.0)
    gain2_bar = np.sum(t61_bar * centred1, axis=(0, 1))
    centred1_bar = (2 / b2.shape[0]) * t62_bar * centred1 + t61_bar * gain2
    # line 54 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar = x_bar + centred1_bar
    x_bar += -np.sum(centred1_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 46 of self_attention: return y @ w_out + b_out
    b_out_bar = np.sum(x_bar, axis=(0, 1))
    y_bar = x_bar @ w_out.T
    w_out_bar = np.reshape(y, (-1, b2.shape[0])).T @ np.reshape(x_bar, (-1, b2.shape[0]))
    # line 45 of self_attention: y = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, n, width)
    t63_bar = np.transpose(np.reshape(y_bar, t15.shape, order="C"), (0, 2, 1, 3))
    weights1_bar = t63_bar @ np.swapaxes(v, -1, -2)
    v_bar = np.swapaxes(weights1, -1, -2) @ t63_bar
    # line 18 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e_bar = weights1_bar / t14
    e_bar += -np.sum(weights1_bar * weights1 / t14, axis=3, keepdims=True)
    # line 17 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t12_bar = e_bar * e
    t13_bar = -np.sum(t12_bar, axis=3, keepdims=True)
    t12_bar = t12_bar + shares(t12 == t13, t12, -1) * t13_bar
    # line 44 of self_attention: weights = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / ...
    t64_bar = sum_to(t12_bar, (texts.shape[0], 2, t12.shape[3], t12.shape[3]))
    t10_bar = np.zeros_like(t10) + t64_bar / np.where(t64_bar != 0.0, t11, 1.0)
    q_bar = t10_bar @ np.swapaxes(t9, -1, -2)
    k_bar = np.transpose(np.swapaxes(q, -1, -2) @ t10_bar, (0, 1, 3, 2))
    # line 43 of self_attention: v = split(qkv[:, :, 2 * width :], heads)
    qkv_bar = np.zeros_like(qkv)
    qkv_bar[:, :, 2 * width :] += np.reshape(np.transpose(v_bar, (0, 2, 1, 3)), t8.shape, order="C")
    # line 42 of self_attention: k = split(qkv[:, :, width : 2 * width], heads)
    qkv_bar[:, :, width : 2 * width] += np.reshape(
        np.transpose(k_bar, (0, 2, 1, 3)), t7.shape, order="C"
    )
    # line 41 of self_attention: q = split(qkv[:, :, :width], heads)
    qkv_bar[:, :, :width] += np.reshape(np.transpose(q_bar, (0, 2, 1, 3)), t6.shape, order="C")
    # line 40 of self_attention: qkv = x @ w + b
    b_qkv_bar = np.sum(qkv_bar, axis=(0, 1))
    t4_bar = qkv_bar @ w_qkv.T
    w_qkv_bar = np.reshape(t5, (-1, b2.shape[0])).T @ np.reshape(qkv_bar, (-1, b_qkv.shape[0]))
    # line 55 of norm: return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=Tru ...
    shift1_bar = np.sum(t4_bar, axis=(0, 1))
    t65 = np.where(t4_bar != 0.0, t3, 1.0)
    t66_bar = t4_bar / t65
    t3_bar = -np.sum(t4_bar * np.where(t4_bar != 0.0, t4, 1.0) / t65, axis=2, keepdims=True)
    t67_bar = 0.5 * t3_bar / np.where(t3_bar != 0.0, t3, 1.0)
    gain1_bar = np.sum(t66_bar * centred, axis=(0, 1))
    centred_bar = (2 / b2.shape[0]) * t67_bar * centred + t66_bar * gain1
    # line 54 of norm: centred = x - np.mean(x, axis=-1, keepdims=True)
    x_bar = x_bar + centred_bar
    x_bar += -np.sum(centred_bar, axis=2, keepdims=True) / b2.shape[0]
    # line 68 of logits: x = weights.symbols[texts] + weights.positions[: texts.shape[1]]
    t68_bar = sum_to(x_bar, (texts.shape[0], texts.shape[1] - 1, b2.shape[0]))
    positions_bar = np.zeros_like(positions)
    positions_bar[: t1.shape[1]] += sum_to(x_bar, (t2.shape[0], b2.shape[0]))
    symbols_bar = np.zeros_like(symbols)
    np.add.at(symbols_bar, t1, t68_bar)
    return t43, Weights(
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
