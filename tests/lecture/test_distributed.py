"""Training on a cluster of processes: the result is that of one process, also if a worker dies."""

import numpy as np
import pytest

from examples import distributed_dask, mlp_digits

SIZES = (64, 8, 6, 10)


def on_one_machine(x, labels, weights, *, steps):
    from generated.mlp_digits import loss_value_and_grad

    velocities = [np.zeros_like(w) for w in weights]
    weights, history = [w.copy() for w in weights], []
    for _ in range(steps):
        value, gradients = loss_value_and_grad(*weights, x, labels)
        for w, v, g in zip(weights, velocities, gradients, strict=True):
            v *= 0.9
            v -= 0.5 * g
            w += v
        history.append(value)
    return weights, history


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_worker_killed_in_mid_training_loses_nothing():
    distributed = pytest.importorskip("distributed")
    (x, digits), _ = mlp_digits.load(np.random.default_rng(0))
    labels = np.eye(10)[digits]
    start = mlp_digits.initial_weights(np.random.default_rng(1), SIZES)
    with distributed_dask.cluster() as local, distributed.Client(local) as client:
        undisturbed, _ = distributed_dask.train(client, x, labels, start, steps=12, progress=False)
        assert not any(client.run(distributed_dask.has_adgen).values())
        killed = []

        def at_step(step):
            if step == 5:
                killed.append(distributed_dask.kill_a_worker(client))

        weights, history = distributed_dask.train(client, x, labels, start, steps=12, at_step=at_step, progress=False)
    assert killed
    assert len(history) == 12
    for left, right in zip(weights, undisturbed, strict=True):
        np.testing.assert_array_equal(left, right)
    alone, losses = on_one_machine(x, labels, start, steps=12)
    np.testing.assert_allclose(history, losses, rtol=1e-9)
    for left, right in zip(weights, alone, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-7, atol=1e-9)
