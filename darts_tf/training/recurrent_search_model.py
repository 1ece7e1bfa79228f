"""The Keras model whose `fit` searches a recurrent cell (paper, section 3.1.2)."""

import contextlib

import keras
import tensorflow as tf

from darts_tf import architecture_gradient
from darts_tf.errors import invalid_value
from darts_tf.recurrent import cross_entropy, slowness
from darts_tf.traced import opaque_calls
from darts_tf.training.language_parts import part_of_inputs
from darts_tf.training.network_objective import NetworkLoss
from darts_tf.training.optimizers import CoupledAdam, MomentumSGD
from darts_tf.training.replicas import Replicas
from darts_tf.training.whole_batch_model import WholeBatchModel

_PRODUCTS = {
    "exact": architecture_gradient.exact_product,
    "finite_difference": architecture_gradient.finite_difference_product,
}
_TRAIN, _VALID = 0, 1


class Perplexity(keras.metrics.Mean):
    """Exponential of the mean loss."""

    def result(self):
        return tf.exp(super().result())


@keras.saving.register_keras_serializable("darts_tf.recurrent")
class RecurrentSearchModel(WholeBatchModel):
    """Searches a recurrent cell: each step moves alpha, then w.

    `fit` takes pairs of batches, of the training and the validation text, as
    `darts_tf.data.text_batches.search_batches` makes them; `evaluate` takes batches of
    `evaluation_batches`. Each of these texts has a hidden state of its own that is
    carried from step to step, without gradient across steps, and begins with zeros
    where the text does. Passes at other weights move none of them, and all passes over
    a batch of a step drop the same.

    Under a distribution strategy every replica is given whole batches, and takes its
    rows of those of a step, and of their dropout masks; the cell's normalization, which
    stands in a loop and so cannot hold a collective operation, is over these rows. All
    replicas evaluate the same, the whole text.

    Args:
        network: Built `LanguageModel` with a `SearchCell`.
        batch_size: Streams of the training and of the validation text in a step.
        valid_batch_size: Streams of the text of `evaluate`.
        order: "first", or "second" for the gradient at the unrolled weights.
        hessian: How the second order's mixed derivative is computed: "exact", or by
            the paper's "finite_difference"; see `darts_tf.architecture_gradient`.
        gradient_clip: Largest norm of the gradient in w, and of that of the validation
            loss at the unrolled weights, or `None`.
        slowness_weight: Of the penalty on fast changes of the hidden state, in the
            step of w alone.
        seed: Integer of the dropout masks.

    Example:

    ```python
    model = RecurrentSearchModel(network, batch_size=256, order="second")
    model.compile()
    model.fit(text_batches.search_batches(train, valid, SequenceLengths(), seed=0))
    print(network.cell.genotype())
    ```
    """

    def __init__(
        self,
        network,
        batch_size,
        valid_batch_size=10,
        order="second",
        hessian="exact",
        gradient_clip=0.25,
        slowness_weight=1e-3,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value, choices in (
            ("order", order, ("first", "second")),
            ("hessian", hessian, tuple(_PRODUCTS)),
        ):
            if value not in choices:
                raise invalid_value(name, f"one of {choices}", value)
        self.network = network
        self.batch_size, self.valid_batch_size = batch_size, valid_batch_size
        self.order, self.hessian = order, hessian
        self.gradient_clip, self.slowness_weight = gradient_clip, slowness_weight
        self.seed = seed
        self.replicas = Replicas()
        rows = batch_size // self.replicas.count
        self.train_state = self._add_state("train_state", rows)
        self.valid_state = self._add_state("valid_state", rows)
        self.evaluation_state = self._add_state("evaluation_state", valid_batch_size)
        self.mean_loss = keras.metrics.Mean("loss")
        self.mean_perplexity = Perplexity("perplexity")
        self.mean_arch_loss = keras.metrics.Mean("arch_loss")
        self.mean_norm = keras.metrics.Mean("gradient_norm")
        self.mean_arch_norm = keras.metrics.Mean("arch_gradient_norm")
        self.built = True

    def _add_state(self, name, rows):
        shape = (rows, self.network.cell.units)
        return self.replicas.own_variable(shape, self.network.compute_dtype, name)

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
        self.architecture_optimizer = architecture_optimizer or CoupledAdam(
            3e-3, beta_1=0.9
        )
        self.loss_function, self.penalized_loss = (
            NetworkLoss(self.network, loss, self.replicas, jit_compile=self.jit_compile)
            for loss in (self._share, self._penalized_share)
        )
        self.optimizer.build(self.network.weights_w)
        self.architecture_optimizer.build(self.network.alphas)

    def _share(self, labels, output):
        """One replica's share of the loss of the batch."""
        return _loss(labels, output) / self.replicas.count

    def _penalized_share(self, labels, output):
        _, length = labels
        penalty = self.slowness_weight * slowness(output, length)
        return self._share(labels, output) + penalty / self.replicas.count

    def call(self, inputs, training=False):
        return self.network(inputs, training=training)

    def train_step(self, data):
        return opaque_calls(self._step, self.jit_compile)(data)

    def _step(self, data):
        train, valid = data
        train_batch = self._batch(train, self.train_state, _TRAIN)
        valid_batch = self._batch(valid, self.valid_state, _VALID)
        with self._scaled_learning_rate(train["rate_factor"]):
            self._architecture_step(train_batch, valid_batch)
            self._weight_step(train_batch)
        return self.get_metrics_result()

    def _batch(self, batch, state, role):
        """Arguments of `NetworkLoss.on_batch`, the same for every pass of a step."""
        role_seed = tf.constant([self.seed, role], tf.int64)
        seed = tf.random.experimental.stateless_fold_in(
            role_seed, self.optimizer.iterations.value
        )
        inputs = part_of_inputs(
            self.replicas,
            {
                "tokens": batch["tokens"],
                "targets": batch["targets"],
                "length": batch["length"],
                "state": _carried(state, batch["starts"]),
                "masks": self.network.draw_masks(self.batch_size, seed),
            },
        )
        return inputs, (inputs["targets"], batch["length"])

    @contextlib.contextmanager
    def _scaled_learning_rate(self, factor):
        """Multiplies the learning rate of w for the time of a step."""
        variable = self.optimizer.learning_rate
        usual = tf.identity(variable.value)
        self.replicas.assign([variable], [usual * tf.cast(factor, usual.dtype)])
        yield
        self.replicas.assign([variable], [usual])

    def architecture_gradients(self, train_batch, valid_batch):
        """Gradient in alpha that the next step would use; changes nothing.

        Args:
            train_batch, valid_batch: Tuples of the inputs of the network and of a pair
                `(targets, length)`.

        Returns:
            `Gradients`, its `aux` the network's output for the validation batch and
            the values of its non-trainable variables.
        """
        w, alpha = self._values()
        valid = self.loss_function.on_batch(*valid_batch)
        if self.order == "first":
            return architecture_gradient.first_order(valid, w, alpha)
        return architecture_gradient.second_order(
            self.loss_function.on_batch(*train_batch),
            valid,
            w,
            alpha,
            xi=tf.cast(self.optimizer.learning_rate, w[0].dtype),
            direction=lambda gradients: self.optimizer.direction(gradients, w),
            product=_PRODUCTS[self.hessian],
            clip_norm=self.gradient_clip,
        )

    def _architecture_step(self, train_batch, valid_batch):
        gradients = self.architecture_gradients(train_batch, valid_batch)
        self.replicas.apply(
            self.architecture_optimizer, gradients.alpha, self.network.alphas
        )
        output, _ = gradients.aux
        self.valid_state.assign(output.state)
        _, (_, length) = valid_batch
        self.mean_arch_loss.update_state(gradients.loss, sample_weight=length)
        norm = architecture_gradient.inner_product(gradients.alpha, gradients.alpha)
        self.mean_arch_norm.update_state(tf.sqrt(norm))

    def _weight_step(self, train_batch):
        gradients = self.penalized_loss.on_batch(*train_batch).gradients(
            *self._values()
        )
        clipped, _, norm = architecture_gradient.clip_by_norm(
            gradients.w, self.gradient_clip
        )
        self.replicas.apply(self.optimizer, clipped, self.network.weights_w)
        output, _ = gradients.aux
        self.train_state.assign(output.state)
        _, labels = train_batch
        _, length = labels
        self._update_loss(self.replicas.total(self._share(labels, output)), length)
        self.mean_norm.update_state(norm)

    def test_step(self, data):
        inputs = {key: data[key] for key in ("tokens", "targets", "length")}
        inputs["state"] = _carried(self.evaluation_state, data["starts"])
        output = self.network(inputs)
        self.evaluation_state.assign(output.state)
        loss = cross_entropy(data["targets"], output, data["length"])
        self._update_loss(loss, data["length"])
        metrics = (self.mean_loss, self.mean_perplexity)
        return {metric.name: metric.result() for metric in metrics}

    def _update_loss(self, loss, length):
        for metric in (self.mean_loss, self.mean_perplexity):
            metric.update_state(loss, sample_weight=length)

    def _values(self):
        """Values of w and alpha as tensors; variables would be traced twice."""
        return tuple(
            [tf.convert_to_tensor(variable) for variable in variables]
            for variables in (self.network.weights_w, self.network.alphas)
        )

    def get_config(self):
        names = (
            "batch_size",
            "valid_batch_size",
            "order",
            "hessian",
            "gradient_clip",
            "slowness_weight",
            "seed",
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


def _loss(labels, output):
    """Cross entropy without the slowness penalty."""
    targets, length = labels
    return cross_entropy(targets, output, length)


def _carried(state, starts):
    """The hidden state before a batch: zeros where the text starts."""
    value = tf.convert_to_tensor(state)
    return tf.where(starts, tf.zeros_like(value), value)
