import json
import shutil

import numpy as np
import pytest

from benchmarks.rivals.searches import curves_of
from benchmarks.rivals.settings import Rival, RivalsConfig
from darts_tf.comparison.reading import read_runs
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.experiments.convolutional_baseline.experiment import ConvolutionalBaseline
from darts_tf.experiments.kinds import read_run
from darts_tf.fresh_process import FreshProcesses
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.genotype_of_run import genotype_in
from darts_tf.runs.run_config import RunFolderError
from darts_tf.spaces.cell_table import CellTable
from darts_tf.tasks.configuration import configured
from tests.costs.latency.small_tables import small_table
from tests.experiments import toy_trials
from tests.spaces.small_table import write_nasbench201


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return write_nasbench201(tmp_path_factory.mktemp("table") / "table.npz")


def config_of(table, **settings):
    settings = {"budget": "20", "method": "local", "seed": 3, **settings}
    return configured(BaselineConfig(), table=table, **settings)


@pytest.fixture(scope="module")
def folder(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "run"
    return ConvolutionalBaseline(config_of(table)).run(path)


def test_the_history_is_that_of_the_benchmark(folder, table):
    config = RivalsConfig(table=table, evaluations=20)
    valid, test = curves_of(config, Rival("local", "paper"), 3, CellTable(table))
    metrics = read_run(folder).metrics
    found = np.maximum.accumulate(metrics["val_accuracy"])
    np.testing.assert_array_equal(found, valid / 100)
    assert metrics["table_test"][read_run(folder).best_row] == test[-1]


def test_the_folder(folder):
    names = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    cells = [f"cells/best_nasbench201.{suffix}" for suffix in ("svg", "png")]
    trials = [f"genotypes/epoch_{trial:03d}.json" for trial in range(1, 21)]
    wanted = {"config.json", "metrics.csv", "report.html", "results.json", *cells}
    assert {*wanted, "trials.jsonl", "genotype_best.json", *trials} <= names
    run = read_run(folder)
    assert run.has_ended and [*run.genotypes] == [*range(1, 21)]
    assert run.best == ImageGenotype.load(folder / "genotype_best.json")
    assert run.best == ImageGenotype.from_name_or_file(str(folder))
    seventh = ImageGenotype.from_name_or_file(str(folder), epoch=7)
    assert seventh == run.genotypes[7]
    which = f"trial {run.best_trial}, the best of 20"
    assert genotype_in(folder).which == which
    results = json.loads((folder / "results.json").read_text())
    assert results["trials"] == 20 and results["steps"] == results["passes"] == 0


@pytest.mark.parametrize("scores", [None, 5, ["nwot", 5]])
def test_damaged_settings_are_named(folder, tmp_path, scores):
    copied = shutil.copytree(folder, tmp_path / "run")
    config = json.loads((copied / "config.json").read_text())
    config["settings"]["scores"] = scores
    (copied / "config.json").write_text(json.dumps(config))
    with pytest.raises(RunFolderError, match=r'config\.json is damaged: .*"scores"'):
        read_run(copied)


def test_the_page(folder):
    page = (folder / "report.html").read_text("utf-8")
    assert "<summary>Trials</summary>" in page and "<th>trial</th>" in page
    assert "epochs done" not in page and "trials done" in page
    run = read_run(folder)
    score = f"{max(run.metrics['val_accuracy']):.2%}"
    assert f"Best validation accuracy {score} in trial {run.best_trial}" in page
    assert "By trials: local, settings paper, seed 3." in page
    assert "trainers.eval_cifar --genotype=" in page and "best so far" in page
    assert "steps of the weights</text>" not in page  # a table knows none


def test_a_comparison_reads_it(folder):
    ((search,), _) = read_runs([folder])
    assert (search.method, search.search_method) == ("local", "local")
    assert search.genotype == read_run(folder).best and search.hours(4) == 0
    assert search.operations == 4 and search.cost.steps == 0


def test_one_that_has_not_ended_is_not_compared(folder, tmp_path):
    path = shutil.copytree(folder, tmp_path / "run")
    (path / "results.json").unlink()
    with pytest.raises(UserError, match="has not ended, after 20 trials"):
        read_runs([path])


def test_a_larger_budget_goes_on(folder, table, tmp_path):
    path = tmp_path / "run"
    ConvolutionalBaseline(config_of(table, budget="6")).run(path)
    assert genotype_in(path).which.endswith("the best of 6")
    ConvolutionalBaseline(config_of(table)).run(path)
    assert contents(path) == contents(folder)


def contents(folder):
    names = ("trials.jsonl", "metrics.csv", "results.json", "genotype_best.json")
    return {name: (folder / name).read_bytes() for name in names}


def test_cut_off_it_ends_as_if_nothing_had_been(folder, table, tmp_path):
    lines = (folder / "trials.jsonl").read_bytes().splitlines(keepends=True)
    for done in (1, 18, 40):
        path = tmp_path / str(done)
        ConvolutionalBaseline(config_of(table, budget="1")).run(path)
        half = lines[done][:30] if done < len(lines) else b""
        (path / "trials.jsonl").write_bytes(b"".join(lines[:done]) + half)
        ConvolutionalBaseline(config_of(table)).run(path)
        assert contents(path) == contents(folder)


def test_a_finished_run_stays_as_it_is(folder, table):
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    ConvolutionalBaseline(config_of(table)).run(folder)
    assert before == {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"seed": 4}, "holds a run of other settings .*seed: 3 there, 4 now"),
        ({"method": "random"}, "holds a run of other settings .*method"),
        ({"space": "darts"}, "`space`=darts"),
    ],
)
def test_another_run_is_refused(folder, table, settings, message):
    config = config_of(table, **settings)
    with pytest.raises(UserError, match=message):
        ConvolutionalBaseline(config).run(folder)


def test_another_table_is_refused(folder, tmp_path):
    config = config_of(write_nasbench201(tmp_path / "table.npz"))
    path = tmp_path / "run"
    ConvolutionalBaseline(config).run(path)
    with np.load(config.table) as arrays:
        changed = {**arrays, "cifar10_test": arrays["cifar10_test"] + 1}
    np.savez(config.table, **changed)
    with pytest.raises(UserError, match=r"has changed .checksum of the table: "):
        ConvolutionalBaseline(config).run(path)


def test_another_table_of_latencies_is_refused(table, tmp_path):
    latencies = small_table(tmp_path / "latencies.json")
    latencies.save(latencies.path)
    config = config_of(table, budget="1", cost="latency", latency_table=latencies.path)
    path = ConvolutionalBaseline(config).run(tmp_path / "run")
    before = contents(path)
    small_table(milliseconds=0.6).save(latencies.path)
    with pytest.raises(UserError, match=r"changed .checksum of `latency_table`: "):
        ConvolutionalBaseline(config).run(path)
    assert contents(path) == before


def test_an_edited_log_is_refused(table, tmp_path):
    path = tmp_path / "run"
    ConvolutionalBaseline(config_of(table, budget="3")).run(path)
    log = path / "trials.jsonl"
    log.write_text(log.read_text().replace('"score": 0.', '"score": 1.', 1))
    before = contents(path)
    with pytest.raises(RunFolderError, match=r"trials\.jsonl is damaged"):
        ConvolutionalBaseline(config_of(table)).run(path)
    assert contents(path) == before


class ToyBaseline(ConvolutionalBaseline):
    """A search whose processes train nothing."""

    describe = staticmethod(toy_trials.describe)
    train = staticmethod(toy_trials.train)

    def make_trials(self, processes):
        with_nothing = FreshProcesses(uses_keras=False)
        return super().make_trials(with_nothing)


def test_trials_in_processes(tmp_path, capsys):
    config = BaselineConfig(budget="8steps", workers=2)
    folder = ToyBaseline(config).run(tmp_path / "run")
    run = read_run(folder)
    assert run.metrics["step"][-1] in (9, 12) and run.cost.device_seconds >= 6
    assert run.best_trial == len(run.genotypes)
    printed = capsys.readouterr().out
    for number in run.genotypes:
        assert f"trial {number}: validation accuracy {number}0.00% (best " in printed
    assert "100% of 8 steps of the weights" in printed
    (search,), _ = read_runs([folder])
    assert search.hours(4) == run.cost.device_seconds / 3600
    assert search.cost == run.cost


def test_what_costs_more_than_the_target_is_not_tried(folder, table, tmp_path):
    config = config_of(table, budget="12", cost="weights")
    costs = config.space_costs((32, 32, 3), 10)
    free = sorted(map(costs.of, read_run(folder).genotypes.values()))
    target = (free[8] + 0.5) / 1e6
    path = ConvolutionalBaseline(configured(config, cost_target=target)).run(
        tmp_path / "run"
    )
    found = [*map(costs.of, read_run(path).genotypes.values())]
    assert len(found) == 12 and max(found) < 1e6 * target < free[-1]
    low = configured(config, cost_target=0.01)
    with pytest.raises(UserError, match="M weights; give a target in this range"):
        ConvolutionalBaseline(low).run(tmp_path / "low")
    assert not (tmp_path / "low").exists()
