"""Shows which methods collapse: `python -m benchmarks.collapse --data_dir=DIR`.

Searches on NAS-Bench-201, where the rank of a cell is known, and on S2, where skip
connections stand against convolutions, with several methods and seeds. Each search is
written to a log as it ends, and one that stands there is not done again; the figures
and the tables of the page are made of the whole log each time.
"""

from benchmarks.collapse.flags import collapse_flags
from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.page import write_results
from benchmarks.collapse.searches import do_searches, settings_mark
from trainers import program


def main():
    config = collapse_flags.to_config()
    log, planned = CollapseLog(config.log), config.searches()
    if not config.report:
        for search in planned:
            log.check(search, str(search), settings_mark(config, search))
    section = write_results(config.page, log, planned)
    left = [search for search in planned if not log.holds(search)]
    ended = do_searches(config, [] if config.report else left)
    for number, (search, rows) in enumerate(ended, start=1):
        log.append(rows)
        section = write_results(config.page, log, planned)
        print(f"Search {number} of {len(left)} has ended: {search}", flush=True)
    print(section)


if __name__ == "__main__":
    program.run(main, collapse_flags.define(), __doc__)
