"""Measures the input pipeline: `python -m benchmarks.input_pipeline --help`."""

from absl import logging

from benchmarks.input_pipeline.flags import input_pipeline_flags
from benchmarks.input_pipeline.measurement import measure
from trainers import program


def main():
    print(measure(input_pipeline_flags.to_config()))


if __name__ == "__main__":
    groups = input_pipeline_flags.define()
    program.run(main, groups, __doc__, verbosity=logging.ERROR)
