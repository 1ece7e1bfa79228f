import json
import math
import shlex

import numpy as np
import pytest

from darts_tf.experiments.recurrent_evaluation.page import write_language_report
from darts_tf.experiments.recurrent_search.page import (
    WORDS,
    write_recurrent_search_report,
)
from darts_tf.experiments.recurrent_search.results import read_recurrent_run
from darts_tf.experiments.search_page import retrain_command
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.runs.run_config import RunFolderError
from tests.experiments.synthetic_text_runs import (
    write_language_training,
    write_recurrent_search,
)
from tests.report.parsed_page import parse_self_contained


def test_page_of_a_search_is_whole(tmp_path):
    folder = write_recurrent_search(tmp_path / "run", num_epochs=4, num_nodes=5)
    path = write_recurrent_search_report(folder)
    page = parse_self_contained(path)
    genotypes = [
        RecurrentGenotype.load(folder / f"genotype_{name}.json")
        for name in ("best", "latest")
    ]
    assert all(str(genotype) in page.text for genotype in genotypes)
    metrics = np.genfromtxt(folder / "metrics.csv", delimiter=",", names=True)
    assert f"perplexity {metrics['val_perplexity'].min():.2f} after" in page.text
    command = f"trainers.eval_ptb --genotype={folder}/genotype_best.json"
    assert command in page.text
    assert "Only 4 epochs done" in page.text
    # The cells, five curves, the heat map and the history.
    assert page.tags.count("svg") == 7 + len(set(genotypes))
    content = path.read_bytes()
    assert write_recurrent_search_report(folder).read_bytes() == content


def test_command_names_other_data(tmp_path):
    folder = write_recurrent_search(
        tmp_path,
        1,
        num_nodes=1,
        dataset="folder",
        data_dir="/data/it's here",
        activation_modules=["mine.curves"],
    )
    command = shlex.split(retrain_command(read_recurrent_run(folder), WORDS))
    assert command[3:] == [
        f"--genotype={folder}/genotype_best.json",
        "--dataset=folder",
        "--data_dir=/data/it's here",
        "--activation_modules=mine.curves",
    ]


def test_damaged_search(tmp_path):
    folder = write_recurrent_search(tmp_path, num_epochs=2, num_nodes=2)
    path = folder / "alphas" / "epoch_002.npz"
    np.savez(path, recurrent=np.zeros((2, 5)))
    _assert_one_clear_line(write_recurrent_search_report, folder, "epoch_002.npz")
    np.savez(path, other=np.zeros((3, 5)))
    _assert_one_clear_line(write_recurrent_search_report, folder, "epoch_002.npz")
    (folder / "genotype_best.json").write_text(
        RecurrentGenotype.from_lists([("sine", 0)], [1]).to_json()
    )
    _assert_one_clear_line(write_recurrent_search_report, folder, "best.json", "sine")


@pytest.mark.parametrize("averaging_from", [None, 3])
def test_page_of_a_training_is_whole(tmp_path, averaging_from):
    folder = write_language_training(tmp_path, 5, averaging_from=averaging_from)
    page = parse_self_contained(write_language_report(folder))
    assert str(RecurrentGenotype.published("DARTS_V2")) in page.text
    begin = f"epoch {averaging_from}" if averaging_from else "not yet"
    assert f"{begin}averaging begins" in page.text
    assert "1recoveries" in page.text
    assert "test perplexity" not in page.text
    assert f"trainers.export --run={folder}" in page.text
    assert page.tags.count("svg") == 4


def test_results_of_a_training(tmp_path):
    folder = write_language_training(tmp_path, 1)
    results = {"best_epoch": 1, "val_perplexity": 60.1, "test_perplexity": 57.314}
    (folder / "results.json").write_text(json.dumps(results))
    assert (
        "57.31test perplexity"
        in parse_self_contained(write_language_report(folder)).text
    )
    (folder / "report.html").unlink()
    for content in ("{", "[]", "{}", '{"test_perplexity": "57"}'):
        (folder / "results.json").write_text(content)
        _assert_one_clear_line(write_language_report, folder, "results.json")


def test_training_of_another_kind(tmp_path):
    folder = write_recurrent_search(tmp_path, num_epochs=1, num_nodes=1)
    _assert_one_clear_line(write_language_report, folder, "darts_tf.language_training")


def test_perplexity_that_was_not_measured(tmp_path):
    folder = write_language_training(tmp_path, 1)
    lines = (folder / "metrics.csv").read_text().splitlines()
    lines[1] = ",".join(["1", *[""] * lines[1].count(",")])
    (folder / "metrics.csv").write_text("\n".join(lines))
    text = parse_self_contained(write_language_report(folder)).text
    assert "not measured" in text and str(math.nan) not in text.split()


def _assert_one_clear_line(write_report, folder, *words):
    with pytest.raises(RunFolderError) as error:
        write_report(folder)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)
    assert not (folder / "report.html").exists()
