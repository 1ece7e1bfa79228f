"""The line that a training prints if it gets no `--genotype`."""

from pathlib import Path


def print_default_genotype(flag_values):
    """Names the cell that is taken by default, where one is taken.

    The networks of trainings and of `.keras` files have theirs with them.

    Args:
        flag_values: Parsed `absl.flags.FlagValues` of a training.
    """
    if not flag_values["genotype"].using_default_value:
        return
    use = "Training"
    if flag_values.evaluate_only:
        weights = Path(flag_values.weights or "")
        if weights.is_dir() or weights.suffix == ".keras":
            return
        use = "Evaluating"
    print(
        f"{use} the cell {flag_values.genotype} (default of --genotype; another one: a "
        "published name, a genotype file or the folder of a search).",
        flush=True,
    )
