"""Every line of the published tables has its row, in the order of the tables.

A line here is what a table prints: error, its deviation, the other error, weights,
mult-adds, GPU days, number of operations and search method.
"""

import pytest

from darts_tf.zoo import rows
from darts_tf.zoo.row import CIFAR10, DATASETS, IMAGENET, PENN_TREEBANK

TABLES = {
    CIFAR10: """
        densenet_bc 3.46 - - 25.6 - - - manual
        nasnet_a 2.65 - - 3.3 - 2000 13 RL
        nasnet_a_darts 2.83 - - 3.1 - 2000 13 RL
        block_qnn 3.54 - - 39.8 - 96 8 RL
        amoebanet_a 3.34 0.06 - 3.2 - 3150 19 evolution
        amoebanet_a_darts 3.12 - - 3.1 - 3150 19 evolution
        amoebanet_b 2.55 0.05 - 2.8 - 3150 19 evolution
        hierarchical 3.75 0.12 - 15.7 - 300 6 evolution
        pnas 3.41 0.09 - 3.2 - 225 8 SMBO
        enas 2.89 - - 4.6 - 0.5 6 RL
        enas_darts 2.91 - - 4.2 - 4 6 RL
        random 3.29 0.15 - 3.2 - 4 7 random
        darts_v1 3 0.14 - 3.3 - 1.5 7 gradient-based
        darts_v2 2.76 0.09 - 3.3 - 4 7 gradient-based
        """,
    PENN_TREEBANK: """
        rhn 65.4 - 67.9 23 - - - manual
        awd_lstm 58.8 - 60.7 24 - - - manual
        skip_lstm 58.3 - 60.9 24 - - - manual
        mos 56 - 58.1 22 - - - manual
        nas 64 - - 25 - 1e4_CPU_days 4 RL
        enas 63.1 - 68.3 24 - 0.5 4 RL
        enas_darts 58.6 - 60.8 24 - 0.5 4 RL
        random 59.4 - 61.8 23 - 2 4 random
        darts_v1 57.6 - 60.2 23 - 0.5 4 gradient-based
        darts_v2 55.7 - 58.1 23 - 1 4 gradient-based
        """,
    IMAGENET: """
        inception_v1 30.2 - 10.1 6.6 1448 - - manual
        mobilenet 29.4 - 10.5 4.2 569 - - manual
        shufflenet_2x 26.3 - - ~5 524 - - manual
        nasnet_a 26 - 8.4 5.3 564 2000 - RL
        nasnet_b 27.2 - 8.7 5.3 488 2000 - RL
        nasnet_c 27.5 - 9 4.9 558 2000 - RL
        amoebanet_a 25.5 - 8 5.1 555 3150 - evolution
        amoebanet_b 26 - 8.5 5.3 555 3150 - evolution
        amoebanet_c 24.3 - 7.6 6.4 570 3150 - evolution
        pnas 25.8 - 8.1 5.1 588 ~225 - SMBO
        darts_v2 26.7 - 8.7 4.7 574 4 - gradient-based
        """,
}
ENDS = {CIFAR10: "_cifar10", PENN_TREEBANK: "_ptb", IMAGENET: "_imagenet"}
FIGURES = (
    "error",
    "deviation",
    "other_error",
    "weights",
    "multiply_adds",
    "search_days",
    "operations",
    "search_method",
)


def line_of(row):
    texts = [row.published.text(name) or "-" for name in FIGURES]
    words = [text.replace(" ", "_") for text in texts]
    return " ".join([row.name.removesuffix(ENDS[row.dataset]), *words])


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_line_is_a_row_at_its_place(dataset):
    expected = [line.strip() for line in TABLES[dataset].strip().splitlines()]
    found = rows(dataset)
    assert [line_of(row) for row in found] == expected
    assert [row.place for row in found] == [*range(1, len(expected) + 1)]
    assert all(row.source for row in found)


def test_the_tables_have_35_lines():
    counts = [len(rows(name)) for name in (CIFAR10, PENN_TREEBANK, IMAGENET)]
    assert counts == [14, 10, 11] and len(rows()) == sum(counts) == 35
    assert [row.dataset for row in rows()] == sorted(row.dataset for row in rows())


def test_what_random_search_is_compared_with():
    named = {row.name: row for row in rows()}
    compared = {row.name for row in rows() if row.baseline}
    assert compared == {
        *("darts_v1_cifar10", "darts_v2_cifar10", "darts_v1_ptb", "darts_v2_ptb")
    }
    for name in compared:
        row, baseline = named[name], named[named[name].baseline]
        assert baseline.dataset == row.dataset
        assert baseline.published.search_method == "random"
        assert baseline.published.operations == row.published.operations
