"""Trains a language model on WikiText-2: `python -m trainers.eval_wikitext2`.

`trainers.eval_ptb` with the paper's settings for that text as defaults; `--data_dir`
names the folder with its files.
"""

from darts_tf.experiments.recurrent_evaluation.config import WIKITEXT2
from trainers import eval_ptb


def run():
    """Runs this trainer, as a script or an installed command."""
    eval_ptb.run(WIKITEXT2, __doc__)


if __name__ == "__main__":
    run()
