# Written by adgen from examples.matrices.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 0b14d45043aee425
# adgen: examples.matrices:product source 57f341268cb74bb0 options 27014f6dce2ae0d3
# adgen: examples.matrices:layer source 2a92729592f296f3 options 27014f6dce2ae0d3
# adgen: examples.matrices:relu source 7f61a583de879cb2 options 3888318457be0639
# adgen: examples.matrices:two_layers source 06394552efbeefa9 options 4fcdf03089caeaa5
# adgen: examples.matrices:mode_1 source 295bbd6af6beddb5 options 4c8f26ebdf39fe34
# adgen: examples.matrices:mode_2 source e859a9902b52a1b3 options 4c8f26ebdf39fe34
# adgen: examples.matrices:mode_3 source c5f9e01da3cd10a0 options 4c8f26ebdf39fe34
# adgen: examples.matrices:tucker source 8416e8e201ecce8e options 97a2cb65234aafd5
# adgen: examples.matrices:reshaped source 898128f978d554b4 options 27014f6dce2ae0d3
# adgen: examples.matrices:sliced source 39253313a1a81b5a options 0eebe739f1fda579
# adgen: examples.matrices:wide source 6985eeb76c23c0a5 options 3888318457be0639
import numpy as np


def product_grad(x, w):
    """Gradient of `product` (matrices.py:26) with respect to `x`, `w`, reverse mode."""
    # line 28: return np.sum(x @ w)
    t_bar = np.ones((x.shape[0], w.shape[1]))
    x_bar = t_bar @ w.T
    w_bar = x.T @ t_bar
    return x_bar, w_bar


def layer_grad(x, w):
    """Gradient of `layer` (matrices.py:31) with respect to `x`, `w`, reverse mode."""
    t1 = np.exp(-(x @ w))
    t2 = 1.0 + t1
    # line 23 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
    t1_bar = -1.0 / (t2 * t2)
    t3_bar = -t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    # line 33: return np.sum(sigmoid(x @ w))
    x_bar = t3_bar @ w.T
    w_bar = x.T @ t3_bar
    return x_bar, w_bar


def relu_vjp(x, result_bar):
    """Vector-Jacobian product of `relu` (matrices.py:36) with respect to `x`, reverse mode."""
    # line 38: return np.maximum(0.0, x)
    x_bar = np.where(x > 0.0, result_bar, np.where(x == 0.0, 0.5 * result_bar, 0))
    return (x_bar,)


def two_layers_vjp(x, w1, w2, result_bar):
    """Vector-Jacobian product of `two_layers` (matrices.py:41) with respect to `x`, `w1`, `w2`, reverse mode."""
    t1 = w1 @ x
    # line 43: return w2 @ np.maximum(0.0, w1 @ x)
    w2_bar = np.outer(result_bar, np.maximum(0.0, t1))
    t2_bar = w2.T @ result_bar
    t1_bar = np.where(t1 > 0.0, t2_bar, np.where(t1 == 0.0, 0.5 * t2_bar, 0))
    w1_bar = np.outer(t1_bar, x)
    x_bar = w1.T @ t1_bar
    return x_bar, w1_bar, w2_bar


def mode_1_vjp(t, a, result_bar):
    """Vector-Jacobian product of `mode_1` (matrices.py:46) with respect to `t`, `a`, reverse mode."""
    # line 48: return np.tensordot(a, t, axes=(1, 0))
    a_bar = np.tensordot(result_bar, t, ([1, 2], [1, 2]))
    t_bar = np.tensordot(a, result_bar, ([0], [0]))
    return t_bar, a_bar


def mode_2_vjp(t, a, result_bar):
    """Vector-Jacobian product of `mode_2` (matrices.py:51) with respect to `t`, `a`, reverse mode."""
    if not a.shape[1] == t.shape[1]:
        raise ValueError("mode_2_vjp: the sizes of the arguments do not agree as this test wants")
    # line 53: return np.einsum("pj,ijk->ipk", a, t)
    a_bar = np.einsum("ipk,ijk->pj", result_bar, t)
    t_bar = np.einsum("ipk,pj->ijk", result_bar, a)
    return t_bar, a_bar


def mode_3_vjp(t, a, result_bar):
    """Vector-Jacobian product of `mode_3` (matrices.py:56) with respect to `t`, `a`, reverse mode."""
    # line 58: return t @ a.T
    t_bar = result_bar @ a
    a_bar = np.reshape(result_bar, (-1, a.shape[0])).T @ np.reshape(t, (-1, a.shape[1]))
    return t_bar, a_bar


def tucker_grad(t, a, b, c):
    """Gradient of `tucker` (matrices.py:61) with respect to `t`, `a`, `b`, `c`, reverse mode."""
    if not b.shape[1] == t.shape[1]:
        raise ValueError("tucker_grad: the sizes of the arguments do not agree as this test wants")
    t1 = np.tensordot(a, t, axes=(1, 0))
    t2 = np.einsum("pj,ijk->ipk", b, t1)
    y = t2 @ c.T
    # line 58 of mode_3: return t @ a.T
    t2_bar = y @ c
    c_bar = np.reshape(y, (-1, c.shape[0])).T @ np.reshape(t2, (-1, c.shape[1]))
    # line 53 of mode_2: return np.einsum("pj,ijk->ipk", a, t)
    b_bar = np.einsum("ipk,ijk->pj", t2_bar, t1)
    t1_bar = np.einsum("ipk,pj->ijk", t2_bar, b)
    # line 48 of mode_1: return np.tensordot(a, t, axes=(1, 0))
    a_bar = np.tensordot(t1_bar, t, ([1, 2], [1, 2]))
    t_bar = np.tensordot(a, t1_bar, ([0], [0]))
    return t_bar, a_bar, b_bar, c_bar


def reshaped_grad(x, w):
    """Gradient of `reshaped` (matrices.py:67) with respect to `x`, `w`, reverse mode."""
    # line 69: return x.reshape(-1) @ w
    w_bar = np.reshape(x, -1).copy()
    x_bar = np.reshape(w.copy(), x.shape)
    return x_bar, w_bar


def sliced_grad(x):
    """Gradient of `sliced` (matrices.py:72) with respect to `x`, reverse mode."""
    # line 74: return 0.5 * np.sum((x[:, 1:] - x[:, :-1]) ** 2) + np.sum(x[::2, 0])
    x_bar = np.zeros_like(x)
    x_bar[::2, 0] += 1.0
    t_bar = x[:, 1:] - x[:, :-1]
    x_bar[:, :-1] -= t_bar
    x_bar[:, 1:] += t_bar
    return x_bar


def wide_vjp(x, result_bar):
    """Vector-Jacobian product of `wide` (matrices.py:77) with respect to `x`, reverse mode."""
    t1 = np.exp(-x)
    t2 = 1.0 + t1
    t3 = 1.0 / t2
    # line 79: return sigmoid(x) * np.sin(x) + x**2
    x_bar = 2 * result_bar * x + result_bar * t3 * np.cos(x)
    # line 23 of sigmoid: return 1.0 / (1.0 + np.exp(-z))
    t1_bar = -result_bar * t3 * np.sin(x) / t2
    x_bar -= t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    return (x_bar,)
