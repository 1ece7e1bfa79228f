"""Calls of exported models, timed in a process that runs their runtime and no more.

Called as a script, it can import neither this project nor Keras. It reads a request and
writes an answer, both in JSON, see `timing.py`. A model is called with one image of
random numbers, which it gets once.
"""

import gc
import json
import math
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

_FORBIDDEN = ("darts_tf", "keras", "tf_keras")
# Calls before the first that counts: so many seconds, and at least so many calls.
_WARM_UP_SECONDS, _WARM_UP_CALLS = 0.05, 3

# Calls a model, and does nothing else.
Call = Callable[[], object]


def open_saved_model(path: str, threads: int) -> Call:
    """Opens a SavedModel, whose signature `serving_default` is called."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    # TensorFlow would forget the variables of what nobody refers to.
    loaded = tf.saved_model.load(path)
    function = loaded.signatures["serving_default"]
    ((name, spec),) = function.structured_input_signature[1].items()
    image = tf.constant(_image(spec.shape))
    return lambda: (loaded, function(**{name: image}))


def open_litert(path: str, threads: int) -> Call:
    """Opens a LiteRT file."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=path, num_threads=threads)
    (details,) = interpreter.get_input_details()
    image = _image(details["shape"])
    interpreter.resize_tensor_input(details["index"], image.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(details["index"], image)
    return interpreter.invoke


def open_onnx(path: str, threads: int) -> Call:
    """Opens an ONNX file in ONNX Runtime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )
    (details,) = session.get_inputs()
    images = {details.name: _image(details.shape)}
    return lambda: session.run(None, images)


def open_openvino(path: str, threads: int) -> Call:
    """Opens an OpenVINO model in float32, also on CPUs that prefer bfloat16."""
    import openvino

    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads}
    compiled = openvino.Core().compile_model(path, "CPU", settings)
    request = compiled.create_infer_request()
    shape = [x.get_length() for x in [*compiled.input().partial_shape][1:]]
    request.set_input_tensor(openvino.Tensor(_image([1, *shape])))
    return request.infer


_RUNTIMES = {
    "saved_model": open_saved_model,
    "litert": open_litert,
    "onnx": open_onnx,
    "openvino": open_openvino,
}


def _image(shape: Sequence) -> np.ndarray:
    """Returns random numbers, in the shape of a model's input without its batch."""
    shape = (1, *map(int, [*shape][1:]))
    return np.random.default_rng(0).random(shape, np.float32)


def time_calls(
    calls: Sequence[Call], repetitions: int, seconds: float
) -> tuple[list[list[float]], list[list[float]]]:
    """Times calls, each of them beside the first one.

    Args:
        calls: The calls, the first of which is the reference.
        repetitions: How often the round of all is repeated.
        seconds: Least duration of what is timed at once: so many calls in a row.

    Returns:
        Seconds of a call, of shape `(calls, repetitions)`; and those of the reference,
        right before each, of the same shape.
    """
    counts = [max(1, math.ceil(seconds / _warmed_up(call))) for call in calls]
    found, references = ([[] for _ in calls] for _ in "ab")
    gc.collect()
    gc.disable()
    for _ in range(repetitions):
        for index, (call, count) in enumerate(zip(calls, counts)):
            references[index].append(_seconds(calls[0], counts[0]))
            found[index].append(_seconds(call, count))
    gc.enable()
    return found, references


def _warmed_up(call):
    """Calls until a runtime has settled; returns the shortest time, in seconds."""
    times, end = [], time.perf_counter() + _WARM_UP_SECONDS
    while len(times) < _WARM_UP_CALLS or time.perf_counter() < end:
        times.append(_seconds(call, 1))
    return min(times)


def _seconds(call, count):
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def _main():
    sys.modules.update(dict.fromkeys(_FORBIDDEN))
    request = json.load(sys.stdin)
    open_model = _RUNTIMES[request["format"]]
    calls = [open_model(path, request["threads"]) for path in request["paths"]]
    found, references = time_calls(calls, request["repetitions"], request["seconds"])
    print(json.dumps({"seconds": found, "references": references}))


if __name__ == "__main__":
    _main()
