"""Tables of the benchmark of steps on a GPU, in Markdown."""

import statistics

_STEP = ("network", "form", "order", "execution", "precision")


def measured_table(results):
    """Shows what steps took.

    Args:
        results: Pairs of a `GpuStep` and of what `benchmarks.gpu_measurement` gave.
    """
    columns = ("step, ms", "first result, s", "device memory, GB", "memory, GB")
    return _table(columns, [(step, _measured(result)) for step, result in results])


def _measured(result):
    yield 1000 * statistics.median(result["step"])
    for name in ("first_result", "device_memory", "peak_memory"):
        yield result[name]


def counted_table(results):
    """Shows what a GPU would run for steps.

    Args:
        results: Pairs of a `GpuStep` and of what `benchmarks.gpu_counts` gave.
    """
    columns = (
        "operations as traced",
        "launches",
        "with the layout pass",
        "calls of programs",
        "programs of XLA",
        "below 1 MB",
        "GB",
        "temporary memory, GB",
        "compiled in, s",
    )
    names = (
        "traced",
        "launches",
        "with_layout_pass",
        "calls",
        "programs",
        "small",
        "bytes",
    )
    rows = []
    for step, result in results:
        known = {**result, "bytes": result["bytes"] / 1e9}
        cells = [known.get(x) for x in (*names, "temporary_memory", "compile")]
        rows.append((step, cells))
    return _table(columns, rows)


def _table(columns, rows):
    """One row for each step, without the columns that are empty in all rows."""
    rows = [
        ([getattr(step, name) for name in _STEP], list(cells)) for step, cells in rows
    ]
    lines = [[*_STEP, *columns], *([*step, *cells] for step, cells in rows)]
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
