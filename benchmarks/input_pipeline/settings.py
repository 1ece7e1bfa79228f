"""Settings of the benchmark of the input pipeline."""

from darts_tf.experiments.image_settings import ImageSettings
from darts_tf.limits import MAX_BATCH_SIZE, MAX_COUNT
from darts_tf.settings import Settings, changed, setting

RECIPES = ("cifar", "imagenet")


class PipelineConfig(Settings):
    """Settings of the measurement."""

    dataset: str = changed(ImageSettings, "dataset")
    data_dir: str | None = changed(ImageSettings, "data_dir")
    image_size: int | None = changed(ImageSettings, "image_size")
    recipe: str = setting(
        "cifar",
        "Change of the training images: padded, cropped, mirrored and cut out, or "
        "random parts of them, mirrored and changed in colour.",
        group="Data",
        choices=RECIPES,
    )
    batch_size: int = setting(
        96, "Images of a batch.", group="Data", least=1, most=MAX_BATCH_SIZE
    )
    batches: int = setting(
        100,
        "Batches measured after the first.",
        group="Data",
        least=1,
        most=MAX_COUNT,
    )
