"""Small arguments for activations, layers and losses, by name."""

import numpy as np

IMAGES, GAIN = (2, 4, 6, 6), (4,)


def normal(*parts):
    """Arrays of the shapes that are tuples; other parts as they are."""

    def make(rng):
        return tuple(rng.standard_normal(part) if isinstance(part, tuple) else part for part in parts)

    return make


def with_labels(rows, classes, *rest):
    """Logits, labels with repeats, and further arguments."""
    return lambda rng: (rng.standard_normal((rows, classes)), rng.integers(0, classes, rows), *rest)


def log_probabilities(rng, rows, classes):
    x = rng.standard_normal((rows, classes))
    return x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))


def targets(kind):
    """A score for each sample, and a target: zeros and ones, or signs."""

    def make(rng):
        bits = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
        return rng.standard_normal(6), bits if kind == "bits" else 2.0 * bits - 1.0

    return make


def distributions(rng):
    return log_probabilities(rng, 4, 5), np.exp(log_probabilities(rng, 4, 5))


SAMPLES = {
    **{
        f"activations:{name}": normal((9,))
        for name in ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus")
    },
    "activations:softmax": normal((3, 5)),
    "activations:log_softmax": normal((3, 5)),
    "activations:maxout": normal((3, 2, 4)),
    "layers:linear": normal((5, 3), (3, 2), (2,)),
    "layers:embedding": lambda rng: (rng.standard_normal((5, 3)), np.array([4, 0, 4, 2, 4])),
    "layers:dropout": lambda rng: (rng.standard_normal((4, 5)), rng.integers(0, 2, (4, 5)).astype(float), 0.4),
    "layers:pad_zeros": normal((2, 2, 3, 4), 2),
    "layers:pad_reflect": normal((2, 2, 5), 2),
    "layers:pad_replicate": normal((2, 2, 5), 2),
    "layers:conv1d": normal((2, 3, 9), (4, 3, 3), (4,), 2, 1, 2),
    "layers:conv2d": normal(IMAGES, (6, 2, 3, 2), (6,), 2, 1, 2, 2),
    "layers:conv_transpose2d": normal((2, 3, 3, 4), (3, 4, 3, 2), (4,), 2, 1),
    "layers:max_pool": normal(IMAGES, 2),
    "layers:average_pool": normal(IMAGES, 3),
    "layers:max_pool1d": normal((2, 3, 9), 3, 2),
    "layers:adaptive_average_pool1d": normal((2, 3, 7), 3),
    "layers:batch_norm": normal(IMAGES, GAIN, GAIN),
    "layers:layer_norm": normal((3, 6), (6,), (6,)),
    "layers:group_norm": normal(IMAGES, GAIN, GAIN, 2),
    "layers:instance_norm": normal(IMAGES),
    "layers:pixel_shuffle": normal((2, 8, 3, 2), 2),
    "losses:cosine_similarity": normal((4, 3), (4, 3)),
    "losses:euclidean_distance": normal((4, 3), (4, 3)),
    "losses:pairwise_distances": normal((4, 3), (5, 3)),
    "losses:mse": normal((6,), (6,)),
    "losses:mae": normal((6,), (6,)),
    "losses:huber": normal((6,), (6,), 0.8),
    "losses:nll": lambda rng: (log_probabilities(rng, 6, 4), rng.integers(0, 4, 6)),
    "losses:cross_entropy": with_labels(6, 4, 0.1),
    "losses:bce_with_logits": targets("bits"),
    "losses:hinge": targets("signs"),
    "losses:kl_divergence": distributions,
    "losses:margin_ranking": lambda rng: (*normal((6,), (6,))(rng), np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0]), 0.3),
    "losses:triplet": normal((5, 3), (5, 3), (5, 3), 1.0),
    "losses:ctc": lambda rng: (log_probabilities(rng, 8, 5), np.array([1, 3, 3, 2])),
}
