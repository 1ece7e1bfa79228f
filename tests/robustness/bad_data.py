"""Bad input among images and texts."""

import json
import os
import shutil

import numpy as np
from PIL import Image

from tests.robustness.bad_input import BadInput
from tests.robustness.materials import SET


def write_images(folder, classes=("a", "b"), count=40, size=8):
    """Writes a folder of sound images."""
    for label, name in enumerate(classes):
        path = os.path.join(os.fsencode(folder), os.fsencode(name))
        os.makedirs(path)
        for number in range(count):
            array = np.full((size, size, 3), 9 * label + number, "uint8")
            Image.fromarray(array).save(os.fsdecode(path) + f"/{number:02d}.png")


def _damage_images(change, **options):
    def prepare(materials, tmp):
        write_images(tmp / "images", **options)
        change(tmp / "images")

    return prepare


def _overwrite(content, pattern="a/07.png"):
    def change(folder):
        for path in folder.glob(pattern):
            path.write_bytes(content)

    return change


def _cut(folder):
    path = folder / "a" / "07.png"
    path.write_bytes(path.read_bytes()[:60])


def _enlarge(folder):
    Image.new("RGB", (20, 8)).save(folder / "b" / "07.png")


def _strange_validation(folder):
    shutil.copytree(folder, folder.parent / "train")
    shutil.rmtree(folder)
    shutil.move(folder.parent / "train", folder / "train")
    write_images(folder / "val", ("a", "c"), 2)


def _no_validation(folder):
    _strange_validation(folder)
    shutil.rmtree(folder / "val")


def _images():
    for name, trainer, flags, message, prepare in (
        ("one class", "search", "", "1 folder", _damage_images(bool, classes="a")),
        (
            "class without images",
            "eval_cifar",
            "",
            "folder c",
            _damage_images(lambda folder: (folder / "c").mkdir()),
        ),
        ("no image", "search", "", "a/07.png", _damage_images(_overwrite(b"text"))),
        ("empty", "eval_cifar", "", "a/07.png", _damage_images(_overwrite(b""))),
        ("cut", "search", "--image_size=8", "a/07.png", _damage_images(_cut)),
        (
            "all damaged",
            "eval_cifar",
            "--skip_damaged",
            "none is left",
            _damage_images(_overwrite(b"", "*/*.png")),
        ),
        ("of two sizes", "search", "", "--image_size", _damage_images(_enlarge)),
        (
            "link to nowhere",
            "eval_cifar",
            "",
            "a/zz.png",
            _damage_images(lambda folder: (folder / "a" / "zz.png").symlink_to("x")),
        ),
        (
            "fewer than a batch",
            "search",
            "",
            "--batch_size",
            _damage_images(bool, count=3),
        ),
        (
            "strange class",
            "eval_imagenet",
            "",
            "class c",
            _damage_images(_strange_validation),
        ),
        (
            "no validation",
            "eval_cifar",
            "",
            "validation",
            _damage_images(_no_validation),
        ),
    ):
        arguments = ("--dataset={tmp}/images", *flags.split())
        yield BadInput(f"images: {name}", trainer, arguments, message, prepare)


def _write_file(materials, tmp):
    (tmp / "file").write_text("something")


def _names():
    for name, flags, message, prepare in (
        ("no such folder", "--dataset={tmp}/none", "none", None),
        ("empty name", "--dataset=", "--dataset", None),
        ("a file", "--dataset={tmp}/file", "file", _write_file),
        ("misspelt set", "--dataset=cifar1O --data_dir={tmp}", "cifar10", None),
        ("set of texts", "--dataset=imdb_reviews --data_dir={tmp}", "imdb_rev", None),
        (
            "set that is not there",
            "--dataset=imagenet2012 --image_size=8 --data_dir={inputs}/sets",
            "not in",
            None,
        ),
        ("unknown version", "--dataset=cifar10:9.9.9 --data_dir={tmp}", "9.9.9", None),
        (
            "folder that is none",
            "--dataset=imagenet2012 --image_size=8 --data_dir={tmp}/file",
            "file",
            _write_file,
        ),
    ):
        prepare = {"prepare": prepare} if prepare else {}
        yield BadInput(
            f"set: {name}", "search", tuple(flags.split()), message, **prepare
        )


def _damage_set(change):
    def prepare(materials, tmp):
        change(materials.copy_tfds(tmp / "tfds"))

    return prepare


def _shard_lengths(*lengths):
    def change(folder):
        path = folder / "dataset_info.json"
        info = json.loads(path.read_text())
        info["splits"][0]["shardLengths"] = list(map(str, lengths))
        path.write_text(json.dumps(info))

    return change


def _cut_records(folder):
    (path,) = folder.glob("*.tfrecord*")
    path.write_bytes(path.read_bytes()[:200])


def _remove_records(folder):
    (path,) = folder.glob("*.tfrecord*")
    path.unlink()


def _sets():
    for name, change in (
        (
            "description that is cut",
            lambda f: (f / "dataset_info.json").write_text("{"),
        ),
        ("features that are cut", lambda f: (f / "features.json").write_text("{")),
        ("no features", lambda f: (f / "features.json").unlink()),
        ("files of no records", _shard_lengths(0)),
        ("files of fewer than no records", _shard_lengths(-5)),
        ("more records than there are", _shard_lengths(50)),
        ("records that are cut", _cut_records),
        ("no records", _remove_records),
    ):
        flags = (f"--dataset={SET}", "--data_dir={tmp}/tfds")
        yield BadInput(f"set: {name}", "search", flags, SET, _damage_set(change))


def _texts():
    sound, flags = b"a b c a <unk>\n" * 200, ()
    for name, trainer, changed, message, *flags in (
        ("no training text", "eval_ptb", {"train": None}, "train.txt"),
        ("no test text", "search_rnn", {"test": None}, "test.txt"),
        ("empty text", "eval_ptb", {"train": b""}, "train.txt"),
        ("only spaces", "search_rnn", {"valid": b"  \n\n"}, "valid.txt"),
        ("picture", "eval_ptb", {"test": b"\x89PNG\xff"}, "test.txt"),
        ("zero bytes", "search_rnn", {"train": b"a\0b\n" * 200}, "train.txt"),
        ("UTF-16", "eval_wikitext2", {"train": "a b\n".encode("utf-16")}, "train.txt"),
        (
            "unknown word",
            "eval_ptb",
            {"train": b"a b c\n" * 200, "test": b"d\n" * 200},
            "vocabulary",
        ),
        ("short text", "eval_ptb", {"train": b"a b <unk>\n"}, "too short"),
        ("short validation", "search_rnn", {"valid": b"a\n"}, "too short"),
        (
            "short test",
            "eval_ptb",
            {"test": b"a\n"},
            "too short",
            "--test_batch_size=9",
        ),
    ):

        def prepare(materials, tmp, changed=changed):
            (tmp / "text").mkdir()
            for split in ("train", "valid", "test"):
                content = changed.get(split, sound)
                if content is not None:
                    (tmp / "text" / f"{split}.txt").write_bytes(content)

        flags = ("--data_dir={tmp}/text", *flags)
        yield BadInput(f"text: {name}", trainer, flags, message, prepare)


def _text_names():
    for name, flags, message in (
        ("no folder named", "--dataset=wikitext2 --data_dir=", "wikitext2"),
        ("no such folder", "--data_dir={tmp}/none", "none"),
        ("folder that is a file", "--data_dir={inputs}/cell.json", "cell.json"),
        ("misspelt", "--dataset=penn_tree_bnak", "penn_tree_bnak"),
        ("folder too many", "--dataset=python_reference", "--data_dir"),
    ):
        yield BadInput(f"text: {name}", "search_rnn", tuple(flags.split()), message)


CASES = [*_images(), *_names(), *_sets(), *_texts(), *_text_names()]
