from benchmarks.rivals.settings import RivalsConfig
from darts_tf.rivals import get_strategy, strategy_names


def test_all_configurations_are_compared():
    found = RivalsConfig(table="x").rivals()
    assert len(set(found)) == len(found)
    for name in strategy_names():
        configurations = {x.configuration for x in found if x.strategy == name}
        assert configurations == set(get_strategy(name).CONFIGURATIONS)
