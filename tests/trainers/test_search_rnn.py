"""The binary as a user runs it, in processes of their own where that matters."""

import dataclasses
import functools
import json

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.data.text.corpus import load_corpus
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.experiments.recurrent_search.data import RecurrentSearchData
from darts_tf.experiments.recurrent_search.experiment import RecurrentSearch
from darts_tf.experiments.recurrent_search.model import make_model
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from tests.trainers import trainer_process
from tests.trainers.trainer_process import files, kill_when, metrics, variables
from trainers import search_rnn

SETTINGS = {
    "dataset": "python_reference",
    "hessian": "finite_difference",
    "hidden_size": 8,
    "nodes": 2,
    "batch_size": 8,
    "sequence_length": 4,
    "steps_per_epoch": 40,
    "epochs": 2,
    "learning_rate": 2.0,
    "vocabulary_size": 200,
    "valid_batch_size": 64,
}
SMALL = tuple(f"--{name}={value}" for name, value in SETTINGS.items())
CONFIG = RecurrentSearchConfig(**SETTINGS)


run = functools.partial(trainer_process.run, search_rnn)


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """A search without interruption."""
    folder = tmp_path_factory.mktemp("straight") / "run"
    result = run(*SMALL, f"--output={folder}")
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


def test_a_run_folder_holds_everything(straight):
    folder, printed = straight
    names = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    cells = [
        f"cells/{role}_recurrent.{suffix}"
        for role in ("best", "latest")
        for suffix in ("svg", "png")
    ]
    epochs = [f"genotypes/epoch_00{epoch}.json" for epoch in (1, 2)]
    wanted = {"config.json", "metrics.csv", "report.html", *cells, *epochs}
    wanted |= {"genotype_best.json", "genotype_latest.json", "vocabulary.txt"}
    assert wanted <= names
    assert not [name for name in names if name.endswith(".tmp")]
    config = json.loads((folder / "config.json").read_text())
    assert config["format"] == "darts_tf.recurrent_search"
    assert config["data"]["vocabulary_size"] == 200
    assert len((folder / "vocabulary.txt").read_text().split("\n")) == 201
    alphas = np.load(folder / "alphas" / "epoch_002.npz")
    assert alphas["recurrent"].shape == (3, 5)
    assert RecurrentGenotype.from_name_or_file(str(folder))
    for name in ("genotype_best.json", "best_recurrent.png", "report.html"):
        assert name in printed
    lines = [line for line in printed.splitlines() if "validation perplexity" in line]
    assert len(lines) == 2 and "Epoch 2/2" in printed


def test_metrics(straight):
    rows = metrics(straight[0])
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert [row["step"] for row in rows] == ["40", "80"]
    assert {row["learning_rate"] for row in rows} == {"2.0"}
    for row in rows:
        perplexity = np.exp(float(row["val_loss"]))
        assert float(row["val_perplexity"]) == pytest.approx(perplexity, rel=1e-5)
    assert float(rows[1]["val_perplexity"]) < float(rows[0]["val_perplexity"]) < 200


def test_tensorboard_has_curves_and_pictures(straight):
    tags = set()
    for file in (straight[0] / "tensorboard").iterdir():
        for event in tf.compat.v1.train.summary_iterator(str(file)):
            tags |= {value.tag for value in event.summary.value}
    wanted = {"perplexity", "val_perplexity", "learning_rate", "entropy_recurrent"}
    wanted |= {"softmax_alpha_recurrent/edge_01/tanh"}
    assert wanted | {"alpha_recurrent", "cell_recurrent"} <= tags


# Of trainers the search for images is killed in the usual tests, and a recurrent search
# is continued in those of `tests/experiments`.
@pytest.mark.long
def test_killed_within_an_epoch_equals_not_killed(straight, tmp_path):
    folder = tmp_path / "run"
    arguments = (*SMALL, f"--output={folder}")
    # The report ends an epoch.
    checkpoint = folder / "checkpoints" / "epoch_0001.index"
    kill_when(checkpoint.exists, search_rnn, *arguments, delay=0.1)
    assert not (folder / "genotypes" / "epoch_002.json").exists()
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert "Continuing after epoch 1" in result.stdout
    expected, got = (variables(path, 2) for path in (straight[0], folder))
    assert expected.keys() == got.keys() and len(got) > 10
    for name in expected:
        np.testing.assert_array_equal(expected[name], got[name], err_msg=name)
    assert metrics(straight[0]) == metrics(folder)
    for name in ("genotype_best.json", "genotypes/epoch_002.json"):
        assert (straight[0] / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.long
def test_two_devices_leave_the_same_files(straight, tmp_path):
    folder = tmp_path / "run"
    short = ("--order=first", "--steps_per_epoch=1", "--logical_devices=2")
    result = run(*SMALL, *short, f"--output={folder}")
    assert result.returncode == 0, result.stderr
    assert files(folder) == files(straight[0])
    shapes = [
        {name: value.shape for name, value in variables(path, 2).items()}
        for path in (folder, straight[0])
    ]
    assert shapes[0] == shapes[1]


def test_a_finished_run_stays_as_it_is(straight):
    folder, _ = straight
    before = {p: p.read_bytes() for p in folder.glob("*") if p.is_file()}
    RecurrentSearch(CONFIG).run(folder)
    assert before == {p: p.read_bytes() for p in folder.glob("*") if p.is_file()}


def test_an_error_is_one_line(tmp_path):
    result = run(f"--output={tmp_path / 'run'}")
    assert result.returncode == 1
    assert (
        result.stderr.strip()
        .splitlines()[-1]
        .startswith("trainers.search_rnn: --dataset=ptb needs --data_dir")
    )
    assert "Traceback" not in result.stderr and not (tmp_path / "run").exists()


def text_folder_of(folder, **texts):
    """A folder with three texts, those that are given and an ordinary one."""
    folder.mkdir()
    for split in ("train", "valid", "test"):
        content = texts.get(split, b"a b c a\n" * 200)
        (folder / f"{split}.txt").write_bytes(content)
    return {"dataset": str(folder), "vocabulary_size": None}


@pytest.mark.parametrize(
    "texts, changes, message",
    [
        ({"train": b""}, {}, "has no words"),
        ({"valid": b"\x89PNG\xff"}, {}, "no text in UTF-8"),
        ({"valid": b"a\0b\n" * 200}, {}, "zero bytes"),
        ({"train": b"a b c\n"}, {}, "training text is too short.* smaller batch"),
        ({"valid": b"a b\n"}, {}, "validation text is too short"),
        ({"valid": b"d\n" * 200}, {}, "'d' of .*not in"),
        ({}, {"dataset": "no/such/folder"}, r"no train\.txt"),
        ({}, {"output": "/proc/run"}, "`output`=/proc/run"),
        ({}, {"activations": ("none",)}, "`activations`"),
    ],
)
def test_bad_input(tmp_path, texts, changes, message):
    output = changes.pop("output", tmp_path / "run")
    settings = SETTINGS | text_folder_of(tmp_path / "text", **texts) | changes
    with pytest.raises(UserError, match=message) as caught:
        RecurrentSearch(RecurrentSearchConfig(**settings)).run(output)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_other_settings_are_refused(straight):
    with pytest.raises(UserError, match="seed: 3 there, 4 now"):
        RecurrentSearch(dataclasses.replace(CONFIG, seed=4)).run(straight[0])


def test_recompute_reaches_the_network():
    config = dataclasses.replace(CONFIG, recompute=True)
    assert make_model(config, RecurrentSearchData(config)).network.recompute


def test_nan_keeps_the_last_good_state(tmp_path):
    config = dataclasses.replace(CONFIG, order="first", learning_rate=1e38)
    with pytest.raises(UserError, match=r"(nan|inf) at step"):
        RecurrentSearch(config).run(tmp_path / "run")
    values = variables(tmp_path / "run", 0).values()
    assert all(np.isfinite(value).all() for value in values)


def unigram_perplexity(train, valid, vocabulary_size):
    """Perplexity of a text by the frequencies of the training text's words."""
    counts = np.bincount(train, minlength=vocabulary_size)
    return np.exp(-np.log(counts / counts.sum())[valid].mean())


def test_perplexity_falls_on_penn_treebank(text_folder, tmp_path):
    folder = text_folder / "ptb"
    config = RecurrentSearchConfig(
        data_dir=str(folder),
        order="first",
        hidden_size=32,
        nodes=1,
        batch_size=64,
        valid_batch_size=512,
        sequence_length=8,
        learning_rate=5.0,
        gradient_clip=1.0,
        vocabulary_size=1000,
        epochs=1,
        steps_per_epoch=800,
        dropout_embedded=0.0,
        dropout_inputs=0.0,
        dropout_hidden=0.0,
        dropout_outputs=0.0,
    )
    RecurrentSearch(config).run(tmp_path / "run")
    corpus = load_corpus(folder, config.vocabulary_size)
    unigram = unigram_perplexity(corpus.train, corpus.valid, config.vocabulary_size)
    (row,) = metrics(tmp_path / "run")
    assert float(row["val_perplexity"]) < 0.75 * unigram
