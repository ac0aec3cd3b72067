# Written by adgen from examples.attention.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 43b1e2bb60d23405
# adgen: examples.attention:attention source a30164ff7215edcc options a30c681287094959
# adgen: examples.attention:self_attention source 7da501144fef2702 options 0b668f2a696b9ce6
import numpy as np


def attention_vjp(q, k, v, result_bar):
    """Vector-Jacobian product of `attention` (attention.py:31) with respect to `q`, `k`, `v`, reverse mode."""
    t1 = np.sqrt(q.shape[1])
    t2 = q @ k.T / t1
    e = np.exp(t2 - np.max(t2, axis=-1, keepdims=True))
    t3 = np.sum(e, axis=-1, keepdims=True)
    t4 = e / t3
    # line 33: return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v
    t4_bar = result_bar @ v.T
    v_bar = t4.T @ result_bar
    # line 23 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e_bar = t4_bar / t3 - np.sum(t4_bar * t4 / t3, axis=1, keepdims=True)
    # line 22 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t2_bar = e_bar * e
    # line 33: return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v
    t5_bar = t2_bar / np.where(t2_bar != 0.0, t1, 1.0)
    q_bar = t5_bar @ k
    k_bar = t5_bar.T @ q
    return q_bar, k_bar, v_bar


def self_attention_vjp(x, w, b, w_out, b_out, mask, heads, result_bar):
    """Vector-Jacobian product of `self_attention` (attention.py:42) with respect to `x`, `w`, `b`, `w_out`, `b_out`, reverse mode."""
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
    batch, n, width = x.shape
    qkv = x @ w + b
    t1 = qkv[:, :, :width]
    batch1, n1, width1 = t1.shape
    q = np.transpose(np.reshape(t1, (batch1, n1, heads, width1 // heads)), (0, 2, 1, 3))
    t2 = qkv[:, :, width : 2 * width]
    batch2, n2, width2 = t2.shape
    k = np.transpose(np.reshape(t2, (batch2, n2, heads, width2 // heads)), (0, 2, 1, 3))
    t3 = qkv[:, :, 2 * width :]
    batch3, n3, width3 = t3.shape
    v = np.transpose(np.reshape(t3, (batch3, n3, heads, width3 // heads)), (0, 2, 1, 3))
    t4 = np.transpose(k, (0, 1, 3, 2))
    t5 = np.sqrt(width / heads)
    t6 = q @ t4 / t5 + mask
    e = np.exp(t6 - np.max(t6, axis=-1, keepdims=True))
    t7 = np.sum(e, axis=-1, keepdims=True)
    weights = e / t7
    t8 = np.transpose(weights @ v, (0, 2, 1, 3))
    y = np.reshape(t8, (batch, n, width))
    # line 51: return y @ w_out + b_out
    b_out_bar = np.sum(result_bar, axis=(0, 1))
    y_bar = result_bar @ w_out.T
    w_out_bar = np.reshape(y, (-1, w.shape[0])).T @ np.reshape(result_bar, (-1, b_out.shape[0]))
    # line 50: y = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, n, width)
    t9_bar = np.transpose(np.reshape(y_bar, t8.shape), (0, 2, 1, 3))
    weights_bar = t9_bar @ np.swapaxes(v, -1, -2)
    v_bar = np.swapaxes(weights, -1, -2) @ t9_bar
    # line 23 of softmax: return e / np.sum(e, axis=-1, keepdims=True)
    e_bar = weights_bar / t7 - np.sum(weights_bar * weights / t7, axis=3, keepdims=True)
    # line 22 of softmax: e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    t10_bar = e_bar * e
    # line 49: weights = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / heads) + mask)
    t11_bar = t10_bar / np.where(t10_bar != 0.0, t5, 1.0)
    q_bar = t11_bar @ np.swapaxes(t4, -1, -2)
    k_bar = np.transpose(np.swapaxes(q, -1, -2) @ t11_bar, (0, 1, 3, 2))
    # line 48: v = split(qkv[:, :, 2 * width :], heads)
    qkv_bar = np.zeros((x.shape[0], mask.shape[0], b.shape[0]))
    qkv_bar[:, :, 2 * width :] += np.reshape(np.transpose(v_bar, (0, 2, 1, 3)), t3.shape)
    # line 47: k = split(qkv[:, :, width : 2 * width], heads)
    qkv_bar[:, :, width : 2 * width] += np.reshape(np.transpose(k_bar, (0, 2, 1, 3)), x.shape)
    # line 46: q = split(qkv[:, :, :width], heads)
    qkv_bar[:, :, :width] += np.reshape(np.transpose(q_bar, (0, 2, 1, 3)), x.shape)
    # line 45: qkv = x @ w + b
    b_bar = np.sum(qkv_bar, axis=(0, 1))
    x_bar = qkv_bar @ w.T
    w_bar = np.reshape(x, (-1, w.shape[0])).T @ np.reshape(qkv_bar, (-1, b.shape[0]))
    return x_bar, w_bar, b_bar, w_out_bar, b_out_bar
