import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.kept_epochs import write_results
from darts_tf.experiments.trained_genotype import trained_genotype
from darts_tf.genotype.convolutional_genotype import Genotype
from tests.experiments.test_kept_epochs import write_search
from tests.method.histories import genotype_with


def test_of_a_search_it_says_which_one_and_why(tmp_path, capsys):
    folder = tmp_path / "run"
    run = write_search(folder, [1, 2, 5], [0.1, 0.4, 0.9])
    found = []
    for settings in ({}, {"genotype_epoch": 1}):
        config = ImageTrainingConfig(genotype=str(folder), **settings)
        found.append(trained_genotype(Genotype, config))
    write_results(run)
    config = ImageTrainingConfig(genotype=str(folder))
    found.append(trained_genotype(Genotype, config))
    assert found == [genotype_with(5), genotype_with(1), genotype_with(2)]
    best, told, kept = capsys.readouterr().out.splitlines()
    assert best == f"Genotype of {folder}: the best epoch, since it recommends none."
    assert told == f"Genotype of {folder}: epoch 1, as told."
    assert kept.startswith(f"Genotype of {folder}: epoch 2, the best validation with")


def test_others_are_taken_without_a_word(tmp_path, capsys):
    genotype_with(3).save(tmp_path / "cells.json")
    for text, expected in (
        ("DARTS_V1", Genotype.published("DARTS_V1")),
        (str(tmp_path / "cells.json"), genotype_with(3)),
    ):
        config = ImageTrainingConfig(genotype=text)
        assert trained_genotype(Genotype, config) == expected
    assert capsys.readouterr().out == ""
    with pytest.raises(UserError, match="genotype_epoch"):
        config = ImageTrainingConfig(genotype="DARTS_V1", genotype_epoch=2)
        trained_genotype(Genotype, config)
