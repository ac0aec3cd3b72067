"""A small LeNet reads digits: the convolutions are loops over pixels, and Numba compiles them with their gradient.

    8 x 8 pixels -> 16 filters of 3 x 3, ReLU -> 6 x 6 -> largest of each 2 x 2 -> 3 x 3 -> 32 filters of 2 x 2, ReLU
    -> 2 x 2 -> one linear layer -> 10 scores -> cross-entropy

    y[o, r, c] = sum of w[o, i, p, q] x[i, r + p, c + q]          w_bar[o, i, p, q] += y_bar[o, r, c] x[i, r + p, c + q]
                                                                 x_bar[i, r + p, c + q] += y_bar[o, r, c] w[o, i, p, q]

Nothing is vectorised: as Python the loops would take minutes an epoch.  The module in generated/ is written for Numba
(jit = true in pyproject.toml), so forward and reverse sweep run as machine code.  Look for the two lines above in
generated/cnn_digits.py, in the innermost loop of each convolution, and for the loop of `pool`, where the gradient goes
to the largest of four pixels.
"""

import numpy as np

from examples.arrays import Array1, Array2, Array3, Array4
from examples.command import curve, figures, save, wants_plot


def convolve(x, w, b):
    """Filters w (out, in, size, size) over one image x (in, height, width), and ReLU."""
    size = w.shape[2]
    y = np.zeros((w.shape[0], x.shape[1] - size + 1, x.shape[2] - size + 1))
    for o in range(y.shape[0]):
        for r in range(y.shape[1]):
            for c in range(y.shape[2]):
                total = b[o]
                for i in range(x.shape[0]):
                    for p in range(size):
                        for q in range(size):
                            total += w[o, i, p, q] * x[i, r + p, c + q]
                y[o, r, c] = max(total, 0.0)
    return y


def pool(x):
    """The largest of each square of 2 x 2."""
    y = np.zeros((x.shape[0], x.shape[1] // 2, x.shape[2] // 2))
    for i in range(y.shape[0]):
        for r in range(y.shape[1]):
            for c in range(y.shape[2]):
                upper = max(x[i, 2 * r, 2 * c], x[i, 2 * r, 2 * c + 1])
                lower = max(x[i, 2 * r + 1, 2 * c], x[i, 2 * r + 1, 2 * c + 1])
                y[i, r, c] = max(upper, lower)
    return y


def scores(w1, b1, w2, b2, w3, b3, image):
    """The scores of the ten digits for one image (1, 8, 8)."""
    x = convolve(pool(convolve(image, w1, b1)), w2, b2)
    z = b3.copy()
    k = 0
    for i in range(x.shape[0]):
        for r in range(x.shape[1]):
            for c in range(x.shape[2]):
                for digit in range(z.size):
                    z[digit] += w3[k, digit] * x[i, r, c]
                k += 1
    return z


def loss(w1: Array4, b1: Array1, w2: Array4, b2: Array1, w3: Array2, b3: Array1, images: Array3, labels: Array2):
    """Mean cross-entropy of the images; `labels` has a one in the column of the right digit."""
    total = 0.0
    for n in range(images.shape[0]):
        z = scores(w1, b1, w2, b2, w3, b3, images[n : n + 1])
        top = z[0]
        for digit in range(1, z.size):
            top = max(top, z[digit])
        partition = 0.0
        for digit in range(z.size):
            partition += np.exp(z[digit] - top)
            total -= labels[n, digit] * z[digit]
        total += top + np.log(partition)
    return total / images.shape[0]


def initial_weights(rng):
    """Filters, biases, and the linear layer."""
    return [
        rng.standard_normal((16, 1, 3, 3)) * np.sqrt(2.0 / 9.0),
        np.zeros(16),
        rng.standard_normal((32, 16, 2, 2)) * np.sqrt(2.0 / 64.0),
        np.zeros(32),
        rng.standard_normal((128, 10)) / np.sqrt(128.0),
        np.zeros(10),
    ]


def train(x, digits, *, epochs=30, batch=32, seed=0, progress=True):
    """Train with Adam on mini-batches: (weights, mean loss of each epoch)."""
    from tqdm import tqdm

    from examples.optimisers import adam, fresh, update
    from generated.cnn_digits import loss_value_and_grad

    rng = np.random.default_rng(seed)
    weights = initial_weights(rng)
    states = fresh(adam, weights)
    images, labels = x.reshape(-1, 8, 8), np.eye(10)[digits]
    history = []
    with tqdm(total=epochs * -(-len(x) // batch), desc="LeNet", unit="batch", disable=not progress) as bar:
        for epoch in range(epochs):
            order = rng.permutation(len(x))
            losses = []
            for start in range(0, len(x), batch):
                rows = order[start : start + batch]
                value, gradients = loss_value_and_grad(*weights, images[rows], labels[rows])
                update(adam, weights, gradients, states, rate=3e-3 if epoch < 2 * epochs // 3 else 1e-3)
                losses.append(value)
                bar.update()
            history.append(float(np.mean(losses)))
            bar.set_postfix(loss=f"{history[-1]:.4f}")
    return weights, history


def compiled_scores():
    """`scores` under Numba, with the functions that it calls."""
    import numba

    space = {"np": np, "convolve": numba.njit(convolve), "pool": numba.njit(pool)}
    return numba.njit(type(scores)(scores.__code__, space))


def predict(weights, x):
    function = compiled_scores()
    return np.array([np.argmax(function(*weights, image[None])) for image in x.reshape(-1, 8, 8)])


def main():
    from examples.mlp_digits import load

    plot = wants_plot(__doc__)
    (x, digits), (x_test, digits_test) = load(np.random.default_rng(0))
    weights, history = train(x, digits)
    guesses = predict(weights, x_test)
    print(f"held-out accuracy: {np.mean(guesses == digits_test):.1%} of {digits_test.size} images")
    if plot:
        curve("cnn_digits_loss.png", history, "epoch", "cross-entropy")
        figure, grid = figures(2, 8)
        for axes, kernel in zip(grid.flat, weights[0][:, 0], strict=True):
            axes.imshow(kernel, cmap="gray")
            axes.axis("off")
        save(figure, "cnn_digits_filters.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportCallIssue=false
