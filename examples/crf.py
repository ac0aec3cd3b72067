"""A chain of labels: the linear-chain conditional random field, and what its gradient is.

A sequence of labels y scores sum_t unary[t, y_t] + sum_t transition[y_t, y_{t+1}].  The probability of y is exp(score)
divided by Z, the sum over all sequences, which the forward algorithm finds in time T K^2:

    alpha[0, j] = unary[0, j]      alpha[t, j] = unary[t, j] + log sum_i exp(alpha[t-1, i] + transition[i, j])
    alpha[0] -> alpha[1] -> ... -> alpha[T-1] -> log Z

The gradient of log Z with respect to unary[t, j] is the probability that y_t = j: the reverse sweep of the forward
algorithm is the backward algorithm, and nobody has to derive it.

In generated/crf.py: `log_partition_grad` goes through time backwards.  What it carries (`alpha_bar`) are the marginal
probabilities, and what it adds to `transition_bar` those of pairs of neighbours.
"""

import itertools

import numpy as np

from examples.arrays import Array2, Indices
from examples.command import figures, save, wants_plot


def log_sum_exp(x, axis):
    """Without overflow."""
    top = np.max(x, axis=axis)
    return top + np.log(np.sum(np.exp(x - np.expand_dims(top, axis)), axis=axis))


def log_partition(unary: Array2, transition: Array2):
    """log Z, by the forward algorithm."""
    alpha = unary[0]
    for t in range(1, unary.shape[0]):
        alpha = unary[t] + log_sum_exp(alpha[:, None] + transition, 0)
    return log_sum_exp(alpha, 0)


def score(unary, transition, labels):
    """The score of one sequence."""
    t = np.arange(labels.size)
    return np.sum(unary[t, labels]) + np.sum(transition[labels[:-1], labels[1:]])


def loss(w: Array2, transition: Array2, x: Array2, labels: Indices):
    """Minus the log-probability of the labels, for features x of each moment."""
    unary = x @ w
    return log_partition(unary, transition) - score(unary, transition, labels)


# ---- by hand, to compare


def marginals(unary, transition):
    """Probabilities of each label at each moment, by the forward-backward algorithm."""
    alpha, beta = np.zeros_like(unary), np.zeros_like(unary)
    alpha[0] = unary[0]
    for t in range(1, len(unary)):
        alpha[t] = unary[t] + np.logaddexp.reduce(alpha[t - 1][:, None] + transition, axis=0)
    for t in range(len(unary) - 2, -1, -1):
        beta[t] = np.logaddexp.reduce(transition + unary[t + 1] + beta[t + 1], axis=1)
    return np.exp(alpha + beta - np.logaddexp.reduce(alpha[-1]))


def log_partition_by_enumeration(unary, transition):
    """log Z from all K^T sequences."""
    moments, kinds = unary.shape
    every = itertools.product(range(kinds), repeat=moments)
    return np.logaddexp.reduce([score(unary, transition, np.array(labels)) for labels in every])


# ---- noisy labels


def decode(unary, transition):
    """The likeliest sequence, by the Viterbi algorithm."""
    best, back = unary[0], []
    for row in unary[1:]:
        scores = best[:, None] + transition
        back.append(np.argmax(scores, axis=0))
        best = row + np.max(scores, axis=0)
    labels = [int(np.argmax(best))]
    for pointers in reversed(back):
        labels.append(int(pointers[labels[-1]]))
    return np.array(labels[::-1])


def sample(rng, moments=30):
    """Labels that like to stay, seen through noise: (features, labels)."""
    labels = np.zeros(moments, dtype=np.int64)
    for t in range(1, moments):
        labels[t] = labels[t - 1] if rng.random() < 0.85 else rng.integers(0, 3)
    return np.eye(3)[labels] + 0.9 * rng.standard_normal((moments, 3)), labels


def train(*, steps=150, seed=0, progress=True):
    """Gradient ascent on the probability of some sequences: (w, transition, losses)."""
    from tqdm import trange

    from generated.crf import loss_value_and_grad

    rng = np.random.default_rng(seed)
    data = [sample(rng) for _ in range(20)]
    w, transition = np.zeros((3, 3)), np.zeros((3, 3))
    history = []
    for _ in trange(steps, desc="chains", disable=not progress):
        parts = [loss_value_and_grad(w, transition, x, labels) for x, labels in data]
        value = np.mean([value for value, _ in parts])
        w = w - 0.05 * np.mean([g[0] for _, g in parts], axis=0)
        transition = transition - 0.05 * np.mean([g[1] for _, g in parts], axis=0)
        history.append(float(value))
    return w, transition, history


def accuracy(w, transition, seed=1, sequences=20):
    """Of the decoded labels of new sequences, with and without the transitions."""
    rng = np.random.default_rng(seed)
    data = [sample(rng) for _ in range(sequences)]
    with_chain = np.mean([np.mean(decode(x @ w, transition) == labels) for x, labels in data])
    alone = np.mean([np.mean(np.argmax(x @ w, axis=1) == labels) for x, labels in data])
    return float(with_chain), float(alone)


def main():
    from generated.crf import log_partition_grad

    plot = wants_plot(__doc__)
    w, transition, history = train()
    x, labels = sample(np.random.default_rng(2))
    gradient, _ = log_partition_grad(x @ w, transition)
    print(
        "gradient of log Z, minus the marginals of forward-backward:",
        abs(gradient - marginals(x @ w, transition)).max(),
    )
    with_chain, alone = accuracy(w, transition)
    print(f"loss {history[0]:.2f} -> {history[-1]:.2f}; labels right: {with_chain:.1%} ({alone:.1%} without the chain)")
    if plot:
        figure, axes = figures()
        axes.imshow(gradient.T, aspect="auto", cmap="gray_r")
        axes.plot(labels, "r.", label="true label")
        axes.set(xlabel="moment", ylabel="label", title="marginals: the gradient of log Z")
        axes.legend()
        save(figure, "crf.png")


if __name__ == "__main__":
    main()
