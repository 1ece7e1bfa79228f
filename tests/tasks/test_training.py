import pytest

from darts_tf.experiments.recurrent_evaluation.config import PTB, WIKITEXT2
from darts_tf.tasks import training
from darts_tf.tasks.configuration import configured


@pytest.mark.parametrize(
    ("dataset", "genotype", "defaults", "hidden_size"),
    [
        ("wikitext2", "DARTS_V1", WIKITEXT2, 700),
        ("python_reference", "DARTS_V1", PTB, 850),
        ("wikitext2", "awd_lstm_ptb", PTB, 1150),
    ],
)
def test_a_row_has_its_own_sizes_on_every_text(
    dataset, genotype, defaults, hidden_size, monkeypatch
):
    def configuration(kind, defaults, output, **settings):
        return defaults, configured(defaults, **settings)

    monkeypatch.setattr(training, "run_experiment", configuration)
    found, config = training.train(genotype, dataset)
    assert found is defaults
    assert (config.hidden_size, config.dataset) == (hidden_size, dataset)
