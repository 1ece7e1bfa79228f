"""Settings of the comparison of runs."""

from darts_tf.settings import Settings, setting

_MOST_DEVICES = 4096


class ComparisonConfig(Settings):
    """Settings of the comparison of runs."""

    dataset: str | None = setting(
        None,
        "Data set of the only table that is made, such as cifar10; default is all that "
        "the runs are of, and those of the published tables.",
        group="Tables",
    )
    published: bool = setting(
        True,
        "Whether the published rows stand above the runs.",
        group="Tables",
    )
    sizes: bool = setting(
        True,
        "Whether the network of each training on images is built, to count its weights "
        "without an auxiliary head, and its mult-adds; seconds for each.",
        group="Tables",
    )
    device_count: int = setting(
        1,
        "Number of devices that a run was on whose settings name none; its device "
        "hours are the time of its epochs on all of them.",
        group="Tables",
        least=1,
        most=_MOST_DEVICES,
    )
    output: str | None = setting(
        None,
        "Folder that gets the comparison as Markdown, CSV, LaTeX and an HTML page, and "
        "the plots; default is none.",
        group="Tables",
    )
