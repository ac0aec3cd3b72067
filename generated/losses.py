# Written by adgen from examples.losses.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text aac780a982992f7a
# adgen: examples.losses:cosine_similarity source 1305373c8a440914 options 6fa035dbac2411f2
# adgen: examples.losses:euclidean_distance source 41ab62ccbe239f15 options 6fa035dbac2411f2
# adgen: examples.losses:pairwise_distances source af6bade9f2d41e81 options 6fa035dbac2411f2
# adgen: examples.losses:mse source ffbd21ef07c42c56 options f9a0ddb7bd6ab47b
# adgen: examples.losses:mae source 2587c54e4ff6e717 options f9a0ddb7bd6ab47b
# adgen: examples.losses:huber source 2fa9548f2adb7613 options f9a0ddb7bd6ab47b
# adgen: examples.losses:nll source 3b6684ad6569863f options 597d4e4fa2a50479
# adgen: examples.losses:cross_entropy source 75e1adfd576db1db options f9ab4e3ae54d57ba
# adgen: examples.losses:bce_with_logits source 02b70c9e70e2aadc options f9ab4e3ae54d57ba
# adgen: examples.losses:hinge source 41a9d272781c4aa5 options 0026c55574cdb010
# adgen: examples.losses:kl_divergence source 5310c0ee5b098333 options 597d4e4fa2a50479
# adgen: examples.losses:margin_ranking source fc32256c739ca74e options 00c117b5c6ab00cb
# adgen: examples.losses:triplet source 5ab8b2f9754ed22b options 7e7714a5e548ab4b
# adgen: examples.losses:ctc source b31c7eaef8f9e168 options 597d4e4fa2a50479
import numpy as np


def log_share(a, b):
    """``exp(a) / (exp(a) + exp(b))`` without overflow; 0 where both are -inf, 1/2 where both are inf."""
    apart = np.exp(-np.abs(np.where(a == b, 0, a - b)))
    share = np.where(a >= b, 1, apart) / (1 + apart)
    return np.where((a == b) & (a < 0) & np.isinf(a), 0, share)


def cosine_similarity_vjp(x, y, result_bar):
    """Vector-Jacobian product of `cosine_similarity` (losses.py:23) with respect to `x`, `y`, reverse mode."""
    if not (x.shape[0] == y.shape[0] and x.shape[1] == y.shape[1]):
        raise ValueError(
            "cosine_similarity_vjp: the sizes of the arguments do not agree as this test wants"
        )
    t1 = x * y
    t2 = np.sqrt(np.sum(x ** 2, axis=1))
    t3 = np.sqrt(np.sum(y ** 2, axis=1))
    t4 = t2 * t3
    # line 25: return np.sum(x * y, axis=1) / (np.sqrt(np.sum(x**2, axis=1)) * np.sqrt(np.sum(y* ...
    t4_bar = -result_bar * np.sum(t1, axis=1) / t4 / t4
    t2_bar = t4_bar * t3
    t3_bar = t4_bar * t2
    t5_bar = 0.5 * t3_bar / np.where(t3_bar != 0.0, t3, 1.0)
    t6_bar = 0.5 * t2_bar / np.where(t2_bar != 0.0, t2, 1.0)
    t1_bar = (result_bar / t4)[:, None]
    x_bar = x * (2 * t6_bar)[:, None] + t1_bar * y
    y_bar = y * (2 * t5_bar)[:, None] + t1_bar * x
    return x_bar, y_bar


def euclidean_distance_vjp(x, y, result_bar):
    """Vector-Jacobian product of `euclidean_distance` (losses.py:28) with respect to `x`, `y`, reverse mode."""
    if not (x.shape[0] == y.shape[0] and x.shape[1] == y.shape[1]):
        raise ValueError(
            "euclidean_distance_vjp: the sizes of the arguments do not agree as this test wants"
        )
    t1 = x - y
    t2 = np.sum(t1 ** 2, axis=1)
    # line 30: return np.sqrt(np.sum((x - y) ** 2, axis=1))
    t2_bar = 0.5 * result_bar / np.where(result_bar != 0.0, np.sqrt(t2), 1.0)
    x_bar = t1 * (2 * t2_bar)[:, None]
    y_bar = -x_bar
    return x_bar, y_bar


def pairwise_distances_vjp(x, y, result_bar):
    """Vector-Jacobian product of `pairwise_distances` (losses.py:33) with respect to `x`, `y`, reverse mode."""
    if not x.shape[1] == y.shape[1]:
        raise ValueError(
            "pairwise_distances_vjp: the sizes of the arguments do not agree as this test wants"
        )
    t1 = x[:, None, :] - y[None, :, :]
    t2 = np.sum(t1 ** 2, axis=2)
    # line 35: return np.sqrt(np.sum((x[:, None, :] - y[None, :, :]) ** 2, axis=2))
    t2_bar = 0.5 * result_bar / np.where(result_bar != 0.0, np.sqrt(t2), 1.0)
    t1_bar = t1 * (2 * t2_bar)[:, :, None]
    y_bar = -np.sum(t1_bar, axis=0)
    x_bar = np.sum(t1_bar, axis=1)
    return x_bar, y_bar


def mse_grad(y, target):
    """Gradient of `mse` (losses.py:41) with respect to `y`, reverse mode."""
    if not y.shape[0] == target.shape[0]:
        raise ValueError("mse_grad: the sizes of the arguments do not agree as this test wants")
    # line 43: return np.mean((y - target) ** 2)
    return (2.0 / y.size) * (y - target)


def mae_grad(y, target):
    """Gradient of `mae` (losses.py:46) with respect to `y`, reverse mode."""
    if not y.shape[0] == target.shape[0]:
        raise ValueError("mae_grad: the sizes of the arguments do not agree as this test wants")
    # line 48: return np.mean(np.abs(y - target))
    return np.sign(y - target) / y.size


def huber_grad(y, target, delta):
    """Gradient of `huber` (losses.py:51) with respect to `y`, reverse mode."""
    if not y.shape[0] == target.shape[0]:
        raise ValueError("huber_grad: the sizes of the arguments do not agree as this test wants")
    t1 = y - target
    error = np.abs(t1)
    t2 = error <= delta
    # line 54: return np.mean(np.where(error <= delta, 0.5 * error**2, delta * (error - 0.5 * de ...
    t3_bar = 1.0 / y.size
    error_bar = delta * np.where(t2, 0, t3_bar) + error * np.where(t2, t3_bar, 0)
    # line 53: error = np.abs(y - target)
    return error_bar * np.sign(t1)


def nll_grad(log_p, labels):
    """Gradient of `nll` (losses.py:60) with respect to `log_p`, reverse mode."""
    # line 62: return -np.mean(log_p[np.arange(labels.size), labels])
    log_p_bar = np.zeros_like(log_p)
    log_p_bar[np.arange(labels.size), labels] -= 1.0 / labels.size
    return log_p_bar


def cross_entropy_grad(logits, labels, smoothing):
    """Gradient of `cross_entropy` (losses.py:65) with respect to `logits`, reverse mode."""
    if not labels.shape[0] == logits.shape[0]:
        raise ValueError(
            "cross_entropy_grad: the sizes of the arguments do not agree as this test wants"
        )
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    t1 = np.exp(shifted)
    t2 = np.sum(t1, axis=-1, keepdims=True)
    # line 69: return -np.mean((1.0 - smoothing) * right + smoothing * np.mean(log_p, axis=1))
    t3_bar = -1.0 / labels.size
    log_p_bar = t3_bar * smoothing / logits.shape[1]
    right_bar = t3_bar * (1.0 - smoothing)
    # line 68: right = log_p[np.arange(labels.size), labels]
    logits_bar = np.full_like(logits, log_p_bar)
    logits_bar[np.arange(labels.size), labels] += right_bar
    # line 72 of log_softmax: return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims= ...
    logits_bar -= t1 * np.sum(logits_bar, axis=1, keepdims=True) / t2
    return logits_bar


def bce_with_logits_grad(logits, target):
    """Gradient of `bce_with_logits` (losses.py:72) with respect to `logits`, reverse mode."""
    if not logits.shape[0] == target.shape[0]:
        raise ValueError(
            "bce_with_logits_grad: the sizes of the arguments do not agree as this test wants"
        )
    # line 74: return np.mean(np.logaddexp(logits, 0.0) - logits * target)
    t_bar = 1.0 / logits.size
    return t_bar * log_share(logits, 0.0) - t_bar * target


def hinge_grad(score, sign):
    """Gradient of `hinge` (losses.py:77) with respect to `score`, reverse mode."""
    if not sign.shape[0] == score.shape[0]:
        raise ValueError("hinge_grad: the sizes of the arguments do not agree as this test wants")
    t1 = 1.0 - sign * score
    # line 79: return np.mean(np.maximum(1.0 - sign * score, 0.0))
    t2_bar = 1.0 / score.size
    t1_bar = np.where(t1 > 0.0, t2_bar, np.where(t1 == 0.0, 0.5 * t2_bar, 0))
    return -t1_bar * sign


def kl_divergence_grad(log_p, target):
    """Gradient of `kl_divergence` (losses.py:82) with respect to `log_p`, reverse mode."""
    if not (target.shape[0] == log_p.shape[0] and target.shape[1] == log_p.shape[1]):
        raise ValueError(
            "kl_divergence_grad: the sizes of the arguments do not agree as this test wants"
        )
    # line 84: return np.sum(target * (np.log(target) - log_p)) / target.shape[0]
    return -target / target.shape[0]


def margin_ranking_grad(x1, x2, sign, margin):
    """Gradient of `margin_ranking` (losses.py:90) with respect to `x1`, `x2`, reverse mode."""
    if not (x1.shape[0] == x2.shape[0] and sign.shape[0] == x1.shape[0]):
        raise ValueError(
            "margin_ranking_grad: the sizes of the arguments do not agree as this test wants"
        )
    t1 = margin - sign * (x1 - x2)
    # line 92: return np.mean(np.maximum(margin - sign * (x1 - x2), 0.0))
    t2_bar = 1.0 / x1.size
    t1_bar = np.where(t1 > 0.0, t2_bar, np.where(t1 == 0.0, 0.5 * t2_bar, 0))
    x1_bar = -t1_bar * sign
    x2_bar = -x1_bar
    return x1_bar, x2_bar


def triplet_grad(anchor, positive, negative, margin):
    """Gradient of `triplet` (losses.py:95) with respect to `anchor`, `positive`, `negative`, reverse mode."""
    if not (
        anchor.shape[0] == positive.shape[0]
        and anchor.shape[1] == positive.shape[1]
        and anchor.shape[0] == negative.shape[0]
        and anchor.shape[1] == negative.shape[1]
    ):
        raise ValueError("triplet_grad: the sizes of the arguments do not agree as this test wants")
    t1 = anchor - positive
    near = np.sqrt(np.sum(t1 ** 2, axis=1))
    t2 = anchor - negative
    far = np.sqrt(np.sum(t2 ** 2, axis=1))
    t3 = near - far + margin
    # line 99: return np.mean(np.maximum(near - far + margin, 0.0))
    t4_bar = 1.0 / anchor.shape[0]
    near_bar = np.where(t3 > 0.0, t4_bar, np.where(t3 == 0.0, 0.5 * t4_bar, 0))
    far_bar = -near_bar
    # line 30 of euclidean_distance: return np.sqrt(np.sum((x - y) ** 2, axis=1))
    t5_bar = 0.5 * far_bar / np.where(far_bar != 0.0, far, 1.0)
    anchor_bar = t2 * (2 * t5_bar)[:, None]
    negative_bar = -anchor_bar
    t6_bar = 0.5 * near_bar / np.where(near_bar != 0.0, near, 1.0)
    t1_bar = t1 * (2 * t6_bar)[:, None]
    anchor_bar += t1_bar
    positive_bar = -t1_bar
    return anchor_bar, positive_bar, negative_bar


def ctc_grad(log_p, labels):
    """Gradient of `ctc` (losses.py:105) with respect to `log_p`, reverse mode."""
    symbols = np.zeros(2 * labels.size + 1, dtype=np.int64)
    symbols[1::2] = labels
    n = symbols.size
    alpha = np.full(n, -1e+30)
    alpha[0] = log_p[0, symbols[0]]
    alpha[1] = log_p[0, symbols[1]]
    t1 = log_p.shape[0]
    before_tape = np.empty((max(t1 - 1, 0), 2 * labels.shape[0] + 1))
    total_tape = np.empty((max(t1 - 1, 0), n))
    for t in range(1, t1):
        before = np.copy(alpha)
        before_tape[t - 1] = before
        for s in range(n):
            total = before[s]
            if s >= 1:
                total = np.logaddexp(total, before[s - 1])
            total_tape[t - 1, s] = total
            if (s >= 2 and symbols[s] != 0) and symbols[s] != symbols[s - 2]:
                total = np.logaddexp(total, before[s - 2])
            alpha[s] = total + log_p[t, symbols[s]]
    # line 126: return -np.logaddexp(alpha[n - 1], alpha[n - 2])
    alpha_bar = np.zeros(2 * labels.shape[0] + 1)
    alpha_bar[n - 2] -= log_share(alpha[n - 2], alpha[n - 1])
    alpha_bar[n - 1] -= log_share(alpha[n - 1], alpha[n - 2])
    log_p_bar = np.zeros_like(log_p)
    for t in range(t1 - 1, 0, -1):
        before = before_tape[t - 1]
        before_bar = np.zeros(2 * labels.shape[0] + 1)
        for s in range(n):
            total = total_tape[t - 1, s]
            # line 125: alpha[s] = total + log_p[t, symbols[s]]
            total3_bar = alpha_bar[s]
            alpha_bar[s] = 0.0
            log_p_bar[t, symbols[s]] += total3_bar
            if (s >= 2 and symbols[s] != 0) and symbols[s] != symbols[s - 2]:
                # line 124: total = np.logaddexp(total, before[s - 2])
                total1_bar = total3_bar * log_share(total, before[s - 2])
                before_bar[s - 2] += total3_bar * log_share(before[s - 2], total)
            else:
                # line 123: if s >= 2 and symbols[s] != 0 and symbols[s] != symbols[s - 2]:
                total1_bar = total3_bar
            if s >= 1:
                total = before[s]
                # line 122: total = np.logaddexp(total, before[s - 1])
                total_bar = total1_bar * log_share(total, before[s - 1])
                before_bar[s - 1] += total1_bar * log_share(before[s - 1], total)
            else:
                # line 121: if s >= 1:
                total_bar = total1_bar
            # line 120: total = before[s]
            before_bar[s] += total_bar
        # line 118: before = alpha.copy()
        alpha_bar += before_bar
    # line 116: alpha[1] = log_p[0, symbols[1]]
    t2_bar = alpha_bar[1]
    alpha_bar[1] = 0.0
    log_p_bar[0, symbols[1]] += t2_bar
    # line 115: alpha[0] = log_p[0, symbols[0]]
    log_p_bar[0, symbols[0]] += alpha_bar[0]
    return log_p_bar
