from darts_tf.costs.latency import machine
from darts_tf.costs.latency.machine import processor_count, processor_name


def test_the_name_is_that_of_the_system(tmp_path, monkeypatch):
    file = tmp_path / "cpuinfo"
    file.write_text("processor\t: 0\nmodel name\t: Abacus  9\nmodel name\t: Other\n")
    monkeypatch.setattr(machine, "_CPU_FILE", str(file))
    assert processor_name() == "Abacus 9"


def test_there_is_a_name_on_other_systems(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "_CPU_FILE", str(tmp_path / "none"))
    assert processor_name()


def test_there_is_a_processor():
    assert processor_count() >= 1
