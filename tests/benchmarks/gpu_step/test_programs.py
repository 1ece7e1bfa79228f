import tensorflow as tf

from benchmarks.gpu_step.programs import export_program, needed_instructions
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


PROGRAM = """
module @program {
  func.func public @main(%arg0: tensor<2xf32>) -> tensor<f32> {
    %cst = stablehlo.constant dense<0.0> : tensor<f32>
    %0 = stablehlo.negate %arg0 : tensor<2xf32>
    %1:2 = stablehlo.reduce(%0 init: %cst), (%arg0 init: %cst)
     reducer(%arg1: tensor<f32>)  {
      %4 = stablehlo.add %arg1, %arg1 : tensor<f32>
      stablehlo.return %4 : tensor<f32>
    }
    %2 = stablehlo.sine %1#0 : tensor<f32>
    %3 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.add : tensor<f32>
    return %3 : tensor<f32>
  }
}
"""


def test_instructions_without_effect_are_left_out():
    lines = PROGRAM.splitlines(keepends=True)
    expected = "".join([*lines[:4], *lines[11:]])
    assert needed_instructions(PROGRAM) == expected
    assert needed_instructions(expected) == expected
