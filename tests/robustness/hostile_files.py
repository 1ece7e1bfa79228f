"""Files made to hang a machine, to fill its memory, or to have something run."""

import io
import json
import os
import shutil
import zipfile

import numpy as np
from PIL import Image

from tests.robustness import hostile_pickles
from tests.robustness.bad_data import write_images
from tests.robustness.bad_input import BadInput
from tests.robustness.materials import SET
from tests.torch_files import Tensor, legacy_file, pickled, zip_file

_ONE = np.ones(1, "float32")
_STEM = "stem.0.weight"
# Clears a terminal, and makes it write in red.
_CLEAR = "\x1b[2J\x1b[31m"


def _checkpoint(shapes):
    """A checkpoint of ones, by the shapes of its tensors."""
    arrays = {name: np.ones(shape, "float32") for name, shape in shapes.items()}
    return legacy_file(*pickled({name: Tensor(a) for name, a in arrays.items()}))


def _network(shapes):
    """One that looks as if it was of a network."""
    sound = {_STEM: (6, 3, 1, 1), "classifier.weight": (10, 4)}
    return _checkpoint({**sound, "cells.0.x": (1,), **shapes})


def _strange_name(materials):
    tensors = {**materials.tensors, f"cells.0.{_CLEAR}\n": Tensor(_ONE)}
    return legacy_file(*pickled(tensors))


def _checkpoints():
    cells = {f"cells.{number}.x": (1,) for number in range(20_000)}
    for name, message, make in (
        ("a key for years", "x.pt", lambda _: zip_file(hostile_pickles.hash_bomb())),
        (
            "a long shape",
            "x.pt",
            lambda _: zip_file(hostile_pickles.long_shape(), [_ONE]),
        ),
        (
            "many names",
            "x.pt",
            lambda _: zip_file(hostile_pickles.many_names(), [_ONE]),
        ),
        (
            "long names",
            "x.pt",
            lambda _: zip_file(hostile_pickles.long_names(), [_ONE]),
        ),
        (
            "a module's name",
            "x.pt",
            lambda _: zip_file(hostile_pickles.call_of(_CLEAR)),
        ),
        ("a tensor's name", "no place for", _strange_name),
        ("many cells", "num_cells", lambda _: _network(cells)),
        ("many channels", "channels", lambda _: _network({_STEM: (90_000, 1, 1, 1)})),
        ("no channels", _STEM, lambda _: _network({_STEM: (12, 0, 3, 3)})),
        (
            "many units",
            "weights",
            lambda _: _checkpoint({"encoder.weight": (2, 10**5)}),
        ),
    ):

        def prepare(materials, tmp, make=make):
            (tmp / "x.pt").write_bytes(make(materials))

        yield _import(name, message, prepare)
    yield _import("no end", "x.pt", lambda _, tmp: _link_to_zeros(tmp / "x.pt"))
    yield _import("a pipe", "x.pt", lambda _, tmp: os.mkfifo(tmp / "x.pt"))


def _import(name, message, prepare):
    flags = ("{tmp}/x.pt", "--image_size=8")
    return BadInput(f"checkpoint: {name}", "import_weights", flags, message, prepare)


def _link_to_zeros(path):
    path.symlink_to("/dev/zero")


def _changed_model(trainer, change):
    """Function that copies a model, of which `change` gets the configuration."""

    def prepare(materials, tmp):
        source = materials.run(trainer) / "model_best.keras"
        with (
            zipfile.ZipFile(source) as old,
            zipfile.ZipFile(tmp / "x.keras", "w") as new,
        ):
            for name in old.namelist():
                content = old.read(name)
                if name == "config.json":
                    config = json.loads(content)
                    change(config)
                    content = json.dumps(config)
                new.writestr(name, content)

    return prepare


def _set(**entries):
    return lambda config: config["config"].update(entries)


def _replace_layer(config):
    """A layer that holds the code of a function."""
    code = {"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}
    config.clear()
    config |= {
        "module": "keras.layers",
        "class_name": "Lambda",
        "registered_name": None,
    }
    config["config"] = {"name": "x", "function": code}


def _models():
    for name, change in (
        ("100000 cells", _set(num_cells=10**5)),
        ("a milliard cells", _set(num_cells=10**9)),
        ("many channels", _set(init_channels=10**8)),
        ("many classes", _set(num_classes=10**9)),
        ("code", _replace_layer),
    ):
        prepare = _changed_model("eval_cifar", change)
        flags = ("--run={tmp}/x.keras",)
        yield BadInput(f"model: {name}", "export", flags, "x.keras", prepare)
    prepare = _changed_model("eval_ptb", _set(vocabulary_size=10**9))
    flags = ("--evaluate_only", "--weights={tmp}/x.keras")
    yield BadInput("model: many words", "eval_ptb", flags, "x.keras", prepare)


def _png_bomb(folder):
    for number in range(4):
        Image.new("1", (20_000, 20_000)).save(folder / f"zz{number}.png")


def _images():
    for name, change, message in (
        ("large when decoded", _png_bomb, "zz0.png"),
        ("no end", lambda folder: _link_to_zeros(folder / "zz.png"), "zz.png"),
        ("a pipe", lambda folder: os.mkfifo(folder / "zz.png"), "zz.png"),
    ):

        def prepare(materials, tmp, change=change):
            write_images(tmp / "images")
            change(tmp / "images" / "b")

        flags = ("--dataset={tmp}/images", "--image_size=8")
        yield BadInput(f"images: {name}", "search", flags, message, prepare)


def _foreign_features(materials, tmp):
    path = materials.copy_tfds(tmp / "tfds") / "features.json"
    features = json.loads(path.read_text())
    features["featuresDict"]["features"]["image"]["pythonClassName"] = "stranger.X"
    path.write_text(json.dumps(features))
    (tmp / "stranger.py").write_text(f"open({str(tmp / 'marker')!r}, 'w')\n")


def _linked_lock(materials, tmp):
    run = materials.copy_run("search", tmp / "run", finished=False)
    (tmp / "precious").write_text("precious")
    (run / ".lock").unlink()
    (run / ".lock").symlink_to(tmp / "precious")


def _predictions(header):
    """Function that copies a run whose first array has another header."""

    def prepare(materials, tmp):
        run = materials.copy_run("eval_cifar", tmp / "run")
        with np.load(run / "predictions.npz") as file:
            arrays = dict(file)
        with zipfile.ZipFile(run / "predictions.npz", "w") as archive:
            for name, array in arrays.items():
                file = io.BytesIO()
                np.save(file, array)
                archive.writestr(f"{name}.npy", file.getvalue())
            length = len(header).to_bytes(2, "little")
            content = b"\x93NUMPY\x01\x00" + length + header
            archive.writestr("labels.npy", content)

    return prepare


def _others():
    large = b"{'descr': '<i4', 'fortran_order': False, 'shape': (1000000, 1000000)}\n"
    for name, trainer, flag, message, prepare in (
        (
            "set: a class to import",
            "search",
            f"--dataset={SET} --data_dir={{tmp}}/tfds",
            SET,
            _foreign_features,
        ),
        ("lock: a link", "search", "--output={tmp}/run", ".lock", _linked_lock),
        (
            "predictions: large",
            "eval_cifar",
            "--output={tmp}/run",
            "predictions.npz",
            _predictions(large),
        ),
        (
            "predictions: nested",
            "eval_cifar",
            "--output={tmp}/run",
            "predictions.npz",
            _predictions(b"[" * 5000 + b"\n"),
        ),
        (
            "genotype: no end",
            "eval_cifar",
            "--genotype=/dev/zero",
            "/dev/zero",
            lambda *_: None,
        ),
        (
            "genotype: a pipe",
            "eval_cifar",
            "--genotype={tmp}/x",
            "/x",
            lambda _, tmp: os.mkfifo(tmp / "x"),
        ),
        ("text: a pipe", "eval_ptb", "--data_dir={tmp}", "train.txt", _text_pipe),
    ):
        yield BadInput(name, trainer, tuple(flag.split()), message, prepare)


def _text_pipe(materials, tmp):
    for path in (materials.inputs / "texts").iterdir():
        shutil.copy(path, tmp)
    (tmp / "train.txt").unlink()
    os.mkfifo(tmp / "train.txt")


CASES = [*_checkpoints(), *_models(), *_images(), *_others()]
