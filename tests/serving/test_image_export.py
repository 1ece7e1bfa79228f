"""What was exported, run in a process that has neither this project nor Keras.

The code that runs it stands in the docs.
"""

import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys
import types

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.data.images.augmentation import standardize
from darts_tf.data.images.decoding import fit
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.errors import UserError
from darts_tf.formats.format import FORMATS
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.keras_file import save_model
from darts_tf.serving import image_export
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.image_export import export_image_model
from darts_tf.serving.model_kind import KIND_FILE, read_kind
from tests.serving.trained_run import (
    MEAN,
    NAMES,
    STD,
    make_images,
    make_network,
    write_run,
)

# Resolved, because Bazel runs a test through links into the source tree.
ROOT = pathlib.Path(image_export.__file__).resolve().parents[2]
OF_IMAGES = (ROOT / "docs/serving.md").read_text().split("## Language models")[0]
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
SNIPPETS = PYTHON.findall(OF_IMAGES)
(PHOTOGRAPH,) = PYTHON.findall((ROOT / "docs/photographs.md").read_text())
FOLDERS = {name: name for name in FORMATS} | {"saved_model": "served"}
TIMED = "litert"
ALONE = """
import sys
sys.modules.update(dict.fromkeys(("darts_tf", "keras", "tf_keras")))
import numpy as np
"""
IN_ALL_SIZES = """
for count in (1, 7, 64):
    values = {"images": np.float32(np.load("images.npy")[:count])}
    exec(sys.argv[1], values)
    outputs = {name: np.array(value) for name, value in values["outputs"].items()}
    np.savez(f"{count}.npz", logits=outputs["logits"], p=outputs["probabilities"])
"""
ALL_SIGNATURES = """
import tensorflow as tf
model = tf.saved_model.load("served/1")
images, outputs = np.load("images.npy"), {}
for count in (1, 7, 64):
    part = tf.constant(images[:count])
    files = tf.map_fn(tf.io.encode_png, part, fn_output_signature=tf.string)
    for name, inputs in (
        ("serving_default", {"images": tf.cast(part, tf.float32)}),
        ("serving_uint8", {"images": part}),
        ("serving_bytes", {"image_bytes": files}),
    ):
        for key, value in model.signatures[name](**inputs).items():
            value = value.numpy()
            if value.dtype == object:
                value = np.array([text.decode() for text in value])
            outputs[f"{name}/{key}/{count}"] = value
photograph = tf.constant(open("photo.jpg", "rb").read())
large = model.signatures["serving_bytes"](image_bytes=photograph[None])
outputs["photograph"] = large["logits"].numpy()
outputs["variables"] = [v.name for v in model._all_variables]
np.savez("outputs.npz", **outputs)
"""


def run_alone(folder, code, *arguments):
    result = subprocess.run(
        [sys.executable, "-P", "-c", ALONE + code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module", autouse=True)
def without_grappler():
    """In place of the fixture of this name: converters need the graph optimizer."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Folder with a run and its export in each format; its network and reports."""
    folder = tmp_path_factory.mktemp("exported")
    network = make_network()
    images = make_images(64)
    np.save(folder / "images.npy", images)
    run = write_run(folder / "run", network, images=images[:20])
    reports = {}
    for name in FORMATS:
        config = ExportConfig(run, folder / FOLDERS[name], name)
        timed = dataclasses.replace(config, verify_latency=name == TIMED)
        reports[name] = export_image_model(timed)
    return folder, network, reports


def logits_of(network, images):
    return network(standardize(images, MEAN, STD), training=False)


@pytest.mark.parametrize("format", FORMATS)
def test_report(exported, format):
    report = exported[2][format]
    assert "on 16 images of animals" in report
    differences = re.findall(r"(\S+): largest difference (\S+)", report)
    assert len(differences) == (6 if format == "saved_model" else 2)
    assert all(float(difference) < 1e-5 for _, difference in differences)
    timed = re.search(r"^One image takes [\d.e+]+ ms with 1 thread on ", report, re.M)
    assert bool(timed) == (format == TIMED)
    names = exported[0] / FOLDERS[format] / "1" / "class_names.txt"
    assert names.read_text("utf-8").splitlines() == list(NAMES)


@pytest.mark.parametrize("format", FORMATS)
def test_kind_of_a_version(exported, tmp_path, format):
    version = exported[0] / FOLDERS[format] / "1"
    kind = {"model": "image network", "image_shape": [8, 8, 3], "num_classes": 5}
    kind |= {"class_names": list(NAMES)}
    assert read_kind(version) == kind
    # Versions of earlier releases hold no file that says it.
    copy = tmp_path / "1"
    ignored = shutil.ignore_patterns(KIND_FILE, "variables")
    shutil.copytree(version, copy, ignore=ignored)
    if format != "saved_model":
        kind = {"class_names": list(NAMES)}
    assert read_kind(copy) == kind


@pytest.mark.parametrize("format, snippet", list(zip(FORMATS, SNIPPETS, strict=True)))
def test_runs_as_the_docs_say(exported, format, snippet, record_property):
    folder, network, _ = exported
    assert f"{FOLDERS[format]}/1" in snippet
    run_alone(folder, IN_ALL_SIZES, snippet)
    expected = logits_of(network, make_images(64))
    for count in (1, 7, 64):
        outputs = np.load(folder / f"{count}.npz")
        assert outputs["logits"].shape == (count, len(NAMES))
        for found, wanted in (
            (outputs["logits"], expected[:count]),
            (outputs["p"], tf.nn.softmax(expected[:count])),
        ):
            np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
    difference = np.abs(outputs["logits"] - expected).max()
    record_property("difference", f"{difference:.1e}")


def test_every_signature(exported):
    folder, network, _ = exported
    photograph = tf.random.stateless_uniform((30, 20, 3), (1, 2), 0, 256, tf.int32)
    file = tf.io.encode_jpeg(tf.cast(photograph, tf.uint8))
    (folder / "photo.jpg").write_bytes(file.numpy())
    printed = run_alone(folder, ALL_SIGNATURES + PHOTOGRAPH)
    outputs = np.load(folder / "outputs.npz")
    expected = logits_of(network, make_images(64)).numpy()
    for count in (1, 7, 64):
        best = [NAMES[index] for index in expected[:count].argmax(-1)]
        for name in ("serving_default", "serving_uint8", "serving_bytes"):
            logits = outputs[f"{name}/logits/{count}"]
            np.testing.assert_allclose(logits, expected[:count], rtol=1e-5, atol=1e-5)
            assert outputs[f"{name}/class_name/{count}"].tolist() == best
    image = fit(tf.io.decode_jpeg(file), 8)[None]
    expected = logits_of(network, image)
    np.testing.assert_allclose(outputs["photograph"], expected, rtol=1e-5, atol=1e-5)
    assert printed.split()[0] == NAMES[int(np.argmax(expected))]
    names = " ".join(outputs["variables"])
    assert "kernel" in names
    assert not re.search("auxiliary|drop_path|seed", names)


@pytest.mark.long
def test_files_for_a_network_of_large_images(tmp_path):
    """They are brought to its size as in its evaluation."""
    network = make_network(size=32, stem="imagenet")
    run = write_run(tmp_path / "run", network, size=32)
    export_image_model(ExportConfig(run, tmp_path / "served"))
    picture = tf.random.stateless_uniform((50, 70, 3), (1, 2), 0, 256, tf.int32)
    file = tf.io.encode_png(tf.cast(picture, tf.uint8))
    image = LargeImageAugmentation(MEAN, STD).evaluation_image(file, (32, 32, 3))
    expected = network(image[None], training=False)
    serve = tf.saved_model.load(tmp_path / "served/1").signatures["serving_bytes"]
    logits = serve(image_bytes=file[None])["logits"]
    np.testing.assert_allclose(logits, expected, rtol=1e-5, atol=1e-5)


def test_another_network_is_no_version(exported):
    folder, network, _ = exported
    other = type(network).from_config(network.get_config() | {"num_classes": 4})
    other.build((None, 8, 8, 3))
    save_model(other, folder / "other.keras")
    with pytest.raises(UserError, match=r"another model .*num classes 5"):
        export_image_model(ExportConfig(folder / "other.keras", folder / "served"))


def test_a_graph_that_runs_anywhere(tmp_path, monkeypatch):
    """No dilated operation, which only oneDNN's CPU kernels have."""
    monkeypatch.setattr(image_export, "verify_outputs", lambda *arguments: {})
    cell = Cell.from_lists([[("dil_conv_3x3", 0), ("skip_connect", 1)]], [2])
    network = EvaluationNetwork(Genotype(cell, cell), num_cells=1, init_channels=2)
    network.build((None, 8, 8, 3))
    save_model(network, tmp_path / "model.keras")
    export_image_model(ExportConfig(tmp_path / "model.keras", tmp_path / "served"))
    content = (tmp_path / "served/1/saved_model.pb").read_bytes()
    functions = SavedModel.FromString(content).meta_graphs[0].graph_def.library.function
    nodes = [n for f in functions for n in f.node_def if "Depthwise" in n.op]
    assert nodes
    for node in nodes:
        assert set(node.attr["dilations"].list.i) <= {1}


@pytest.mark.long
@pytest.mark.parametrize("format", FORMATS)
def test_a_network_with_noise_has_other_answers_each_time(tmp_path, format):
    cell = Cell.from_lists([[("noise", 0), ("sep_conv_3x3", 1)]], [2])
    network = EvaluationNetwork(Genotype(cell, cell), num_cells=1, init_channels=2)
    network.build((None, 8, 8, 3))
    save_model(network, tmp_path / "model.keras")
    config = ExportConfig(tmp_path / "model.keras", tmp_path / "served", format)
    assert "Its cells have noise" in export_image_model(config)
    if format == "saved_model":
        served = tf.saved_model.load(tmp_path / "served/1")
        images = tf.constant(make_images(3), tf.float32)
        call = served.signatures["serving_default"]
        first, second = (call(images=images)["logits"] for _ in "ab")
        assert not np.allclose(first, second)


@pytest.mark.parametrize("allowed", [True, False])
def test_expected_outputs_are_in_full_float32(allowed):
    of_process, during = tf.config.experimental, []

    def network(images, training):
        during.append(of_process.tensor_float_32_execution_enabled())
        return tf.zeros([len(images), 5])

    trained = types.SimpleNamespace(network=network, mean=MEAN, std=STD)
    before = of_process.tensor_float_32_execution_enabled()
    of_process.enable_tensor_float_32_execution(allowed)
    try:
        image_export.network_outputs(trained, make_images(2))
        assert of_process.tensor_float_32_execution_enabled() == allowed
    finally:
        of_process.enable_tensor_float_32_execution(before)
    assert during == [False]


def test_mixed_precision(tmp_path):
    """A network that was trained in mixed precision is exported in float32."""
    network = make_network(dtype="mixed_float16", auxiliary=False)
    network.save(tmp_path / "model.keras")
    config = ExportConfig(tmp_path / "model.keras", tmp_path / "litert", "litert")
    report = export_image_model(config)
    assert "photographs that ship with scikit-learn" in report
    assert not (tmp_path / "litert" / "1" / "class_names.txt").exists()
