"""A graph network on Zachary's karate club: which of two leaders does each member follow?

In each layer every node sends its features along its edges, and adds up what arrives.  Messages are gathered by the
senders of an edge list, and scattered to the receivers with `np.add.at`, where an index that repeats counts each time:

    received = zeros;  received[receivers] += features[senders]        (all repeats counted)
    back:     features_bar[senders] += received_bar[receivers]         (along each edge, the other way)

    who (w1) -> spread, tanh -> times w2 -> spread -> logits -> cross-entropy of the two leaders

Only the two leaders are labelled; the other 32 labels are what training has to find.  In generated/graph_network.py
each `np.add.at` of the forward sweep has one in the reverse sweep, with senders and receivers exchanged.
"""

import numpy as np

from examples.arrays import Array1, Array2, Indices
from examples.command import curve, figures, save, wants_plot

LEADERS = np.array([0, 33])


def spread(features, senders, receivers, scale):
    """Add up the messages at each node; `scale` has a weight for each edge."""
    received = np.zeros(features.shape)
    np.add.at(received, receivers, scale[:, None] * features[senders])
    return received


def logits(w1, b1, w2, b2, senders, receivers, scale):
    """Two layers.  A node's only feature is who it is: the first layer's matrix has a row for each node."""
    hidden = np.tanh(spread(w1, senders, receivers, scale) + b1)
    return spread(hidden @ w2, senders, receivers, scale) + b2


def loss(
    w1: Array2,
    b1: Array1,
    w2: Array2,
    b2: Array1,
    senders: Indices,
    receivers: Indices,
    scale: Array1,
    known: Indices,
    groups: Indices,
):
    """Cross-entropy of the nodes whose group is known."""
    z = logits(w1, b1, w2, b2, senders, receivers, scale)[known]
    top = np.max(z, axis=1)
    log_sum = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))
    return np.mean(log_sum - z[np.arange(groups.size), groups])


def load():
    """Edges in both directions and to oneself, their weights 1 / sqrt(degree degree), and the true groups."""
    import networkx as nx

    club = nx.karate_club_graph()
    pairs = np.array([edge[:2] for edge in club.edges])
    nodes = np.arange(len(club))
    senders = np.concatenate([pairs[:, 0], pairs[:, 1], nodes])
    receivers = np.concatenate([pairs[:, 1], pairs[:, 0], nodes])
    degree = np.bincount(receivers)
    groups = np.array([int(club.nodes[node]["club"] == "Officer") for node in nodes])
    return senders, receivers, 1.0 / np.sqrt(degree[senders] * degree[receivers]), groups


def initial_weights(rng, nodes, hidden=8):
    return [
        0.3 * rng.standard_normal((nodes, hidden)),
        np.zeros(hidden),
        rng.standard_normal((hidden, 2)) / np.sqrt(hidden),
        np.zeros(2),
    ]


def train(*, steps=200, rate=0.5, seed=0, progress=True):
    """Gradient descent: (weights, losses)."""
    from tqdm import trange

    from generated.graph_network import loss_value_and_grad

    senders, receivers, scale, groups = load()
    weights = initial_weights(np.random.default_rng(seed), groups.size)
    history = []
    for _ in trange(steps, desc="karate club", disable=not progress):
        value, gradients = loss_value_and_grad(*weights, senders, receivers, scale, LEADERS, groups[LEADERS])
        weights = [w - rate * g for w, g in zip(weights, gradients, strict=True)]
        history.append(float(value))
    return weights, history


def accuracy(weights):
    """Of all 34 members."""
    senders, receivers, scale, groups = load()
    return float(np.mean(np.argmax(logits(*weights, senders, receivers, scale), axis=1) == groups))


def main():
    plot = wants_plot(__doc__)
    weights, history = train()
    print(f"loss {history[0]:.3f} -> {history[-1]:.4f}; {accuracy(weights):.1%} of the members are where they went")
    if plot:
        import networkx as nx

        curve("graph_network_loss.png", history, "step", "cross-entropy")
        senders, receivers, scale, _ = load()
        z = logits(*weights, senders, receivers, scale)
        figure, axes = figures()
        nx.draw(nx.karate_club_graph(), ax=axes, node_color=z[:, 1] - z[:, 0], cmap="coolwarm", with_labels=True)
        save(figure, "graph_network.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportCallIssue=false
