from benchmarks.rnn_step.settings import RecurrentBenchmarkConfig


def test_products_are_those_of_the_first_order():
    measured = [(s.form, s.order) for s in RecurrentBenchmarkConfig().measurements()]
    assert measured[0] == ("products", "first") and len(measured) == 7
    assert [form for form, order in measured].count("products") == 1
