import pytest

from darts_tf.comparison.config import ComparisonConfig
from darts_tf.comparison.entries import published_entries, run_entries
from darts_tf.comparison.improvement import improvement, with_improvements
from darts_tf.comparison.reading import read_runs
from tests.comparison.made_runs import (
    image_search,
    image_training,
    text_search,
    text_training,
)

SIZES = {"layers": 20, "init_channels": 36, "auxiliary": True}
OF_ROW = dict.fromkeys(SIZES)


def improved(*folders):
    config = ComparisonConfig(sizes=False)
    entries = with_improvements(run_entries(*read_runs(folders), config))
    return [entry.improvement for entry in entries]


def test_closed_forms():
    # 98 % instead of 96 % are right.
    assert improvement(2.0, 4.0, is_text=False) == pytest.approx(100 * 2 / 96)
    assert improvement(54.0, 60.0, is_text=True) == pytest.approx(10)
    assert improvement(5.0, 4.0, is_text=False) < 0


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ("cifar10", {"darts_v1_cifar10": 0.29986, "darts_v2_cifar10": 0.54803}),
        ("ptb", {"darts_v1_ptb": 3.03030, "darts_v2_ptb": 6.22896}),
        ("imagenet2012", {}),
    ],
)
def test_of_published_rows(dataset, expected):
    entries = with_improvements(published_entries(dataset))
    found = {x.row.name: x.improvement for x in entries if x.improvement is not None}
    assert found == pytest.approx(expected, abs=1e-5)


def test_of_runs_beside_a_drawn_cell(tmp_path):
    search = image_search(tmp_path / "search", [0.5, 0.6])
    found = image_training(tmp_path / "found", 3.0, search=search, **SIZES)
    drawn = [
        image_training(tmp_path / f"{x}", x, "random_cifar10", seed=int(x), **OF_ROW)
        for x in (4.0, 6.0)
    ]
    values = improved(search, found, *drawn)
    assert values == [pytest.approx(100 * 2 / 95), None]


def test_another_recipe_or_space_has_no_baseline(tmp_path):
    search = image_search(tmp_path / "search", [0.5, 0.6])
    small = image_search(tmp_path / "small", [0.5, 0.6], num_nodes=2)
    drawn = image_training(tmp_path / "drawn", 5.0, "random_cifar10", **OF_ROW)
    longer = image_training(
        tmp_path / "longer", 3.0, search=search, batch_size=8, **SIZES
    )
    other = image_training(tmp_path / "other", 3.0, search=small, **SIZES)
    published = image_training(tmp_path / "published", 3.0, "DARTS_V1", **SIZES)
    assert improved(search, small, drawn, longer, other, published) == [None] * 4


def test_of_language_models(tmp_path):
    search = text_search(tmp_path / "search", [300, 200])
    found = text_training(tmp_path / "found", 55, 54, genotype_from=search)
    drawn = text_training(tmp_path / "drawn", 62, 60, genotype="random_ptb")
    assert improved(search, found, drawn) == [pytest.approx(10), None]
