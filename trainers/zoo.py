"""Builds the networks of the published tables, and prints these beside what was built.

`python -m trainers.zoo --output=tables`, or `--name=mobilenet_imagenet --summary` for
the layers of one network.
"""

from darts_tf.distribution.interruption import sigterm_raises
from darts_tf.published_tables.output import published_tables
from flags.zoo import zoo_flags
from trainers import program


def main():
    with sigterm_raises():
        print(published_tables(zoo_flags.to_config()))


def run():
    """Runs this binary, as a script or an installed command."""
    program.run(main, zoo_flags.define(), __doc__)


if __name__ == "__main__":
    run()
