"""A transformer learns to sort: two blocks of attention and perceptron, with residuals around each.

A block normalises before each part ("pre-norm"), so that a straight road leads from the input to the output:

    x = x + attention(norm(x))          x = x + perceptron(norm(x))

    x ---------------+---------------+---> y          gradients take the straight road too, and the parts add to them
      '- norm - att -' '- norm - mlp -'

The model reads "3 1 4 1 | 1 1 3" and foretells the next digit at each position after the bar.  The weights of a block
are a named tuple, and the gradient is one, too.

In generated/transformer.py: `x_bar += ...` stands where a residual branches off; both blocks are written out one after
the other, the last one first; and the gradient returns as `Weights(..., Block(...), Block(...), ...)`.
"""

from typing import NamedTuple

import numpy as np

from examples.arrays import Array1, Array2, Indices2
from examples.attention import causal, self_attention
from examples.command import curve, wants_plot

DIGITS, LENGTH, HEADS = 8, 6, 2
BAR = DIGITS  # the symbol between the digits and the sorted digits


class Block(NamedTuple):
    """Weights of one block."""

    gain1: Array1
    shift1: Array1
    w_qkv: Array2
    b_qkv: Array1
    w_out: Array2
    b_out: Array1
    gain2: Array1
    shift2: Array1
    w1: Array2
    b1: Array1
    w2: Array2
    b2: Array1


class Weights(NamedTuple):
    """Embeddings of symbols and positions, two blocks, and the read-out."""

    symbols: Array2
    positions: Array2
    first: Block
    second: Block
    gain: Array1
    shift: Array1
    w: Array2


def norm(x, gain, shift):
    """Normalise the features of each position."""
    centred = x - np.mean(x, axis=-1, keepdims=True)
    return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + 1e-5) + shift


def block(x, p, mask):
    """One pre-norm block."""
    x = x + self_attention(norm(x, p.gain1, p.shift1), p.w_qkv, p.b_qkv, p.w_out, p.b_out, mask, HEADS)
    hidden = np.maximum(norm(x, p.gain2, p.shift2) @ p.w1 + p.b1, 0.0)
    return x + hidden @ p.w2 + p.b2


def logits(weights, texts):
    """Scores of the next symbol at each position: (batch, n) -> (batch, n, symbols)."""
    mask = causal(texts.shape[1])
    x = weights.symbols[texts] + weights.positions[: texts.shape[1]]
    for p in (weights.first, weights.second):
        x = block(x, p, mask)
    return norm(x, weights.gain, weights.shift) @ weights.w


def loss(weights: Weights, texts: Indices2, start: int):
    """Cross-entropy of the symbols after `start`, each foretold from those before it."""
    z = logits(weights, texts[:, :-1])[:, start:]
    answers = texts[:, start + 1 :]
    top = np.max(z, axis=-1, keepdims=True)
    log_p = z - top - np.log(np.sum(np.exp(z - top), axis=-1, keepdims=True))
    right = np.arange(DIGITS + 1) == answers[:, :, None]
    return -np.sum(np.where(right, log_p, 0.0)) / answers.size


# ---- data and training


def sample(rng, batch, length=LENGTH):
    """Digits, a bar, and the same digits sorted."""
    digits = rng.integers(0, DIGITS, (batch, length))
    return np.concatenate([digits, np.full((batch, 1), BAR), np.sort(digits, axis=1)], axis=1)


def initial_weights(rng, *, width=32, hidden=64, length=LENGTH):
    def matrix(n, m):
        return rng.standard_normal((n, m)) / np.sqrt(n)

    def new_block():
        return Block(
            np.ones(width), np.zeros(width), matrix(width, 3 * width), np.zeros(3 * width),
            matrix(width, width), np.zeros(width), np.ones(width), np.zeros(width),
            matrix(width, hidden), np.zeros(hidden), matrix(hidden, width), np.zeros(width),
        )  # fmt: skip

    symbols = 0.5 * rng.standard_normal((DIGITS + 1, width))
    positions = 0.5 * rng.standard_normal((2 * length + 1, width))
    blocks = new_block(), new_block()
    return Weights(symbols, positions, *blocks, np.ones(width), np.zeros(width), matrix(width, DIGITS + 1))


def leaves(weights):
    """All arrays, in order; they are updated in place."""
    return [leaf for part in weights for leaf in (leaves(part) if isinstance(part, tuple) else [part])]


def train(*, steps=700, batch=48, rate=3e-3, seed=0, progress=True):
    """Train with Adam: (weights, losses)."""
    from tqdm import trange

    from examples.optimisers import adam, fresh, update
    from generated.transformer import loss_value_and_grad

    rng = np.random.default_rng(seed)
    weights = initial_weights(rng)
    states = fresh(adam, leaves(weights))
    history = []
    with trange(steps, desc="sorting", disable=not progress) as bar:
        for step in bar:
            value, gradient = loss_value_and_grad(weights, sample(rng, batch), LENGTH)
            slower = rate * min(1.0, (step + 1) / 50.0, 2.0 * (1.0 - step / steps))
            update(adam, leaves(weights), leaves(gradient), states, rate=slower)
            history.append(float(value))
            bar.set_postfix(loss=f"{value:.3f}")
    return weights, history


def sort(weights, digits):
    """Let the model write what comes after the bar."""
    texts = np.concatenate([digits, np.full((len(digits), 1), BAR)], axis=1)
    for _ in range(digits.shape[1]):
        texts = np.concatenate([texts, np.argmax(logits(weights, texts)[:, -1:], axis=-1)], axis=1)
    return texts[:, digits.shape[1] + 1 :]


def accuracy(weights, seed=1, batch=200):
    """Part of new sequences that come out fully sorted."""
    digits = np.random.default_rng(seed).integers(0, DIGITS, (batch, LENGTH))
    return float(np.mean(np.all(sort(weights, digits) == np.sort(digits, axis=1), axis=1)))


def main():
    plot = wants_plot(__doc__)
    weights, history = train()
    digits = np.random.default_rng(2).integers(0, DIGITS, (3, LENGTH))
    for given, written in zip(digits, sort(weights, digits), strict=True):
        print(*given, "->", *written)
    print(f"loss {history[0]:.3f} -> {history[-1]:.4f}; {accuracy(weights):.1%} of new sequences are sorted")
    if plot:
        curve("transformer.png", history, "step", "cross-entropy a symbol")


if __name__ == "__main__":
    main()
