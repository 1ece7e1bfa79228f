"""What is called, and how often; how long it takes depends on the machine."""

import time

from darts_tf.formats.timed_calls import time_calls


def test_each_call_beside_the_reference():
    order = []
    calls = [lambda name=name: order.append(name) for name in "abc"]
    found, references = time_calls(calls, repetitions=2, seconds=1e-12)
    assert [len(x) for x in (*found, *references)] == [2] * 6
    # The warm-up comes first; a round is the reference before each.
    assert "".join(order[-12:]) == "aaabac" * 2
    assert set(order[:3]) == {"a"}


def test_seconds_of_one_call():
    calls = [lambda: None, lambda: time.sleep(0.01)]
    (none, slept), _ = time_calls(calls, repetitions=2, seconds=0.015)
    # A sleep lasts at least as long as it says, and a call of nothing less.
    assert min(slept) >= 0.01 > max(none)
