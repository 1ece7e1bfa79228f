"""Measures the search step: `python -m benchmarks.search_step --full`."""

import sys

from absl import app

from benchmarks.measurement_runs import compare, sweep
from darts_tf.errors import UserError
from flags import search_step as search_step_flags


def main(argv):
    if len(argv) > 1:
        raise app.UsageError(f"Unexpected argument: {argv[1]}")
    config = search_step_flags.to_config()
    try:
        print(sweep(config) if config.sweep else compare(config))
    except (UserError, OSError) as error:
        sys.exit(f"benchmarks.search_step: {error}")


if __name__ == "__main__":
    search_step_flags.define()
    app.run(main)
