"""The Keras model whose `fit` searches a recurrent cell (paper, section 3.1.2)."""

import contextlib
from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from darts_tf.method.network_loss import NetworkLoss
from darts_tf.method.search.architecture_search import TRAIN, VALID, ArchitectureSearch
from darts_tf.optimization.loss_scale import update_mean
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.recurrent.language_model import LanguageModel
from darts_tf.recurrent.language_output import cross_entropy
from darts_tf.recurrent.text_model import TextModel, carried


class Perplexity(keras.metrics.Mean):
    """Exponential of the mean loss."""

    def result(self):
        return tf.exp(super().result())


@keras.saving.register_keras_serializable("darts_tf.recurrent")
class RecurrentSearchModel(ArchitectureSearch, TextModel):
    """Searches a recurrent cell: each step moves alpha, then w.

    `fit` takes pairs of batches, of the training and the validation text, as
    `darts_tf.data.text.text_batches.search_batches` makes them; `evaluate` takes
    batches of `evaluation_batches`. Each of these texts has a hidden state of its own
    that is carried from step to step, without gradient across steps, and begins with
    zeros where the text does. Passes at other weights move none of them, and all passes
    over a batch of a step drop the same.

    Under a distribution strategy every replica is given whole batches, and takes its
    rows of those of a step, and of their dropout masks; the cell's normalization, which
    stands in a loop and so cannot hold a collective operation, is over these rows. All
    replicas evaluate the same, the whole text.

    A network may compute in 16 bits. In the policy "mixed_float16" the loss is scaled,
    see `darts_tf.optimization.loss_scale`, and a step with an overflow moves nothing,
    no hidden state either; one with which the text starts still sets them to zeros.

    Args:
        network: Built `LanguageModel` with a `SearchCell`.
        batch_size: Streams of the training and of the validation text in a step.
        valid_batch_size: Streams of the text of `evaluate`.
        order: "first", or "second" for the gradient at the unrolled weights.
        hessian: How the second order's mixed derivative is computed: "exact", or by
            the paper's "finite_difference"; see
            `darts_tf.method.architecture_gradient`.
        gradient_clip: Largest norm of the gradient in w, and of that of the validation
            loss at the unrolled weights, or `None`.
        slowness_weight: Of the penalty on fast changes of the hidden state, in the
            step of w alone.
        seed: Integer of the dropout masks.
        arch_gradient_clip, clip_with_alpha: See `SearchModel`.

    Example:

    ```python
    model = RecurrentSearchModel(network, batch_size=256, order="second")
    model.compile()
    lengths = SequenceLengths()
    model.fit(text_batches.search_batches(train, valid, lengths, seed=0, epoch=0))
    print(network.cell.genotype())
    ```
    """

    clips_unrolled = True

    def __init__(
        self,
        network: LanguageModel,
        batch_size: int,
        valid_batch_size: int = 10,
        order: str = "second",
        hessian: str = "exact",
        gradient_clip: float | None = 0.25,
        slowness_weight: float = 1e-3,
        seed: Any = 0,
        arch_gradient_clip: float | None = None,
        clip_with_alpha: bool = False,
        **kwargs: Any,
    ):
        super().__init__(
            network, batch_size, gradient_clip, slowness_weight, seed, **kwargs
        )
        self._set_method(order, hessian, arch_gradient_clip, clip_with_alpha)
        self.valid_batch_size = valid_batch_size
        rows = batch_size // self.replicas.count
        self.train_state = self._add_state("train_state", rows)
        self.valid_state = self._add_state("valid_state", rows)
        self.evaluation_state = self._add_state("evaluation_state", valid_batch_size)
        self.mean_perplexity = Perplexity("perplexity")
        self.mean_arch_loss = keras.metrics.Mean("arch_loss")
        self.mean_norm = keras.metrics.Mean("gradient_norm")
        self.mean_arch_norm = keras.metrics.Mean("arch_gradient_norm")
        self.built = True

    def compile(self, optimizer=None, architecture_optimizer=None, **kwargs):
        """Configures the search; defaults are the paper's.

        Args:
            optimizer: `MomentumSGD` for w; its learning rate is for a step of the
                usual length.
            architecture_optimizer: Optimizer for alpha; default `CoupledAdam`.
            **kwargs: See `keras.Model.compile`.
        """
        super().compile(
            optimizer=optimizer
            or MomentumSGD(20.0, momentum=0.0, coupled_weight_decay=5e-7),
            **{"jit_compile": False} | kwargs,
        )
        self._build_optimizers(architecture_optimizer or CoupledAdam(3e-3, beta_1=0.9))
        self.network_loss, self.penalized_loss = (
            NetworkLoss(self.network, loss, self.replicas, loss_scale=self.loss_scale)
            for loss in (self._share, self._penalized_share)
        )

    def _penalized_share(self, labels, output):
        _, length = labels
        return self._share(labels, output) + self._penalty_share(output, length)

    def call(self, inputs, training=False):
        return self.network(inputs, training=training)

    def _step(self, data):
        train, valid = data
        step = self._begin_step()
        train_batch = self._batch(train, self.train_state, TRAIN)
        valid_batch = self._batch(valid, self.valid_state, VALID)
        with self._scaled_learning_rate(train["rate_factor"]):
            architecture, weights, norm = self._move(train_batch, valid_batch)
        counts = step.end(
            [*architecture.alpha, *weights.w],
            own=[
                (self.train_state, train_batch[0]["state"]),
                (self.valid_state, valid_batch[0]["state"]),
            ],
        )
        self._update_metrics(architecture, weights, norm, (train, valid), counts)
        return self.get_metrics_result()

    def _batch(self, batch, state, role):
        """Arguments of `NetworkLoss.on_batch`, the same for every pass of a step."""
        seeds = tf.constant([self.seed, role], tf.int64)
        inputs = self._replica_inputs(batch, state, seeds)
        return inputs, (inputs["targets"], batch["length"]), self._drawn(role)

    def _validation_batch(self, batch):
        inputs, labels, _ = self._batch(batch, self.valid_state, VALID)
        return inputs, labels, self._drawn_by_edges()

    @contextlib.contextmanager
    def _scaled_learning_rate(self, factor):
        """Multiplies the learning rate of w for the time of a step."""
        variable = self.optimizer.learning_rate
        usual = tf.identity(variable.value)
        self._scale_learning_rate(usual, factor)
        yield
        self.replicas.assign([variable], [usual])

    def _architecture_step(self, train_batch, valid_batch):
        gradients = super()._architecture_step(train_batch, valid_batch)
        output, _ = gradients.aux
        self.valid_state.assign(output.state)
        return gradients

    def _weight_step(self, train_batch):
        gradients, norm = self._move_w(self.penalized_loss.on_batch(*train_batch))
        output, _ = gradients.aux
        self.train_state.assign(output.state)
        return gradients, norm

    def _update_metrics(self, architecture, weights, norm, data, counts):
        """Updates all metrics from both `Gradients` of a step.

        Args:
            architecture, weights: `Gradients` of alpha and of w.
            norm: Norm of the latter.
            data: Pair of batches.
            counts: See `update_mean`.
        """
        train, valid = data
        if not self._reads_validation:
            valid = train
        # The loss that the metrics show is without the penalty.
        output, _ = weights.aux
        loss = self.replicas.total(self._share((None, train["length"]), output))
        for metric, value, weight in (
            (self.mean_loss, loss, train["length"]),
            (self.mean_perplexity, loss, train["length"]),
            (self.mean_norm, norm, None),
            (self.mean_arch_loss, architecture.loss, valid["length"]),
            (self.mean_arch_norm, tf.linalg.global_norm(architecture.alpha), None),
        ):
            update_mean(metric, value, counts, weight)

    def test_step(self, data):
        inputs = {key: data[key] for key in ("tokens", "targets", "length")}
        inputs["state"] = carried(self.evaluation_state, data["starts"])
        output = self.network(inputs, coefficients=self._settled_coefficients())
        self.evaluation_state.assign(output.state)
        loss = cross_entropy(data["targets"], output, data["length"])
        metrics = (self.mean_loss, self.mean_perplexity)
        for metric in metrics:
            metric.update_state(loss, sample_weight=data["length"])
        return {metric.name: metric.result() for metric in metrics}

    def measured(
        self, batch: Mapping[str, tf.Tensor], coefficients: Any, state: Any = None
    ) -> tuple[dict[str, tf.Tensor], tf.Tensor, tf.Tensor]:
        """Measures the network with other coefficients, and changes nothing.

        Args:
            batch: As of `evaluate`.
            coefficients: As of `Architecture.coefficients`.
            state: The hidden state before the batch, zeros by default.

        Returns:
            Tuple of the numbers by name, of the number of words that they are the
            means of, and of the hidden state after the batch.
        """
        inputs = {key: batch[key] for key in ("tokens", "targets", "length")}
        if state is not None:
            inputs["state"] = tf.where(batch["starts"], tf.zeros_like(state), state)
        output = self.network(inputs, coefficients=coefficients)
        loss = cross_entropy(batch["targets"], output, batch["length"])
        return {"loss": loss}, batch["length"], output.state

    def get_config(self):
        names = (
            "batch_size",
            "valid_batch_size",
            "order",
            "hessian",
            "gradient_clip",
            "slowness_weight",
            "seed",
            "arch_gradient_clip",
            "clip_with_alpha",
        )
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            **{name: getattr(self, name) for name in names},
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config.pop("network"))
        return cls(network, **config)
