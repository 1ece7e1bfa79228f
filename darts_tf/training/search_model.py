"""The Keras model whose `fit` searches an architecture (paper, algorithm 1)."""

import keras
import tensorflow as tf

from darts_tf import architecture_gradient
from darts_tf.traced import opaque_calls
from darts_tf.training.distributed_model import DistributedModel
from darts_tf.training.network_objective import NetworkLoss
from darts_tf.training.optimizers import CoupledAdam, MomentumSGD
from darts_tf.training.replicas import Replicas

_PRODUCTS = {
    "exact": architecture_gradient.exact_product,
    "finite_difference": architecture_gradient.finite_difference_product,
}


@keras.saving.register_keras_serializable("darts_tf")
class SearchModel(DistributedModel):
    """Searches an architecture: each step moves alpha, then w.

    `fit` takes a dataset of pairs `((x_train, y_train), (x_valid, y_valid))`, one
    batch of each half of the training data. A step first descends the validation
    loss in alpha, then, with the new alpha, the training loss in w. `evaluate` and
    `predict` take plain data.

    Args:
        network: Search network with `alphas`, `weights_w`, built.
        order: "first", or "second" for the gradient at the unrolled weights.
        hessian: How the second order's mixed derivative is computed: "exact", or by
            the paper's "finite_difference"; see `darts_tf.architecture_gradient`.
        gradient_clip: Largest norm of the gradient in w, or `None`.
        sync_batch_norm: Whether the statistics of batch normalization are those of
            the global batch where a distribution strategy has several replicas.
            Otherwise each replica has its own, and the moving ones are the mean.
            Either way all replicas must get equal parts of each batch of `fit`.

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
        network,
        order="second",
        hessian="exact",
        gradient_clip=5.0,
        sync_batch_norm=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value, choices in (
            ("order", order, ("first", "second")),
            ("hessian", hessian, tuple(_PRODUCTS)),
        ):
            if value not in choices:
                raise ValueError(
                    f"Received an invalid value for argument `{name}`, expected one "
                    f"of {choices}. Received: {name}={value!r}."
                )
        self.network = network
        self.order, self.hessian = order, hessian
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
        **kwargs,
    ):
        """Configures the search; defaults are the paper's.

        Args:
            optimizer: `MomentumSGD` for w.
            architecture_optimizer: Optimizer for alpha; default `CoupledAdam`.
            loss: Loss of labels and logits; default sparse categorical
                cross-entropy.
            metrics: Metrics of labels and logits.
            jit_compile: Whether XLA compiles the step. Off by default: on a CPU
                compiling takes more than ten minutes.
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
        self.network_loss = NetworkLoss(
            self.network,
            lambda y, y_pred: self.compute_loss(None, y, y_pred),
            self.replicas,
            self.sync_batch_norm and self.replicas.count > 1,
            self.jit_compile,
        )
        self.architecture_optimizer = architecture_optimizer or CoupledAdam()
        self.optimizer.build(self.network.weights_w)
        self.architecture_optimizer.build(self.network.alphas)
        # Not by Keras, which expects a batch to be (x, y).
        self.build_metrics()
        self.built = True

    def call(self, inputs, training=False):
        return self.network(inputs, training=training)

    def train_step(self, data):
        step = self._step if self.jit_compile else opaque_calls(self._step)
        return step(data)

    def _step(self, data):
        train_batch, valid_batch = data
        self._architecture_step(train_batch, valid_batch)
        self._weight_step(train_batch)
        return self.get_metrics_result()

    def architecture_gradients(self, train_batch, valid_batch):
        """Gradient in alpha that the next step would use; changes nothing.

        Args:
            train_batch, valid_batch: Tuples `(images, labels)`.

        Returns:
            `Gradients`, its `aux` the logits of the validation batch.
        """
        w, alpha = self._values()
        valid = self.network_loss.on_batch(*valid_batch)
        if self.order == "first":
            return architecture_gradient.first_order(valid, w, alpha)
        return architecture_gradient.second_order(
            self.network_loss.on_batch(*train_batch),
            valid,
            w,
            alpha,
            xi=tf.cast(self.optimizer.learning_rate, w[0].dtype),
            direction=lambda gradients: self.optimizer.direction(gradients, w),
            product=_PRODUCTS[self.hessian],
        )

    def _architecture_step(self, train_batch, valid_batch):
        gradients = self.architecture_gradients(train_batch, valid_batch)
        self.replicas.apply(
            self.architecture_optimizer, gradients.alpha, self.network.alphas
        )
        self._metric("arch_loss").update_state(gradients.loss)
        logits, _ = gradients.aux
        self._metric("arch_accuracy").update_state(valid_batch[1], logits)
        norm = architecture_gradient.inner_product(gradients.alpha, gradients.alpha)
        self._metric("arch_gradient_norm").update_state(tf.sqrt(norm))

    def _weight_step(self, train_batch):
        images, labels = train_batch
        gradients = self.network_loss.on_batch(images, labels).gradients(
            *self._values()
        )
        logits, statistics = gradients.aux
        clipped, _, norm = architecture_gradient.clip_by_norm(
            gradients.w, self.gradient_clip
        )
        self.replicas.apply(self.optimizer, clipped, self.network.weights_w)
        self.replicas.assign(
            self.network.non_trainable_variables, self.replicas.mean(statistics)
        )
        self.compute_metrics(images, labels, logits)
        self._metric("loss").update_state(gradients.loss)
        self._metric("gradient_norm").update_state(norm)

    def evaluate(self, *args, **kwargs):
        """As Keras' own; a dictionary comes without the metrics of the search."""
        # Not in `test_step`: Keras sums over replicas where all metrics are logged.
        results = super().evaluate(*args, **kwargs)
        if not isinstance(results, dict):
            return results
        search_metrics = {metric.name for metric in self.search_metrics}
        return {k: value for k, value in results.items() if k not in search_metrics}

    def _metric(self, name):
        return next(metric for metric in self.metrics if metric.name == name)

    def _values(self):
        """Values of w and alpha as tensors; variables would be traced twice."""
        return tuple(
            [tf.convert_to_tensor(variable) for variable in variables]
            for variables in (self.network.weights_w, self.network.alphas)
        )

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "order": self.order,
            "hessian": self.hessian,
            "gradient_clip": self.gradient_clip,
            "sync_batch_norm": self.sync_batch_norm,
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config.pop("network"))
        return cls(network, **config)
