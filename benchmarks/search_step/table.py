"""Tables of measurements of the search step, in Markdown."""

import statistics

from benchmarks.search_step.settings import ORDERS

_NAMES = {
    "first": "first order",
    "finite_difference": "second order, finite difference",
    "exact": "second order, exact",
    "eigenvalue": "product for the eigenvalue",
}


def ratio_table(rounds):
    """Compares forms and orders: medians over the rounds, smallest to largest.

    A ratio is taken within each round, so that a machine that becomes slower
    changes both of its terms.

    Args:
        rounds: List of dictionaries of results by `(form, order)`.
    """
    lines = ["| figure | median | from | to |", "|---|---|---|---|"]
    for title, of, against in _figures():
        values = [
            _value(results, *of) / (_value(results, *against) if against else 1)
            for results in rounds
            if of[:2] in results and (against is None or against[:2] in results)
        ]
        if values:
            lines.append(
                _row(title, statistics.median(values), min(values), max(values))
            )
    return "\n".join(lines)


def _figures():
    """Titles, with what is shown and what it is divided by: `(form, order, key)`."""
    first, difference, exact = (("default", order, "step") for order in ORDERS)
    plain, products = ((form, "first", "step") for form in ("plain", "products"))
    yield "first order, in steps of the plain form", first, plain
    yield "first order, in times of its matrix products alone", first, products
    yield "finite difference, in first-order steps", difference, first
    yield "exact, in first-order steps", exact, first
    yield "exact, in finite-difference steps", exact, difference
    for title, key in (("first result, s", "first_result"), _MEMORY):
        for order in ORDERS:
            yield f"{title}: {_NAMES[order]}", ("default", order, key), None
    title, key = _MEMORY
    for order in ORDERS:
        yield f"recompute, {title}: {_NAMES[order]}", ("recompute", order, key), None
    for order in ORDERS:
        step, default = ((form, order, "step") for form in ("recompute", "default"))
        yield f"recompute, in default steps: {_NAMES[order]}", step, default


_MEMORY = ("peak memory, GB", "peak_memory")


def cost_table(rounds, limits=None):
    """Shows what each form and order takes, measured and counted.

    Args:
        rounds: List of dictionaries of results by `(form, order)`.
        limits: What `machine_limits` measured, or `None`.
    """
    lines = [
        "| form | order | step, s | first result, s | tracing, s | peak memory, GB "
        "| nodes | operations | GB | GFLOP | GB/s | GFLOP/s |",
        "|---" * 12 + "|",
    ]
    keys = {key: None for results in rounds for key in results}
    for form, order in keys:
        measured = [
            results[form, order] for results in rounds if (form, order) in results
        ]
        step, first, trace, memory = (
            statistics.median(_number(result, key) for result in measured)
            for key in ("step", "first_result", "trace", "peak_memory")
        )
        counted = measured[0]
        gigabytes, gflop = counted["bytes"] / 1e9, counted["flops"] / 1e9
        cells = (form, _NAMES[order], step, first, trace, memory)
        cells += (counted["nodes"], counted["operations"], gigabytes, gflop)
        lines.append(_row(*cells, gigabytes / step, gflop / step))
    if limits:
        rates = (limits["gb_per_second"], limits["gflop_per_second"])
        lines.append(_row("the machine's limit", *[""] * 9, *rates))
    return "\n".join(lines)


def method_table(rounds):
    """Shows what the step of each method takes, beside DARTS in the same order.

    Args:
        rounds: List of dictionaries of results by `(method, order)`.
    """
    lines = [
        "| method | order | step, s | in steps of DARTS | first result, s "
        "| peak memory, GB | nodes | operations |",
        "|---" * 8 + "|",
    ]
    keys = {key: None for results in rounds for key in results}
    for name, order in keys:
        measured = [results for results in rounds if (name, order) in results]
        step, first, memory = (
            statistics.median(_value(results, name, order, key) for results in measured)
            for key in ("step", "first_result", "peak_memory")
        )
        ratios = [
            _value(results, name, order, "step")
            / _value(results, "darts", order, "step")
            for results in measured
            if ("darts", order) in results
        ]
        ratio = statistics.median(ratios) if ratios else ""
        counted = measured[0][name, order]
        counts = (counted["nodes"], counted["operations"])
        lines.append(_row(name, _NAMES[order], step, ratio, first, memory, *counts))
    return "\n".join(lines)


def _value(results, form, order, key):
    return _number(results[form, order], key)


def _number(result, key):
    return statistics.median(result["step"]) if key == "step" else result[key]


def _row(*cells):
    texts = [f"{c:.3g}" if isinstance(c, float) else str(c) for c in cells]
    return f"| {' | '.join(texts)} |"
