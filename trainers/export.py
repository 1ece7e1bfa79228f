"""Exports a trained network.

`python -m trainers.export --run=runs/eval --output=served --format=onnx`
"""

from absl import logging

from darts_tf.distribution.interruption import sigterm_raises
from darts_tf.serving.exporters import export_run
from flags.export import export_flags
from trainers import program


def main():
    with sigterm_raises():
        print(export_run(export_flags.to_config()))


def run():
    """Runs this binary, as a script or an installed command."""
    # Only errors are logged, since TensorFlow warns of each gradient that a converter
    # leaves out.
    program.run(main, export_flags.define(), __doc__, verbosity=logging.ERROR)


if __name__ == "__main__":
    run()
