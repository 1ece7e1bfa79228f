"""Search networks whose stem or head is none of ours."""

from darts_tf.autodiff import dual
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method.architecture import Architecture


class VariantNetwork(SearchNetwork):
    """A search network of our cells; a subclass has another stem or head."""

    def _build_stem(self, shape):
        """Builds the stem; returns the shapes of its outputs that cells read."""
        self.stem_convolution.build(shape)
        shape = self.stem_convolution.compute_output_shape(shape)
        self.stem_normalization.build(shape)
        return {-1: shape}

    def _stem(self, x, training):
        """Returns the positive parts of the stem's outputs."""
        y = dual.call_layer(self.stem_convolution, x)
        return {-1: elementwise.relu(self.stem_normalization(y, training=training))}

    def _build_head(self, shape):
        self.pooling.build(shape)
        self.classifier.build(self.pooling.compute_output_shape(shape))

    def _head(self, x, training):
        return self.classifier(self.pooling(x))

    def build(self, input_shape):
        self.architecture = Architecture(self.space, self.method, self.add_weight)
        inputs, shapes = self.skeleton.next_inputs(-1, self._build_stem(input_shape))
        for index, cell in enumerate(self.cells):
            cell.build(inputs)
            shapes[index] = shape = cell.compute_output_shape(inputs)
            inputs, shapes = self.skeleton.next_inputs(index, shapes)
        self._build_head(shape)
        self.built = True

    def call(self, inputs, training=False, constant_weights=False, coefficients=None):
        if coefficients is None:
            coefficients = self.coefficients()
        inputs, states = self.skeleton.next_inputs(-1, self._stem(inputs, training))
        for index, cell in enumerate(self.cells):
            output = cell(
                inputs=inputs,
                coefficients=coefficients[self.skeleton.cells[index].kind],
                training=training,
                constant_weights=constant_weights,
            )
            states[index] = elementwise.relu(output)
            inputs, states = self.skeleton.next_inputs(index, states)
        return self._head(output, training)
