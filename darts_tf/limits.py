"""Largest sizes that are believed, whether a flag names them or a file does.

They lie far above what anybody trains, and below what hangs a machine.
"""

# A count of epochs, steps or seconds: the product of two of them is an int64 of
# TensorFlow's.
MAX_COUNT = 2**31 - 1
# Of a network for images. Channels are those of its first cells.
MAX_CELLS = 200
MAX_CHANNELS = 1024
MAX_CLASSES = 100_000
# Of a cell that is searched.
MAX_NODES = 16
MAX_RECURRENT_NODES = 32
# Of a language model.
MAX_UNITS = 65_536
MAX_WORDS = 10_000_000
MAX_SEQUENCE_LENGTH = 10_000
# Of an image: height and width in pixels that data are brought to, and for which a
# network is exported.
MAX_IMAGE_SIZE = 1024
MAX_EXPORTED_IMAGE_SIZE = 4096
MAX_BATCH_SIZE = 65_536
