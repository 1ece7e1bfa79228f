"""Measures the steps of the methods: `python -m benchmarks.search_methods --full`."""

from benchmarks.search_methods.flags import search_methods_flags
from benchmarks.search_step.runs import compare_methods
from trainers import program


def main():
    print(compare_methods(search_methods_flags.to_config()))


if __name__ == "__main__":
    program.run(main, search_methods_flags.define(), __doc__)
