# Written by adgen from examples.activations.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 82bac1c70d089844
# adgen: examples.activations:sigmoid source c077fb6a17d1129c options 3888318457be0639
# adgen: examples.activations:tanh source 34ad9e916a56c194 options 3888318457be0639
# adgen: examples.activations:relu source 6f96b924201b7129 options 3888318457be0639
# adgen: examples.activations:leaky_relu source 9fc75fd7e848029c options 3888318457be0639
# adgen: examples.activations:elu source b33f694c0b56cf9b options 3888318457be0639
# adgen: examples.activations:gelu source 2a4a75cb8143c9c6 options 3888318457be0639
# adgen: examples.activations:silu source e6364448b619a5ba options 3888318457be0639
# adgen: examples.activations:softplus source 889117fda33ff75b options 3888318457be0639
# adgen: examples.activations:softmax source e67766d14eacea71 options 3888318457be0639
# adgen: examples.activations:log_softmax source 201cf893eef95a09 options 3888318457be0639
# adgen: examples.activations:maxout source 8ff812467ffd94a4 options 3888318457be0639
import math
import numpy as np
import scipy as sp


def log_share(a, b):
    """``exp(a) / (exp(a) + exp(b))`` without overflow; 0 where both are -inf, 1/2 where both are inf."""
    apart = np.exp(-np.abs(np.where(a == b, 0, a - b)))
    share = np.where(a >= b, 1, apart) / (1 + apart)
    return np.where((a == b) & (a < 0) & np.isinf(a), 0, share)


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None or weight.ndim == 0:
        return weight / np.maximum(np.sum(weight), 1)
    return weight / np.maximum(np.expand_dims(np.sum(weight, axis=axis), axis), 1)


def sigmoid_vjp(x, result_bar):
    """Vector-Jacobian product of `sigmoid` (activations.py:23) with respect to `x`, reverse mode."""
    t1 = np.exp(-x)
    t2 = 1.0 + t1
    # line 25: return 1.0 / (1.0 + np.exp(-x))
    t1_bar = -result_bar / t2 / t2
    x_bar = -t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    return (x_bar,)


def tanh_vjp(x, result_bar):
    """Vector-Jacobian product of `tanh` (activations.py:28) with respect to `x`, reverse mode."""
    t = np.tanh(x)
    # line 30: return np.tanh(x)
    x_bar = result_bar * (1 - t * t)
    return (x_bar,)


def relu_vjp(x, result_bar):
    """Vector-Jacobian product of `relu` (activations.py:33) with respect to `x`, reverse mode."""
    # line 35: return np.maximum(x, 0.0)
    x_bar = np.where(x > 0.0, result_bar, np.where(x == 0.0, 0.5 * result_bar, 0))
    return (x_bar,)


def leaky_relu_vjp(x, result_bar):
    """Vector-Jacobian product of `leaky_relu` (activations.py:38) with respect to `x`, reverse mode."""
    # line 40: return np.where(x > 0.0, x, 0.01 * x)
    x_bar = np.where(x > 0.0, result_bar, 0.01 * result_bar)
    return (x_bar,)


def elu_vjp(x, result_bar):
    """Vector-Jacobian product of `elu` (activations.py:43) with respect to `x`, reverse mode."""
    t1 = x > 0.0
    t2 = np.minimum(x, 0.0)
    # line 45: return np.where(x > 0.0, x, np.expm1(np.minimum(x, 0.0)))
    x_bar = np.where(t1, result_bar, 0)
    t3_bar = np.where(t1, 0, result_bar)
    t2_bar = t3_bar * (np.where(t3_bar != 0.0, np.expm1(t2), 1.0) + 1)
    x_bar += np.where(x < 0.0, t2_bar, np.where(x == 0.0, 0.5 * t2_bar, 0))
    return (x_bar,)


def gelu_vjp(x, result_bar):
    """Vector-Jacobian product of `gelu` (activations.py:48) with respect to `x`, reverse mode."""
    t1 = x / 1.4142135623730951
    # line 50: return 0.5 * x * (1.0 + erf(x / math.sqrt(2.0)))
    t2_bar = 0.5 * result_bar * x
    t1_bar = (2 / math.sqrt(math.pi)) * t2_bar * np.exp(-t1 * t1)
    x_bar = t1_bar / 1.4142135623730951
    x_bar += 0.5 * (result_bar * (1.0 + sp.special.erf(t1)))
    return (x_bar,)


def silu_vjp(x, result_bar):
    """Vector-Jacobian product of `silu` (activations.py:53) with respect to `x`, reverse mode."""
    t1 = np.exp(-x)
    t2 = 1.0 + t1
    # line 55: return x / (1.0 + np.exp(-x))
    t1_bar = -result_bar * x / t2 / t2
    x_bar = result_bar / t2 - t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    return (x_bar,)


def softplus_vjp(x, result_bar):
    """Vector-Jacobian product of `softplus` (activations.py:58) with respect to `x`, reverse mode."""
    # line 60: return np.logaddexp(x, 0.0)
    x_bar = result_bar * log_share(x, 0.0)
    return (x_bar,)


def softmax_vjp(x, result_bar):
    """Vector-Jacobian product of `softmax` (activations.py:63) with respect to `x`, reverse mode."""
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    t = np.sum(e, axis=-1, keepdims=True)
    # line 66: return e / np.sum(e, axis=-1, keepdims=True)
    e_bar = result_bar / t - np.sum(result_bar * e / t / t, axis=1, keepdims=True)
    # line 65: e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    x_bar = e_bar * e
    return (x_bar,)


def log_softmax_vjp(x, result_bar):
    """Vector-Jacobian product of `log_softmax` (activations.py:69) with respect to `x`, reverse mode."""
    shifted = x - np.max(x, axis=-1, keepdims=True)
    t1 = np.exp(shifted)
    t2 = np.sum(t1, axis=-1, keepdims=True)
    # line 72: return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    x_bar = result_bar - t1 * np.sum(result_bar, axis=1, keepdims=True) / t2
    return (x_bar,)


def maxout_vjp(x, result_bar):
    """Vector-Jacobian product of `maxout` (activations.py:75) with respect to `x`, reverse mode."""
    t = np.max(x, axis=2)
    # line 77: return np.max(x, axis=2)
    x_bar = result_bar[:, :, None] * shares(x == t[:, :, None], x, 2)
    return (x_bar,)
