"""One measurement of the input pipeline."""

import os
import time

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.data.images.opening import open_images


def measure(config):
    """Times batches of training images that nothing is done with.

    Args:
        config: `PipelineConfig`.

    Returns:
        Text of a few lines.
    """
    begin = time.perf_counter()
    images = open_images(config.dataset, config.data_dir, image_size=config.image_size)
    augmentation = _augmentation(config.recipe, images)
    opened = time.perf_counter()
    # More steps than a measurement takes.
    batches = images.training_batches(config.batch_size, augmentation, 0, 0, 2**31)
    iterator = iter(batches)
    next(iterator)
    first = time.perf_counter()
    for _ in range(config.batches):
        next(iterator)
    seconds = time.perf_counter() - first
    cores = len(os.sched_getaffinity(0))
    return (
        f"{images.name}: {images.num_examples} images of {images.image_shape}, opened "
        f"in {opened - begin:.2f} s, first batch after {first - opened:.2f} s.\n"
        f"{config.batches * config.batch_size / seconds:.0f} images/s on {cores} "
        f"core(s), {config.batches} batches of {config.batch_size}, {config.recipe} "
        "recipe."
    )


def _augmentation(recipe, images):
    if recipe == "imagenet":
        return LargeImageAugmentation(images.mean, images.std)
    size = min(images.image_shape[:2])
    return Augmentation(size // 8, True, size // 2, images.mean, images.std)
