"""Small arguments for the functions of the lecture examples, by name."""

from pathlib import Path

import numpy as np

from examples import graph_network, optimisers, perceptron, rnn, seq2seq, transformer
from tests.lecture import samples_layers

ROOT = Path(__file__).resolve().parents[2]


def normal(*shapes):
    """Normally distributed arrays of these shapes."""
    return lambda rng: tuple(rng.standard_normal(shape) for shape in shapes)


def given(*values):
    return lambda _: values


def perceptron_weights(rng):
    return (*(rng.standard_normal(s) for s in ((2, 2), 2, 2)), 0.3, perceptron.INPUTS, perceptron.XOR)


def recurrent(blocks):
    """A network of a few units, and texts with repeated characters."""

    def make(rng):
        weights = rnn.initial_weights(rng, 6, size=3, hidden=4, blocks=blocks)
        return (*(w + 0.1 * rng.standard_normal(w.shape) for w in weights), rng.integers(0, 6, (5, 3)))

    return make


def chain(rng):
    return rng.standard_normal((4, 3)), rng.standard_normal((3, 3)), rng.standard_normal((7, 4)), np.array(CHAIN)


def graph(rng):
    senders, receivers = np.array([0, 1, 1, 2, 3, 4, 4]), np.array([1, 0, 2, 1, 1, 3, 1])
    weights = graph_network.initial_weights(rng, 5, hidden=3)
    return (*weights, senders, receivers, rng.random(7), np.array([0, 4, 2]), np.array([0, 1, 1]))


def transformer_case(rng):
    return transformer.initial_weights(rng, width=4, hidden=6, length=3), transformer.sample(rng, 2, length=3), 3


def backwards(rng):
    texts = rng.integers(0, 4, (4, 3))
    return (*seq2seq.initial_weights(rng, symbols=8, size=2, hidden=3), texts, texts[::-1].copy())


def small_lenet(rng):
    weights = [rng.standard_normal(shape) for shape in ((2, 1, 3, 3), 2, (3, 2, 2, 2), 3, (12, 4), 4)]
    return (*weights, rng.standard_normal((3, 8, 8)), np.eye(4)[[2, 0, 3]])


def small_mlp(rng):
    weights = [rng.standard_normal(shape) for shape in ((6, 5), 5, (5, 4), 4, (4, 3), 3)]
    return (*weights, rng.standard_normal((7, 6)), np.eye(3)[[2, 0, 1, 1, 0, 2, 2]])


CHAIN = [0, 1, 1, 2, 0, 0, 1]

SAMPLES = {
    "number_with_grad:expression": given(3.0),
    "number_with_grad:branching": given(2.0),
    "number_with_grad:logistic": given(0.3, 12),
    "computational_graphs:product_of_sum": given(-2.0, 5.0, -4.0),
    "computational_graphs:neuron": given(2.0, -1.0, -3.0, -2.0, -3.0),
    "computational_graphs:patterns": given(3.0, -4.0, 2.0, -1.0),
    "computational_graphs:quotient": given(2.0),
    "computational_graphs:norm_1": normal(5),
    "computational_graphs:inner_product": normal(5, 5),
    "computational_graphs:row_times_matrix": normal(3, (3, 4)),
    "computational_graphs:quadratic_form": normal(4, (4, 4)),
    "chain_rule:nested": normal(7),
    "chain_rule:chain_of_two": normal(7),
    "chain_rule:chain_of_three": normal(7),
    "chain_rule:other_chain_of_three": normal(7),
    "chain_rule:several_inputs": normal(5, 5),
    "chain_rule:layer_of_inputs": normal((4, 3), (3, 2)),
    "matrices:product": normal((4, 3), (3, 2)),
    "matrices:layer": normal((4, 3), (3, 2)),
    "matrices:relu": normal(9),
    "matrices:two_layers": normal(3, (4, 3), (2, 4)),
    "matrices:mode_1": normal((2, 3, 4), (5, 2)),
    "matrices:mode_2": normal((2, 3, 4), (5, 3)),
    "matrices:mode_3": normal((2, 3, 4), (5, 4)),
    "matrices:tucker": normal((2, 3, 4), (3, 2), (2, 3), (2, 4)),
    "matrices:reshaped": normal((3, 4), 12),
    "matrices:sliced": normal((4, 5)),
    "matrices:wide": normal(11),
    "perceptron:loss": perceptron_weights,
    "mlp_digits:loss": small_mlp,
    "mlp_digits:squared_loss": small_mlp,
    "optimisers:valley": given(np.array([-1.2, 1.0])),
    "optimisers:loss_after_training": lambda rng: (0.05, 0.6, *optimisers.sample(rng, n=8, features=3), 6),
    "rnn:vanilla_loss": recurrent(1),
    "rnn:gru_loss": recurrent(3),
    "rnn:lstm_loss": recurrent(4),
    "crf:log_partition": normal((6, 3), (3, 3)),
    "crf:loss": chain,
    "graph_network:loss": graph,
    "attention:attention": normal((5, 4), (6, 4), (6, 2)),
    "attention:self_attention": lambda rng: (
        *normal((2, 3, 4), (4, 12), 12, (4, 4), 4)(rng),
        np.triu(np.full((3, 3), -1e9), 1),
        2,
    ),
    "transformer:loss": transformer_case,
    "seq2seq:loss": backwards,
    "cnn_digits:loss": small_lenet,
    **samples_layers.SAMPLES,
}
