import pytest

from darts_tf.experiments.convolutional_evaluation.config import CIFAR10, IMAGENET
from darts_tf.experiments.recurrent_evaluation.config import PTB, WIKITEXT2
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from flags import image_training, language_training
from flags.default_genotype import print_default_genotype
from tests.flags.programs import parsed

TRAININGS = [
    (image_training, CIFAR10),
    (image_training, IMAGENET),
    (language_training, PTB),
    (language_training, WIKITEXT2),
]


def printed(capsys, module, defaults, *arguments):
    print_default_genotype(parsed(module.training_flags, *arguments, defaults=defaults))
    return capsys.readouterr().out


def test_the_default_is_the_cell_of_the_paper():
    for config in (CIFAR10, IMAGENET):
        genotype = Genotype.from_name_or_file(config.genotype)
        assert genotype == Genotype.published("DARTS_V2")
    for config in (PTB, WIKITEXT2):
        genotype = RecurrentGenotype.from_name_or_file(config.genotype)
        assert genotype == RecurrentGenotype.published("DARTS_V2")


@pytest.mark.parametrize(("module", "defaults"), TRAININGS)
def test_a_training_names_it(capsys, module, defaults):
    line = printed(capsys, module, defaults)
    assert line.startswith("Training the cell DARTS_V2 (default of --genotype; ")
    assert line.count("\n") == 1
    # Also of weights that it begins with.
    assert printed(capsys, module, defaults, "--weights=a.keras") == line
    assert printed(capsys, module, defaults, "--genotype=DARTS_V2") == ""


@pytest.mark.parametrize(("module", "defaults"), TRAININGS)
def test_an_evaluation_names_it_where_the_weights_have_none(
    capsys, module, defaults, tmp_path
):
    for weights, expected in (
        ("a.pt", "Evaluating the cell DARTS_V2"),
        ("a.keras", ""),
        (tmp_path, ""),
    ):
        arguments = ("--evaluate_only", f"--weights={weights}")
        line = printed(capsys, module, defaults, *arguments)
        assert line.startswith(expected) and bool(line) == bool(expected)
    assert printed(capsys, module, defaults, "--evaluate_only") == ""
