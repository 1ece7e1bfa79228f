"""Bad input among genotypes, weights and what is exported."""

import json
import os
import shutil

from tests.robustness.bad_data import write_images
from tests.robustness.bad_input import BadInput
from tests.robustness.tiny_runs import CELLS
from tests.torch_files import legacy_file, pickled, zip_file

_FIELDS = json.loads(CELLS.to_json())
_EVALUATE = "--evaluate_only"
_OTHER_IMAGES = f"{_EVALUATE} --dataset={{tmp}}/images"
_NESTED = "[" * 200_000 + "]" * 200_000


def _cell(**changes):
    return json.dumps({**_FIELDS, "normal": {**_FIELDS["normal"], **changes}})


def _genotypes():
    for name, trainer, content in (
        ("empty", "eval_cifar", ""),
        ("no JSON", "eval_ptb", "{"),
        ("no UTF-8", "eval_cifar", b"\xff\xfe"),
        ("nested", "eval_ptb", _NESTED),
        ("too long", "eval_cifar", " " * 2_000_000 + "{}"),
        ("of the other kind", "eval_ptb", CELLS.to_json()),
        ("of a later version", "eval_cifar", json.dumps({**_FIELDS, "version": 2})),
        ("of one cell", "eval_cifar", json.dumps({**_FIELDS, "reduce": None})),
        ("of an unknown primitive", "eval_cifar", _cell(nodes=[[["conv_9x9", 0]]])),
        ("of a name that is none", "eval_cifar", _cell(nodes=[[["a b", 0]]])),
        ("of a later state", "eval_cifar", _cell(nodes=[[["skip_connect", 2]]])),
        ("of half a state", "eval_cifar", _cell(nodes=[[["skip_connect", 0.5]]])),
        ("without output", "eval_cifar", _cell(concat=[])),
        ("of one output twice", "eval_cifar", _cell(concat=[2, 2])),
    ):

        def prepare(materials, tmp, content=content):
            content = content if isinstance(content, bytes) else content.encode()
            (tmp / "x.json").write_bytes(content)

        flags = ("--genotype={tmp}/x.json",)
        yield BadInput(f"genotype: {name}", trainer, flags, "x.json", prepare)
    for name, trainer, text, message in (
        ("missing", "eval_imagenet", "", "genotype"),
        ("unknown", "eval_cifar", "DARTS_V9", "DARTS_V9"),
        ("in an empty folder", "eval_ptb", "{tmp}", "genotype_best.json"),
    ):
        flags = (f"--genotype={text}",)
        yield BadInput(f"genotype: {name}", trainer, flags, message)


def _write(name, make):
    """Function that writes a file whose content `make` returns."""

    def prepare(materials, tmp):
        content = make(materials)
        content = content if isinstance(content, bytes) else content.encode()
        (tmp / name).write_bytes(content)

    return prepare


class _Call:
    def __reduce__(self):
        return os.system, ("touch marker",)


def _checkpoint(materials):
    return legacy_file(*pickled(materials.tensors))


def _cut_checkpoint(materials):
    content = _checkpoint(materials)
    return content[: len(content) // 2]


def _without_bias(materials):
    tensors = dict(materials.tensors)
    del tensors["classifier.bias"]
    return legacy_file(*pickled(tensors))


def _sound(materials, tmp):
    (tmp / "x.pt").write_bytes(_checkpoint(materials))
    (tmp / "old.keras").write_text("something")


def _checkpoints():
    for name, make, message in (
        ("empty", lambda _: b"", "x.pt"),
        ("text", lambda _: "something", "x.pt"),
        ("cut", _cut_checkpoint, "x.pt"),
        ("calling a function", lambda _: zip_file(*pickled(_Call())), "system"),
        ("of no tensors", lambda _: zip_file(*pickled({"a": 1})), "tensors"),
        (
            "of no network",
            lambda m: zip_file(*pickled({"a": m.tensors["classifier.bias"]})),
            "network",
        ),
        ("lacking a tensor", _without_bias, "classifier.bias"),
    ):
        prepare = _write("x.pt", make)
        flags = ("{tmp}/x.pt", "--image_size=8")
        yield BadInput(f"checkpoint: {name}", "import_weights", flags, message, prepare)
    for name, flags, message in (
        ("missing", "{tmp}/none.pt", "none.pt"),
        ("a folder", "{tmp}", "checkpoint"),
        ("without name", "", "checkpoint"),
        ("of another genotype", "{tmp}/x.pt --genotype=DARTS_V2", "genotype"),
        ("for no Keras file", "{tmp}/x.pt --output={tmp}/y", ".keras"),
        ("for a file that exists", "{tmp}/x.pt --output={tmp}/old.keras", "old.keras"),
        (
            "for a folder that is a file",
            "{tmp}/x.pt --output={tmp}/x.pt/y.keras",
            "x.pt",
        ),
    ):
        flags = tuple(flags.split()) or ("",)
        yield BadInput(f"checkpoint: {name}", "import_weights", flags, message, _sound)


def _model(trainer):
    """Function that copies the best model of a run."""

    def prepare(materials, tmp):
        shutil.copy(materials.run(trainer) / "model_best.keras", tmp / "x.keras")

    return prepare


def _weights():
    text = _write("x.keras", lambda materials: "something")
    network, model = _model("eval_cifar"), _model("eval_ptb")
    for name, trainer, flags, message, prepare in (
        ("missing", "eval_cifar", "", "x.keras", _nothing),
        ("of no archive", "eval_cifar", "", "x.keras", text),
        ("to evaluate, of no archive", "eval_ptb", _EVALUATE, "x.keras", text),
        ("of a language model", "eval_cifar", "", "x.keras", model),
        ("of a network for images", "eval_ptb", _EVALUATE, "x.keras", network),
        ("of fewer cells", "eval_cifar", "--layers=3", "--layers", network),
        ("of fewer channels", "eval_cifar", "--init_channels=4", "shape", network),
        (
            "of more words",
            "eval_ptb",
            f"{_EVALUATE} --vocabulary_size=5",
            "words",
            model,
        ),
        ("in no run", "eval_cifar", "--weights={tmp}", "model_best.keras", _nothing),
        ("for other images", "eval_cifar", _OTHER_IMAGES, "classes", _with_images),
    ):
        flags = ("--weights={tmp}/x.keras", *flags.split())
        yield BadInput(f"weights: {name}", trainer, flags, message, prepare)


def _nothing(materials, tmp):
    pass


def _with_images(materials, tmp):
    _model("eval_cifar")(materials, tmp)
    write_images(tmp / "images")


CASES = [*_genotypes(), *_checkpoints(), *_weights()]
