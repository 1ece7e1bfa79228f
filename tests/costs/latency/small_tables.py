"""Tables of made-up times, which nobody has measured."""

from darts_tf.costs.cost_model import NetworkPart
from darts_tf.costs.latency.machine import processor_name
from darts_tf.costs.latency.table import Entry, LatencyTable

CONVOLUTION = NetworkPart("operation", "sep_conv_3x3", 1, 4, 4, 8, 8)
POOL = NetworkPart("operation", "max_pool_3x3", 2, 4, 4, 8, 8)
CALL = NetworkPart("call", "", 1, 3, 3, 8, 8)


def small_table(path="table.json", certain=True, **changes):
    """A table of three entries; one of 3 % of the time is certain or not."""
    fields = {
        "runtime": "litert",
        "threads": 1,
        "processor": processor_name(),
        "versions": {"ai_edge_litert": "1.2"},
        "reference": CONVOLUTION,
        "milliseconds": 0.5,
        "scale": 1.0,
        "entries": {
            CONVOLUTION: Entry(0.9, 0.01, True),
            POOL: Entry(0.07, 0.0, True),
            CALL: Entry(0.03, 0.02, certain),
        },
        "path": str(path),
    }
    return LatencyTable(**{**fields, **changes})


def table_of(parts, path="table.json"):
    """A table of some parts, each of which takes a hundredth of a millisecond."""
    entries = {part: Entry(0.02, 0.0, True) for part in parts}
    return small_table(path, entries=entries)
