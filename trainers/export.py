"""Exports a trained network.

`python -m trainers.export --run=runs/eval --output=served --format=onnx`
"""

import sys

from absl import app, logging

from darts_tf.errors import UserError
from darts_tf.export.exporters import export_run
from flags import export as export_flags


def main(argv):
    if len(argv) > 1:
        raise app.UsageError(f"Unexpected argument: {argv[1]}")
    # TensorFlow warns of gradients that a converter leaves out.
    logging.set_verbosity(logging.ERROR)
    try:
        print(export_run(export_flags.to_config()))
    except (UserError, OSError) as error:
        sys.exit(f"trainers.export: {error}")


if __name__ == "__main__":
    export_flags.define()
    app.run(main)
