"""Sequence to sequence with attention: an encoder reads, a decoder writes, and looks back at what was read.

The encoder leaves a state for each symbol.  At each step the decoder's state asks them (softmax of inner products) and
reads the mean of their values; from that and its own state comes the next symbol (Bahdanau 2014, Luong 2015).  The
task is to write a sequence backwards.  What is learned can be seen: the attention runs from the end to the start.

    texts -> encoder: h[1], h[2], ... -> states
                                 |         | (read by every step)
             decoder:           g[0] -> g[1] -> g[2] -> ...          each g[t] and what it reads -> next symbol

In generated/seq2seq.py: the decoder's loop is reversed first and adds to `states_bar` in each step; only then does the
encoder's loop run back, and takes its part of `states_bar` at each moment.
"""

import numpy as np

from examples.arrays import Array2, Indices2
from examples.command import curve, figures, save, wants_plot

SYMBOLS, LENGTH = 8, 7
START = SYMBOLS


def encode(e, w, u, texts):
    """States (batch, time, hidden) of a recurrent network."""
    h = np.zeros((texts.shape[1], u.shape[0]))
    states = np.zeros((texts.shape[1], texts.shape[0], u.shape[0]))
    for t in range(texts.shape[0]):
        h = np.tanh(e[texts[t]] @ w + h @ u)
        states[:, t] = h
    return states


def attend(h, states):
    """Weights (batch, time) of the states for a query h, and the mean that they give."""
    scores = np.einsum("bh,bth->bt", h, states)
    exponentials = np.exp(scores - np.max(scores, axis=1)[:, None])
    weights = exponentials / np.sum(exponentials, axis=1)[:, None]
    return weights, np.einsum("bt,bth->bh", weights, states)


def decode_step(e, w, u, v, h, states, last):
    """One symbol: (new state, scores of the next symbol, attention)."""
    h = np.tanh(e[last] @ w + h @ u)
    weights, read = attend(h, states)
    return h, np.concatenate([h, read], axis=1) @ v, weights


def loss(e: Array2, w1: Array2, u1: Array2, w2: Array2, u2: Array2, v: Array2, texts: Indices2, answers: Indices2):
    """Cross-entropy of the answers; (time, batch) each."""
    states = encode(e, w1, u1, texts)
    h = states[:, -1]
    last = np.full(texts.shape[1], START)
    total = 0.0
    for t in range(answers.shape[0]):
        h, z, _ = decode_step(e, w2, u2, v, h, states, last)
        last = answers[t]
        top = np.max(z, axis=1)
        log_sum = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))
        total += np.mean(log_sum - z[np.arange(last.size), last])
    return total / answers.shape[0]


def initial_weights(rng, *, symbols=SYMBOLS, size=16, hidden=32):
    def matrix(n, m):
        return rng.standard_normal((n, m)) / np.sqrt(n)

    steps = [matrix(n, hidden) for n in (size, hidden, size, hidden)]
    return [rng.standard_normal((symbols + 1, size)), *steps, matrix(2 * hidden, symbols)]


def train(*, steps=1500, batch=32, seed=0, progress=True):
    """Train with Adam: (weights, losses)."""
    from tqdm import trange

    from examples.optimisers import adam, fresh, update
    from generated.seq2seq import loss_value_and_grad

    rng = np.random.default_rng(seed)
    weights = initial_weights(rng)
    states = fresh(adam, weights)
    history = []
    with trange(steps, desc="backwards", disable=not progress) as bar:
        for step in bar:
            texts = rng.integers(0, SYMBOLS, (LENGTH, batch))
            value, gradients = loss_value_and_grad(*weights, texts, texts[::-1])
            update(adam, weights, gradients, states, rate=1e-2 if step < 0.6 * steps else 2e-3)
            history.append(float(value))
            bar.set_postfix(loss=f"{value:.3f}")
    return weights, history


def write(weights, texts):
    """The likeliest symbols, and the attention that each one paid: (time, batch), (time, batch, time read)."""
    e, w1, u1, w2, u2, v = weights
    states = encode(e, w1, u1, texts)
    h, last = states[:, -1], np.full(texts.shape[1], START)
    written, attention = [], []
    for _ in range(texts.shape[0]):
        h, z, weights = decode_step(e, w2, u2, v, h, states, last)
        last = np.argmax(z, axis=1)
        written.append(last)
        attention.append(weights)
    return np.array(written), np.array(attention)


def accuracy(weights, seed=1, batch=200):
    """Part of the symbols of new sequences that are right."""
    texts = np.random.default_rng(seed).integers(0, SYMBOLS, (LENGTH, batch))
    return float(np.mean(write(weights, texts)[0] == texts[::-1]))


def main():
    plot = wants_plot(__doc__)
    weights, history = train()
    texts = np.random.default_rng(2).integers(0, SYMBOLS, (LENGTH, 2))
    written, attention = write(weights, texts)
    for k in range(2):
        print(*texts[:, k], "->", *written[:, k])
    print(f"loss {history[0]:.3f} -> {history[-1]:.4f}; {accuracy(weights):.1%} of new symbols are right")
    if plot:
        curve("seq2seq_loss.png", history, "step", "cross-entropy a symbol")
        figure, axes = figures()
        axes.imshow(attention[:, 0], cmap="gray_r")
        axes.set(xlabel="read", ylabel="written", title="attention")
        save(figure, "seq2seq_attention.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportCallIssue=false
