import numpy as np
import pytest
import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.serving.verification import verify_outputs
from tests.serving.trained_run import make_images

IMAGES = make_images(2)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A LiteRT model that returns two means as logits, and once more."""

    class Means(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], name="images")])
        def __call__(self, images):
            logits = tf.reduce_mean(images, [1, 2])
            return {"logits": logits, "probabilities": logits}

    means = Means()
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [means.__call__.get_concrete_function()], means
    )
    path = tmp_path_factory.mktemp("means") / "model.tflite"
    path.write_bytes(converter.convert())
    return path


def test_difference(model):
    logits = IMAGES.mean((1, 2))
    expected = {"logits": logits + 0.003, "probabilities": logits}
    differences = verify_outputs("litert", model, IMAGES, expected)
    assert differences.keys() == expected.keys()
    np.testing.assert_allclose(differences["logits"], 0.003, rtol=0.02)
    assert differences["probabilities"] < 1e-4


@pytest.mark.parametrize("error", [0.05, np.nan])
def test_above_the_tolerance(model, error):
    logits = IMAGES.mean((1, 2))
    expected = {"logits": logits, "probabilities": logits + error}
    with pytest.raises(UserError, match=r"probabilities differ .* by (0\.05|nan)"):
        verify_outputs("litert", model, IMAGES, expected)


def test_an_output_that_is_missing(model):
    logits = IMAGES.mean((1, 2))
    expected = {"logits": logits, "probabilities": logits, "serving_bytes logits": 0}
    with pytest.raises(UserError, match="has no serving_bytes logits"):
        verify_outputs("litert", model, IMAGES, expected)


def test_a_process_that_fails(tmp_path):
    (tmp_path / "model.tflite").write_text("something")
    with pytest.raises(UserError, match=r"cannot be run by itself \(ValueError"):
        verify_outputs("litert", tmp_path / "model.tflite", IMAGES, {"logits": 0})
