import pytest

from benchmarks.gpu_step.program_kernels import program_kernels

PROGRAM = """\
HloModule jit_step, is_scheduled=true, entry_computation_layout={(f32[512,1024]{1,0})->(f32[512,1024]{1,0})}

%fused_add (param_0: f32[512,1024]) -> f32[512,1024] {
  %param_0 = f32[512,1024]{1,0} parameter(0)
  ROOT %add.1 = f32[512,1024]{1,0} add(%param_0, %param_0)
}

%body (state: (s32[], bf16[8])) -> (s32[], bf16[8]) {
  %state = (s32[], bf16[8]{0}) parameter(0)
  %item = bf16[8]{0} get-tuple-element(%state), index=1
  %copy.1 = bf16[8]{0} copy(%item)
  ROOT %tuple.1 = (s32[], bf16[8]{0}) tuple(%item, %copy.1)
}

ENTRY %main.7 (x: f32[512,1024]) -> (f32[512,1024], bf16[8]) {
  %x = f32[512,1024]{1,0} parameter(0), metadata={op_name="x"}
  %wrapped_add = f32[512,1024]{1,0} fusion(%x), kind=kLoop, calls=%fused_add
  %cudnn-conv = (f32[512,1024]{1,0}, u8[16]{0}) custom-call(%wrapped_add, %x), custom_call_target="__cudnn$convForward"
  %gte = f32[512,1024]{1,0} get-tuple-element(%cudnn-conv), index=0
  %loop = (s32[], bf16[8]{0}) while(%init), condition=%condition, body=%body
  ROOT %result = (f32[512,1024]{1,0}, bf16[8]{0}) tuple(%gte, %loop)
}
"""  # noqa: E501


def test_kernels_and_bytes():
    counts = program_kernels(PROGRAM)
    assert counts.kernels == {"fusion": 1, "custom-call": 1, "copy": 1}
    image = 4 * 512 * 1024
    assert counts.bytes == 2 * image + (3 * image + 16) + 2 * 2 * 8
    assert counts.small == 1


def test_another_text_is_refused():
    with pytest.raises(ValueError, match="ENTRY"):
        program_kernels("module @step {\n}\n")
