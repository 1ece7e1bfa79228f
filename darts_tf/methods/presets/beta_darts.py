"""beta-DARTS: large alphas are held back, more with each epoch."""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "beta_darts",
    "arXiv 2203.01665",
    {"order": "first", "logsumexp_growth": 0.5},
    convolutional={"primitives": WITHOUT_NONE},
)
