"""Measures the recurrent search step: `python -m benchmarks.rnn_step --full`."""

from benchmarks.rnn_step.flags import rnn_step_flags
from benchmarks.search_step.runs import compare, sweep
from trainers import program


def main():
    config = rnn_step_flags.to_config()
    print(sweep(config) if config.sweep else compare(config))


if __name__ == "__main__":
    program.run(main, rnn_step_flags.define(), __doc__)
