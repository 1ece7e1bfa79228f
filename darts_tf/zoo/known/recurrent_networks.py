"""Language models that were made by hand, and that of the NAS cell.

Each has the weights and the dropouts of its paper, and of the training what the
settings of this library can say. What differs:

- All are trained by SGD, whose steps are averaged once the validation gets no better,
  as AWD-LSTM and MoS are. RHN lowers the learning rate by 1.02 in each epoch from the
  21st on instead, LSTM + skip is trained by Adam, and what NAS does is not published;
  the settings of these two are those of DARTS.
- A step reads about as many words as it is told, as that of AWD-LSTM does.
- AWD-LSTM and MoS have a penalty on large outputs as well (2 times the mean square),
  beside that on fast changes. MoS is trained a second time, from its best weights.
- Masks are fixed over time, those of LSTM + skip as well, which evaluates its
  probabilities at a temperature besides.
- In RHN a word is dropped where it stands in one text, and here in all texts. RHN's
  losses are sums over 35 words, and means here.
"""

import functools

from darts_tf.recurrent.dropout import DropoutRates
from darts_tf.recurrent.language_model import LanguageModel
from darts_tf.zoo.language.highway_cell import HighwayCell
from darts_tf.zoo.language.lstm_cell import LSTMCell
from darts_tf.zoo.language.mixture_language_model import MixtureLanguageModel
from darts_tf.zoo.language.nas_cell import NASCell
from darts_tf.zoo.language.stacked_language_model import StackedLanguageModel
from darts_tf.zoo.language.training import training_with
from darts_tf.zoo.row import PENN_TREEBANK, Published, Row

_RHN_RATES = DropoutRates(0.25, 0.0, 0.75, 0.25, 0.75)
_AWD_RATES = DropoutRates(0.1, 0.4, 0.25, 0.5, 0.4)
_SKIP_RATES = DropoutRates(0.0, 0.68697, 0.31323, 0.48479, 0.69626)
_MOS_RATES = DropoutRates(0.1, 0.4, 0.225, 0.5, 0.4)
_NAS_RATES = DropoutRates(0.25, 0.75, 0.25, 0.25, 0.75)
_WORDS = 35  # of a step of RHN, over which its losses are summed


def _rhn(
    vocabulary_size=10_000,
    hidden_size=830,
    depth=10,
    dropout=_RHN_RATES,
    seed=None,
    dtype=None,
):
    cell = HighwayCell(hidden_size, depth, dtype=dtype)
    return LanguageModel(vocabulary_size, cell, dropout, seed, dtype=dtype)


def _lstm_cells(sizes, dtype):
    return [LSTMCell(size, num_biases=2, dtype=dtype) for size in sizes]


def _awd_lstm(
    vocabulary_size=10_000,
    hidden_size=1150,
    embedding_size=400,
    num_layers=3,
    dropout=_AWD_RATES,
    seed=None,
    dtype=None,
):
    sizes = [hidden_size] * (num_layers - 1) + [embedding_size]
    return StackedLanguageModel(
        vocabulary_size,
        _lstm_cells(sizes, dtype),
        dropout=dropout,
        drops_kernels=True,
        seed=seed,
        dtype=dtype,
    )


def _skip_lstm(
    vocabulary_size=10_001,
    hidden_size=723,
    num_layers=4,
    dropout=_SKIP_RATES,
    seed=None,
    dtype=None,
):
    cells = [
        LSTMCell(hidden_size, caps_input_gate=True, forget_bias=1.0, dtype=dtype)
        for _ in range(num_layers)
    ]
    return StackedLanguageModel(
        vocabulary_size,
        cells,
        dropout=dropout,
        sums_layers=True,
        seed=seed,
        dtype=dtype,
    )


def _mos(
    vocabulary_size=10_000,
    hidden_size=960,
    embedding_size=280,
    last_size=620,
    num_layers=3,
    num_experts=15,
    dropout=_MOS_RATES,
    latent_rate=0.29,
    seed=None,
    dtype=None,
):
    sizes = [hidden_size] * (num_layers - 1) + [last_size]
    return MixtureLanguageModel(
        vocabulary_size,
        _lstm_cells(sizes, dtype),
        embedding_size,
        num_experts,
        latent_rate,
        dropout=dropout,
        drops_kernels=True,
        seed=seed,
        dtype=dtype,
    )


def _nas(
    vocabulary_size=10_000,
    hidden_size=740,
    num_layers=2,
    dropout=_NAS_RATES,
    seed=None,
    dtype=None,
):
    cells = [NASCell(hidden_size, dtype=dtype) for _ in range(num_layers)]
    return StackedLanguageModel(
        vocabulary_size, cells, dropout=dropout, seed=seed, dtype=dtype
    )


_AVERAGED = functools.partial(
    training_with,
    sequence_length=70,
    gradient_clip=0.25,
    weight_decay=1.2e-6,
    slowness=1.0,
)

RHN_PTB = Row(
    "rhn_ptb",
    "Variational RHN",
    PENN_TREEBANK,
    "Zilly et al. 2016, Recurrent Highway Networks, arXiv 1607.03474",
    Published(65.4, None, 67.9, 23),
    _rhn,
    weights=23_482_400,
    training=training_with(
        830,
        _RHN_RATES,
        batch_size=20,
        epochs=500,
        learning_rate=0.2 * _WORDS,
        gradient_clip=10.0 / _WORDS,
        weight_decay=1e-7 / _WORDS,
        slowness=0.0,
    ),
    place=1,
)
AWD_LSTM_PTB = Row(
    "awd_lstm_ptb",
    "LSTM",
    PENN_TREEBANK,
    "Merity, Keskar and Socher 2018, AWD-LSTM, arXiv 1708.02182",
    Published(58.8, None, 60.7, 24),
    _awd_lstm,
    weights=24_221_600,
    training=_AVERAGED(1150, _AWD_RATES, batch_size=20, learning_rate=30.0, epochs=500),
    place=2,
)
SKIP_LSTM_PTB = Row(
    "skip_lstm_ptb",
    "LSTM + skip connections",
    PENN_TREEBANK,
    "Melis, Dyer and Blunsom 2018, arXiv 1707.05589",
    Published(58.3, None, 60.9, 24),
    _skip_lstm,
    weights=23_979_620,
    training=training_with(723, _SKIP_RATES),
    place=3,
)
MOS_PTB = Row(
    "mos_ptb",
    "LSTM + 15 softmax experts",
    PENN_TREEBANK,
    "Yang et al. 2018, mixture of softmaxes, arXiv 1711.03953",
    Published(56.0, None, 58.1, 22),
    _mos,
    weights=21_500_620,
    training=_AVERAGED(960, _MOS_RATES, batch_size=12, learning_rate=20.0, epochs=1000),
    place=4,
)
# The number of layers and units is inferred from the 25 million weights of the table.
NAS_PTB = Row(
    "nas_ptb",
    "NAS",
    PENN_TREEBANK,
    "Zoph and Le 2017, arXiv 1611.01578",
    Published(64.0, None, None, 25, None, "1e4 CPU days", 4, "RL"),
    _nas,
    weights=24_933_200,
    training=training_with(740, _NAS_RATES),
    place=5,
)
