"""Searches cells for several targets of the cost, and shows what they come to.

`python -m trainers.front --targets=200,300,400 --cost=mult_adds --output=runs/front`;
the same command continues what was cut off.
"""

from pathlib import Path

from darts_tf.costs.registry import unit_of
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.front.run import FIGURE_FILE, TABLE_FILE, find_front, front_in_words
from flags.front import front_flags
from trainers import program


def main():
    config, output = front_flags.to_config(), front_flags.output_folder()
    configure_runtime(config)
    with program.continued_by_same_command(output):
        cells = find_front(config, output)
    print(f"\n{front_in_words(cells, unit_of(config.cost))}")
    print(*(Path(output) / name for name in (TABLE_FILE, FIGURE_FILE)), sep="\n")


def run():
    """Runs this binary, as a script or an installed command."""
    program.run(main, front_flags.define(), __doc__)


if __name__ == "__main__":
    run()
