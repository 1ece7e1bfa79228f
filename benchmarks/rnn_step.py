"""Measures the recurrent search step: `python -m benchmarks.rnn_step --full`."""

import sys

from absl import app

from benchmarks.measurement_runs import compare, sweep
from darts_tf.errors import UserError
from flags import rnn_step as rnn_step_flags


def main(argv):
    if len(argv) > 1:
        raise app.UsageError(f"Unexpected argument: {argv[1]}")
    config = rnn_step_flags.to_config()
    try:
        print(sweep(config) if config.sweep else compare(config))
    except (UserError, OSError) as error:
        sys.exit(f"benchmarks.rnn_step: {error}")


if __name__ == "__main__":
    rnn_step_flags.define()
    app.run(main)
