"""Measures a training step of each published network: `python -m benchmarks.zoo_steps`.

Each network has its published sizes and a process of its own.
"""

import statistics

from benchmarks.search_step.runs import rounds_of
from benchmarks.zoo_steps.flags import zoo_steps_flags
from trainers import program

_COLUMNS = (
    "row",
    "trained weights",
    "step, s",
    "first result, s",
    "peak memory, GB",
    "operations",
)


def main():
    (results,) = rounds_of(zoo_steps_flags.to_config())
    print(f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|")
    for (name, _), x in results.items():
        step = statistics.median(x["step"])
        times = f"{step:.2f} | {x['first_result']:.1f} | {x['peak_memory']:.2f}"
        print(f"| {name} | {x['weights']:,} | {times} | {x['operations']:,} |")


if __name__ == "__main__":
    program.run(main, zoo_steps_flags.define(), __doc__)
