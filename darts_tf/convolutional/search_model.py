"""The Keras model whose `fit` searches an architecture (paper, algorithm 1)."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.convolutional.kernel_freezing import KernelFreezing
from darts_tf.distribution.distributed_model import DistributedModel
from darts_tf.distribution.replicas import Replicas
from darts_tf.method.network_loss import NetworkLoss
from darts_tf.method.search.architecture_search import TRAIN, VALID, ArchitectureSearch
from darts_tf.optimization.loss_scale import update_mean
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD


@keras.saving.register_keras_serializable("darts_tf")
class SearchModel(ArchitectureSearch, DistributedModel):
    """Searches an architecture: each step moves alpha, then w.

    `fit` takes a dataset of pairs `((x_train, y_train), (x_valid, y_valid))`, one
    batch of each half of the training data. A step of DARTS first descends the
    validation loss in alpha, then, with the new alpha, the training loss in w.
    `evaluate` and `predict` take plain data.

    Args:
        network: Search network with an `architecture` and `weights_w`, built. Its
            `method` says what a step does.
        order: "first", or "second" for the gradient at the unrolled weights.
        hessian: How the second order's mixed derivative is computed: "exact", or by
            the paper's "finite_difference"; see
            `darts_tf.method.architecture_gradient`.
        gradient_clip: Largest norm of the gradient in w, or `None`.
        sync_batch_norm: Whether the statistics of batch normalization are those of
            the global batch where a distribution strategy has several replicas.
            Otherwise each replica has its own, and the moving ones are the mean.
            Either way all replicas must get equal parts of each batch of `fit`.
        seed: Integer of what the network's method draws.
        arch_gradient_clip: Largest norm of the gradient in alpha, or `None`.
        clip_with_alpha: Whether the norm by which the gradient in w is clipped is that
            of the training loss in both, w and alpha.

    A network may compute in 16 bits. In the policy "mixed_float16" the loss is scaled,
    see `darts_tf.optimization.loss_scale`, and a step with an overflow moves nothing.

    Example:

    ```python
    network = SearchNetwork(num_classes=10)
    network.build((None, 32, 32, 3))
    model = SearchModel(network, order="second")
    model.compile()
    model.fit(pairs, epochs=50)
    print(network.genotype())
    ```
    """

    def __init__(
        self,
        network: keras.Model,
        order: str = "second",
        hessian: str = "exact",
        gradient_clip: float | None = 5.0,
        sync_batch_norm: bool = True,
        seed: int = 0,
        arch_gradient_clip: float | None = None,
        clip_with_alpha: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.network, self.seed = network, seed
        self._set_method(order, hessian, arch_gradient_clip, clip_with_alpha)
        self.gradient_clip = gradient_clip
        self.sync_batch_norm = sync_batch_norm
        self.search_metrics = [
            keras.metrics.Mean("arch_loss"),
            keras.metrics.SparseCategoricalAccuracy("arch_accuracy"),
            keras.metrics.Mean("gradient_norm"),
            keras.metrics.Mean("arch_gradient_norm"),
        ]

    def build(self, input_shape):
        if not self.network.built:
            self.network.build(input_shape)
        self.built = True

    def compile(
        self,
        optimizer=None,
        architecture_optimizer=None,
        loss=None,
        metrics=("accuracy",),
        jit_compile=False,
        cost=None,
        **kwargs,
    ):
        """Configures the search; defaults are the paper's.

        Args:
            optimizer: `MomentumSGD` for w.
            architecture_optimizer: Optimizer for alpha; default `CoupledAdam`.
            loss: Loss of labels and logits; default sparse categorical
                cross-entropy.
            metrics: Metrics of labels and logits.
            jit_compile: Whether XLA compiles the step, once. Off by default: that
                takes minutes for a network of the paper's size. It cannot be with a
                target for the cost.
            cost: `ArchitectureCost` of the derived network, or `None`.
            **kwargs: See `keras.Model.compile`.
        """
        if not self.network.built:
            raise ValueError(
                "Received a network that is not built. Call `network.build((None, "
                "height, width, channels))` before `compile`."
            )
        if loss is None:
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        super().compile(
            optimizer=optimizer or MomentumSGD(),
            loss=loss,
            metrics=list(metrics),
            jit_compile=jit_compile,
            **kwargs,
        )
        self.replicas = Replicas()
        self._build_optimizers(architecture_optimizer or CoupledAdam(), cost)
        if self.method.freezing:
            self._freezing = KernelFreezing(self.network, self.method.freezing)
        self.network_loss = NetworkLoss(
            self.network,
            lambda y, y_pred: self.compute_loss(None, y, y_pred),
            self.replicas,
            self.sync_batch_norm and self.replicas.count > 1,
            self.loss_scale,
        )
        # Keras would build the metrics from a first batch, and expects that to be (x,
        # y).
        self.build_metrics()
        self.built = True

    def call(self, inputs, training=False):
        return self.network(
            inputs, training=training, coefficients=self._settled_coefficients()
        )

    def _step(self, data):
        train_batch, valid_batch = data
        step = self._begin_step()
        architecture, weights, norm = self._move(
            (*train_batch, self._drawn(TRAIN)), (*valid_batch, self._drawn(VALID))
        )
        if self._freezing and self._reads_validation:
            self._freezing.update(weights.w, architecture.w, self.replicas)
        counts = step.end([*architecture.alpha, *weights.w])
        self._update_metrics(architecture, weights, norm, data, counts)
        return self.get_metrics_result()

    def _validation_batch(self, batch):
        images, labels = (self.replicas.part(x) for x in batch)
        return images, labels, self._drawn_by_edges()

    def measured(
        self, batch: Sequence[tf.Tensor], coefficients: Any, state: Any = None
    ) -> tuple[dict[str, tf.Tensor], tf.Tensor, Any]:
        """Measures the network with other coefficients, and changes nothing.

        Args:
            batch: Images and labels, which are normalized by their own statistics.
            coefficients: As of `Architecture.coefficients`.
            state: Of no use here.

        Returns:
            Tuple of the numbers by name, of the number of images that they are the
            means of, and of `state`.
        """
        w, _ = self._values()
        objective = self.network_loss.untraced_on_batch(*batch, constant_weights=True)
        loss, (logits, _) = objective.loss(w, coefficients)
        labels = tf.cast(batch[1], tf.int64)
        hits = tf.cast(tf.argmax(logits, axis=-1) == labels, tf.float64)
        numbers = {"accuracy": tf.reduce_mean(hits), "loss": loss}
        return numbers, tf.shape(labels)[0], state

    def _weight_step(self, train_batch):
        gradients, norm = self._move_w(self.network_loss.on_batch(*train_batch))
        _, statistics = gradients.aux
        self.replicas.assign(
            self.network.non_trainable_variables, self.replicas.mean(statistics)
        )
        return gradients, norm

    def _update_metrics(self, architecture, weights, norm, data, counts):
        """Updates all metrics from both `Gradients` of a step.

        Args:
            architecture, weights: `Gradients` of alpha and of w.
            norm: Norm of the latter.
            data: Pair of batches.
            counts: 0.0 for a step that was taken back, or 1.0; `None` for 1.0.
        """
        (images, labels), (_, valid_labels) = data
        in_each = None if counts is None else tf.fill(tf.shape(labels), counts)
        self.compute_metrics(images, labels, weights.aux[0], in_each)
        self._metric("arch_accuracy").update_state(
            valid_labels if self._reads_validation else labels,
            architecture.aux[0],
            in_each,
        )
        for name, value in (
            ("loss", weights.loss),
            ("gradient_norm", norm),
            ("arch_loss", architecture.loss),
            ("arch_gradient_norm", tf.linalg.global_norm(architecture.alpha)),
        ):
            update_mean(self._metric(name), value, counts)

    def evaluate(self, *args, **kwargs):
        """As Keras' own; a dictionary comes without the metrics of the search."""
        # The metrics are left out here rather than in `test_step`, because Keras sums
        # over the replicas only where all metrics are logged.
        results = super().evaluate(*args, **kwargs)
        if not isinstance(results, dict):
            return results
        search_metrics = {metric.name for metric in self.search_metrics}
        return {k: value for k, value in results.items() if k not in search_metrics}

    def _metric(self, name):
        return next(metric for metric in self.metrics if metric.name == name)

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "order": self.order,
            "hessian": self.hessian,
            "gradient_clip": self.gradient_clip,
            "sync_batch_norm": self.sync_batch_norm,
            "seed": self.seed,
            "arch_gradient_clip": self.arch_gradient_clip,
            "clip_with_alpha": self.clip_with_alpha,
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config.pop("network"))
        return cls(network, **config)
