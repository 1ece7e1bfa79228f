"""Measures the latency of the parts of networks, for searches with a target.

`python -m trainers.measure_latency --runtime=litert --threads=1 --output=table.json`
"""

from absl import flags

from darts_tf.distribution.interruption import sigterm_raises
from darts_tf.experiments.costs.latency_measurement import (
    measure_latency,
    predict_latencies,
)
from flags.measure_latency import latency_flags
from trainers import program


def main():
    output = flags.FLAGS.output
    state = f"the same command with --output={output} continues."
    with sigterm_raises(state), program.continued_by_same_command(output):
        config = latency_flags.to_config()
        table = measure_latency(config)
        print(f"{output}: {table}")
        for line in predict_latencies(config, table):
            print(line, flush=True)


def run():
    """Runs this binary, as a script or an installed command."""
    program.run(main, latency_flags.define(), __doc__)


if __name__ == "__main__":
    run()
