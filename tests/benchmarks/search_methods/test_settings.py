from benchmarks.search_methods.settings import MethodBenchmarkConfig


def test_a_method_of_one_level_has_no_second_order():
    config = MethodBenchmarkConfig(forms=("snas", "gdas"))
    measured = [(x.form, x.order) for x in config.measurements()]
    assert measured == [
        ("darts", "first"),
        ("snas", "first"),
        ("gdas", "first"),
        ("darts", "finite_difference"),
        ("gdas", "finite_difference"),
        ("darts", "exact"),
        ("gdas", "exact"),
    ]
