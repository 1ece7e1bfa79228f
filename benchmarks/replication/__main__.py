"""Compares search methods on real data, reduced: `python -m benchmarks.replication`.

DARTS of both orders, PC-DARTS, random search and evolution search on CIFAR-10, some of
them on the Penn Treebank, each with the same number of steps of the weights. What they
find is trained, and the test errors are compared. Each run is a process of its own. It
is written to a log as it ends, and one that stands there is not done again, also if
that was on another machine; the figure and the table are made of the log each time.
"""

from benchmarks.replication.estimate import estimated_hours
from benchmarks.replication.flags import replication_flags
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.page import write_results
from benchmarks.replication.runs import ReplicationRuns
from trainers import program


def main():
    config = replication_flags.to_config()
    log = ReplicationLog(config.log)
    if not config.report:
        runs = ReplicationRuns(config, log)
        hours = estimated_hours(config, runs.left)
        print(f"{len(runs.left)} runs to do, about {hours:.1f} hours of two cores")
        runs.do()
    print(write_results(config.page, log))


if __name__ == "__main__":
    program.run(main, replication_flags.define(), __doc__)
