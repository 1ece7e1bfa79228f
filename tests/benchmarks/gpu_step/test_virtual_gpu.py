import pytest
import tensorflow as tf

from benchmarks.gpu_step.virtual_gpu import VirtualGpu
from darts_tf.tensorflow_private import NOT_INLINED


def launches(function, *shapes, layout_pass=False):
    signature = [tf.TensorSpec(shape) for shape in shapes]
    function = tf.function(function, input_signature=signature, autograph=False)
    return VirtualGpu(layout_pass).launches(function.get_concrete_function().graph)


def test_the_passes_are_tensorflows():
    """What is computed twice is merged, and what nobody needs is left out."""

    def step(x):
        tf.math.cosh(x)
        return tf.exp(x) * tf.sin(tf.exp(x))

    assert launches(step, (4,)).operations == {"Exp": 1, "Sin": 1, "Mul": 1}


def test_results_stay_however_little_they_need():
    assert launches(lambda x: (tf.exp(x), x, tf.ones([2])), (4,)).operations == {
        "Exp": 1
    }


def test_a_function_is_optimized_and_counts_as_often_as_it_is_called():
    def twice(x):
        return tf.exp(x) * tf.sin(tf.exp(x)), tf.square(x)

    function = tf.function(twice, autograph=False, experimental_attributes=NOT_INLINED)
    count = launches(lambda x: function(function(x)[0])[0], (4,))
    assert count.operations == {"Exp": 2, "Sin": 2, "Mul": 2, "Square": 2}


def test_a_program_of_xla_is_one_operation():
    compiled = tf.function(lambda x: tf.exp(tf.exp(x)), jit_compile=True)
    count = launches(lambda x: tf.sin(compiled(compiled(x))), (4,))
    assert count.operations == {"Sin": 1} and count.total == 3
    assert [*count.programs.values()] == [2]


@pytest.mark.parametrize("layout_pass, transposes", [(False, 0), (True, 2)])
def test_the_layout_pass_transposes_before_and_after(layout_pass, transposes):
    pool = tf.function(
        lambda x: tf.nn.avg_pool2d(x, 3, 1, "SAME"),
        experimental_attributes=NOT_INLINED,
    )
    count = launches(lambda x: pool(x), (2, 8, 8, 4), layout_pass=layout_pass)
    assert count.operations["AvgPool"] == 1
    assert count.operations["Transpose"] == transposes
