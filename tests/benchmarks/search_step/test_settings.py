from benchmarks.search_step.settings import BenchmarkConfig, Sizes


def test_the_plain_form_has_its_own_orders():
    measured = [(s.form, s.order) for s in BenchmarkConfig().measurements()]
    assert measured[:3] == [
        ("plain", "first"),
        ("default", "first"),
        ("recompute", "first"),
    ]
    assert len(measured) == 7
    assert [form for form, order in measured].count("plain") == 1


def test_a_sweep_varies_one_size():
    config = BenchmarkConfig(sizes=Sizes(batch_size=16))
    sizes = [s.sizes for s in config.sweep_measurements("batch_size")]
    assert sizes == [Sizes(batch_size=count) for count in (8, 16, 24, 32)]
