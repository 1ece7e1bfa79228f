"""The operations for all edges that leave a state at once, as a GPU wants them.

Images of edges are tensors of shape `(edges, channels, batch, height, width)`, where
one edge may stand for all: each number that a normalization needs is a sum along a row
of memory, a pointwise convolution is a batched product without a transposition, and a
shift of an image is one slice. Kernels have the edges in front of their own shape.

All is made of sums, products, slices and paddings, which XLA joins to few programs for
a GPU. Every operation has a gradient of its own, which keeps no more than it needs. It
can be differentiated once, since `tf.custom_gradient` in a traced function can.
"""
