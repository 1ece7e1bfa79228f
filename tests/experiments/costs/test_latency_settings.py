from darts_tf.experiments.costs.latency_settings import LatencyConfig


def test_a_space_settles_the_sizes():
    values = {"space": "nasbench201", "primitive_modules": ()}
    follow = LatencyConfig.defaults_with(values)
    assert follow["layers"] == 15 and follow["nodes"] == 3
    assert "nor_conv_1x1" in follow["primitives"]
    assert "learning_rate" not in follow
