"""Measures the search step: `python -m benchmarks.search_step --full`."""

from benchmarks.search_step.flags import search_step_flags
from benchmarks.search_step.runs import compare, sweep
from trainers import program


def main():
    config = search_step_flags.to_config()
    print(sweep(config) if config.sweep else compare(config))


if __name__ == "__main__":
    program.run(main, search_step_flags.define(), __doc__)
