"""Settings of an export."""

from darts_tf.formats.format import FORMATS, SAVED_MODEL
from darts_tf.limits import MAX_EXPORTED_IMAGE_SIZE, MAX_THREADS
from darts_tf.settings import REQUIRED, Settings, setting


class ExportConfig(Settings):
    """What to export, and how."""

    run: str = setting(
        REQUIRED, "Folder of a training, or a .keras file. Required.", group="Files"
    )
    output: str = setting(
        REQUIRED,
        "Folder that gets the next version: 1, 2, ... Required.",
        group="Files",
    )
    format: str = setting(
        SAVED_MODEL,
        "Format of the files; see docs/serving.md.",
        group="Files",
        choices=tuple(FORMATS),
    )
    image_size: int | None = setting(
        None,
        "Height and width of the images in pixels; default is that of the training.",
        group="Images",
        least=4,
        most=MAX_EXPORTED_IMAGE_SIZE,
    )
    mean: tuple[float, ...] = setting(
        (),
        "Mean of each channel, of values from 0 to 1; default is that of the training, "
        "and for a .keras file that of the paper's data.",
        group="Images",
    )
    std: tuple[float, ...] = setting(
        (),
        "Standard deviation of each channel, of values from 0 to 1; default as of "
        "`mean`.",
        group="Images",
        above=0.0,
    )
    class_names: tuple[str, ...] = setting(
        (), "Name of each class; default is those of the training.", group="Images"
    )
    primitive_modules: tuple[str, ...] = setting(
        (),
        "Python modules to import that register primitives of your own.",
        group="Modules",
    )
    activation_modules: tuple[str, ...] = setting(
        (),
        "Python modules to import that register activations of a recurrent cell.",
        group="Modules",
    )
    verify_latency: bool = setting(
        False,
        "Whether what is written is also timed, for one image.",
        group="Latency",
    )
    threads: int = setting(
        1,
        "Threads of the runtime that is timed.",
        group="Latency",
        least=1,
        most=MAX_THREADS,
    )
