"""The wheel holds all that its commands need, and they work far from the repository."""

import os
import pathlib
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest

from tests.build_files import ROOT

TINY = [
    "--dataset=digits",
    "--order=first",
    "--layers=2",
    "--init_channels=2",
    "--nodes=1",
    "--epochs=1",
    "--steps_per_epoch=2",
    "--primitives=none,skip_connect,max_pool_3x3",
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    # Of a copy, since setuptools leaves files beside what it builds.
    source = folder / "source"
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split()
    if not names:
        pytest.skip("The sources are no checkout of git.")
    for name in names:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = ["pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w"]
    subprocess.run(
        [sys.executable, "-m", *command, str(folder), str(source)], check=True
    )
    (path,) = folder.glob("*.whl")
    return path


def test_it_holds_every_module(wheel):
    names = {
        name
        for name in zipfile.ZipFile(wheel).namelist()
        if name.endswith((".py", ".html"))
    }
    folders = ("darts_tf", "flags", "trainers")
    modules = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
    }
    assert names == {
        *modules,
        *(f"darts_tf/report/{x}.html" for x in ("details", "page")),
    }


@pytest.mark.long
def test_its_commands_work_in_an_empty_folder(wheel, tmp_path):
    environment, folder = tmp_path / "environment", tmp_path / "folder"
    folder.mkdir()
    venv.create(environment, symlinks=True, with_pip=True)
    python = environment / "bin" / "python"
    command = [python, "-m", "pip", "install", "-q", "--no-deps", str(wheel)]
    subprocess.run(command, check=True)
    # TensorFlow and the like are those of this environment.
    (packages,) = (environment / "lib").glob("python*/site-packages")
    others = sysconfig.get_paths()["purelib"]
    (packages / "others.pth").write_text(f"{others}\n")
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    for command in (
        [python, "-m", "trainers.search"],
        [environment / "bin" / "darts-search"],
    ):
        output = f"--output={pathlib.Path(command[-1]).name}"
        result = subprocess.run(
            [*command, *TINY, output],
            cwd=folder,
            env=variables,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        assert "genotype_best.json" in result.stdout
    module, command = sorted(folder.iterdir())
    assert (module / "genotype_best.json").read_bytes() == (
        command / "genotype_best.json"
    ).read_bytes()
    assert '"darts-search --dataset=digits' in (module / "config.json").read_text()
