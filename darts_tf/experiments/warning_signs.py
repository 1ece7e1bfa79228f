"""Signs in a search's metrics that its cells may not be worth training."""

import itertools
import math

from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.method.selections import strength_of

# DARTS+ (arXiv 1909.06035) stops a search at two skip connections in the normal
# cell; P-DARTS (arXiv 1904.12760) allows at most two. One more is the known collapse.
MOST_SKIP_CONNECTIONS = 2
# Difference of training and validation accuracy that counts as drifting apart, if it
# also grew over the last quarter of the epochs.
LARGEST_ACCURACY_GAP = 0.1
# The same of validation and training loss, in nats.
LARGEST_LOSS_GAP = 0.3
# Epochs in a row, the last ones, in which the validation got worse.
FALLING_EPOCHS = 3
# Share of a recurrent cell's nodes by `identity` above which it is almost linear.
MOST_IDENTITIES = 0.5
# Relative distance of alpha's entropy from that of equal coefficients below which
# alpha has hardly moved.
LEAST_ENTROPY_DROP = 0.01
# The paper searches for 50 epochs; with fewer than this, alpha seldom settles.
FEWEST_EPOCHS = 15


def warning_signs(run: ArchitectureRun) -> list[str]:
    """Lists what looks wrong with a search, in one sentence each.

    What a search does not measure is no sign: one of images has no perplexity, one of
    text no accuracy.

    Args:
        run: The search.

    Returns:
        The warnings, the gravest first; empty if there are none.
    """
    metrics = run.metrics
    if not metrics["epoch"]:
        return ["No epoch is finished yet."]
    found = []
    if "val_accuracy" in metrics:
        found += [
            *_below_threshold(run),
            _skip_connections(metrics),
            _drifting_apart(metrics),
            _falling(metrics),
        ]
    if "val_perplexity" in metrics:
        found += [
            _worse_than_guessing(metrics, run.data.get("vocabulary_size")),
            *map(_identities, run.latest.cells.values()),
            _losses_drifting_apart(metrics),
            _rising_perplexity(metrics),
        ]
    frozen = run.settings.get("frozen_epochs", 0)
    found.append(_frozen(metrics, frozen) or _hardly_moved(metrics, _last_space(run)))
    found.append(_few_epochs(metrics))
    return [warning for warning in found if warning]


def _last_space(run):
    return run.space_after(int(run.metrics["epoch"][-1]))


def _below_threshold(run):
    """One for each cell that a selection by threshold would have left without edges."""
    strengths = run.strengths.get(int(run.metrics["epoch"][-1]))
    selects = run.settings.get("selection", "").startswith("threshold")
    if not selects or strengths is None:
        return
    threshold, space = run.settings["selection_threshold"], _last_space(run)
    for kind, cell in run.latest.cells.items():
        edges = [(node, edge) for node, of in enumerate(cell.nodes) for edge in of]
        of_kind = space.of(kind), strengths[kind]
        if all(strength_of(*of_kind, *edge) < threshold for edge in edges):
            yield (
                f"No operation of the latest {kind} cell reaches `selection_threshold`="
                f"{threshold:g}, so its strongest edge alone stays. Search for longer "
                "or lower the threshold."
            )


def _worse_than_guessing(metrics, vocabulary_size):
    perplexity = metrics["val_perplexity"][-1]
    if vocabulary_size and perplexity >= vocabulary_size:
        return (
            f"The validation perplexity, {perplexity:.0f}, is not below the number of "
            f"words, {vocabulary_size}: the model predicts no better than by equal "
            "chances. Lower the learning rate or search for longer."
        )


def _identities(cell):
    number = cell.count("identity")
    if number > MOST_IDENTITIES * len(cell.nodes):
        return (
            f"The cell is becoming linear: {number} of {len(cell.nodes)} nodes of "
            "the latest cell are by identity. Prefer the genotype of an earlier epoch."
        )


def _losses_drifting_apart(metrics):
    gaps = [b - a for a, b in zip(metrics["loss"], metrics["val_loss"])]
    if _grew_beyond(gaps, LARGEST_LOSS_GAP):
        return (
            f"Training and validation drift apart: the losses differ by {gaps[-1]:.2f} "
            "nats, and by more than before. The weights overfit the training text, so "
            "alpha follows a poor signal. Try more dropout or fewer epochs."
        )


def _rising_perplexity(metrics):
    recent = metrics["val_perplexity"][-1 - FALLING_EPOCHS :]
    if _always_worse([-value for value in recent]):
        return (
            f"The validation perplexity has risen for the last {FALLING_EPOCHS} "
            f"epochs, from {recent[0]:.2f} to {recent[-1]:.2f}. The best genotype is "
            "from an earlier epoch."
        )


def _grew_beyond(gaps, limit):
    """Whether the last gap is above the limit and above that a quarter ago."""
    return len(gaps) > 1 and gaps[-1] > max(limit, gaps[-1 - _quarter(gaps)])


def _quarter(values):
    return max(len(values) // 4, 1)


def _always_worse(recent):
    falls = all(later < earlier for earlier, later in itertools.pairwise(recent))
    return len(recent) > FALLING_EPOCHS and falls


def _skip_connections(metrics):
    number = metrics.get("skip_connect_normal", [0])[-1]
    if number > MOST_SKIP_CONNECTIONS:
        return (
            f"Skip connections are taking over: {number:.0f} in the latest normal "
            "cell. This is the known collapse of DARTS; DARTS+ stops the search at "
            "two. Prefer the genotype of an earlier epoch."
        )


def _drifting_apart(metrics):
    gaps = [a - b for a, b in zip(metrics["accuracy"], metrics["val_accuracy"])]
    quarter = _quarter(gaps)
    if _grew_beyond(gaps, LARGEST_ACCURACY_GAP):
        return (
            f"Training and validation drift apart: the accuracies differ by "
            f"{gaps[-1]:.2f}, and by more than {quarter} "
            f"epoch{'s' * (quarter > 1)} ago. The weights overfit their half of the "
            "data, so alpha follows a poor signal. Try more regularization or fewer "
            "epochs."
        )


def _falling(metrics):
    recent = metrics["val_accuracy"][-1 - FALLING_EPOCHS :]
    if _always_worse(recent):
        return (
            f"The validation accuracy has fallen for the last {FALLING_EPOCHS} "
            f"epochs, from {recent[0]:.4f} to {recent[-1]:.4f}. The best genotype is "
            "from an earlier epoch."
        )


def _frozen(metrics, frozen_epochs):
    if metrics["epoch"][-1] <= frozen_epochs:
        return (
            "Alpha has not moved yet: w alone does in the first "
            f"{frozen_epochs} epochs (`frozen_epochs`), so the cells are as drawn."
        )


def _hardly_moved(metrics, space):
    # Of equal coefficients the entropy is log(operations), 0 if there is but one.
    shares = [
        metrics[f"entropy_{kind}"][-1] / math.log(num_operations)
        for kind, (_, num_operations) in space.alpha_shapes().items()
        if num_operations > 1
    ]
    if shares and min(shares) > 1 - LEAST_ENTROPY_DROP:
        return (
            "Alpha has hardly moved: its entropy is within "
            f"{LEAST_ENTROPY_DROP:.0%} of that of equal coefficients, so the cells "
            "are close to chance. Search for longer or raise alpha's learning rate."
        )


def _few_epochs(metrics):
    epochs = metrics["epoch"][-1]
    if epochs < FEWEST_EPOCHS:
        return (
            f"Only {epochs:.0f} epoch{'s' * (epochs > 1)} done; the paper searches "
            "for 50. Take these cells for a trial, not for a result."
        )
