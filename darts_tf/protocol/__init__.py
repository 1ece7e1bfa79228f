"""The protocols by which papers compare methods, as one run of many parts."""

from darts_tf.protocol.config import ProtocolConfig as ProtocolConfig
from darts_tf.protocol.run import run_protocol as run_protocol
