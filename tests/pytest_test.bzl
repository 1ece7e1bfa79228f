"""A Bazel test for a file of pytest tests."""

def pytest_test(name, srcs, deps = [], data = [], **kwargs):
    """Runs test files by pytest, with the repository's configuration.

    Args:
      name: Name of the target.
      srcs: The test files.
      deps: Libraries that they import.
      data: What they need besides.
      **kwargs: Further arguments of `py_test`.
    """
    native.py_test(
        name = name,
        srcs = srcs + ["//tests:run_pytest.py"],
        main = "//tests:run_pytest.py",
        args = ["$(location %s)" % src for src in srcs],
        data = data + ["//:pyproject.toml"],
        deps = deps + ["//tests:conftest"],
        **kwargs
    )
