"""Flags of `trainers.protocol`: the settings of `ProtocolConfig`, and its folder."""

from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.run import NAME
from flags.output_flags import OutputFlags

protocol_flags = OutputFlags(
    ProtocolConfig, NAME, "Folder of the protocol; an existing one continues."
)
