import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.run import run_protocol


def test_it_is_no_part_of_a_search_of_several_processes(monkeypatch, tmp_path):
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "chief")
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
    monkeypatch.setenv("KERASTUNER_ORACLE_PORT", "8000")
    with pytest.raises(UserError, match=r"KERASTUNER_\* for theirs; unset these"):
        run_protocol(ProtocolConfig(dataset="digits"), tmp_path / "run")
    assert not (tmp_path / "run").exists()
