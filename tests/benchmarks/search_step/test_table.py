from benchmarks.search_step.table import cost_table, ratio_table


def result(step, memory=2.0):
    return {
        "step": [9.0, step, 0.0],
        "first_result": 10.0,
        "trace": 3.0,
        "peak_memory": memory,
        "nodes": 70,
        "operations": 30,
        "bytes": 8e9,
        "flops": 4e9,
    }


ROUNDS = [
    {
        ("plain", "first"): result(4.0),
        ("default", "first"): result(2.0),
        ("recompute", "first"): result(3.0, memory=1.0),
    },
    {
        ("plain", "first"): result(4.0),
        ("default", "first"): result(1.0),
        ("products", "first"): result(0.8),
        ("default", "exact"): result(5.0),
    },
]


def test_ratios_are_taken_within_a_round():
    lines = ratio_table(ROUNDS).splitlines()
    assert lines[2:] == [
        "| first order, in steps of the plain form | 0.375 | 0.25 | 0.5 |",
        "| first order, in times of its matrix products alone | 1.25 | 1.25 | 1.25 |",
        "| exact, in first-order steps | 5 | 5 | 5 |",
        "| first result, s: first order | 10 | 10 | 10 |",
        "| first result, s: second order, exact | 10 | 10 | 10 |",
        "| peak memory, GB: first order | 2 | 2 | 2 |",
        "| peak memory, GB: second order, exact | 2 | 2 | 2 |",
        "| recompute, peak memory, GB: first order | 1 | 1 | 1 |",
        "| recompute, in default steps: first order | 1.5 | 1.5 | 1.5 |",
    ]


def test_costs_stand_beside_the_machines_limits():
    limits = {"gb_per_second": 20.0, "gflop_per_second": 200.0}
    lines = cost_table(ROUNDS, limits).splitlines()
    columns = {line.count("|") for line in lines}
    assert len(columns) == 1
    assert lines[2] == (
        "| plain | first order | 4 | 10 | 3 | 2 | 70 | 30 | 8 | 4 | 2 | 1 |"
    )
    assert lines[-1].endswith("| 20 | 200 |") and len(lines) == 8
