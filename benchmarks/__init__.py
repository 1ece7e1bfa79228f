"""What the search costs, measured; see docs/performance.md."""

import os

# TensorFlow reads these when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# It leaves oneDNN out on processors without AVX-512 VNNI, where a search takes less
# than half of the time with it.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
