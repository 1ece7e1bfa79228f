"""Bad input among what runs have left, and where they are to be."""

import csv
import json

from tests.robustness.bad_input import BadInput

_NESTED = "[" * 200_000 + "]" * 200_000


def _damaged(trainer, change, finished=False):
    """Function that copies a run and changes it."""

    def prepare(materials, tmp):
        change(materials.copy_run(trainer, tmp / "run", finished))

    return prepare


def _text(name, change):
    """Function that changes the text of a file of a run; `None` removes it."""

    def apply(run):
        content = change((run / name).read_text("utf-8"))
        if content is None:
            (run / name).unlink()
        elif isinstance(content, bytes):
            (run / name).write_bytes(content)
        else:
            (run / name).write_text(content, "utf-8")

    return apply


def _data(**entries):
    """Function that changes entries of the data in a configuration."""

    def change(text):
        config = json.loads(text)
        config["data"] |= entries
        return json.dumps(config)

    return change


def _without(key):
    def change(text):
        config = json.loads(text)
        del config[key]
        return json.dumps(config)

    return change


def _entry(key, value):
    return lambda text: json.dumps({**json.loads(text), key: value})


def _cells(change):
    """Function that changes a table of metrics, a list of rows."""

    def apply(text):
        rows = list(csv.reader(text.splitlines()))
        change(rows)
        return "\n".join(map(",".join, rows)) + "\n"

    return apply


def _set_cell(row, column, value):
    def change(rows):
        rows[row][rows[0].index(column) if isinstance(column, str) else column] = value

    return _cells(change)


def _drop_last_value(rows):
    rows[1].pop()


def _tables():
    for name, trainer, change in (
        ("missing", "search", lambda text: None),
        ("empty", "eval_ptb", lambda text: ""),
        ("of a header", "search", lambda text: text.splitlines()[0] + "\n"),
        ("with a broken epoch", "search", _set_cell(1, "epoch", "1.0")),
        ("of another epoch", "search_rnn", _set_cell(1, "epoch", "7")),
        ("with a word", "eval_cifar", _set_cell(1, "val_loss", "low")),
        ("with an empty value", "eval_ptb", _set_cell(1, "val_loss", "")),
        ("without a column", "search", _set_cell(0, "val_loss", "loss of validation")),
        ("without a value", "search", _cells(_drop_last_value)),
        ("of a spreadsheet", "search", lambda text: text.replace(",", ";")),
        ("not of UTF-8", "search", lambda text: text.encode("utf-16")),
        ("with a row twice", "eval_cifar", lambda t: t + t.splitlines()[1] + "\n"),
        ("with a long number", "search", _set_cell(1, "loss", "1" * 200_000)),
    ):
        damage = _damaged(trainer, _text("metrics.csv", change))
        flags = ("--output={tmp}/run",)
        yield BadInput(f"table: {name}", trainer, flags, "metrics.csv", damage)


def _configurations():
    for name, trainer, change in (
        ("empty", "search", lambda text: ""),
        ("cut", "eval_ptb", lambda text: text[:100]),
        ("nested", "search", lambda text: _NESTED),
        ("a list", "search", lambda text: "[]"),
        ("not of UTF-8", "eval_cifar", lambda text: text.encode("utf-16")),
        ("without settings", "search", _without("settings")),
        ("without data", "eval_cifar", _without("data")),
        ("of a format that is a list", "search", _entry("format", [])),
        ("of a later version", "search", _entry("version", 2)),
    ):
        damage = _damaged(trainer, _text("config.json", change))
        flags = ("--output={tmp}/run",)
        name = f"configuration: {name}"
        yield BadInput(name, trainer, flags, "config.json", damage)


def _exported_configurations():
    for name, change in (
        ("nested", lambda text: _NESTED),
        ("of a format that is a list", _entry("format", [])),
        ("with images that are a word", _data(image_shape="abc")),
        ("with images of no size", _data(image_shape=[-1, -1, 1])),
        ("with images of half a pixel", _data(image_shape=[8.5, 8, 1])),
        ("with images without channels", _data(image_shape=[8, 8])),
        ("with images of other channels", _data(image_shape=[8, 8, 3])),
        ("with huge images", _data(image_shape=[10**6, 10**6, 1])),
        ("with a mean that is a word", _data(mean=["x"])),
        ("with a negative deviation", _data(std=[-1])),
        ("with classes that are numbers", _data(class_names=[None] * 10)),
        ("with a class of two lines", _data(class_names=["a\nb", *"bcdefghij"])),
        ("with a class that is no text", _data(class_names=["\ud800", *"bcdefghij"])),
    ):
        damage = _damaged("eval_cifar", _text("config.json", change), finished=True)
        name = f"export: configuration {name}"
        yield BadInput(name, "export", ("--run={tmp}/run",), "config.json", damage)


def _vocabularies():
    for name, change in (
        ("missing", lambda text: None),
        ("with an empty line", lambda text: text.replace("\n", "\n\n", 1)),
        ("with a word twice", lambda text: text + text.splitlines()[0] + "\n"),
        ("with a word less", lambda text: text.split("\n", 1)[1]),
        ("not of UTF-8", lambda text: text.encode("utf-16")),
    ):
        damage = _damaged("eval_ptb", _text("vocabulary.txt", change), finished=True)
        name = f"export: vocabulary {name}"
        yield BadInput(name, "export", ("--run={tmp}/run",), "vocabulary.txt", damage)


def _write_strange(*names):
    def prepare(materials, tmp):
        for name in names:
            (tmp / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp / name).write_text("something")

    return prepare


def _exports():
    run = "--run={tmp}/run"
    classes = ("--class_names=a,b", run)
    for name, flags, message, prepare in (
        ("no such run", (run,), "run", _write_strange()),
        ("folder without a run", (run,), "run", _write_strange("run/x")),
        ("of a search", (run,), "search", _damaged("search", bool, True)),
        (
            "of no archive",
            ("--run={tmp}/out/x.keras",),
            "x.keras",
            _write_strange("out/x.keras"),
        ),
        (
            "too few classes",
            classes,
            "--class_names",
            _damaged("eval_cifar", bool, True),
        ),
        (
            "text as ONNX",
            ("--format=onnx", run),
            "--format",
            _damaged("eval_ptb", bool, True),
        ),
        (
            "without its model",
            (run,),
            "model_best.keras",
            _damaged("eval_cifar", lambda run: (run / "model_best.keras").unlink()),
        ),
    ):
        yield BadInput(f"export: {name}", "export", flags, message, prepare)
    for name, prepare in (
        ("among other files", _write_strange("out/notes.txt")),
        ("among other formats", _write_strange("out/1/model.onnx")),
        ("into a file", _write_strange("out")),
    ):

        def prepare_both(materials, tmp, prepare=prepare):
            _damaged("eval_cifar", bool, True)(materials, tmp)
            prepare(materials, tmp)

        yield BadInput(f"export: {name}", "export", (run,), "--output", prepare_both)


def _other_words(materials, tmp):
    materials.copy_run("eval_ptb", tmp / "run", finished=False)
    (tmp / "texts").mkdir()
    for split in ("train", "valid", "test"):
        text = (materials.inputs / "texts" / f"{split}.txt").read_text()
        (tmp / "texts" / f"{split}.txt").write_text(text.replace("w1 ", "w2 "))


def _other_cell(materials, tmp):
    run = materials.copy_run("eval_ptb", tmp / "run", finished=False)
    config = json.loads((run / "config.json").read_text())
    config["genotype"]["nodes"][0][0] = "sigmoid"
    (run / "config.json").write_text(json.dumps(config))


def _damage_checkpoints(run):
    for path in (run / "checkpoints").glob("*.index"):
        path.write_bytes(path.read_bytes()[:50])


def _places():
    run = "--output={tmp}/run"
    texts = "--data_dir={tmp}/texts"
    for name, trainer, flags, message, prepare in (
        (
            "run of another seed",
            "search",
            (run, "--seed=9"),
            "seed",
            _damaged("search", bool),
        ),
        (
            "run of another trainer",
            "eval_cifar",
            (run,),
            "search",
            _damaged("search", bool),
        ),
        (
            "run of other words",
            "eval_ptb",
            (run, texts),
            "checksum of the text",
            _other_words,
        ),
        ("run of another cell", "eval_ptb", (run,), "genotype", _other_cell),
        (
            "damaged checkpoints",
            "search",
            (run,),
            "checkpoints",
            _damaged("search", _damage_checkpoints),
        ),
        (
            "broken results",
            "eval_ptb",
            (run,),
            "results.json",
            _damaged("eval_ptb", _text("results.json", lambda _: "{}"), True),
        ),
        ("other files", "search", (), "other files", _write_strange("out/notes.txt")),
        ("a file", "search_rnn", (), "not a folder", _write_strange("out")),
        (
            "below a file",
            "eval_cifar",
            ("--output={tmp}/out/run",),
            "not a folder",
            _write_strange("out"),
        ),
        (
            "no place to write",
            "search",
            ("--output=/proc/run",),
            "/proc",
            _write_strange(),
        ),
    ):
        yield BadInput(f"output: {name}", trainer, flags, message, prepare)


CASES = [
    *_tables(),
    *_configurations(),
    *_exported_configurations(),
    *_vocabularies(),
    *_exports(),
    *_places(),
]
