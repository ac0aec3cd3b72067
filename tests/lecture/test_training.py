"""The lecture examples do what they say: they learn, and closed forms come out."""

import numpy as np
import pytest

from examples import (
    cnn_digits,
    command,
    computational_graphs,
    crf,
    graph_network,
    matrices,
    mlp_digits,
    number_with_grad,
    optimisers,
    perceptron,
    rnn,
    seq2seq,
    transformer,
)

LECTURES = ("number_with_grad", "computational_graphs", "chain_rule", "matrices", "activations", "attention")


@pytest.mark.parametrize("name", LECTURES)
def test_lectures_print_and_plot(name, monkeypatch, tmp_path, capsys):
    import importlib

    monkeypatch.setattr(command, "OUTPUT", tmp_path)
    monkeypatch.setattr("sys.argv", [name, "--plot"])
    monkeypatch.setattr(number_with_grad, "compare_speed", lambda: ([1, 2], [2.0, 4.0], [1.0, 1.0]))
    importlib.import_module(f"examples.{name}").main()
    assert list(tmp_path.glob("*.png"))
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [(number_with_grad.expression, 3.0, 35.0), (number_with_grad.branching, 2.0, 49.0)],
)
def test_recorded_gradients(function, x, slope):
    assert number_with_grad.recorded_grad(function, x) == slope


def test_recorded_and_written_gradients_of_a_loop_agree():
    from generated.number_with_grad import logistic_grad

    recorded = number_with_grad.recorded_grad(number_with_grad.logistic, 0.3, 40)
    np.testing.assert_allclose(logistic_grad(0.3, 40), recorded, rtol=1e-10)


def test_gradients_of_nodes_are_those_of_the_blackboard():
    nodes, inputs = computational_graphs.GRAPHS["f = (x + y) z"]
    gradients = computational_graphs.backward(nodes, computational_graphs.forward(nodes, inputs))
    assert {name: float(g) for name, g in gradients.items()} == {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}
    nodes, inputs = computational_graphs.GRAPHS["sigmoid circuit"]
    gradients = computational_graphs.backward(nodes, computational_graphs.forward(nodes, inputs))
    f = 1.0 / (1.0 + np.exp(-1.0))
    np.testing.assert_allclose(gradients["z"], f * (1.0 - f), rtol=1e-14)
    np.testing.assert_allclose(gradients["w0"], -f * (1.0 - f), rtol=1e-14)


def test_the_diagonal_of_a_wide_jacobian():
    x = np.linspace(-6.0, 6.0, 4096)
    s = matrices.sigmoid(x)
    expected = s * (1.0 - s) * np.sin(x) + s * np.cos(x) + 2.0 * x
    np.testing.assert_allclose(matrices.diagonal_of_jacobian(x), expected, rtol=1e-12, atol=1e-14)


def test_weights_of_the_blackboard_compute_xor():
    weights = perceptron.W1, perceptron.B1, perceptron.W2, perceptron.B2
    np.testing.assert_allclose(perceptron.output(*weights, perceptron.INPUTS), perceptron.XOR, atol=1e-4)


def test_xor_is_learned():
    weights, _ = perceptron.train(progress=False)
    np.testing.assert_allclose(perceptron.output(*weights, perceptron.INPUTS), perceptron.XOR, atol=0.01)


@pytest.mark.parametrize("title", mlp_digits.RUNS)
def test_digits_are_learned_by_each_loss_and_optimiser(title):
    (x, digits), (x_test, digits_test) = mlp_digits.load(np.random.default_rng(0))
    weights, _ = mlp_digits.train(x, digits, **mlp_digits.RUNS[title], epochs=15, progress=False)
    assert mlp_digits.accuracy(weights, x_test, digits_test) > 0.94
    counts = mlp_digits.confusion(weights, x_test, digits_test)
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(digits_test))


def test_the_zen_is_learned():
    characters, _, history = rnn.train(steps=150, progress=False)
    assert history[0] == pytest.approx(np.log(len(characters)), rel=0.1)
    assert np.mean(history[-10:]) < 0.6 * history[0]


@pytest.mark.slow
def test_sorting_is_learned():
    weights, _ = transformer.train(progress=False)
    assert transformer.accuracy(weights) > 0.97


@pytest.mark.slow
def test_writing_backwards_is_learned():
    weights, _ = seq2seq.train(progress=False)
    assert seq2seq.accuracy(weights) > 0.97


@pytest.mark.slow
def test_digits_are_read_by_convolutions():
    (x, digits), (x_test, digits_test) = mlp_digits.load(np.random.default_rng(0))
    weights, _ = cnn_digits.train(x, digits, progress=False)
    assert np.mean(cnn_digits.predict(weights, x_test) == digits_test) > 0.97


def test_members_follow_the_right_leader():
    pytest.importorskip("networkx")
    weights, _ = graph_network.train(progress=False)
    assert graph_network.accuracy(weights) > 0.9


def test_the_gradient_of_the_partition_function_has_the_marginals():
    from generated.crf import log_partition_grad

    rng = np.random.default_rng(0)
    unary, transition = rng.standard_normal((6, 3)), rng.standard_normal((3, 3))
    by_enumeration = crf.log_partition_by_enumeration(unary, transition)
    np.testing.assert_allclose(crf.log_partition(unary, transition), by_enumeration, rtol=1e-13)
    gradient, _ = log_partition_grad(unary, transition)
    np.testing.assert_allclose(gradient, crf.marginals(unary, transition), rtol=1e-11)


def test_chains_are_learned():
    w, transition, _ = crf.train(steps=40, progress=False)
    with_chain, alone = crf.accuracy(w, transition)
    assert with_chain > 0.8
    assert with_chain > alone + 0.1


@pytest.mark.parametrize(
    ("optimiser", "rate"),
    [
        (optimisers.momentum, 0.003),
        (optimisers.nesterov, 0.003),
        (optimisers.adagrad, 0.5),
        (optimisers.rmsprop, 0.02),
        (optimisers.adam, 0.1),
    ],
)
def test_optimisers_find_the_floor_of_the_valley(optimiser, rate):
    (state,) = optimisers.fresh(optimiser, [np.zeros(2)])
    path = optimisers.descend(optimiser, state, rate=rate)
    assert optimisers.valley(path[-1]) < 0.01 < optimisers.valley(path[0])


def test_the_learning_rate_is_learned():
    x, y = optimisers.sample(np.random.default_rng(0))
    _, history = optimisers.learn_the_rate(x, y, updates=30, progress=False)
    assert history[-1] < 0.1 * history[0]
