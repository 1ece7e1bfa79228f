import pytest
import tensorflow as tf

from benchmarks.search_step.graph_costs import TracedGraph


def traced(function, *shapes):
    signature = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    function = tf.function(function, input_signature=signature, autograph=False)
    return TracedGraph(function.get_concrete_function().graph)


def test_counts_what_a_result_needs():
    def step(x, y):
        tf.exp(x)
        tf.range(tf.shape(x)[0])
        return tf.reshape(tf.matmul(x, y), [-1])

    costs = traced(step, (2, 3), (3, 5)).costs
    assert costs.operations == {"MatMul": 1}
    assert costs.bytes == {"MatMul": 4 * (2 * 3 + 3 * 5 + 2 * 5)}
    assert costs.flops == {"MatMul": 2 * 2 * 3 * 5}


def test_a_function_counts_as_often_as_it_is_called():
    square = tf.function(tf.square, experimental_attributes={"_noinline": True})
    twice = traced(lambda x: square(square(x)), (4,))
    once = traced(lambda x: square(x), (4,))
    assert twice.costs.operations == {"Square": 2}
    assert twice.costs.bytes == {"Square": 64}
    assert twice.num_nodes == once.num_nodes + 1


def test_a_loop_counts_as_often_as_it_goes_round():
    def step(x, y):
        return tf.scan(lambda state, row: tf.exp(state + row), x, y)

    signature = [tf.TensorSpec(shape) for shape in ((5, 4), (4,))]
    graph = tf.function(step, signature, autograph=False).get_concrete_function().graph
    costs = TracedGraph(graph, loop_steps=5).costs
    assert costs.operations["Exp"] == 5
    assert costs.flops["Exp"] == 5 * 4


def test_a_compiled_function_is_one_operation():
    compiled = tf.function(lambda x: tf.exp(tf.exp(x)), jit_compile=True)
    costs = traced(lambda x: compiled(x), (4,)).costs
    assert costs.operations.total() == 1
    assert costs.bytes.total() == 2 * 16


def test_gradients_of_variables_are_needed():
    variable = tf.Variable(tf.ones([4]))

    def step(x):
        variable.assign_add(tf.exp(x))

    operations = traced(step, (4,)).costs.operations
    assert operations == {"Exp": 1, "AssignAddVariableOp": 1}


@pytest.mark.parametrize(
    "convolve, kernel, flops",
    [
        (lambda x, k: tf.nn.conv2d(x, k, 2, "SAME"), (3, 3, 2, 6), 2 * 24 * 18),
        (
            lambda x, k: tf.nn.depthwise_conv2d(x, k, [1, 2, 2, 1], "SAME"),
            (3, 3, 2, 1),
            2 * 8 * 9,
        ),
    ],
)
def test_both_gradients_of_a_convolution_cost_as_much(convolve, kernel, flops):
    def step(x, k):
        with tf.GradientTape() as tape:
            tape.watch([x, k])
            y = convolve(x, k)
        return y, tape.gradient(y, [x, k])

    costs = traced(step, (1, 4, 4, 2), kernel).costs
    counted = [n for op, n in costs.flops.items() if "onv" in op]
    assert counted == 3 * [flops]


def test_unknown_shapes_have_no_bytes():
    costs = traced(tf.exp, (None, 3)).costs
    assert costs.operations == {"Exp": 1} and costs.bytes.total() == 0
