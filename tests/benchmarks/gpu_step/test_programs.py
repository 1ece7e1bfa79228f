import tensorflow as tf

from benchmarks.gpu_step.programs import export_program
from benchmarks.gpu_step.run_exported import ExportedStep
from benchmarks.gpu_step.virtual_gpu import VirtualGpu


def test_a_program_is_exported_by_itself(tmp_path):
    compiled = tf.function(
        lambda x, y: (tf.exp(x) @ y, 2.0 * y), autograph=False, jit_compile=True
    )
    step = tf.function(lambda x, y: compiled(x, tf.sin(y)), autograph=False)
    specs = [tf.TensorSpec(shape) for shape in ((2, 3), (3, 4))]
    graph = step.get_concrete_function(*specs).graph
    (name,) = VirtualGpu(layout_pass=False).launches(graph).programs
    export_program(graph.as_graph_def(add_shapes=True), name, tmp_path)
    program = ExportedStep(tmp_path)
    assert [x.shape for x in program.inputs] == [(2, 3), (3, 4)]
    assert [x.shape for x in program.outputs] == [(2, 4), (3, 4)]
    assert "stablehlo.exponential" in program.text
    assert "stablehlo.sine" not in program.text
