from benchmarks.rnn_step.matrix_products import MatrixProducts, factor_shapes
from benchmarks.rnn_step.settings import RecurrentSizes

SIZES = RecurrentSizes(units=3, nodes=2, vocabulary=7, batch_size=4, length=10)


def test_factors_of_cell_and_decoder():
    cell, decoder = factor_shapes(SIZES)
    assert cell == [(4, 6, 6), (4, 3, 6), (8, 3, 6)]
    assert decoder == [(20, 3, 7)]


def test_a_step_runs_two_passes():
    products = MatrixProducts(SIZES)
    assert products.step() > 0
    counts = [
        (sum(op.type == "MatMul" for op in graph.get_operations()), times)
        for graph, times in products.graphs()
    ]
    # The pass for alpha lacks the gradients in the weights.
    assert counts == [(6, 10), (2, 2), (9, 10), (3, 2)]
