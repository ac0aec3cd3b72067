# Written by adgen from examples.attention.  Edit the original, then run `adgen build`.
# adgen: rules 688379cb62cef076 text b364ae1af1a39ff3
# adgen: examples.attention:attention source a30164ff7215edcc options a30c681287094959
# adgen: examples.attention:self_attention source 7da501144fef2702 options 0b668f2a696b9ce6
import numpy as np


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None:
        return weight / np.maximum(np.sum(weight), 1)
    return weight / np.maximum(np.expand_dims(np.sum(weight, axis=axis), axis), 1)


def attention_vjp(q, k, v, result_bar):
    """Vector-Jacobian product of `attention` (attention.py:26) with respect to `q`, `k`, `v`, reverse mode."""
    t1 = np.sqrt(q.shape[1])
    t2 = q @ k.T / t1
    t3 = np.max(t2, axis=-1, keepdims=True)
    e = np.exp(t2 - t3)
    t4 = np.sum(e, axis=-1, keepdims=True)
    t5 = e / t4
    # line 28: return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v
    t5_bar = result_bar @ v.T
    v_bar = t5.T @ result_bar
    # line 18 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e_bar = t5_bar / t4 - np.sum(t5_bar * t5 / t4, axis=1, keepdims=True)
    # line 17 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t2_bar = e_bar * e
    t2_bar -= shares(t2 == t3, t2, -1) * np.sum(t2_bar, axis=1, keepdims=True)
    # line 28: return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v
    t6_bar = t2_bar / np.where(t2_bar != 0.0, t1, 1.0)
    q_bar = t6_bar @ k
    k_bar = t6_bar.T @ q
    return q_bar, k_bar, v_bar


def self_attention_vjp(x, w, b, w_out, b_out, mask, heads, result_bar):
    """Vector-Jacobian product of `self_attention` (attention.py:37) with respect to `x`, `w`, `b`, `w_out`, `b_out`, reverse mode."""
    if not (
        w.shape[1] == b.shape[0]
        and 2 * w.shape[0] <= b.shape[0]
        and x.shape[1] == mask.shape[0]
        and mask.shape[0] == mask.shape[1]
        and w_out.shape[1] == b_out.shape[0]
    ):
        raise ValueError(
            "self_attention_vjp: the sizes of the arguments do not agree as this test wants"
        )
    batch = x.shape[0]
    n = x.shape[1]
    width = x.shape[2]
    qkv = x @ w + b
    t1 = qkv[:, :, :width]
    batch1 = t1.shape[0]
    n1 = t1.shape[1]
    width1 = t1.shape[2]
    q = np.transpose(np.reshape(t1, (batch1, n1, heads, width1 // heads)), (0, 2, 1, 3))
    t2 = qkv[:, :, width : 2 * width]
    batch2 = t2.shape[0]
    n2 = t2.shape[1]
    width2 = t2.shape[2]
    k = np.transpose(np.reshape(t2, (batch2, n2, heads, width2 // heads)), (0, 2, 1, 3))
    t3 = qkv[:, :, 2 * width :]
    batch3 = t3.shape[0]
    n3 = t3.shape[1]
    width3 = t3.shape[2]
    v = np.transpose(np.reshape(t3, (batch3, n3, heads, width3 // heads)), (0, 2, 1, 3))
    t4 = np.transpose(k, (0, 1, 3, 2))
    t5 = np.sqrt(width / heads)
    t6 = q @ t4 / t5 + mask
    t7 = np.max(t6, axis=-1, keepdims=True)
    e = np.exp(t6 - t7)
    t8 = np.sum(e, axis=-1, keepdims=True)
    weights = e / t8
    t9 = np.transpose(weights @ v, (0, 2, 1, 3))
    y = np.reshape(t9, (batch, n, width))
    # line 46: return y @ w_out + b_out
    b_out_bar = np.sum(result_bar, axis=(0, 1))
    y_bar = result_bar @ w_out.T
    w_out_bar = np.reshape(y, (-1, w.shape[0])).T @ np.reshape(result_bar, (-1, b_out.shape[0]))
    # line 45: y = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, n, width)
    t10_bar = np.transpose(np.reshape(y_bar, t9.shape), (0, 2, 1, 3))
    weights_bar = t10_bar @ np.swapaxes(v, -1, -2)
    v_bar = np.swapaxes(weights, -1, -2) @ t10_bar
    # line 18 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e_bar = weights_bar / t8 - np.sum(weights_bar * weights / t8, axis=3, keepdims=True)
    # line 17 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t11_bar = e_bar * e
    t11_bar -= shares(t6 == t7, t6, -1) * np.sum(t11_bar, axis=3, keepdims=True)
    # line 44: weights = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / heads) + mask)
    t12_bar = t11_bar / np.where(t11_bar != 0.0, t5, 1.0)
    q_bar = t12_bar @ np.swapaxes(t4, -1, -2)
    k_bar = np.transpose(np.swapaxes(q, -1, -2) @ t12_bar, (0, 1, 3, 2))
    # line 43: v = split(qkv[:, :, 2 * width :], heads)
    qkv_bar = np.zeros((x.shape[0], mask.shape[0], b.shape[0]))
    qkv_bar[:, :, 2 * width :] += np.reshape(np.transpose(v_bar, (0, 2, 1, 3)), t3.shape)
    # line 42: k = split(qkv[:, :, width : 2 * width], heads)
    qkv_bar[:, :, width : 2 * width] += np.reshape(np.transpose(k_bar, (0, 2, 1, 3)), x.shape)
    # line 41: q = split(qkv[:, :, :width], heads)
    qkv_bar[:, :, :width] += np.reshape(np.transpose(q_bar, (0, 2, 1, 3)), x.shape)
    # line 40: qkv = x @ w + b
    b_bar = np.sum(qkv_bar, axis=(0, 1))
    x_bar = qkv_bar @ w.T
    w_bar = np.reshape(x, (-1, w.shape[0])).T @ np.reshape(qkv_bar, (-1, b.shape[0]))
    return x_bar, w_bar, b_bar, w_out_bar, b_out_bar
