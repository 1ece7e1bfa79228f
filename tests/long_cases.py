"""The cases of a test that run only where `-m long` asks for them."""

from collections.abc import Collection, Iterable

import pytest


def with_long(cases: Iterable, usual: Collection) -> list:
    """Returns the cases of a parametrized test, those that are not usual marked long.

    Args:
        cases: Of several arguments a tuple each.
        usual: What runs always.
    """
    return [case if case in usual else _long(case) for case in cases]


def _long(case):
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.long)
