"""Activations, layers and losses against PyTorch's own functions of the same name: values and gradients."""

import importlib.util

import numpy as np
import pytest

import adgen
from examples import activations, layers, losses
from tests.lecture.cases import arguments

# Two exact derivatives in double precision differ by rounding.
TOLERANCE = 1e-9
MODULES = {"activations": activations, "layers": layers, "losses": losses}


def swap(w):
    """Weights of a linear layer are transposed in PyTorch."""
    return w.T


def ctc_of_logits(z, labels):
    """PyTorch's gradient of `ctc_loss` is right only after a log-softmax, which it presumes."""
    return losses.ctc(activations.log_softmax(z), labels)


def ctc(f, z, labels):
    import torch

    log_p = f.log_softmax(z, dim=-1)
    lengths = torch.tensor([log_p.shape[0]]), torch.tensor([labels.shape[0]])
    return f.ctc_loss(log_p[:, None, :], labels[None], *lengths, reduction="sum")


# What PyTorch is asked, for each of our functions: f is torch.nn.functional.
ASKED = {
    "activations:sigmoid": lambda f, x: f.sigmoid(x),
    "activations:tanh": lambda f, x: f.tanh(x),
    "activations:relu": lambda f, x: f.relu(x),
    "activations:leaky_relu": lambda f, x: f.leaky_relu(x),
    "activations:elu": lambda f, x: f.elu(x),
    "activations:gelu": lambda f, x: f.gelu(x),
    "activations:silu": lambda f, x: f.silu(x),
    "activations:softplus": lambda f, x: f.softplus(x, threshold=100),
    "activations:softmax": lambda f, x: f.softmax(x, dim=-1),
    "activations:log_softmax": lambda f, x: f.log_softmax(x, dim=-1),
    "layers:linear": lambda f, x, w, b: f.linear(x, swap(w), b),
    "layers:embedding": lambda f, table, indices: f.embedding(indices, table),
    "layers:pad_zeros": lambda f, x, n: f.pad(x, (n, n, n, n)),
    "layers:pad_reflect": lambda f, x, n: f.pad(x, (n, n), mode="reflect"),
    "layers:pad_replicate": lambda f, x, n: f.pad(x, (n, n), mode="replicate"),
    "layers:conv1d": lambda f, *args: f.conv1d(*args),
    "layers:conv2d": lambda f, *args: f.conv2d(*args),
    "layers:conv_transpose2d": lambda f, *args: f.conv_transpose2d(*args),
    "layers:max_pool": lambda f, x, size: f.max_pool2d(x, size),
    "layers:average_pool": lambda f, x, size: f.avg_pool2d(x, size),
    "layers:max_pool1d": lambda f, x, size, stride: f.max_pool1d(x, size, stride),
    "layers:adaptive_average_pool1d": lambda f, x, length: f.adaptive_avg_pool1d(x, length),
    "layers:batch_norm": lambda f, x, gain, shift: f.batch_norm(x, None, None, gain, shift, training=True),
    "layers:layer_norm": lambda f, x, gain, shift: f.layer_norm(x, x.shape[-1:], gain, shift),
    "layers:group_norm": lambda f, x, gain, shift, groups: f.group_norm(x, groups, gain, shift),
    "layers:instance_norm": lambda f, x: f.instance_norm(x),
    "layers:pixel_shuffle": lambda f, x, r: f.pixel_shuffle(x, r),
    "losses:cosine_similarity": lambda f, x, y: f.cosine_similarity(x, y),
    "losses:euclidean_distance": lambda f, x, y: f.pairwise_distance(x, y, eps=0.0),
    "losses:mse": lambda f, y, target: f.mse_loss(y, target),
    "losses:mae": lambda f, y, target: f.l1_loss(y, target),
    "losses:huber": lambda f, y, target, delta: f.huber_loss(y, target, delta=delta),
    "losses:nll": lambda f, log_p, labels: f.nll_loss(log_p, labels),
    "losses:cross_entropy": lambda f, z, labels, part: f.cross_entropy(z, labels, label_smoothing=part),
    "losses:bce_with_logits": lambda f, z, target: f.binary_cross_entropy_with_logits(z, target),
    "losses:kl_divergence": lambda f, log_p, target: f.kl_div(log_p, target, reduction="batchmean"),
    "losses:margin_ranking": lambda f, a, b, sign, margin: f.margin_ranking_loss(a, b, sign, margin=margin),
    "losses:triplet": lambda f, a, p, n, margin: f.triplet_margin_loss(a, p, n, margin=margin, eps=0.0),
    "losses:ctc": ctc,
}


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
@pytest.mark.parametrize("name", ASKED)
def test_values_and_gradients_are_those_of_pytorch(name):
    import torch

    stem, function_name = name.split(":")
    function, args = getattr(MODULES[stem], function_name), arguments(name)
    function = ctc_of_logits if function is losses.ctc else function
    active = [i for i, a in enumerate(args) if isinstance(a, np.ndarray) and a.dtype == np.float64]
    given = [torch.tensor(a) if isinstance(a, np.ndarray) else a for a in args]
    for i in active:
        given[i].requires_grad_()
    theirs = ASKED[name](torch.nn.functional, *given)
    ours, pullback = adgen.vjp(function)(*args)
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=TOLERANCE, atol=TOLERANCE)
    cotangent = np.random.default_rng(3).standard_normal(np.shape(ours))
    expected = torch.autograd.grad(theirs, [given[i] for i in active], torch.tensor(cotangent), allow_unused=True)
    found = pullback(cotangent if np.ndim(ours) else float(cotangent))
    for i, gradient in zip(active, expected, strict=True):
        if gradient is not None:
            np.testing.assert_allclose(found[i], gradient.numpy(), rtol=TOLERANCE, atol=TOLERANCE)
