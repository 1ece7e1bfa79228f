"""Language models of cells that a search has found, and of a drawn one.

All are the network of DARTS (arXiv 1806.09055, table 2), a `LanguageModel`. The cells
of DARTS, that of ENAS in DARTS' setting and the drawn one are trained as the paper has
it: those are the defaults of the training, with sizes of their own. ENAS' size is not
published; 787 units make the 24 million weights of the table.

Of ENAS' own training (arXiv 1802.03268, and the authors' code) there are the sizes of a
step, the learning rate, the clipping, the decay, the slowness and the dropouts. They
are of a mean over words here, of a sum over 35 of them there. The learning rate falls
by 0.0009 in each epoch there, and stays here, until the weights are averaged; a word
is dropped where it stands in one text there, and in all texts here; and its decoder has
no bias.
"""

import functools

import numpy as np

from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent.activations import DARTS_ACTIVATIONS
from darts_tf.recurrent.dropout import DropoutRates
from darts_tf.recurrent.evaluation_cell import EvaluationCell
from darts_tf.recurrent.language_model import LanguageModel
from darts_tf.space.search_space import recurrent_space
from darts_tf.zoo.language.training import training_with
from darts_tf.zoo.row import PENN_TREEBANK, Published, Row

_DARTS = "Liu, Simonyan and Yang 2019, DARTS, arXiv 1806.09055"
_ENAS = "Pham et al. 2018, ENAS, arXiv 1802.03268"
_GRADIENT, _LEARNED, _DRAWN = "gradient-based", "RL", "random"
_SEARCHED = 4  # activations
_DARTS_RATES = DropoutRates(0.1, 0.2, 0.75, 0.25, 0.75)
_ENAS_RATES = DropoutRates(0.21, 0.0, 0.75, 0.25, 0.76)
_WORDS = 35  # of a step, over which ENAS sums losses


def _network(
    genotype,
    vocabulary_size=10_000,
    hidden_size=850,
    dropout=_DARTS_RATES,
    seed=None,
    dtype=None,
):
    cell = EvaluationCell(hidden_size, genotype, dtype=dtype)
    return LanguageModel(vocabulary_size, cell, dropout, seed, dtype=dtype)


def _random_network(cell_seed=0, num_nodes=8, **sizes):
    space = recurrent_space(DARTS_ACTIVATIONS, num_nodes)
    return _network(space.sample(np.random.default_rng(cell_seed)), **sizes)


def _published(genotype, **sizes):
    published = RecurrentGenotype.published(genotype)
    return functools.partial(_network, published, **sizes)


DARTS_V1_PTB = Row(
    "darts_v1_ptb",
    "DARTS (first order)",
    PENN_TREEBANK,
    _DARTS,
    Published(57.6, None, 60.2, 23, None, 0.5, _SEARCHED, _GRADIENT),
    _published("DARTS_V1"),
    weights=22_960_000,
    training=training_with(850, _DARTS_RATES),
    place=9,
    baseline="random_ptb",
)
DARTS_V2_PTB = Row(
    "darts_v2_ptb",
    "DARTS (second order)",
    PENN_TREEBANK,
    _DARTS,
    Published(55.7, None, 58.1, 23, None, 1, _SEARCHED, _GRADIENT),
    _published("DARTS_V2"),
    weights=22_960_000,
    training=training_with(850, _DARTS_RATES),
    place=10,
    baseline="random_ptb",
)
ENAS_PTB = Row(
    "enas_ptb",
    "ENAS, the authors' code",
    PENN_TREEBANK,
    _ENAS,
    Published(63.1, None, 68.3, 24, None, 0.5, _SEARCHED, _LEARNED),
    _published("ENAS", hidden_size=787, dropout=_ENAS_RATES),
    weights=23_983_594,
    training=training_with(
        787,
        _ENAS_RATES,
        epochs=2000,
        learning_rate=20.0 * _WORDS,
        gradient_clip=0.25 / _WORDS,
        # Twice the weight of the sum of the squares, which is the decay.
        weight_decay=2 * 5e-7 / _WORDS,
        # A sum over the units of all steps between words there, and a mean here.
        slowness=1e-3 * 787 * (_WORDS - 1) / _WORDS,
    ),
    place=6,
)
ENAS_DARTS_PTB = Row(
    "enas_darts_ptb",
    "ENAS, DARTS setup",
    PENN_TREEBANK,
    _ENAS,
    Published(58.6, None, 60.8, 24, None, 0.5, _SEARCHED, _LEARNED),
    _published("ENAS", hidden_size=787),
    weights=23_983_594,
    training=training_with(787, _DARTS_RATES),
    place=7,
)
# The best of 8 drawn cells by the validation text after 300 epochs; which cell that was
# is not published. `cell_seed` draws one.
RANDOM_PTB = Row(
    "random_ptb",
    "Random search baseline (best of 8)",
    PENN_TREEBANK,
    _DARTS,
    Published(59.4, None, 61.8, 23, None, 2, _SEARCHED, _DRAWN),
    _random_network,
    weights=22_960_000,
    training=training_with(850, _DARTS_RATES),
    place=8,
)
