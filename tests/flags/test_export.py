import pytest
from absl import flags

from darts_tf.serving.export_config import ExportConfig
from flags.export import export_flags
from tests.flags.programs import config_of, parsed

REQUIRED = ("--run=runs/eval", "--output=served")


def test_flags_reach_the_configuration():
    expected = ExportConfig("runs/eval", "served")
    assert config_of(export_flags, *REQUIRED) == expected
    config = config_of(
        export_flags,
        *REQUIRED,
        "--format=onnx",
        "--image_size=48",
        "--mean=0.5,0.25,1",
        "--std=1,1,0.1",
        "--class_names=cat,dog",
        "--verify_latency",
        "--threads=2",
    )
    expected = ExportConfig(
        "runs/eval",
        "served",
        "onnx",
        48,
        (0.5, 0.25, 1.0),
        (1.0, 1.0, 0.1),
        ("cat", "dog"),
        verify_latency=True,
        threads=2,
    )
    assert config == expected


@pytest.mark.parametrize(
    "arguments, name",
    [
        (REQUIRED[:1], "output"),
        (REQUIRED[1:], "run"),
        ((*REQUIRED, "--format=caffe"), "format"),
        ((*REQUIRED, "--image_size=0"), "image_size"),
        ((*REQUIRED, "--threads=0"), "threads"),
        ((*REQUIRED, "--mean=a,b"), "mean"),
        ((*REQUIRED, "--mean=inf"), "mean"),
        ((*REQUIRED, "--std=0.5,0"), "std"),
    ],
)
def test_bad_values(arguments, name):
    with pytest.raises(flags.Error, match=name):
        parsed(export_flags, *arguments)
