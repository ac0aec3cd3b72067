"""Distances and losses, each a plain function: what training makes small.

Logits and log-probabilities have a row for each sample.  Targets are class numbers (`labels`), values, or signs.

    MSE             mean (y - t)**2                slope 2 (y - t) / n
    MAE             mean |y - t|                   slope sign(y - t) / n
    cross-entropy   log sum exp(z) - z[label]      slope (softmax(z) - one-hot) / n
    CTC             the sum over all paths, by its recursion; its slope: how likely each symbol is at each moment

In generated/losses.py these slopes can be read off; `ctc_grad` is the backward recursion, derived by nobody.
`python -m examples.losses --plot` draws losses and slopes.
"""

import numpy as np

from examples.activations import log_softmax
from examples.arrays import Array1, Array2, Indices
from examples.command import figures, save, wants_plot

# ---- distances between the rows of x and y


def cosine_similarity(x: Array2, y: Array2):
    """The cosine of the angle between rows."""
    return np.sum(x * y, axis=1) / (np.sqrt(np.sum(x**2, axis=1)) * np.sqrt(np.sum(y**2, axis=1)))


def euclidean_distance(x: Array2, y: Array2):
    """The length of the difference of rows."""
    return np.sqrt(np.sum((x - y) ** 2, axis=1))


def pairwise_distances(x: Array2, y: Array2):
    """The distance of each row of x from each row of y."""
    return np.sqrt(np.sum((x[:, None, :] - y[None, :, :]) ** 2, axis=2))


# ---- regression


def mse(y: Array1, target: Array1):
    """Mean squared error."""
    return np.mean((y - target) ** 2)


def mae(y: Array1, target: Array1):
    """Mean absolute error."""
    return np.mean(np.abs(y - target))


def huber(y: Array1, target: Array1, delta: float):
    """Quadratic up to delta, linear from there."""
    error = np.abs(y - target)
    return np.mean(np.where(error <= delta, 0.5 * error**2, delta * (error - 0.5 * delta)))


# ---- classification


def nll(log_p: Array2, labels: Indices):
    """Negative log-likelihood: the log-probability of the right class, on average."""
    return -np.mean(log_p[np.arange(labels.size), labels])


def cross_entropy(logits: Array2, labels: Indices, smoothing: float):
    """Cross-entropy with label smoothing: a part of the target is spread over all classes."""
    log_p = log_softmax(logits)
    right = log_p[np.arange(labels.size), labels]
    return -np.mean((1.0 - smoothing) * right + smoothing * np.mean(log_p, axis=1))


def bce_with_logits(logits: Array1, target: Array1):
    """Binary cross-entropy of sigmoid(logits), without overflow."""
    return np.mean(np.logaddexp(logits, 0.0) - logits * target)


def hinge(score: Array1, sign: Array1):
    """max(0, 1 - sign score); signs are 1 and -1."""
    return np.mean(np.maximum(1.0 - sign * score, 0.0))


def kl_divergence(log_p: Array2, target: Array2):
    """Of the target's probabilities from exp(log_p), on average over rows."""
    return np.sum(target * (np.log(target) - log_p)) / target.shape[0]


# ---- ranking


def margin_ranking(x1: Array1, x2: Array1, sign: Array1, margin: float):
    """x1 should be larger than x2 where the sign is 1, by the margin."""
    return np.mean(np.maximum(margin - sign * (x1 - x2), 0.0))


def triplet(anchor: Array2, positive: Array2, negative: Array2, margin: float):
    """The anchor should be nearer to the positive than to the negative, by the margin."""
    near = euclidean_distance(anchor, positive)
    far = euclidean_distance(anchor, negative)
    return np.mean(np.maximum(near - far + margin, 0.0))


# ---- sequences


def ctc(log_p: Array2, labels: Indices):
    """Connectionist temporal classification (Graves et al. 2006): minus the log-probability of a label sequence.

    `log_p` has a row for each moment; class 0 is the blank.  `alpha[s]` is the log-probability of all ways to have
    read the first s symbols of "blank, label, blank, label, ..., blank" so far.
    """
    symbols = np.zeros(2 * labels.size + 1, dtype=np.int64)
    symbols[1::2] = labels
    n = symbols.size
    alpha = np.full(n, -1e30)
    alpha[0] = log_p[0, symbols[0]]
    alpha[1] = log_p[0, symbols[1]]
    for t in range(1, log_p.shape[0]):
        before = alpha.copy()
        for s in range(n):
            total = before[s]
            if s >= 1:
                total = np.logaddexp(total, before[s - 1])
            if s >= 2 and symbols[s] != 0 and symbols[s] != symbols[s - 2]:
                total = np.logaddexp(total, before[s - 2])
            alpha[s] = total + log_p[t, symbols[s]]
    return -np.logaddexp(alpha[n - 1], alpha[n - 2])


# ---- losses and slopes of one sample


def curves(x):
    """Title, losses and slopes for each score of one sample; the targets are 0, or the positive class."""
    from generated import losses as written

    cases = [
        ("squared", mse, (np.zeros(1),)),
        ("absolute", mae, (np.zeros(1),)),
        ("Huber, delta 1", huber, (np.zeros(1), 1.0)),
        ("hinge", hinge, (np.ones(1),)),
        ("logistic", bce_with_logits, (np.ones(1),)),
    ]
    for title, function, target in cases:
        slope = getattr(written, f"{function.__name__}_grad")
        scores = [np.array([score]) for score in x]
        yield title, [function(score, *target) for score in scores], [slope(score, *target)[0] for score in scores]


def main():
    from generated.losses import cross_entropy_grad, ctc_grad

    plot = wants_plot(__doc__)
    x = np.linspace(-3.0, 3.0, 61)
    for title, values, slopes in curves(x):
        print(f"{title:>14}: at -2 it is {values[10]:.4f}, with slope {slopes[10]:.4f}; at 2 {values[50]:.4f}")
    logits = np.array([[2.0, 0.5, -1.0]])
    print(
        "cross-entropy: its slopes are softmax minus one-hot:", cross_entropy_grad(logits, np.array([1]), 0.0).round(4)
    )
    log_p = np.log(np.full((6, 4), 0.25))
    heard = 0.0 - ctc_grad(log_p, np.array([1, 2, 3]))
    print("CTC: how likely blank, 1, 2 and 3 are at each of six moments:", heard.round(3), sep="\n")
    if plot:
        figure, (left, right) = figures(1, 2)
        for title, values, slopes in curves(x):
            left.plot(x, values, label=title)
            right.plot(x, slopes)
        left.set(xlabel="score", title="losses")
        right.set(xlabel="score", title="their slopes")
        left.legend(fontsize=7)
        save(figure, "losses.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportGeneralTypeIssues=false
