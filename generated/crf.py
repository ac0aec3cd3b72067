# Written by adgen from examples.crf.  Edit the original, then run `adgen build`.
# adgen: rules 50b40a3eaaf2b08b text 3585698118413113
# adgen: examples.crf:log_partition source cb6e82ea95d8d1bc options 1638751576d385af
# adgen: examples.crf:loss source cea0f474305822b5 options f22d45e0754d5112
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


def log_partition_grad(unary, transition):
    """Gradient of `log_partition` (crf.py:26) with respect to `unary`, `transition`, reverse mode."""
    if not (unary.shape[1] == transition.shape[0] and transition.shape[0] == transition.shape[1]):
        raise ValueError(
            "log_partition_grad: the sizes of the arguments do not agree as this test wants"
        )
    alpha = unary[0]
    t2 = unary.shape[0]
    top_tape = np.empty((len(range(1, t2)), transition.shape[0]))
    alpha1_tape = np.empty((len(range(1, t2)), transition.shape[0]))
    t7_tape = np.empty((len(range(1, t2)), transition.shape[0], transition.shape[0]))
    t8_tape = np.empty((len(range(1, t2)), transition.shape[0]))
    for t1 in range(1, t2):
        alpha1_tape[t1 - 1] = alpha
        t3 = alpha[:, None] + transition
        top = np.max(t3, axis=0)
        top_tape[t1 - 1] = top
        t4 = np.exp(t3 - np.expand_dims(top, 0))
        t7_tape[t1 - 1] = t4
        t5 = np.sum(t4, axis=0)
        t8_tape[t1 - 1] = t5
        alpha = unary[t1] + (top + np.log(t5))
    top1 = np.max(alpha, axis=0)
    t6 = np.exp(alpha - np.expand_dims(top1, 0))
    # line 23 of log_sum_exp: return top + np.log(np.sum(np.exp(x - np.expand_dims(top, axis)), ...
    top_bar = (1.0 / np.sum(t6, axis=0)) * t6
    top1_bar = 1.0 + np.sum(-np.sum(top_bar, axis=0, keepdims=True))
    # line 22 of log_sum_exp: top = np.max(x, axis=axis)
    top_bar = top_bar + top1_bar * shares(alpha == top1, alpha, 0)
    unary_bar = np.zeros_like(unary)
    transition_bar = np.zeros_like(transition)
    for t1 in range(t2 - 1, 0, -1):
        alpha = alpha1_tape[t1 - 1]
        top = top_tape[t1 - 1]
        # line 30: alpha = unary[t] + log_sum_exp(alpha[:, None] + transition, 0)
        t9_bar = top_bar
        # line 23 of log_sum_exp: return top + np.log(np.sum(np.exp(x - np.expand_dims(top, axis ...
        t3_bar = top_bar * t7_tape[t1 - 1] / t8_tape[t1 - 1]
        top_bar = top_bar + np.squeeze(-np.sum(t3_bar, axis=0, keepdims=True), 0)
        t10 = alpha[:, None] + transition
        # line 22 of log_sum_exp: top = np.max(x, axis=axis)
        t3_bar += shares(t10 == top, t10, 0) * top_bar
        # line 30: alpha = unary[t] + log_sum_exp(alpha[:, None] + transition, 0)
        transition_bar += t3_bar
        top_bar = np.zeros(transition.shape[0])
        top_bar[:, None] += np.sum(t3_bar, axis=1, keepdims=True)
        unary_bar[t1] += t9_bar
    # line 28: alpha = unary[0]
    unary_bar[0] += top_bar
    return unary_bar, transition_bar


def loss_value_and_grad(w, transition, x, labels):
    """Value and gradient of `loss` (crf.py:40) with respect to `w`, `transition`, reverse mode."""
    if not (w.shape[1] == transition.shape[0] and transition.shape[0] == transition.shape[1]):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    unary = x @ w
    alpha = unary[0]
    t2 = unary.shape[0]
    top_tape = np.empty((len(range(1, t2)), transition.shape[0]))
    alpha1_tape = np.empty((len(range(1, t2)), transition.shape[0]))
    t7_tape = np.empty((len(range(1, t2)), transition.shape[0], transition.shape[0]))
    t8_tape = np.empty((len(range(1, t2)), transition.shape[0]))
    for t1 in range(1, t2):
        alpha1_tape[t1 - 1] = alpha
        t3 = alpha[:, None] + transition
        top = np.max(t3, axis=0)
        top_tape[t1 - 1] = top
        t4 = np.exp(t3 - np.expand_dims(top, 0))
        t7_tape[t1 - 1] = t4
        t5 = np.sum(t4, axis=0)
        t8_tape[t1 - 1] = t5
        alpha = unary[t1] + (top + np.log(t5))
    top1 = np.max(alpha, axis=0)
    t6 = np.exp(alpha - np.expand_dims(top1, 0))
    t9 = np.sum(t6, axis=0)
    t10 = top1 + np.log(t9)
    t18 = np.arange(labels.size)
    t11 = labels[:-1]
    t12 = labels[1:]
    # line 43: return log_partition(unary, transition) - score(unary, transition, labels)
    t13_bar = -1.0
    # line 37 of score: return np.sum(unary[t, labels]) + np.sum(transition[labels[:-1], labels[ ...
    transition_bar = np.zeros_like(transition)
    np.add.at(transition_bar, (t11, t12), t13_bar)
    unary_bar = np.zeros((x.shape[0], transition.shape[0]))
    np.add.at(unary_bar, (t18, labels), t13_bar)
    # line 23 of log_sum_exp: return top + np.log(np.sum(np.exp(x - np.expand_dims(top, axis)), ...
    top_bar = t6 / t9
    top1_bar = 1.0 + np.sum(-np.sum(top_bar, axis=0, keepdims=True))
    # line 22 of log_sum_exp: top = np.max(x, axis=axis)
    top_bar = top_bar + top1_bar * shares(alpha == top1, alpha, 0)
    for t1 in range(t2 - 1, 0, -1):
        alpha = alpha1_tape[t1 - 1]
        top = top_tape[t1 - 1]
        # line 30 of log_partition: alpha = unary[t] + log_sum_exp(alpha[:, None] + transition, 0)
        t14_bar = top_bar
        # line 23 of log_sum_exp: return top + np.log(np.sum(np.exp(x - np.expand_dims(top, axis ...
        t3_bar = top_bar * t7_tape[t1 - 1] / t8_tape[t1 - 1]
        top_bar = top_bar + np.squeeze(-np.sum(t3_bar, axis=0, keepdims=True), 0)
        t15 = alpha[:, None] + transition
        # line 22 of log_sum_exp: top = np.max(x, axis=axis)
        t3_bar += shares(t15 == top, t15, 0) * top_bar
        # line 30 of log_partition: alpha = unary[t] + log_sum_exp(alpha[:, None] + transition, 0)
        transition_bar += t3_bar
        top_bar = np.zeros(transition.shape[0])
        top_bar[:, None] += np.sum(t3_bar, axis=1, keepdims=True)
        unary_bar[t1] += t14_bar
    # line 28 of log_partition: alpha = unary[0]
    unary_bar[0] += top_bar
    # line 42: unary = x @ w
    w_bar = x.T @ unary_bar
    return t10 - (
        np.sum(unary[t18, labels]) + np.sum(transition[t11, t12])
    ), (w_bar, transition_bar)
