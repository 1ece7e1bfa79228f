"""Shows which methods collapse: `python -m benchmarks.collapse --data_dir=DIR`.

Searches on NAS-Bench-201, where the rank of a cell is known, and on S2, where skip
connections stand against convolutions, with several methods and seeds. Each search is
written to a log as it ends, and one that stands there is not done again; the figures
are drawn of the whole log each time.
"""

from benchmarks.collapse import flags as collapse_flags
from benchmarks.collapse.figures import draw
from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.searches import do_search
from trainers import program


def main():
    config = collapse_flags.to_config()
    log = CollapseLog(config.log)
    searches = [search for search in config.searches() if not log.holds(search)]
    for number, search in enumerate(searches, start=1):
        print(f"Search {number} of {len(searches)}: {search}", flush=True)
        log.append(do_search(config, search))
    print(draw(log.rows, config.figures))


if __name__ == "__main__":
    program.run(main, collapse_flags.define(), __doc__)
