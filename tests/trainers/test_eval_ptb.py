"""The binary as a user runs it, in processes of their own."""

import collections
import functools
import json

import numpy as np
import pytest
from absl import flags

from darts_tf.data.text.corpus import load_corpus
from darts_tf.experiments.recurrent_evaluation.config import PTB, LanguageConfig
from darts_tf.experiments.recurrent_evaluation.experiment import RecurrentEvaluation
from darts_tf.experiments.recurrent_evaluation.results import read_results
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from flags.language_training import training_flags
from flags.run_flags import RunFlags
from tests.language_texts import GENOTYPE, write_texts
from tests.trainers import trainer_process
from tests.trainers.trainer_process import files, kill_when, metrics, variables
from trainers import eval_ptb, program, run_program

EPOCHS = 5


run = functools.partial(trainer_process.run, eval_ptb)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Flags of a small training whose validation gets worse, so that it averages."""
    folder = tmp_path_factory.mktemp("small")
    GENOTYPE.save(folder / "genotype_best.json")
    return (
        f"--genotype={folder}",
        f"--data_dir={write_texts(folder / 'text')}",
        "--hidden_size=8",
        "--batch_size=4",
        "--valid_batch_size=2",
        "--sequence_length=6",
        f"--epochs={EPOCHS}",
        "--averaging_patience=0",
    )


@pytest.fixture(scope="module")
def straight(small, tmp_path_factory):
    """A training without interruption."""
    folder = tmp_path_factory.mktemp("straight") / "run"
    result = run(*small, f"--output={folder}")
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


def test_a_run_folder_holds_everything(straight):
    folder, printed = straight
    names = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    wanted = {"config.json", "metrics.csv", "results.json", "report.html"}
    wanted |= {"model_best.keras", "model_latest.keras", "vocabulary.txt"}
    assert wanted <= names
    assert not [name for name in names if name.endswith(".tmp")]
    assert len([line for line in printed.splitlines() if "validation" in line]) == 6
    config = json.loads((folder / "config.json").read_text())
    assert config["format"] == "darts_tf.language_training"
    assert config["genotype"] == json.loads(GENOTYPE.to_json())
    corpus = load_corpus(config["settings"]["data_dir"])
    assert config["data"]["vocabulary_size"] == len(corpus.vocabulary.words)
    words = (folder / "vocabulary.txt").read_text().split()
    assert words == list(corpus.vocabulary.words)
    results = json.loads((folder / "results.json").read_text())
    assert f"Test perplexity {results['test_perplexity']:.2f}" in printed


def test_averaging_begins_where_the_validation_gets_worse(straight):
    rows = metrics(straight[0])
    losses = [float(row["val_loss"]) for row in rows]
    worse = next(i for i in range(1, EPOCHS) if losses[i] > min(losses[:i]))
    assert worse < EPOCHS - 2
    averaging = [row["averaging"] == "1" for row in rows]
    assert averaging == [epoch > worse for epoch in range(EPOCHS)]


@pytest.mark.long
def test_killed_twice_equals_not_killed(small, straight, tmp_path):
    """In the middle of an epoch, and at the switch to averaging."""
    folder = tmp_path / "run"
    arguments = (*small, f"--output={folder}")
    rows = metrics(straight[0])
    decisive = [row["averaging"] for row in rows].index("1")
    first_epoch = folder / "checkpoints" / "epoch_0001.index"
    kill_when(first_epoch.exists, eval_ptb, *arguments)
    # Between the metrics of the epoch that decides to average, and its checkpoint.
    kill_when(lambda: len(lines(folder)) >= decisive, eval_ptb, *arguments)
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert "Continuing after epoch" in result.stdout
    expected, got = (variables(path, EPOCHS) for path in (straight[0], folder))
    assert expected.keys() == got.keys() and len(got) > 10
    for name in expected:
        np.testing.assert_array_equal(expected[name], got[name], err_msg=name)
    assert rows == metrics(folder)
    for name in ("results.json", "vocabulary.txt"):
        assert (straight[0] / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.long
def test_two_devices_are_the_same_training(small, straight, tmp_path):
    folder = tmp_path / "run"
    result = run(*small, f"--output={folder}", "--logical_devices=2")
    assert result.returncode == 0, result.stderr
    assert files(folder) == files(straight[0])
    got, expected = (variables(path, EPOCHS) for path in (folder, straight[0]))
    assert got.keys() == expected.keys()
    # In the last epoch a learning rate of 20 enlarges rounding to the size of weights.
    rows = list(zip(metrics(folder), metrics(straight[0]), strict=True))[:-1]
    assert [row["averaging"] for row, _ in rows][-1] == "1"
    for row, expected_row in rows:
        got, expected = ([float(v) for v in r.values()] for r in (row, expected_row))
        np.testing.assert_allclose(got, expected, rtol=1e-5)


def lines(folder):
    path = folder / "metrics.csv"
    return path.read_text().splitlines()[1:] if path.exists() else []


def test_evaluation_alone(small, straight, monkeypatch, capsys):
    folder = straight[0]
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    main(monkeypatch, *small, "--evaluate_only", f"--weights={folder}")
    results = json.loads((folder / "results.json").read_text())
    printed = capsys.readouterr().out
    for split, key in (("validation", "val"), ("test", "test")):
        assert f"{split} perplexity {results[f'{key}_perplexity']:.2f}" in printed
    assert before == {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def main(monkeypatch, *arguments):
    """Runs the binary in this process, where TensorFlow is configured already."""
    values = flags.FlagValues()
    training_flags.define(values, PTB)
    values(["eval_ptb.py", *map(str, arguments)])
    monkeypatch.setattr(flags, "FLAGS", values)
    monkeypatch.setattr(run_program, "configure_runtime", lambda config: None)
    for name in ("to_config", "output_folder"):
        function = functools.partial(getattr(training_flags, name), values)
        monkeypatch.setattr(RunFlags, name, staticmethod(function))
    with program.ended_by_one_line("trainers/eval_ptb.py"):
        eval_ptb.main()


@pytest.mark.long
def test_a_network_of_the_tables(small, tmp_path, monkeypatch, capsys):
    """Its paper settles the defaults, and the flags that are given overrule it."""
    _, *flags = small
    row = ("--genotype=awd_lstm_ptb", "--epochs=1", "--steps_per_epoch=1")
    folder = tmp_path / "run"
    with monkeypatch.context() as patch:
        main(patch, *flags, *row, "--dropout_words=0.3", f"--output={folder}")
    config = json.loads((folder / "config.json").read_text())
    settings = config["settings"]
    assert "genotype" not in config and settings["genotype"] == "awd_lstm_ptb"
    names = ("hidden_size", "dropout_words", "dropout_hidden", "learning_rate")
    assert [settings[name] for name in names] == [8, 0.3, 0.5, 30.0]
    assert f"Best model: {folder}" in " ".join(capsys.readouterr().out.split())
    main(monkeypatch, *flags, "--evaluate_only", f"--weights={folder}")
    perplexity = read_results(folder)["test_perplexity"]
    assert f"test perplexity {perplexity:.2f}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--genotype=DARTS_V9",), "DARTS_V9"),
        (("--genotype=darts_v2_cifar10",), "is a network for cifar10"),
        (("--genotype=",), "No genotype found"),
        (("--genotype={tmp}/cell.json",), "with --activation_modules"),
        (("--activation_modules=none_such",), "--activation_modules=none_such"),
        (("--data_dir={tmp}/none",), "no train.txt"),
        (("--data_dir={tmp}/binary",), "is no text"),
        (("--batch_size=500",), "The training text is too short"),
        (("--valid_batch_size=500",), "The validation text is too short"),
        (("--test_batch_size=500",), "The test text is too short"),
        (("--weights={tmp}",), "--weights is for an evaluation"),
        (("--evaluate_only",), "needs --weights"),
        (("--evaluate_only", "--weights={tmp}/none.keras"), "no file"),
        (("--evaluate_only", "--weights={tmp}/binary/train.txt"), "damaged"),
        (("--evaluate_only", "--weights={run}", "--vocabulary_size=5"), "13 words"),
        (("--output={run}", "--seed=3"), "seed: 1267 there, 3 now"),
        (("--output=/proc/run",), "--output=/proc/run"),
    ],
)
def test_bad_input(small, straight, tmp_path, monkeypatch, capsys, arguments, message):
    for split in ("train", "valid", "test"):
        (tmp_path / "binary").mkdir(exist_ok=True)
        (tmp_path / "binary" / f"{split}.txt").write_bytes(b"\x89PNG\xff\0")
    RecurrentGenotype.from_lists([("my_own", 0)], [1]).save(tmp_path / "cell.json")
    before = sorted(tmp_path.rglob("*"))
    arguments = [a.format(tmp=tmp_path, run=straight[0]) for a in arguments]
    with pytest.raises(SystemExit) as caught:
        main(monkeypatch, *small, f"--output={tmp_path / 'run'}", *arguments)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("trainers.eval_ptb: ") and message in line
    assert caught.value.code == 1
    assert sorted(tmp_path.rglob("*")) == before


def unigram_perplexity(corpus):
    """Perplexity of the test text by how often words are in the training text."""
    counts = collections.Counter(corpus.train.tolist())
    shares = [counts[token] / len(corpus.train) for token in corpus.test.tolist()]
    return np.exp(-np.mean(np.log(shares)))


@pytest.mark.long
def test_perplexity_falls_on_penn_treebank(text_folder, tmp_path):
    config = LanguageConfig(
        genotype="DARTS_V2",
        data_dir=str(text_folder / "ptb"),
        vocabulary_size=1000,
        hidden_size=32,
        batch_size=64,
        valid_batch_size=512,
        test_batch_size=512,
        sequence_length=8,
        learning_rate=10.0,
        gradient_clip=1.0,
        epochs=1,
        steps_per_epoch=500,
        dropout_words=0.0,
        dropout_embedded=0.0,
        dropout_inputs=0.0,
        dropout_hidden=0.0,
        dropout_outputs=0.0,
    )
    folder = RecurrentEvaluation(config).run(tmp_path / "run")
    unigram = unigram_perplexity(load_corpus(config.data_dir, config.vocabulary_size))
    results = read_results(folder)
    assert results["test_perplexity"] < 0.75 * unigram
