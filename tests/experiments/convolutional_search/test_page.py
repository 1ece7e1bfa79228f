import json
import shlex

import pytest

from darts_tf.experiments.convolutional_search.page import WORDS, write_search_report
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.kept_epochs import recommended
from darts_tf.experiments.search_page import retrain_command
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.runs.run_config import RunFolderError
from tests.experiments.synthetic_run import write_run
from tests.report.parsed_page import Page, parse_self_contained


@pytest.mark.parametrize("num_epochs", [1, 3, 50])
def test_page_is_whole(tmp_path, num_epochs):
    folder = write_run(tmp_path / "run", num_epochs)
    path = write_search_report(folder)
    assert path == folder / "report.html"
    page = parse_self_contained(path)
    assert str(Genotype.load(folder / "genotype_best.json")) in page.text
    run = read_run(folder)
    kept = recommended(run)
    assert f"Epoch {kept.epoch}: {kept.reason}." in page.text
    is_best = kept.epoch == run.best_row + 1
    file = "genotype_best" if is_best else f"genotypes/epoch_{kept.epoch:03d}"
    assert f"--genotype={folder}/{file}.json" in page.text
    assert f"{num_epochs} of 50 epochs done" in page.text
    assert "1,930,842" in page.text and "5.30 GB" in page.text
    assert ("Only" in page.text) == (num_epochs < 15)
    # The best cells, six curves, two heat maps and two histories; and further cells.
    further = [run.latest != run.best, run.genotypes[kept.epoch] != run.best]
    assert page.tags.count("svg") == 12 + 2 * sum(further)
    assert [f"{x} cells" in page.text for x in ("Latest", "Recommended")] == [
        True,
        further[1],
    ]
    assert page.tags.count("tr") > num_epochs
    assert "<script>alert(1)" in page.text


def test_page_is_reproducible_and_shows_latest_cells(tmp_path):
    folder = write_run(tmp_path / "run", num_epochs=2)
    published = Genotype.published("DARTS_V1")
    published.save(folder / "genotype_latest.json")
    first = write_search_report(folder).read_bytes()
    assert first == write_search_report(folder).read_bytes()
    assert str(published) in Page(first.decode()).text
    assert b"Latest cells" in first


def test_command_names_other_data(tmp_path):
    folder = write_run(
        tmp_path / "my run",
        num_epochs=1,
        num_nodes=1,
        dataset="folder",
        data_dir="/data/it's here",
        image_size=48,
        primitive_modules=["mine.operations", "more"],
    )
    command = retrain_command(read_run(folder), WORDS)
    assert shlex.split(command) == [
        "python",
        "-m",
        "trainers.eval_cifar",
        f"--genotype={folder}/genotype_best.json",
        "--dataset=folder",
        "--data_dir=/data/it's here",
        "--image_size=48",
        "--primitive_modules=mine.operations,more",
    ]


def test_costs_that_were_not_measured(tmp_path):
    folder = write_run(tmp_path / "run", num_epochs=1, num_nodes=1)
    lines = (folder / "metrics.csv").read_text().splitlines()
    lines[1] = ",".join(["1", *[""] * lines[1].count(",")])
    (folder / "metrics.csv").write_text("\n".join(lines))
    text = Page(write_search_report(folder).read_text()).text
    assert "not measured" in text
    assert "nan" not in text and "peak memory" not in text.lower().split("details")[0]


def test_damaged_folder_leaves_the_old_page(tmp_path):
    folder = write_run(tmp_path / "run", num_epochs=1, num_nodes=1)
    (folder / "report.html").write_text("old")
    (folder / "config.json").write_text(json.dumps({}))
    with pytest.raises(RunFolderError, match=r"config\.json"):
        write_search_report(folder)
    assert (folder / "report.html").read_text() == "old"
