"""Measures steps of the authors' code, which is no part of this project, on a GPU.

`python benchmarks/gpu_step/authors.py FOLDER STEP STARTED` prints the result as JSON,
like `benchmarks.gpu_step.measurement`: FOLDER is `cnn` of their repository, STEP a
`GpuStep` as JSON, STARTED the present `time.monotonic()`. It needs PyTorch with CUDA,
and nothing of this project, so that an interpreter of another environment can run it.
"""

import argparse
import itertools
import json
import resource
import sys
import time

NUM_CLASSES = 10
# Of their train_search.py and train.py.
_SETTINGS = argparse.Namespace(
    momentum=0.9, weight_decay=3e-4, arch_learning_rate=3e-4, arch_weight_decay=1e-3
)
_LEARNING_RATE, _GRADIENT_CLIP = 0.025, 5
_AUXILIARY_WEIGHT, _DROP_PATH = 0.4, 0.2


def main(folder, step, started):
    step, started = json.loads(step), float(started)
    try:
        # Not at the top: the tests import this file, and need no PyTorch.
        import torch
    except ImportError as error:
        sys.exit(f"PyTorch is missing ({error}).")
    if not torch.cuda.is_available():
        sys.exit("PyTorch finds no GPU.")
    sys.path.insert(0, folder)
    rounds = step["precision"] == "tensor_float_32"
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = rounds
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(0)
    if not hasattr(torch.nn.utils, "clip_grad_norm"):
        # What their code calls; PyTorch has renamed it.
        torch.nn.utils.clip_grad_norm = torch.nn.utils.clip_grad_norm_
    make = _search_step if step["network"] == "search" else _evaluation_step
    take_step = make(torch, step)
    losses, ends = [], []
    for _ in range(1 + step["steps"]):
        losses.append(float(take_step()))
        ends.append(time.monotonic())
    result = {
        "first_result": ends[0] - started,
        "step": [end - begin for begin, end in itertools.pairwise(ends)],
        "device_memory": torch.cuda.max_memory_allocated() / 1e9,
        "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
        "losses": losses,
    }
    print(json.dumps(result))


def _search_step(torch, step):
    """A function that takes a step of their search and returns the loss in w."""
    from architect import Architect
    from model_search import Network

    sizes, criterion = step["sizes"], torch.nn.CrossEntropyLoss().cuda()
    nodes = sizes["nodes"]
    model = Network(
        sizes["init_channels"],
        NUM_CLASSES,
        sizes["layers"],
        criterion,
        steps=nodes,
        multiplier=nodes,
    ).cuda()
    optimizer = _optimizer(torch, model)
    architect = Architect(model, _SETTINGS)
    (images, labels), validation = (_batch(torch, sizes) for _ in range(2))
    unrolled = step["order"] != "first"

    def take_step():
        architect.step(
            images, labels, *validation, _LEARNING_RATE, optimizer, unrolled=unrolled
        )
        optimizer.zero_grad()
        return _descend(torch, model, optimizer, criterion(model(images), labels))

    return take_step


def _evaluation_step(torch, step):
    """A function that takes a step of their training and returns its loss."""
    import genotypes
    from model import NetworkCIFAR

    sizes, criterion = step["sizes"], torch.nn.CrossEntropyLoss().cuda()
    model = NetworkCIFAR(
        sizes["init_channels"], NUM_CLASSES, sizes["layers"], True, genotypes.DARTS_V2
    ).cuda()
    model.drop_path_prob = _DROP_PATH
    optimizer = _optimizer(torch, model)
    images, labels = _batch(torch, sizes)

    def take_step():
        optimizer.zero_grad()
        logits, auxiliary = model(images)
        loss = criterion(logits, labels)
        loss = loss + _AUXILIARY_WEIGHT * criterion(auxiliary, labels)
        return _descend(torch, model, optimizer, loss)

    return take_step


def _optimizer(torch, model):
    return torch.optim.SGD(
        model.parameters(),
        _LEARNING_RATE,
        momentum=_SETTINGS.momentum,
        weight_decay=_SETTINGS.weight_decay,
    )


def _batch(torch, sizes):
    count, size = sizes["batch_size"], sizes["image_size"]
    labels = torch.randint(NUM_CLASSES, (count,))
    return torch.randn(count, 3, size, size).cuda(), labels.cuda()


def _descend(torch, model, optimizer, loss):
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), _GRADIENT_CLIP)
    optimizer.step()
    return loss


if __name__ == "__main__":
    main(*sys.argv[1:])
