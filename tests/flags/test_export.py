import pytest
from absl import flags

from darts_tf.serving.export_config import ExportConfig
from flags import export as export_flags

REQUIRED = ("--run=runs/eval", "--output=served")


def parse(*arguments):
    values = flags.FlagValues()
    export_flags.define(values)
    values(["trainers.export", *arguments])
    return values


def test_flags_reach_the_configuration():
    expected = ExportConfig("runs/eval", "served")
    assert export_flags.to_config(parse(*REQUIRED)) == expected
    config = export_flags.to_config(
        parse(
            *REQUIRED,
            "--format=onnx",
            "--image_size=48",
            "--mean=0.5,0.25,1",
            "--std=1,1,0.1",
            "--class_names=cat,dog",
            "--verify_latency",
            "--threads=2",
        )
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
        parse(*arguments)
