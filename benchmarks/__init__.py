"""What the search costs, measured; see docs/performance.md."""

from darts_tf.startup import import_keras

import_keras()
