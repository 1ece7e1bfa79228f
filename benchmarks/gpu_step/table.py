"""Tables of the benchmark of steps on a GPU, in Markdown."""

import statistics

_STEP = ("network", "form", "order", "execution", "precision")


# What a measurement and a count give -> title of the column.
_MEASURED = {
    "step": "step, ms",
    "first_result": "first result, s",
    "device_memory": "device memory, GB",
    "peak_memory": "memory, GB",
}
_COUNTED = {
    "traced": "operations as traced",
    "launches": "launches",
    "hidden": "hidden",
    "with_layout_pass": "with the layout pass",
    "calls": "calls of programs",
    "programs": "programs of XLA",
    "small": "below 1 MB",
    "bytes": "GB",
    "temporary_memory": "temporary memory, GB",
    "compile": "compiled in, s",
    "compile_on_cores": "by cores, s",
}


def measured_table(results):
    """Shows what steps took.

    Args:
        results: Pairs of a `GpuStep` and of what `gpu_step.measurement` gave.
    """
    return _table(
        _MEASURED,
        [
            (step, {**result, "step": 1000 * statistics.median(result["step"])})
            for step, result in results
        ],
    )


def counted_table(results):
    """Shows what a GPU would run for steps.

    Args:
        results: Pairs of a `GpuStep` and of what `gpu_step.counts` gave.
    """
    return _table(
        _COUNTED,
        [
            (step, {**result, "bytes": result["bytes"] / 1e9})
            for step, result in results
        ],
    )


def _table(titles, rows):
    """One row for each step, without the columns that are empty in all rows."""
    lines = [
        [getattr(step, name) for name in _STEP] + [result.get(x) for x in titles]
        for step, result in rows
    ]
    lines = [[*_STEP, *titles.values()], *lines]
    used = [
        index
        for index in range(len(lines[0]))
        if any(line[index] is not None for line in lines[1:])
    ]
    lines = [[_text(line[index]) for index in used] for line in lines]
    texts = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([texts[0], "|---" * len(used) + "|", *texts[1:]])


def _text(cell):
    if cell is None:
        return ""
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:.3g}" if isinstance(cell, float) else cell
