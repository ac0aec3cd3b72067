# Written by adgen from examples.chain_rule.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text c4b893f9d2137e8e
# adgen: examples.chain_rule:nested source b1ff8fb3497c30a4 options 3888318457be0639
# adgen: examples.chain_rule:chain_of_two source 9f9fcd48dd5b185b options 3888318457be0639
# adgen: examples.chain_rule:chain_of_three source 727b49be788add19 options 3888318457be0639
# adgen: examples.chain_rule:other_chain_of_three source 61c5825c4a5b05bb options 3888318457be0639
# adgen: examples.chain_rule:several_inputs source bc0e3f58faeb35ea options 6fa035dbac2411f2
# adgen: examples.chain_rule:layer_of_inputs source 8e67d87d83c87ec9 options 27014f6dce2ae0d3
import numpy as np


def nested_vjp(x, result_bar):
    """Vector-Jacobian product of `nested` (chain_rule.py:38) with respect to `x`, reverse mode."""
    t1 = x ** 2 - 1.0
    t2 = t1 > 0.0
    t3 = np.exp(-np.where(t2, t1, 0.2 * t1))
    t4 = 1.0 + t3
    # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-x))
    t3_bar = -result_bar / t4 / t4
    t5_bar = -t3_bar * np.where(t3_bar != 0.0, t3, 1.0)
    # line 19 of square: return x**2
    x_bar = 2 * x * np.where(t2, t5_bar, 0.2 * t5_bar)
    return (x_bar,)


def chain_of_two_vjp(x, x2_bar):
    """Vector-Jacobian product of `chain_of_two` (chain_rule.py:43) with respect to `x`, reverse mode."""
    x1 = x ** 2
    t1 = np.exp(-x1)
    t2 = 1.0 + t1
    x2 = 1.0 / t2
    # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-x))
    t1_bar = -x2_bar * x2 / t2
    x1_bar = -t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    # line 19 of square: return x**2
    x_bar = 2 * x1_bar * x
    return (x_bar,)


def chain_of_three_vjp(x, x3_bar):
    """Vector-Jacobian product of `chain_of_three` (chain_rule.py:47) with respect to `x`, reverse mode."""
    t1 = x > 0.0
    x1 = np.where(t1, x, 0.2 * x)
    x2 = x1 ** 2
    t2 = np.exp(-x2)
    t3 = 1.0 + t2
    x3 = 1.0 / t3
    # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-x))
    t2_bar = -x3_bar * x3 / t3
    x2_bar = -t2_bar * np.where(t2_bar != 0.0, t2, 1.0)
    # line 19 of square: return x**2
    x1_bar = 2 * x2_bar * x1
    # line 24 of leaky_relu: return np.where(x > 0.0, x, 0.2 * x)
    x_bar = np.where(t1, x1_bar, 0.2 * x1_bar)
    return (x_bar,)


def other_chain_of_three_vjp(x, x3_bar):
    """Vector-Jacobian product of `other_chain_of_three` (chain_rule.py:51) with respect to `x`, reverse mode."""
    t1 = x > 0.0
    x1 = np.where(t1, x, 0.2 * x)
    t2 = np.exp(-x1)
    t3 = 1.0 + t2
    x2 = 1.0 / t3
    # line 19 of square: return x**2
    x2_bar = 2 * x3_bar * x2
    # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-x))
    t2_bar = -x2_bar * x2 / t3
    x1_bar = -t2_bar * np.where(t2_bar != 0.0, t2, 1.0)
    # line 24 of leaky_relu: return np.where(x > 0.0, x, 0.2 * x)
    x_bar = np.where(t1, x1_bar, 0.2 * x1_bar)
    return (x_bar,)


def several_inputs_vjp(x, y, result_bar):
    """Vector-Jacobian product of `several_inputs` (chain_rule.py:56) with respect to `x`, `y`, reverse mode."""
    if not x.shape[0] == y.shape[0]:
        raise ValueError(
            "several_inputs_vjp: the sizes of the arguments do not agree as this test wants"
        )
    t1 = np.exp(-(x + y))
    t2 = 1.0 + t1
    t3 = 1.0 / t2
    # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-x))
    t1_bar = -2 * result_bar * t3 * t3 / t2
    x_bar = -t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    return x_bar, x_bar.copy()


def layer_of_inputs_grad(x, w):
    """Gradient of `layer_of_inputs` (chain_rule.py:61) with respect to `x`, `w`, reverse mode."""
    t1 = np.exp(-(x @ w))
    t2 = 1.0 + t1
    # line 28 of sigmoid: return 1.0 / (1.0 + np.exp(-x))
    t1_bar = -1.0 / (t2 * t2)
    t3_bar = -t1_bar * np.where(t1_bar != 0.0, t1, 1.0)
    # line 63: return np.sum(sigmoid(x @ w))
    x_bar = t3_bar @ w.T
    w_bar = x.T @ t3_bar
    return x_bar, w_bar
