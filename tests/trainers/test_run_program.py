import json

from darts_tf.experiments.kept_epochs import write_results
from darts_tf.genotype.convolutional_genotype import Genotype
from tests.experiments.test_kept_epochs import write_search
from tests.method.histories import genotype_with
from trainers.run_program import print_found


def printed(folder, capsys):
    print_found(folder, Genotype)
    return capsys.readouterr().out


def test_what_is_recommended_is_printed_with_its_files(tmp_path, capsys):
    folder = tmp_path / "run"
    run = write_search(folder, [1, 2, 5], [0.1, 0.4, 0.9])
    write_results(run)
    found = printed(folder, capsys)
    assert str(genotype_with(2)) in found and str(genotype_with(5)) not in found
    assert f"Genotype: {folder / 'genotypes' / 'epoch_002.json'}\n" in found
    names = [f"recommended_{kind}.png" for kind in ("normal", "reduce")]
    for name in names:
        assert f"{folder / 'cells' / name}\n" in found
        assert (folder / "cells" / name).exists()
    assert "best_" not in found


def test_the_best_genotype_has_its_own_file(tmp_path, capsys):
    folder = tmp_path / "run"
    write_results(write_search(folder, [1, 2, 0], [0.1, 0.4, 0.9]))
    assert json.loads((folder / "results.json").read_text())["recommended_epoch"] == 3
    found = printed(folder, capsys)
    assert f"Genotype: {folder / 'genotype_best.json'}\n" in found
    assert f"{folder / 'cells' / 'best_normal.png'}\n" in found
    assert not [*folder.glob("cells/recommended_*")]
