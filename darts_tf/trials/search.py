"""The course of a search by trials: ask, try, tell, as long as the budget lasts."""

import concurrent.futures
from collections.abc import Callable

from darts_tf.trials.budget import Budget
from darts_tf.trials.history import AskedTrial, Outcome, TrialHistory


def search(
    history: TrialHistory,
    budget: Budget,
    evaluate: Callable[[AskedTrial], Outcome],
    workers: int,
    told: Callable[[int], None],
) -> None:
    """Tries genotypes until the budget is spent and all that began has ended.

    It ends before that where the strategy has no more.

    Args:
        history: What has been tried so far; it grows.
        budget: The `Budget`.
        evaluate: Function of a trial that returns what came of it, called on a thread.
        workers: Number of trials at a time. With one the history depends on nothing
            but the strategy and the outcomes.
        told: Function that is called with the number of each trial that has been told.
    """
    waiting = history.pending
    running: dict[concurrent.futures.Future, AskedTrial] = {}
    pool = concurrent.futures.ThreadPoolExecutor(workers)
    try:
        while True:
            while len(running) < workers and (waiting or budget.is_left(history.spent)):
                trial = waiting.pop(0) if waiting else history.ask()
                if trial is None:
                    break
                running[pool.submit(evaluate, trial)] = trial
            if not running:
                return
            done, _ = concurrent.futures.wait(
                running, return_when=concurrent.futures.FIRST_COMPLETED
            )
            for future in sorted(done, key=lambda x: running[x].number):
                number = running.pop(future).number
                history.tell(number, future.result())
                told(number)
    finally:
        # Where one has failed, the others are ended by whoever has started them.
        pool.shutdown(wait=False, cancel_futures=True)
