"""Measures what a search network loses without each of its operations.

`python -m trainers.importance --run=runs/search-...`
"""

from darts_tf.distribution.interruption import sigterm_raises
from darts_tf.experiments.importance import importance_of_run
from flags.importance import importance_flags
from trainers import program


def main():
    with sigterm_raises():
        found, paths = importance_of_run(importance_flags.to_config())
    print(f"After epoch {found.epoch}: {_numbers(found.whole)}.")
    for kind in found.strengths:
        strength, lost = found.most_missed(kind)
        print(
            f"{kind}: alpha and the network agree on {found.agreement(kind):.0%} of "
            f"the edges. Most missed: {lost}; strongest by alpha: {strength}."
        )
    print("\n".join(map(str, paths)))


def _numbers(whole):
    return ", ".join(f"{name} {value:.4f}" for name, value in whole.items())


def run():
    """Runs this binary, as a script or an installed command."""
    program.run(main, importance_flags.define(), __doc__)


if __name__ == "__main__":
    run()
