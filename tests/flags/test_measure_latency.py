import pytest
from absl import flags

from darts_tf.errors import UserError
from darts_tf.experiments.costs.latency_settings import LatencyConfig
from flags.measure_latency import latency_flags
from tests.flags.programs import config_of


def test_flags_reach_the_configuration():
    assert config_of(latency_flags, "--output=a.json") == LatencyConfig(output="a.json")
    found = config_of(
        latency_flags, "--output=a.json", "--runtime=onnx", "--threads=2", "--layers=8"
    )
    assert found == LatencyConfig(output="a.json", runtime="onnx", threads=2, layers=8)


def test_a_space_settles_what_is_not_given():
    found = config_of(
        latency_flags, "--output=a.json", "--space=nasbench201", "--layers=3"
    )
    assert (found.layers, found.init_channels, found.nodes) == (3, 16, 3)
    assert "nor_conv_3x3" in found.primitives


@pytest.mark.parametrize(
    "arguments",
    [
        ["--output=a", "--runtime=tensorrt"],
        ["--output=a", "--threads=0"],
        ["--output=a", "--image_size=3"],
        ["--output=a", "--num_classes=1"],
        ["--output=a", "--of=1"],
    ],
)
def test_bad_values(arguments):
    with pytest.raises((flags.Error, UserError)):
        config_of(latency_flags, *arguments)
