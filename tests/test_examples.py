"""The examples: derivatives against Richardson differences, and the things that they are there for."""

import numpy as np
import pytest

import adgen
from examples import energy, heat, mlp_digits, model, predator_prey, swing

RNG = np.random.default_rng(20)
SMALL = (5, 4, 3, 2)  # an MLP of which every weight can be differenced
WEIGHTS = ("w1", "b1", "w2", "b2", "w3", "b3")


def richardson(f, x, h=1e-2, levels=4):
    """Gradient of f at x by central differences, extrapolated to step zero: some ten digits."""
    x = np.asarray(x, dtype=float)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[index] = 1.0
        table = []
        for level in range(levels):
            step = h / 2**level
            row = [(f(x + step * unit) - f(x - step * unit)) / (2.0 * step)]
            for k, above in enumerate(table[-1] if table else [], 1):
                row.append(row[-1] + (row[-1] - above) / (4**k - 1))
            table.append(row)
        gradient[index] = table[-1][-1]
    return gradient


def positions(function, names):
    return tuple(function.__code__.co_varnames.index(name) for name in names)


def mlp_case():
    weights = mlp_digits.initial_weights(RNG, SMALL)
    x = RNG.standard_normal((7, SMALL[0]))
    labels = np.eye(SMALL[-1])[RNG.integers(0, SMALL[-1], 7)]
    return mlp_digits.loss, (*weights, x, labels), WEIGHTS


def predator_prey_case():
    _, hares, lynxes = predator_prey.load()
    hares, lynxes = hares[:6], lynxes[:6]
    return predator_prey.misfit, (predator_prey.guess(hares, lynxes), hares, lynxes, 5), ("theta",)


def heat_case(function):
    u0, measured, _, rate = heat.sample(n=12)
    return function, (u0 + 0.1 * RNG.standard_normal(12), measured, 9, rate), ("u0", "measured", "rate")


CASES = {
    "model": (model.loss, tuple(RNG.standard_normal(s) for s in ((4, 2), (6, 4), (6, 2))), ("w", "x", "y")),
    "swing": (swing.swing, (1.2, 3.0, 50), ("x0", "k")),
    "energy": (energy.energy, (RNG.standard_normal(6),), ("x",)),
    "mlp": mlp_case(),
    "predator_prey": predator_prey_case(),
    "heat": heat_case(heat.misfit),
    "heat_by_points": heat_case(heat.misfit_by_points),
}


@pytest.mark.parametrize("jit", [False, True], ids=["numpy", "numba"])
@pytest.mark.parametrize("name", CASES)
def test_gradients_agree_with_differences(name, jit):
    function, args, names = CASES[name]
    before = [np.copy(arg) for arg in args]
    value, gradients = adgen.value_and_grad(function, argnums=names, jit=jit)(*args)
    np.testing.assert_allclose(value, function(*args), rtol=1e-12)
    for k, gradient in zip(positions(function, names), gradients, strict=True):
        expected = richardson(lambda x, k=k: function(*args[:k], x, *args[k + 1 :]), args[k])
        assert np.shape(gradient) == np.shape(args[k])
        # Ten digits are what the differences have
        np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-9)
    for arg, old in zip(args, before, strict=True):
        np.testing.assert_array_equal(arg, old)


@pytest.mark.parametrize("name", CASES)
def test_both_modes_agree(name):
    function, args, names = CASES[name]
    adgen.check_grads(function, args, argnums=positions(function, names))


def test_heat_written_by_slices_and_by_points_is_the_same():
    _, args, _ = CASES["heat"]
    by_points = adgen.grad(heat.misfit_by_points)(*args)
    np.testing.assert_allclose(adgen.grad(heat.misfit)(*args), by_points, rtol=1e-12, atol=1e-14)


def test_digits_are_learned():
    (x, digits), (x_test, digits_test) = mlp_digits.load(np.random.default_rng(0))
    weights, history = mlp_digits.train(x, digits, progress=False)
    assert history[-1] < 0.1 * history[0]
    assert mlp_digits.accuracy(weights, x_test, digits_test) > 0.95


@pytest.mark.parametrize("written_before", [True, False], ids=["generated module", "at the call"])
def test_lynx_and_hare_are_fitted(written_before):
    if written_before:
        from generated.predator_prey import misfit_value_and_grad as value_and_grad
    else:
        value_and_grad = adgen.value_and_grad(predator_prey.misfit)
    result = predator_prey.fit(value_and_grad)
    assert result.success, result.message
    alpha, beta, gamma, delta = np.exp(result.x[:4])
    # The posterior means of almost the same model, with priors, in B. Carpenter's Stan case study (2018).
    np.testing.assert_allclose([alpha, beta, gamma, delta], [0.55, 0.028, 0.80, 0.024], rtol=0.05)


def test_generated_modules_agree_with_the_calls():
    from generated.energy import energy_grad
    from generated.heat import misfit_value_and_grad
    from generated.model import loss_grad, loss_value_and_grad
    from generated.swing import swing_grad

    _, args, _ = CASES["model"]
    np.testing.assert_allclose(loss_grad(*args), adgen.grad(model.loss)(*args), rtol=1e-14)
    np.testing.assert_allclose(loss_value_and_grad(*args)[0], model.loss(*args), rtol=1e-14)
    _, args, _ = CASES["swing"]
    np.testing.assert_allclose(swing_grad(*args), adgen.grad(swing.swing, argnums=(0, 1))(*args), rtol=1e-14)
    _, args, _ = CASES["energy"]
    np.testing.assert_allclose(energy_grad(*args), adgen.grad(energy.energy)(*args), rtol=1e-14)
    _, args, _ = CASES["heat"]
    np.testing.assert_allclose(misfit_value_and_grad(*args)[1], adgen.grad(heat.misfit)(*args), rtol=1e-14)


@pytest.mark.slow
def test_demo_runs(capsys):
    pytest.importorskip("matplotlib")
    from examples import command, demo

    demo.main()
    assert "held-out accuracy" in capsys.readouterr().out
    for name in ("digits_loss.png", "digits_predictions.png", "predator_prey.png"):
        assert (command.OUTPUT / name).stat().st_size > 0
