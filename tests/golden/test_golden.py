"""Generated source, committed and reviewed like code.  Renew it with ``ADGEN_UPDATE=1 pytest tests/golden``."""

import os
from pathlib import Path

import numpy as np
import pytest

import adgen
from examples import computational_graphs, energy, heat, layers, losses, model, predator_prey, rnn, swing
from tests.programs import jumps, kernels, while_loops

HERE = Path(__file__).parent
MATRIX, VECTOR = np.ones((3, 3)), np.ones(6)

CASES = {
    "loss": lambda: adgen.source(adgen.grad(model.loss), np.ones((3, 2)), np.ones((4, 3)), np.ones((4, 2))),
    "swing": lambda: adgen.source(adgen.grad(swing.swing, ("x0", "k")), 1.0, 2.0, 10),
    "swing_forward": lambda: adgen.source(adgen.jvp(swing.swing), 1.0, 2.0, 10),
    "energy": lambda: adgen.source(adgen.grad(energy.energy), VECTOR),
    "energy_with_value": lambda: adgen.source(adgen.value_and_grad(energy.energy), VECTOR),
    "energy_second_derivative": lambda: adgen.source(adgen.jvp(adgen.grad(energy.energy)), VECTOR),
    "heat": lambda: adgen.source(adgen.value_and_grad(heat.misfit), VECTOR, VECTOR, 5, 0.1),
    "predator_prey": lambda: adgen.source(
        adgen.value_and_grad(predator_prey.misfit), np.ones(6), np.ones(21), np.ones(21), 10
    ),
    "quadratic_form": lambda: adgen.source(adgen.grad(computational_graphs.quadratic_form, (0, 1)), np.ones(3), MATRIX),
    "return_out_of_a_loop": lambda: adgen.source(adgen.vjp(jumps.return_from_a_loop), VECTOR, 2.5),
    "thomas_algorithm": lambda: adgen.source(adgen.vjp(kernels.thomas_algorithm), VECTOR, 4.0 * VECTOR, VECTOR, VECTOR),
    "gru": lambda: adgen.source(
        adgen.vjp(rnn.gru_step), *(np.ones(s) for s in ((5, 3), (5, 2), (3, 6), (2, 6), 6)),
    ),
    "cross_entropy": lambda: adgen.source(adgen.grad(rnn.cross_entropy), MATRIX, np.arange(3)),
    "conv1d": lambda: adgen.source(adgen.vjp(layers.conv1d), np.ones((2, 3, 9)), np.ones((4, 3, 3)), np.ones(4), 1, 1, 1),
    "hinge": lambda: adgen.source(adgen.grad(losses.hinge), VECTOR, VECTOR),
    "while_in_for": lambda: adgen.source(adgen.grad(while_loops.while_in_for), np.ones(3), 4),
    "energy_compiled": lambda: adgen.source(adgen.grad(energy.energy, jit=True), VECTOR),
}


@pytest.mark.parametrize("name", CASES)
def test_generated_source_is_the_one_on_file(name):
    text = CASES[name]()
    path = HERE / f"{name}.txt"
    if os.environ.get("ADGEN_UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert text == CASES[name](), "the same input gives the same bytes"
