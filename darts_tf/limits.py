"""Largest sizes that are believed, whether a flag names them or a file does.

They lie far above what anybody trains, and below what hangs a machine.
"""

import numbers

from darts_tf.errors import invalid_value

# A count of epochs, steps or seconds: of so many epochs of so many of the largest
# batches, the number of an image is still an int64.
MAX_COUNT = 5_000_000
MAX_SEED = 2**31 - 1
MAX_THREADS = 1024
# Sizes of a network for images; channels are those of its first cells.
MAX_CELLS = 200
MAX_CHANNELS = 1024
MAX_CLASSES = 100_000
# Nodes of a cell that is searched.
MAX_NODES = 16
MAX_RECURRENT_NODES = 32
# Sizes of a language model and of its steps.
MAX_UNITS = 65_536
MAX_WORDS = 10_000_000
MAX_SEQUENCE_LENGTH = 10_000
# Height and width in pixels: of images that data are brought to, and of those for which
# a network is exported.
MAX_IMAGE_SIZE = 1024
MAX_EXPORTED_IMAGE_SIZE = 4096
MAX_BATCH_SIZE = 65_536
# Pixels of an image that is decoded, of which the largest of ImageNet has 61 million,
# and bytes of its file.
MAX_PIXELS = 2**26
MAX_IMAGE_BYTES = 2**29


def check_size(name: str, value: object, least: int, most: int) -> None:
    """Raises a `ValueError` unless an argument is an integer from `least` to `most`."""
    if not isinstance(value, numbers.Integral) or not least <= value <= most:
        expected = f"an integer of at least {least} and at most {most}"
        raise invalid_value(name, expected, value)
