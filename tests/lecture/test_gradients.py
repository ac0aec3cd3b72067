"""Each function that the lecture examples differentiate: differences, both modes, other tools, the written module."""

import importlib
import importlib.util
import inspect

import numpy as np
import pytest

import adgen
from tests.lecture.cases import arguments, entries
from tests.oracles import WITNESSES, flat_gradients, leaves, same_structure

ENTRIES = entries()
# Two exact derivatives in double precision differ by rounding.
TOLERANCE = 1e-9
# What a witness has no NumPy for, or no mutation, or no batches of matrices; tests/lecture/test_torch.py has some.
MUTATION = {"cnn_digits:loss", "graph_network:loss", "layers:adaptive_average_pool1d", "layers:conv2d"}
MUTATION |= {"layers:conv_transpose2d", "losses:ctc", "seq2seq:loss"}
CANNOT_FOLLOW = {
    "jax": {"activations:gelu", *MUTATION},
    "autograd": {
        *("activations:gelu", "attention:self_attention", "layers:conv1d", "layers:pad_zeros"),
        *("layers:pixel_shuffle", "transformer:loss", *MUTATION),
    },
    "torch": {"activations:gelu", "cnn_digits:loss", "graph_network:loss", "layers:pad_reflect"},
}


def weights_of(result):
    rng = np.random.default_rng(11)
    return same_structure(result, [rng.standard_normal(np.shape(leaf))[()] for leaf in leaves(result)])


def positions(entry):
    names = list(inspect.signature(entry.function).parameters)
    chosen = entry.argnums if isinstance(entry.argnums, tuple) else (entry.argnums,)
    return tuple(names.index(a) if isinstance(a, str) else a for a in chosen)


def pulled_back(entry, args, weights):
    _, pullback = adgen.vjp(entry.function)(*args)
    found = pullback(weights)
    return tuple(found[i] for i in positions(entry))


def close(found, expected):
    found, expected = leaves(found), leaves(expected)
    assert len(found) == len(expected)
    for left, right in zip(found, expected, strict=True):
        assert np.shape(left) == np.shape(right)
        np.testing.assert_allclose(left, right, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("name", ENTRIES)
def test_both_modes_agree_with_differences(name):
    entry, _ = ENTRIES[name]
    adgen.check_grads(entry.function, arguments(name), argnums=positions(entry))


@pytest.mark.parametrize("name", ENTRIES)
def test_the_written_module_has_the_same_derivatives(name):
    entry, stem = ENTRIES[name]
    module = importlib.import_module(f"generated.{stem}")
    args = arguments(name)
    value = entry.function(*args)
    weights = weights_of(value) if "vjp" in entry.products else 1.0
    expected = pulled_back(entry, args, weights)
    for product in entry.products:
        written = getattr(module, f"{entry.name}_{product}")
        if product == "vjp":
            close(written(*args, weights), expected)
        elif product == "grad":
            close(written(*args), expected)
        elif product == "value_and_grad":
            close(written(*args), (value, expected))


@pytest.mark.oracle
@pytest.mark.parametrize("kind", WITNESSES, ids=lambda kind: kind.package)
@pytest.mark.filterwarnings("ignore")
def test_other_differentiators_agree(kind):
    if importlib.util.find_spec(kind.package) is None:
        pytest.skip(f"{kind.package} is not installed")
    witness, compared = kind(), []
    for name, (entry, _) in ENTRIES.items():
        args = arguments(name)
        weights = weights_of(entry.function(*args))
        expected = flat_gradients(witness, entry.function, args, positions(entry), weights)
        if expected is not None:
            close(pulled_back(entry, args, weights), expected)
            compared.append(name)
    missing = sorted(set(ENTRIES) - set(compared))
    print(f"{kind.package}: {len(compared)} compared; could not follow: {', '.join(missing) or 'none'}")
    assert set(missing) <= CANNOT_FOLLOW[kind.package]
