"""Optimisers as plain functions, and a learning rate that is learned by differentiating through training.

Each optimiser takes weights, gradients and its own state, and returns new weights and new state: nothing is hidden.

`loss_after_training` runs 50 steps of gradient descent with momentum inside a function:

    v <- decay v - rate g(w),   w <- w + v          (w, v)[0] -> (w, v)[1] -> ... -> (w, v)[50] -> loss

The gradient of its result with respect to the learning rate and the momentum (a "hypergradient", Maclaurin et al. 2015)
comes from reversing the whole training.  In generated/optimisers.py the reverse loop of
`loss_after_training_value_and_grad` adds one term of `rate_bar` and of `decay_bar` in each step; the line of `w_bar` is
the Hessian of the inner loss times a vector, without a Hessian.
"""

import numpy as np

from examples.arrays import Array1, Array2
from examples.command import figures, save, wants_plot

# ---- the usual ones: (w, g, state) -> (w, state)


def sgd(w, g, state, rate=0.1):
    """Downhill by the gradient."""
    return w - rate * g, state


def momentum(w, g, v, rate=0.1, decay=0.9):
    """A heavy ball: the velocity keeps a part of itself."""
    v = decay * v - rate * g
    return w + v, v


def nesterov(w, g, v, rate=0.1, decay=0.9):
    """The heavy ball, which looks where it will be."""
    v = decay * v - rate * g
    return w + decay * v - rate * g, v


def adagrad(w, g, total, rate=0.5, eps=1e-8):
    """Steps get shorter where gradients were large."""
    total = total + g * g
    return w - rate * g / (np.sqrt(total) + eps), total


def rmsprop(w, g, mean, rate=0.05, decay=0.9, eps=1e-8):
    """The same, and what is long ago is forgotten."""
    mean = decay * mean + (1.0 - decay) * g * g
    return w - rate * g / (np.sqrt(mean) + eps), mean


def adam(w, g, state, rate=0.1, beta1=0.9, beta2=0.999, eps=1e-8):
    """Means of gradients over means of their squares (Kingma and Ba 2015); the state counts the steps."""
    m, v, step = state
    step = step + 1
    m = beta1 * m + (1.0 - beta1) * g
    v = beta2 * v + (1.0 - beta2) * g * g
    w = w - rate * (m / (1.0 - beta1**step)) / (np.sqrt(v / (1.0 - beta2**step)) + eps)
    return w, (m, v, step)


def fresh(optimiser, weights):
    """The state that an optimiser starts with, for each array of a list."""
    zeros = [np.zeros_like(w) for w in weights]
    return [(zero, zero, 0) if optimiser is adam else zero for zero in zeros]


def update(optimiser, weights, gradients, states, **settings):
    """One step of all arrays of a list, in place."""
    for k, (w, g) in enumerate(zip(weights, gradients, strict=True)):
        w[...], states[k] = optimiser(w, g, states[k], **settings)


# ---- what they are tried on


def valley(w: Array1):
    """Rosenbrock's valley, with its floor at (1, 1)."""
    return (1.0 - w[0]) ** 2 + 10.0 * (w[1] - w[0] ** 2) ** 2


def descend(optimiser, state, steps=300, **settings):
    """The path of an optimiser down the valley."""
    from generated.optimisers import valley_grad

    w = np.array([-1.2, 1.0])
    path = [w]
    for _ in range(steps):
        w, state = optimiser(w, valley_grad(w), state, **settings)
        path.append(w)
    return np.array(path)


# ---- a differentiated optimiser


def loss_after_training(rate: float, decay: float, x: Array2, y: Array1, steps: int):
    """The loss of a linear model after `steps` steps of momentum, from zero weights.

    The gradient that training uses is written out: x^T (x w - y) / n.
    """
    w = np.zeros(x.shape[1])
    v = np.zeros(x.shape[1])
    for step in range(steps):
        g = x.T @ (x @ w - y) / y.size
        v = decay * v - rate * g
        w = w + v
    return 0.5 * np.mean((x @ w - y) ** 2)


def sample(rng, n=60, features=5):
    """Features of different scales, and answers with noise."""
    x = rng.standard_normal((n, features)) * np.linspace(0.3, 1.5, features)
    return x, x @ rng.standard_normal(features) + 0.05 * rng.standard_normal(n)


def learn_the_rate(x, y, *, rate=0.02, decay=0.5, unrolled=50, updates=60, progress=True):
    """Gradient descent on the logarithm of the rate and the logit of the decay: (rate, decay), losses."""
    from tqdm import trange

    from generated.optimisers import loss_after_training_value_and_grad

    z = np.array([np.log(rate), np.log(decay / (1.0 - decay))])
    state = (np.zeros(2), np.zeros(2), 0)
    history = []
    for _ in trange(updates, desc="learning to learn", disable=not progress):
        rate, decay = np.exp(z[0]), 1.0 / (1.0 + np.exp(-z[1]))
        value, (rate_bar, decay_bar) = loss_after_training_value_and_grad(rate, decay, x, y, unrolled)
        scale = 1.0 / value  # of the logarithm of the loss
        z, state = adam(z, scale * np.array([rate_bar * rate, decay_bar * decay * (1.0 - decay)]), state, rate=0.05)
        history.append(float(value))
    return (float(rate), float(decay)), history


def main():
    plot = wants_plot(__doc__)
    zero = np.zeros(2)
    paths = {
        "sgd": descend(sgd, None, rate=0.01),
        "momentum": descend(momentum, zero, rate=0.003),
        "nesterov": descend(nesterov, zero, rate=0.003),
        "adagrad": descend(adagrad, zero),
        "rmsprop": descend(rmsprop, zero, rate=0.02),
        "adam": descend(adam, (zero, zero, 0)),
    }
    for name, path in paths.items():
        print(f"{name:>9}: after {len(path) - 1} steps at {path[-1].round(4)}, height {valley(path[-1]):.2e}")
    x, y = sample(np.random.default_rng(0))
    (rate, decay), history = learn_the_rate(x, y)
    print(f"loss after 50 steps: {history[0]:.5f} -> {history[-1]:.5f}, with rate {rate:.3f} and momentum {decay:.3f}")
    if plot:
        figure, (left, right) = figures(1, 2)
        a, b = np.meshgrid(np.linspace(-1.6, 1.6, 81), np.linspace(-0.6, 1.8, 81))
        left.contour(a, b, np.log(valley(np.array([a, b]))), levels=20, cmap="gray")
        for name, path in paths.items():
            left.plot(*path.T, label=name)
        left.legend(fontsize=6)
        right.semilogy(history)
        right.set(xlabel="update of the learning rate", ylabel="loss after 50 steps")
        save(figure, "optimisers.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportGeneralTypeIssues=false
