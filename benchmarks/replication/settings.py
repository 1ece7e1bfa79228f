"""Settings of the small replication of the comparison of search methods."""

from darts_tf.errors import SettingError
from darts_tf.limits import MAX_COUNT
from darts_tf.settings import Settings, setting

IMAGES, TEXTS = "images", "texts"
# Of a trial on images, so that its learning rate falls.
TRIAL_EPOCHS = 3
_IMAGES, _TEXTS = "Searches on images", "Searches on a text"


class ReplicationConfig(Settings):
    """All searches of the comparison, and the trainings of what they find."""

    only: str | None = setting(
        None,
        "Kind of data that is searched on; default is both.",
        group="Comparison",
        choices=(IMAGES, TEXTS),
    )
    seeds: int = setting(
        4,
        "Searches of each method; their seeds are 0, 1 and so on.",
        group="Comparison",
        least=1,
        most=100,
    )
    trainings: int = setting(
        2,
        "Trainings of each cell that was found; their seeds are 0, 1 and so on.",
        group="Comparison",
        least=1,
        most=100,
    )
    report: bool = setting(
        False,
        "Whether nothing is searched or trained, and the figure and the page are made "
        "of the log as it is.",
        group="Comparison",
    )

    dataset: str = setting("cifar10", "Images, as a search takes them.", group=_IMAGES)
    data_dir: str | None = setting(
        None, "Folder with TFDS data; default is that of TFDS.", group=_IMAGES
    )
    layers: int = setting(
        4, "Cells of every network.", group=_IMAGES, least=1, most=1000
    )
    init_channels: int = setting(
        8, "Channels of the first cells.", group=_IMAGES, least=4, most=1024
    )
    batch_size: int = setting(
        32,
        "Images of a step, in a search by gradient of each half.",
        group=_IMAGES,
        least=1,
        most=MAX_COUNT,
    )
    trials: int = setting(
        8,
        "Trials of a search without gradient; a search by gradient takes as many steps "
        "of w as they do together.",
        group=_IMAGES,
        least=2,
        most=MAX_COUNT,
    )
    trial_steps: int = setting(
        300,
        "Steps of a trial, in three epochs, of an epoch of a search by gradient and of "
        "one of a training.",
        group=_IMAGES,
        least=3,
        most=MAX_COUNT,
    )
    training_epochs: int = setting(
        4,
        "Epochs of the training of a cell that was found.",
        group=_IMAGES,
        least=1,
        most=MAX_COUNT,
    )
    validation_steps: int = setting(
        100,
        "Batches of the validation after a trial, and after an epoch of a search by "
        "gradient.",
        group=_IMAGES,
        least=1,
        most=MAX_COUNT,
    )

    text: str = setting("ptb", "Text, as a recurrent search takes it.", group=_TEXTS)
    text_dir: str | None = setting(
        None, "Folder with the files of the text ptb; no default.", group=_TEXTS
    )
    text_vocabulary_size: int = setting(
        2000,
        "Number of words, the most frequent ones.",
        group=_TEXTS,
        least=2,
        most=MAX_COUNT,
    )
    text_hidden_size: int = setting(
        64,
        "Size of the embedding and of the hidden states.",
        group=_TEXTS,
        least=1,
        most=MAX_COUNT,
    )
    text_batch_size: int = setting(
        32,
        "Streams of text of a step, in a search by gradient of each text.",
        group=_TEXTS,
        least=1,
        most=MAX_COUNT,
    )
    text_trials: int = setting(
        4, "As `trials`, of a text.", group=_TEXTS, least=1, most=MAX_COUNT
    )
    text_trial_steps: int = setting(
        300,
        "Steps of a trial, of an epoch of a search by gradient and of one of a "
        "training.",
        group=_TEXTS,
        least=1,
        most=MAX_COUNT,
    )
    text_training_epochs: int = setting(
        4, "As `training_epochs`, of a text.", group=_TEXTS, least=1, most=MAX_COUNT
    )

    log: str = setting("docs/replication.csv", "Path of the log.", group="Files")
    page: str = setting(
        "docs/replication.md",
        "Page whose section of results is written anew as the log grows; the figure is "
        "written beside it.",
        group="Files",
    )
    work: str = setting("runs/replication", "Folder of the runs.", group="Files")
    workers: int = setting(
        2,
        "Runs at a time, on a CPU with one thread each.",
        group="Devices",
        least=1,
        most=64,
    )

    def __post_init__(self):
        super().__post_init__()
        if self.trial_steps % TRIAL_EPOCHS:
            expected = f"a multiple of {TRIAL_EPOCHS}, the epochs of a trial"
            raise SettingError("trial_steps", self.trial_steps, expected)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is done of images and texts."""
        return (self.only,) if self.only else (IMAGES, TEXTS)
