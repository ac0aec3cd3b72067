"""Recurrent networks: a loop over time, and a state that each step reads and replaces.

    vanilla    h <- tanh(x w + h u + b)
    GRU        two gates: how much of the old state is seen, and how much of it stays (Cho et al. 2014)
    LSTM       a cell beside the state, with gates for forgetting, writing and reading (Hochreiter, Schmidhuber 1997)

    h[0] -> h[1] -> h[2] -> ...          x[t] feeds h[t+1], each h[t] feeds a loss; all steps share w, u and b

The old state feeds several branches in each step: what comes back from them is added up.  The model reads the Zen of
Python character by character, and learns to say what comes next.

In generated/rnn.py: the forward loop records states into arrays with an axis for time (`h_tape`), and a second loop
runs from the last moment to the first ("backpropagation through time"): `h_bar` is handed from step to step, and
`u_bar += h.T @ ...` collects what all steps say about the shared weights.
"""

import codecs
import contextlib
import io

import numpy as np

from examples.arrays import Array1, Array2, Indices2
from examples.command import curve, wants_plot


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def vanilla_step(x, h, w, u, b):
    return np.tanh(x @ w + h @ u + b)


def gru_step(x, h, w, u, b):
    """Three blocks of columns: reset, update, candidate."""
    n = h.shape[1]
    xw = x @ w + b
    hu = h @ u
    r = sigmoid(xw[:, :n] + hu[:, :n])
    z = sigmoid(xw[:, n : 2 * n] + hu[:, n : 2 * n])
    candidate = np.tanh(xw[:, 2 * n :] + r * hu[:, 2 * n :])
    return z * h + (1.0 - z) * candidate


def lstm_step(x, h, c, w, u, b):
    """Four blocks of columns: input, forget, cell, output."""
    n = h.shape[1]
    gates = x @ w + h @ u + b
    i = sigmoid(gates[:, :n])
    f = sigmoid(gates[:, n : 2 * n])
    g = np.tanh(gates[:, 2 * n : 3 * n])
    o = sigmoid(gates[:, 3 * n :])
    c = f * c + i * g
    return o * np.tanh(c), c


def cross_entropy(logits, labels):
    """Mean over the rows, without overflow."""
    top = np.max(logits, axis=1)
    log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), axis=1))
    return np.mean(log_sum - logits[np.arange(labels.size), labels])


# ---- losses: texts is (time, batch) of character numbers; each moment foretells the next


def vanilla_loss(e: Array2, w: Array2, u: Array2, b: Array1, v: Array2, a: Array1, texts: Indices2):
    """Characters are embedded by e, the state is read by v and a."""
    h = np.zeros((texts.shape[1], u.shape[0]))
    total = 0.0
    for t in range(texts.shape[0] - 1):
        h = vanilla_step(e[texts[t]], h, w, u, b)
        total += cross_entropy(h @ v + a, texts[t + 1])
    return total / (texts.shape[0] - 1)


def gru_loss(e: Array2, w: Array2, u: Array2, b: Array1, v: Array2, a: Array1, texts: Indices2):
    h = np.zeros((texts.shape[1], u.shape[0]))
    total = 0.0
    for t in range(texts.shape[0] - 1):
        h = gru_step(e[texts[t]], h, w, u, b)
        total += cross_entropy(h @ v + a, texts[t + 1])
    return total / (texts.shape[0] - 1)


def lstm_loss(e: Array2, w: Array2, u: Array2, b: Array1, v: Array2, a: Array1, texts: Indices2):
    h = np.zeros((texts.shape[1], u.shape[0]))
    c = np.zeros((texts.shape[1], u.shape[0]))
    total = 0.0
    for t in range(texts.shape[0] - 1):
        h, c = lstm_step(e[texts[t]], h, c, w, u, b)
        total += cross_entropy(h @ v + a, texts[t + 1])
    return total / (texts.shape[0] - 1)


# ---- the text


def load():
    """The Zen of Python: (characters, text as numbers)."""
    with contextlib.redirect_stdout(io.StringIO()):
        import this
    text = codecs.decode(this.s, "rot13")
    characters = sorted(set(text))
    return characters, np.array([characters.index(c) for c in text])


def initial_weights(rng, characters, *, size=16, hidden=48, blocks=3):
    """Embedding, weights of the recurrent step (with blocks of columns), and of the read-out."""

    def matrix(n, m):
        return rng.standard_normal((n, m)) / np.sqrt(n)

    return [
        matrix(characters, size),
        matrix(size, blocks * hidden),
        matrix(hidden, blocks * hidden),
        np.zeros(blocks * hidden),
        matrix(hidden, characters),
        np.zeros(characters),
    ]


def train(*, steps=600, batch=16, length=32, seed=0, progress=True):
    """Train the GRU on pieces of the text: (characters, weights, losses)."""
    from tqdm import trange

    from examples.optimisers import adam, fresh, update
    from generated.rnn import gru_loss_value_and_grad

    rng = np.random.default_rng(seed)
    characters, text = load()
    weights = initial_weights(rng, len(characters))
    states = fresh(adam, weights)
    history = []
    with trange(steps, desc="reading the Zen", disable=not progress) as bar:
        for _ in bar:
            starts = rng.integers(0, text.size - length, batch)
            value, gradients = gru_loss_value_and_grad(*weights, text[starts + np.arange(length)[:, None]])
            update(adam, weights, gradients, states, rate=0.01)
            history.append(float(value))
            bar.set_postfix(loss=f"{value:.3f}")
    return characters, weights, history


def write(characters, weights, start="Beautiful", length=200, seed=0):
    """What the GRU writes: each character is drawn from the probabilities that it gives."""
    e, w, u, b, v, a = weights
    rng = np.random.default_rng(seed)
    h = np.zeros((1, u.shape[0]))
    text = start
    for k in range(length):
        h = gru_step(e[[characters.index(text[k])]], h, w, u, b)
        if k + 1 == len(text):
            p = np.exp((h @ v + a)[0])
            text += characters[rng.choice(len(characters), p=p / p.sum())]
    return text


def main():
    plot = wants_plot(__doc__)
    characters, weights, history = train()
    print(f"loss: {history[0]:.3f} -> {history[-1]:.3f} (guessing: {np.log(len(characters)):.3f})")
    print(write(characters, weights))
    if plot:
        curve("rnn.png", history, "step", "cross-entropy a character")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportCallIssue=false
