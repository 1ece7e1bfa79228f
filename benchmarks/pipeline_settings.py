"""Settings of the benchmark of the input pipeline."""

import dataclasses

RECIPES = ("cifar", "imagenet")


@dataclasses.dataclass(frozen=True)
class PipelineConfig:
    """Settings of the measurement.

    Attributes:
        dataset: "digits", the name of a TFDS image classification set, or a folder
            with one folder of images for each class.
        data_dir: Folder with TFDS data, or `None` for TFDS' own.
        image_size: Height and width in pixels, or `None` for the data's own.
        recipe: One of `RECIPES`, how training images are changed.
        batch_size: Images of a batch.
        batches: Batches measured after the first.
    """

    dataset: str = "cifar10"
    data_dir: str | None = None
    image_size: int | None = None
    recipe: str = "cifar"
    batch_size: int = 96
    batches: int = 100
