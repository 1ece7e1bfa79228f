"""Trains a language model on WikiText-2:

`python -m trainers.eval_wikitext2 --data_dir=...`, which is `trainers.eval_ptb` with
the paper's settings for that text as defaults.
"""

from darts_tf.experiments.recurrent_evaluation.config import WIKITEXT2
from trainers import eval_ptb

if __name__ == "__main__":
    eval_ptb.run(WIKITEXT2)
