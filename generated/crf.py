# Written by adgen from examples.crf.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 108e792aa699d344
# adgen: examples.crf:log_partition source cb6e82ea95d8d1bc options 1638751576d385af
# adgen: examples.crf:loss source cea0f474305822b5 options f22d45e0754d5112
import numpy as np


def log_partition_grad(unary, transition):
    """Gradient of `log_partition` (crf.py:30) with respect to `unary`, `transition`, reverse mode."""
    if not (unary.shape[1] == transition.shape[0] and transition.shape[0] == transition.shape[1]):
        raise ValueError(
            "log_partition_grad: the sizes of the arguments do not agree as this test wants"
        )
    alpha = unary[0]
    t1 = unary.shape[0]
    t3_tape = np.empty((max(t1 - 1, 0), transition.shape[0], transition.shape[0]))
    t4_tape = np.empty((max(t1 - 1, 0), transition.shape[0]))
    for t in range(1, t1):
        t2 = alpha[:, None] + transition
        top = np.max(t2, axis=0)
        t3 = np.exp(t2 - np.expand_dims(top, 0))
        t3_tape[t - 1] = t3
        t4 = np.sum(t3, axis=0)
        t4_tape[t - 1] = t4
        alpha = unary[t] + (top + np.log(t4))
    top1 = np.max(alpha, axis=0)
    t5 = np.exp(alpha - np.expand_dims(top1, 0))
    # line 27 of log_sum_exp: return top + np.log(np.sum(np.exp(x - np.expand_dims(top, axis)), ...
    alpha_bar = t5 / np.sum(t5, axis=0)
    unary_bar = np.zeros_like(unary)
    transition_bar = np.zeros_like(transition)
    for t in range(t1 - 1, 0, -1):
        t2_bar = alpha_bar * t3_tape[t - 1] / t4_tape[t - 1]
        # line 34: alpha = unary[t] + log_sum_exp(alpha[:, None] + transition, 0)
        transition_bar += t2_bar
        unary_bar[t] += alpha_bar
        alpha_bar = np.sum(t2_bar, axis=1)
    # line 32: alpha = unary[0]
    unary_bar[0] += alpha_bar
    return unary_bar, transition_bar


def loss_value_and_grad(w, transition, x, labels):
    """Value and gradient of `loss` (crf.py:44) with respect to `w`, `transition`, reverse mode."""
    if not (w.shape[1] == transition.shape[0] and transition.shape[0] == transition.shape[1]):
        raise ValueError(
            "loss_value_and_grad: the sizes of the arguments do not agree as this test wants"
        )
    unary = x @ w
    alpha = unary[0]
    t1 = unary.shape[0]
    t3_tape = np.empty((max(t1 - 1, 0), transition.shape[0], transition.shape[0]))
    t4_tape = np.empty((max(t1 - 1, 0), transition.shape[0]))
    for t in range(1, t1):
        t2 = alpha[:, None] + transition
        top = np.max(t2, axis=0)
        t3 = np.exp(t2 - np.expand_dims(top, 0))
        t3_tape[t - 1] = t3
        t4 = np.sum(t3, axis=0)
        t4_tape[t - 1] = t4
        alpha = unary[t] + (top + np.log(t4))
    top1 = np.max(alpha, axis=0)
    t5 = np.exp(alpha - np.expand_dims(top1, 0))
    t6 = np.sum(t5, axis=0)
    t9 = top1 + np.log(t6)
    t18 = np.arange(labels.size)
    t10 = labels[:-1]
    t11 = labels[1:]
    # line 41 of score: return np.sum(unary[t, labels]) + np.sum(transition[labels[:-1], labels[ ...
    transition_bar = np.zeros_like(transition)
    np.subtract.at(transition_bar, (t10, t11), 1.0)
    unary_bar = np.zeros((x.shape[0], transition.shape[0]))
    unary_bar[t18, labels] -= 1.0
    # line 27 of log_sum_exp: return top + np.log(np.sum(np.exp(x - np.expand_dims(top, axis)), ...
    alpha_bar = t5 / t6
    for t in range(t1 - 1, 0, -1):
        t2_bar = alpha_bar * t3_tape[t - 1] / t4_tape[t - 1]
        # line 34 of log_partition: alpha = unary[t] + log_sum_exp(alpha[:, None] + transition, 0)
        transition_bar += t2_bar
        unary_bar[t] += alpha_bar
        alpha_bar = np.sum(t2_bar, axis=1)
    # line 32 of log_partition: alpha = unary[0]
    unary_bar[0] += alpha_bar
    # line 46: unary = x @ w
    w_bar = x.T @ unary_bar
    return t9 - (np.sum(unary[t18, labels]) + np.sum(transition[t10, t11])), (w_bar, transition_bar)
