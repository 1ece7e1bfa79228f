"""Recurrent networks against numbers that the published code computed in float64."""

import functools
import json

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_recurrent_names import (
    batch_major,
    golden_gradients,
    load_golden_weights,
)
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.method import architecture_gradient
from darts_tf.method.network_loss import NetworkLoss
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.recurrent import (
    EvaluationCell,
    LanguageModel,
    SearchCell,
    cross_entropy,
    slowness,
)

TOLERANCE = 1e-9
STEPS = 3
CELLS = ("DARTS_V1", "DARTS_V2", "ENAS")
HALVES = ("train", "valid")


pytestmark = pytest.mark.usefixtures("float64_module")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("rnn_search", False), id="plain"),
        # Of these two the second one has all that the first one has, and more.
        pytest.param(
            ("rnn_search_clipped", False), id="clipped", marks=pytest.mark.long
        ),
        pytest.param(
            ("rnn_search_clipped", True), id="clipped, compiled and recomputed"
        ),
    ],
)
def run(request, golden_folder, float64_module):
    """The golden file and everything that three steps computed."""
    name, other_form = request.param
    golden = np.load(golden_folder / f"{name}.npz", allow_pickle=False)
    search = Search(golden, other_form)
    results = search.at_the_start()
    for step in range(STEPS):
        results |= search.step(step)
    return golden, {key: np.array(value) for key, value in results.items()}


@functools.cache
def make_losses(units, vocabulary, slowness_weight, other_form):
    """Makes a model and its losses, once for files that differ in numbers only."""

    def penalized(targets, output):
        return cross_entropy(targets, output) + slowness_weight * slowness(output)

    cell = SearchCell(units, jit_compile=other_form, dtype="float64")
    model = LanguageModel(vocabulary, cell, recompute=other_form, dtype="float64")
    model.build()
    return model, NetworkLoss(model, cross_entropy), NetworkLoss(model, penalized)


class Search:
    """The published search on the public interfaces of the library.

    Args:
        golden: Opened golden file.
        other_form: Whether XLA compiles the cell, the backward pass computes it again,
            and the model decodes a few words at a time.
    """

    def __init__(self, golden, other_form):
        self.other_form = other_form
        self.golden = golden
        self.settings = json.loads(str(golden["settings"]))
        self.model, self.loss, self.penalized_loss = make_losses(
            self.settings["nhid"],
            self.settings["ntoken"],
            self.settings["beta_slowness"],
            other_form,
        )
        load_golden_weights(self.model, golden)
        self.state = {half: self._state(f"hidden_{half}") for half in HALVES}
        self.optimizer = MomentumSGD(
            self.settings["lr"],
            momentum=0.0,
            coupled_weight_decay=self.settings["wdecay"],
        )
        self.architecture_optimizer = CoupledAdam(
            self.settings["arch_lr"],
            *self.settings["arch_betas"],
            coupled_weight_decay=self.settings["arch_wdecay"],
        )
        self.optimizer.build(self.model.weights_w)
        self.architecture_optimizer.build(self.model.alphas)

    def _state(self, key):
        return tf.constant(batch_major(self.golden[key])[:, 0])

    def batch(self, half, step):
        tokens, targets = (
            tf.constant(batch_major(self.golden[f"{kind}_{half}_{step}"]), tf.int32)
            for kind in ("tokens", "targets")
        )
        inputs = {"tokens": tokens, "state": self.state[half]}
        if self.other_form:
            inputs["targets"] = targets
        return inputs, targets

    def values(self):
        return tuple(
            [tf.convert_to_tensor(variable) for variable in variables]
            for variables in (self.model.weights_w, self.model.alphas)
        )

    def at_the_start(self):
        inputs, targets = self.batch("train", 0)
        gradients = self.loss.on_batch(inputs, targets).gradients(*self.values())
        output, _ = gradients.aux
        logits = self.model({name: inputs[name] for name in ("tokens", "state")}).logits
        return {
            "log_prob_0": batch_major(tf.nn.log_softmax(logits).numpy()),
            "hidden_next_0": output.state[None],
            "loss_train_0": gradients.loss,
            "slowness_0": slowness(output),
            "grad_alphas": gradients.alpha[0],
            **golden_gradients(self.model, gradients.w),
        }

    def published_direction(self, gradients):
        """The direction of the next step, but for the embedding.

        The published code steps on a copy of the model, and fills it by name: first
        the embedding with the stepped value, then the decoder, which is tied to it,
        with the old one. So w_prime has the old embedding. The file's exact gradients
        are of the whole step.
        """
        direction = self.direction(gradients)
        return [
            tf.zeros_like(d) if variable is self.model.embedding else d
            for variable, d in zip(self.model.weights_w, direction)
        ]

    def direction(self, gradients):
        return self.optimizer.direction(gradients, self.values()[0])

    def second_order(self, step, direction, product, clip_norm):
        w, alpha = self.values()
        return architecture_gradient.second_order(
            *(self.loss.on_batch(*self.batch(half, step)) for half in HALVES),
            w,
            alpha,
            tf.constant(self.settings["lr"], tf.float64),
            direction,
            product,
            clip_norm,
        )

    def step(self, step):
        valid = self.loss.on_batch(*self.batch("valid", step))
        first = architecture_gradient.first_order(valid, *self.values())
        exact = self.second_order(
            step, self.direction, architecture_gradient.exact_product, None
        )
        used = self.second_order(
            step,
            self.published_direction,
            architecture_gradient.finite_difference_product,
            self.settings["clip"],
        )
        self.architecture_optimizer.apply(used.alpha, self.model.alphas)
        self.state["valid"] = used.aux[0].state
        weights = self._weight_step(step)
        return weights | {
            f"first_order/{step}": first.alpha[0],
            f"exact_second_order_unclipped/{step}": exact.alpha[0],
            f"unrolled_valid_loss_unclipped/{step}": exact.loss,
            f"finite_difference/{step}": used.alpha[0],
            f"alphas_after/{step}": self.model.alphas[0].numpy(),
            f"hidden_valid_after/{step}": self.state["valid"][None],
        }

    def _weight_step(self, step):
        inputs, targets = self.batch("train", step)
        gradients = self.penalized_loss.on_batch(inputs, targets).gradients(
            *self.values()
        )
        clipped, _, norm = architecture_gradient.clip_by_norm(
            gradients.w, self.settings["clip"]
        )
        self.optimizer.apply(clipped, self.model.weights_w)
        output, _ = gradients.aux
        self.state["train"] = output.state
        return {
            f"loss_train/{step}": cross_entropy(targets, output),
            f"grad_norm/{step}": norm,
            f"hidden_train_after/{step}": output.state[None],
            f"w_after/{step}/_W0": self.model.cell.input_kernel.numpy(),
        }


def relative_error(actual, expected):
    assert actual.shape == expected.shape
    return np.abs(actual - expected).max() / np.abs(expected).max()


def assert_close(results, golden, keys, record_property):
    assert keys <= results.keys()
    errors = {key: relative_error(results[key], golden[key]) for key in keys}
    worst = max(errors, key=errors.get)
    note = f"{errors[worst]:.1e} in {len(keys)} arrays"
    record_property("largest relative error", note)
    assert errors[worst] <= TOLERANCE, errors


QUANTITIES = (
    "log_prob_0",
    "hidden_next_0",
    "loss_train_0",
    "slowness_0",
    "grad_w/",
    "grad_alphas",
    "first_order/",
    "exact_second_order_unclipped/",
    "unrolled_valid_loss_unclipped/",
    "finite_difference/",
    "alphas_after/",
    "hidden_valid_after/",
    "loss_train/",
    "grad_norm/",
    "hidden_train_after/",
    "w_after/",
)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_golden_search(run, quantity, record_property):
    golden, results = run
    keys = {key for key in golden if key.startswith(quantity)}
    assert keys
    assert_close(results, golden, keys, record_property)


def test_every_golden_array_is_compared(run):
    golden, results = run
    inputs = ("param/", "tokens_", "targets_")
    given = {"alphas", "settings", "hidden_train", "hidden_valid"}
    computed = {key for key in golden if not key.startswith(inputs)} - given
    assert computed == results.keys()


@pytest.mark.parametrize("name", CELLS)
def test_golden_evaluation(name, golden_folder, record_property):
    golden = np.load(golden_folder / f"rnn_eval_{name.lower()}.npz", allow_pickle=False)
    found = json.loads(str(golden["genotype"]))
    genotype = RecurrentGenotype.from_lists(found["recurrent"], found["concat"])
    assert genotype == RecurrentGenotype.published(name)
    vocabulary_size, units = golden["param/encoder.weight"].shape
    cell = EvaluationCell(units, genotype, dtype="float64")
    model = LanguageModel(vocabulary_size, cell, dtype="float64")
    model.build()
    load_golden_weights(model, golden)
    inputs = {
        "tokens": batch_major(golden["tokens"]),
        "state": golden["hidden"][0],
    }
    targets = tf.constant(batch_major(golden["targets"]))
    objective = NetworkLoss(model, cross_entropy).on_batch(inputs, targets)
    values = [tf.convert_to_tensor(variable) for variable in model.weights_w]
    gradients = objective.gradients(values, [])
    output, _ = gradients.aux
    results = {
        "log_prob": batch_major(tf.nn.log_softmax(output.logits).numpy()),
        "hidden_next": output.state[None],
        "loss": gradients.loss,
        **golden_gradients(model, gradients.w),
    }
    results = {key: np.array(value) for key, value in results.items()}
    given = {"tokens", "targets", "hidden", "genotype"}
    keys = {key for key in golden if not key.startswith("param/")} - given
    assert_close(results, golden, keys, record_property)


@pytest.mark.parametrize("name", ["search", *CELLS])
def test_golden_number_of_weights(name, golden_folder):
    text = (golden_folder / "rnn_params.json").read_text()
    expected = json.loads(text)[f"ptb/{name}"]
    units = expected["nhid"]
    cell = (
        SearchCell(units)
        if name == "search"
        else EvaluationCell(units, RecurrentGenotype.published(name))
    )
    model = LanguageModel(expected["ntoken"], cell)
    model.build()
    count = sum(int(np.prod(weight.shape)) for weight in model.weights_w)
    assert count == expected["params"]
