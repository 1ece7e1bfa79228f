"""What docs/clusters.md has for others to run is what they take."""

import json
import os
import pathlib
import re
import signal
import subprocess

from absl import flags

from darts_tf.distribution.interruption import LostWorkerError, TerminatedError
from darts_tf.errors import UserError
from darts_tf.runs.stop_at_nan import NotFiniteError
from flags.search import search_flags
from trainers.program import InterruptionError

# Resolved, because Bazel runs a test through links into the source tree.
PAGE = pathlib.Path(__file__).resolve().parents[1] / "docs" / "clusters.md"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)


def check_command(arguments):
    """Parses the arguments of a search; returns its configuration."""
    flag_values = flags.FlagValues()
    search_flags.define(flag_values)
    flag_values(["search", *arguments])
    return search_flags.to_config(flag_values)


def test_kubernetes_manifest():
    (text,) = blocks("json")
    job = json.loads(text)
    assert (job["apiVersion"], job["kind"]) == ("kubeflow.org/v1", "TFJob")
    worker = job["spec"]["tfReplicaSpecs"]["Worker"]
    assert worker["restartPolicy"] == "ExitCode"
    pod = worker["template"]["spec"]
    # The operator looks for this name, and takes no other container for the worker.
    (container,) = pod["containers"]
    assert container["name"] == "tensorflow"
    assert container["command"] == ["python", "-m", "trainers.search"]
    config = check_command(container["args"])
    gpus = worker["replicas"] * container["resources"]["limits"]["nvidia.com/gpu"]
    assert config.batch_size % gpus == 0
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in pod["volumes"]}
    assert config.data_dir == mounts["data"]


def test_exit_codes():
    kinds = (UserError, NotFiniteError, InterruptionError, TerminatedError)
    codes = {kind.exit_code for kind in (*kinds, LostWorkerError)}
    rows = re.findall(r"^\| ([\d, ]+) \|", PAGE.read_text(), re.MULTILINE)
    named = [int(code) for row in rows for code in row.split(", ")]
    assert sorted(named) == sorted(codes | {128 + signal.SIGKILL})


def test_slurm_script(tmp_path):
    """Run with commands that print instead of those of Slurm."""
    (script,) = [block for block in blocks("sh") if "#SBATCH" in block]
    commands = {
        "scontrol": "echo node1; echo node2",
        "srun": 'shift; for SLURM_PROCID in 0 1; do export SLURM_PROCID; "$@"; done',
        "python": 'echo "$TF_CONFIG"; echo "$@"',
    }
    for name, command in commands.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{command}\n")
        (tmp_path / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = subprocess.run(
        ["bash", "-ec", script],
        env=environment | {"SLURM_JOB_NODELIST": "node[1-2]"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = result.stdout.splitlines()
    assert len(lines) == 4
    for index, (config, command) in enumerate(zip(lines[::2], lines[1::2])):
        assert json.loads(config) == {
            "cluster": {"worker": ["node1:12345", "node2:12345"]},
            "task": {"type": "worker", "index": index},
        }
        module, *arguments = command.removeprefix("-m ").split()
        assert module == "trainers.search"
        assert check_command(arguments).batch_size == 1024
