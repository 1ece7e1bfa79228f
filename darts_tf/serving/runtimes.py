"""Exported networks for images, run by their runtimes and nothing else.

Called as a script, it does so in a process that can import neither this project nor
Keras: `python runtimes.py FORMAT MODEL IMAGES.npy OUTPUTS.npz`.
"""

import sys

import numpy as np

_FORBIDDEN = ("darts_tf", "keras", "tf_keras")


def run_saved_model(path: str, images: np.ndarray) -> dict[str, np.ndarray]:
    """Calls every signature: with floats, with integers, and with PNG files."""
    import tensorflow as tf

    # A GPU would round to TensorFloat-32, unlike the outputs that these are compared
    # with.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    signatures = tf.saved_model.load(path).signatures
    files = tf.stack([tf.io.encode_png(image) for image in images])
    inputs = {
        "serving_default": {"images": tf.constant(images, tf.float32)},
        "serving_uint8": {"images": tf.constant(images)},
        "serving_bytes": {"image_bytes": files},
    }
    return {
        f"{name} {output}": values.numpy()
        for name, arguments in inputs.items()
        for output, values in signatures[name](**arguments).items()
    }


def run_litert(path: str, images: np.ndarray) -> dict[str, np.ndarray]:
    """Calls the only signature of a LiteRT file."""
    from ai_edge_litert.interpreter import Interpreter

    predict = Interpreter(model_path=path).get_signature_runner()
    return predict(images=np.float32(images))


def run_onnx(path: str, images: np.ndarray) -> dict[str, np.ndarray]:
    """Runs an ONNX file by ONNX Runtime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"images": np.float32(images)})))


def run_openvino(path: str, images: np.ndarray) -> dict[str, np.ndarray]:
    """Runs an OpenVINO model in float32, also on CPUs that prefer bfloat16."""
    import openvino

    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    predict = openvino.Core().compile_model(path, "CPU", settings)
    outputs = predict({"images": np.float32(images)})
    return {output.get_any_name(): values for output, values in outputs.items()}


RUNTIMES = {
    "saved_model": run_saved_model,
    "litert": run_litert,
    "onnx": run_onnx,
    "openvino": run_openvino,
}


def _main(format, path, images, outputs):
    sys.modules.update(dict.fromkeys(_FORBIDDEN))
    arrays = RUNTIMES[format](path, np.load(images))
    # Class names become bytes, because the format holds no objects.
    texts = {k: v.astype(bytes) for k, v in arrays.items() if v.dtype == object}
    np.savez(outputs, **arrays | texts)


if __name__ == "__main__":
    _main(*sys.argv[1:])
