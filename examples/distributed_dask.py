"""Data-parallel training on a Dask cluster: each worker has a part of the data, and the gradients are averaged.

    weights -> worker 1: gradient on part 1 --.
            -> worker 2: gradient on part 2 ---+-> mean, weighted by rows -> momentum -> weights

Workers import NumPy and the generated module, and nothing of adgen: they could be machines on which it was never
installed.  The state of training (weights, step) is in the client; a task is a pure function of weights and
data.  So a worker that is killed in mid-training loses nothing: Dask gives its tasks to another one, and the result is
the same to the last bit.  What the workers run is generated/mlp_digits.py, as it stands.

    python -m examples.distributed_dask            on a local cluster of two workers
    python -m examples.distributed_dask --kill     the same, and a worker is killed on the way
"""

import argparse
import importlib.util
import sys
from pathlib import Path

import numpy as np

MODULE = Path(__file__).parent.parent / "generated" / "mlp_digits.py"
NAME = "mlp_digits_gradient"


def install(name, text):
    """Make a module of its text, once in each process; what a worker runs."""
    if name not in sys.modules:
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader=None))
        exec(text, vars(module))  # noqa: S102 -- it is our own text
        sys.modules[name] = module
    return sys.modules[name]


def gradient_of_part(text, weights, x, labels):
    """Value and gradient on one part of the data, with the number of its rows."""
    value, gradients = install(NAME, text).loss_value_and_grad(*weights, x, labels)
    return len(x), value, gradients


def has_adgen():
    """Whether adgen was imported by this process."""
    return any(name.partition(".")[0] == "adgen" for name in sys.modules)


def average(results):
    """Mean value and gradients, weighted by the rows of each part."""
    total = sum(rows for rows, _, _ in results)
    value = sum(rows * value for rows, value, _ in results) / total
    gradients = [sum(r[0] * r[2][k] for r in results) / total for k in range(len(results[0][2]))]
    return value, gradients


def train(client, x, labels, weights, *, steps=60, parts=4, rate=0.5, momentum=0.9, at_step=None, progress=True):
    """Gradient descent with momentum on all data: (weights, losses).  `at_step(k)` is called before each step."""
    from tqdm import trange

    # Tasks carry the text of the generated module: workers need no folder `generated`.
    text = MODULE.read_text(encoding="utf-8")
    pieces = list(zip(np.array_split(x, parts), np.array_split(labels, parts), strict=True))
    velocities = [np.zeros_like(w) for w in weights]
    weights, history = [w.copy() for w in weights], []
    for step in trange(steps, desc="on the cluster", disable=not progress):
        if at_step is not None:
            at_step(step)
        tasks = [client.submit(gradient_of_part, text, weights, *piece, pure=False, retries=5) for piece in pieces]
        value, gradients = average(client.gather(tasks))
        for w, v, g in zip(weights, velocities, gradients, strict=True):
            v *= momentum
            v -= rate * g
            w += v
        history.append(float(value))
    return weights, history


def kill_a_worker(client):
    """End the process of one worker at once, as a failing machine would."""
    import os

    pids = client.run(os.getpid)
    os.kill(next(iter(pids.values())), 9)


def cluster(workers=2):
    """A local cluster of processes with one thread each."""
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs="CRITICAL"
    )


def main():
    from distributed import Client

    from examples import mlp_digits

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kill", action="store_true", help="kill a worker in mid-training")
    parser.add_argument("--plot", action="store_true", help="save the losses in output/")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    (x, digits), (x_test, digits_test) = mlp_digits.load(rng)
    weights = mlp_digits.initial_weights(rng)
    with cluster() as local, Client(local) as client:

        def at_step(step):
            if options.kill and step == 20:
                kill_a_worker(client)

        weights, history = train(client, x, np.eye(10)[digits], weights, at_step=at_step)
        print("adgen was imported by workers:", any(client.run(has_adgen).values()))
    accuracy = mlp_digits.accuracy(weights, x_test, digits_test)
    print(f"loss {history[0]:.3f} -> {history[-1]:.4f}; held-out accuracy {accuracy:.1%}")
    if options.plot:
        from examples.command import curve

        curve("distributed_dask.png", history, "step", "cross-entropy")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportOptionalMemberAccess=false
