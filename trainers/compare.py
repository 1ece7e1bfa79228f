"""Compares finished runs with each other and with the published networks.

`python -m trainers.compare runs/search-... runs/eval-... --output=comparison`; without
runs it prints the published rows.
"""

from darts_tf.comparison.output import compare
from darts_tf.distribution.interruption import sigterm_raises
from flags.compare import compare_flags
from trainers import program


def main(*runs):
    with sigterm_raises():
        print(compare(runs, compare_flags.to_config()))


def run():
    """Runs this binary, as a script or an installed command."""
    program.run(main, compare_flags.define(), __doc__, argument="[RUN ...]")


if __name__ == "__main__":
    run()
