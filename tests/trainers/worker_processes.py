"""Two workers of one run on this machine."""

import functools
import os
import time

from tests.trainers import trainer_process
from tests.trainers.tf_configs import tf_configs


class Workers:
    """Both processes, which run the same trainer.

    Args:
        folder: Where each gets a folder for what it prints.
        trainer: The module.
        *arguments: Of the command line; a list of two, where they differ.
        before: Function that each process calls first, or `None`.
    """

    def __init__(self, folder, trainer, *arguments, before=None):
        self.folders, self.processes = [], []
        for index, config in enumerate(tf_configs(2)):
            self.folders.append(folder / f"worker_{index}")
            self.folders[-1].mkdir(parents=True)
            own = [x[index] if isinstance(x, list) else x for x in arguments]
            prepare = functools.partial(_prepare, config, before)
            self.processes.append(
                trainer_process.start(self.folders[-1], trainer, *own, before=prepare)
            )

    def wait_for(self, path):
        deadline = time.monotonic() + 90
        while not path.exists():
            assert all(p.is_alive() for p in self.processes), self.errors()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def exit_codes(self, seconds):
        """Of both, once they have ended; within some seconds."""
        deadline = time.monotonic() + seconds
        for process in self.processes:
            process.join(max(0, deadline - time.monotonic()))
        return [process.exitcode for process in self.processes]

    def errors(self):
        return [(folder / "stderr").read_text() for folder in self.folders]

    def kill(self):
        for process in self.processes:
            process.kill()


def _prepare(tf_config, before):
    os.environ["TF_CONFIG"] = tf_config
    if before:
        before()
