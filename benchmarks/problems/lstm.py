"""Loss of a character model: long short-term memory cells with diagonal weights, parametrised as in ADBench.

`weights[layer]` and `biases[layer]` have the rows forget, input, output and change; `ends` holds the scale of the
input and the scale and the shift of the output.
"""

import math

import numpy as np

ARGNUMS = ("weights", "biases", "ends")
SIZES = {"small": (2, 14, 64), "medium": (2, 14, 1024), "large": (4, 14, 4096)}  # layers, letters, characters


def sample(size, rng):
    layers, letters, characters = size
    weights, biases = rng.standard_normal((layers, 4, letters)), rng.standard_normal((layers, 4, letters))
    text = np.eye(letters)[rng.integers(0, letters, characters)]
    return weights, biases, rng.standard_normal((3, letters)), rng.standard_normal((2, layers, letters)), text


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def objective(weights, biases, ends, start, text):
    layers, _, letters = weights.shape
    hidden, cell = start[0].copy(), start[1].copy()
    signal, output = np.empty(letters), np.empty(letters)
    loss = 0.0
    for t in range(text.shape[0] - 1):
        for a in range(letters):
            signal[a] = text[t, a] * ends[0, a]
        for layer in range(layers):
            w, b = weights[layer], biases[layer]
            for a in range(letters):
                forget = sigmoid(signal[a] * w[0, a] + b[0, a])
                enter = sigmoid(hidden[layer, a] * w[1, a] + b[1, a])
                leave = sigmoid(signal[a] * w[2, a] + b[2, a])
                change = math.tanh(hidden[layer, a] * w[3, a] + b[3, a])
                cell[layer, a] = cell[layer, a] * forget + enter * change
                hidden[layer, a] = leave * math.tanh(cell[layer, a])
                signal[a] = hidden[layer, a]
        total = 2.0
        for a in range(letters):
            output[a] = signal[a] * ends[1, a] + ends[2, a]
            total += math.exp(output[a])
        for a in range(letters):
            loss -= text[t + 1, a] * (output[a] - math.log(total))
    return loss / ((text.shape[0] - 1) * letters)


def functional(xp, scan, weights, biases, ends, start, text):
    def sigmoid(x):
        return 1.0 / (1.0 + xp.exp(-x))

    def step(state, letters):
        hidden, cell = state
        now, following = letters
        signal, hiddens, cells = now * ends[0], [], []
        for layer in range(weights.shape[0]):
            w, b = weights[layer], biases[layer]
            forget, leave = sigmoid(signal * w[0] + b[0]), sigmoid(signal * w[2] + b[2])
            enter, change = sigmoid(hidden[layer] * w[1] + b[1]), xp.tanh(hidden[layer] * w[3] + b[3])
            cells.append(cell[layer] * forget + enter * change)
            signal = leave * xp.tanh(cells[-1])
            hiddens.append(signal)
        output = signal * ends[1] + ends[2]
        loss = -xp.sum(following * (output - xp.log(xp.sum(xp.exp(output)) + 2.0)))
        return (xp.stack(hiddens), xp.stack(cells)), loss

    _, losses = scan(step, (start[0], start[1]), (text[:-1], text[1:]))
    return xp.sum(losses) / ((text.shape[0] - 1) * text.shape[1])


def by_hand(weights, biases, ends, start, text):
    layers, _, letters = weights.shape
    n = text.shape[0] - 1
    tape = np.empty((n, layers, letters, 8))  # input, hidden and cell before, four gates, tanh of the cell after
    last, shares = np.empty((n, letters)), np.empty((n, letters))
    hidden, cell = start[0].copy(), start[1].copy()
    for t in range(n):
        for a in range(letters):
            signal = text[t, a] * ends[0, a]
            for layer in range(layers):
                w, b, kept = weights[layer], biases[layer], tape[t, layer, a]
                forget = sigmoid(signal * w[0, a] + b[0, a])
                enter = sigmoid(hidden[layer, a] * w[1, a] + b[1, a])
                leave = sigmoid(signal * w[2, a] + b[2, a])
                change = math.tanh(hidden[layer, a] * w[3, a] + b[3, a])
                kept[0], kept[1], kept[2] = signal, hidden[layer, a], cell[layer, a]
                kept[3], kept[4], kept[5], kept[6] = forget, enter, leave, change
                cell[layer, a] = cell[layer, a] * forget + enter * change
                kept[7] = math.tanh(cell[layer, a])
                signal = leave * kept[7]
                hidden[layer, a] = signal
            last[t, a] = signal
        total, golden = 2.0, 0.0
        for a in range(letters):
            shares[t, a] = math.exp(last[t, a] * ends[1, a] + ends[2, a])
            total += shares[t, a]
            golden += text[t + 1, a]
        for a in range(letters):
            shares[t, a] *= golden / total
    weights_bar, biases_bar, ends_bar = np.zeros_like(weights), np.zeros_like(biases), np.zeros_like(ends)
    hidden_bar, cell_bar = np.zeros_like(hidden), np.zeros_like(cell)
    scale = 1.0 / (n * letters)
    for t in range(n - 1, -1, -1):
        for a in range(letters):
            output_bar = scale * (shares[t, a] - text[t + 1, a])
            ends_bar[1, a] += output_bar * last[t, a]
            ends_bar[2, a] += output_bar
            signal_bar = output_bar * ends[1, a]
            for layer in range(layers - 1, -1, -1):
                w, w_bar, b_bar, kept = weights[layer], weights_bar[layer], biases_bar[layer], tape[t, layer, a]
                signal, before, forget, enter, leave, change = kept[0], kept[1], kept[3], kept[4], kept[5], kept[6]
                after_bar = signal_bar + hidden_bar[layer, a]
                c_bar = cell_bar[layer, a] + after_bar * leave * (1.0 - kept[7] * kept[7])
                forget_bar = c_bar * kept[2] * forget * (1.0 - forget)
                enter_bar = c_bar * change * enter * (1.0 - enter)
                leave_bar = after_bar * kept[7] * leave * (1.0 - leave)
                change_bar = c_bar * enter * (1.0 - change * change)
                cell_bar[layer, a] = c_bar * forget
                hidden_bar[layer, a] = enter_bar * w[1, a] + change_bar * w[3, a]
                signal_bar = forget_bar * w[0, a] + leave_bar * w[2, a]
                w_bar[0, a] += forget_bar * signal
                w_bar[1, a] += enter_bar * before
                w_bar[2, a] += leave_bar * signal
                w_bar[3, a] += change_bar * before
                b_bar[0, a] += forget_bar
                b_bar[1, a] += enter_bar
                b_bar[2, a] += leave_bar
                b_bar[3, a] += change_bar
            ends_bar[0, a] += signal_bar * text[t, a]
    return weights_bar, biases_bar, ends_bar
