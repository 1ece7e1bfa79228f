"""The machine that measures, by what its times depend on."""

import os
import platform
import re

_CPU_FILE = "/proc/cpuinfo"
_UNKNOWN = "unknown"


def processor_name() -> str:
    """Returns the processor's model, as its maker calls it where the system says so."""
    try:
        with open(_CPU_FILE, encoding="utf-8", errors="replace") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    except OSError:
        found = None
    name = found[1] if found else platform.processor() or platform.machine()
    return " ".join(name.split()) or _UNKNOWN


def processor_count() -> int:
    """Returns the number of processors that this process may use."""
    return len(os.sched_getaffinity(0))
