import pytest

from flags.output_flags import OutputFlags
from tests.flags.programs import PROGRAMS, parsed

FOLDERS = {k: x for k, x in PROGRAMS.items() if isinstance(x, OutputFlags)}


@pytest.mark.parametrize("program_flags", FOLDERS.values(), ids=FOLDERS)
def test_the_folder_is_given_or_named_after_the_time(program_flags):
    given = parsed(program_flags, "--output=a/b")
    assert program_flags.output_folder(given) == "a/b"
    folder = program_flags.output_folder(parsed(program_flags))
    assert folder.startswith("runs/") and folder[-1].isdigit()
