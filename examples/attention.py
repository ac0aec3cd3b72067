"""Attention: each query looks at all keys, and takes the mean of their values, weighted by how well they fit.

    attention(q, k, v) = softmax(q k^T / sqrt(d)) v              (Vaswani et al. 2017)

    q, k -> scores -> softmax -> weights (times v) -> y          v_bar = weights^T y_bar,   weights_bar = y_bar v^T

Several heads do so side by side, each in its own part of the features.  A causal mask lets no position see what comes
after it: the scores there are set to minus infinity, in effect, before the softmax.

In generated/attention.py: `attention_vjp` has a pair of lines for each product of matrices; in `self_attention_vjp` the
gradients of queries, keys and values are written side by side into `qkv_bar`, as the forward code took them out.
"""

import numpy as np

from examples.arrays import Array1, Array2, Array3
from examples.command import figures, save, wants_plot


def softmax(scores):
    """Over the last axis, without overflow."""
    e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def causal(n):
    """What is added to the scores of n positions: 0 for the past, a very negative number for the future."""
    return np.triu(np.full((n, n), -1e9), 1)


def attention(q: Array2, k: Array2, v: Array2):
    """Scaled dot-product attention of queries (n, d) to keys (m, d) with values (m, e)."""
    return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v


def split(x, heads):
    """(batch, n, heads d) -> (batch, heads, n, d)."""
    batch, n, width = x.shape
    return x.reshape(batch, n, heads, width // heads).transpose(0, 2, 1, 3)


def self_attention(x: Array3, w: Array2, b: Array1, w_out: Array2, b_out: Array1, mask: Array2, heads: int):
    """Multi-head self-attention: w makes queries, keys and values of each position at once."""
    batch, n, width = x.shape
    qkv = x @ w + b
    q = split(qkv[:, :, :width], heads)
    k = split(qkv[:, :, width : 2 * width], heads)
    v = split(qkv[:, :, 2 * width :], heads)
    weights = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / heads) + mask)
    y = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, n, width)
    return y @ w_out + b_out


def main():
    from generated.attention import attention_vjp

    plot = wants_plot(__doc__)
    rng = np.random.default_rng(0)
    q, k, v = rng.standard_normal((5, 4)), rng.standard_normal((6, 4)), rng.standard_normal((6, 2))
    weights = softmax(q @ k.T / 2.0)
    q_bar, k_bar, v_bar = attention_vjp(q, k, v, np.ones((5, 2)))
    print("weights of the first query:", weights[0].round(3))
    print("gradient of the values minus the sum of weights:", abs(v_bar - weights.sum(axis=0)[:, None]).max())
    print("the softmax does not see a common shift of all keys:", abs(k_bar.sum(axis=0)).max())
    print("largest gradient of a query:", abs(q_bar).max())
    if plot:
        figure, axes = figures()
        figure.colorbar(axes.imshow(weights))
        axes.set(xlabel="key", ylabel="query", title="attention")
        save(figure, "attention.png")


if __name__ == "__main__":
    main()
