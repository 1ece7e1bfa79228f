"""A chief or a worker of a search on the toy objective: `python -m ... FOLDER`.

Which of them it is says KerasTuner's environment variable. A worker whose name begins
with `doomed` waits in its second trial to be killed, one that begins with `slow` until
another worker has been lent the trial; what it then reports is wrong.
"""

import json
import os
import pathlib
import sys
import time

from keras_tuner.engine.base_tuner import BaseTuner

from tests.tuning.toy_tuning import score_of, strategy_oracle

TRIALS, WORKER_TIMEOUT = 24, 3
# From this trial on the others wait for the slow worker, so that it finds a chief.
_LAST = 12


class ToyTuner(BaseTuner):
    """Scores each trial after a moment, and logs what it has been lent."""

    lent = 0

    def run_trial(self, trial):
        self._log(f"lent {trial.trial_id}")
        self.lent += 1
        time.sleep(0.1)
        if self.lent == 2 and self.tuner_id.startswith("doomed"):
            time.sleep(600)
        if self.lent == 2 and self.tuner_id.startswith("slow"):
            self._wait_for("quick", f"lent {trial.trial_id}")
            return {"score": -1.0}
        if int(trial.trial_id) >= _LAST:
            self._wait_for("slow", "ended", heartbeat=trial.trial_id)
        return {"score": score_of(trial)}

    def on_trial_end(self, trial):
        super().on_trial_end(trial)
        if self.lent == 2:
            self._log("ended")

    def _log(self, line):
        with open(pathlib.Path(self.directory) / f"{self.tuner_id}.log", "a") as file:
            print(line, file=file)

    def _wait_for(self, name, line, heartbeat=None):
        path = pathlib.Path(self.directory) / f"{name}.log"
        while not path.exists() or line not in path.read_text().splitlines():
            if heartbeat:
                self.oracle.get_trial(heartbeat)
            time.sleep(0.1)


def main(folder: str) -> None:
    oracle = strategy_oracle(folder, max_trials=TRIALS, worker_timeout=WORKER_TIMEOUT)
    tuner = ToyTuner(oracle, directory=folder, project_name="search")
    tuner.search()
    scores = {name: trial.score for name, trial in oracle.trials.items()}
    if "chief" in os.environ["KERASTUNER_TUNER_ID"]:
        print(json.dumps({"ended": oracle.end_order, "scores": scores}))


if __name__ == "__main__":
    main(sys.argv[1])
