"""A program that takes a moment, writes down what it does and leaves a folder."""

import os
import sys
import time
from pathlib import Path


def main(arguments):
    flags = dict(argument[2:].split("=", 1) for argument in arguments)
    folder = Path(flags["output"])
    folder.mkdir(parents=True, exist_ok=True)
    note(folder, f"begin {os.getpid()} {os.environ.get('TOY_SLOT', '')}")
    time.sleep(float(flags["seconds"]))
    if flags.get("fails"):
        print("[#...]", end="", flush=True)
        sys.exit("tests.protocol.toy_part: as told.")
    (folder / "config.json").write_text("{}")
    note(folder, "end")


def note(folder, text):
    with (folder / "journal").open("a") as file:
        file.write(f"{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
