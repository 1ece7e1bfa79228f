import pytest
from absl import flags

from darts_tf.protocol.config import ProtocolConfig
from flags.protocol import protocol_flags
from tests.flags.programs import parsed


def test_flags_reach_the_configuration():
    values = parsed(protocol_flags)
    assert protocol_flags.to_config(values) == ProtocolConfig()
    assert protocol_flags.output_folder(values).startswith("runs/protocol-")
    values = parsed(
        protocol_flags,
        "--method=darts,random",
        '--search_settings="primitives=none,skip_connect",nodes=2',
        "--output=a",
    )
    assert protocol_flags.to_config(values) == ProtocolConfig(
        method=("darts", "random"),
        search_settings=("primitives=none,skip_connect", "nodes=2"),
    )
    assert protocol_flags.output_folder(values) == "a"


@pytest.mark.parametrize("arguments", [["--searches=0"], ["--protocol=2"], ["--x=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parsed(protocol_flags, *arguments)
