"""Compares search methods by the protocol of a paper: searches, choices, trainings.

`python -m trainers.protocol --method=darts,random --output=runs/protocol`; the same
command continues what was cut off.
"""

from darts_tf.distribution.interruption import sigterm_raises
from darts_tf.protocol import run_protocol
from flags.protocol import protocol_flags
from trainers import program


def main():
    config, output = protocol_flags.to_config(), protocol_flags.output_folder()
    state = f"the same command with --output={output} continues."
    with program.continued_by_same_command(output), sigterm_raises(state):
        report, paths = run_protocol(config, output)
    print(f"\n{report.text}\n", *paths, sep="\n")


def run():
    """Runs this binary, as a script or an installed command."""
    program.run(main, protocol_flags.define(), __doc__)


if __name__ == "__main__":
    run()
