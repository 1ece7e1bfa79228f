"""The BUILD files name every module once, with exactly the modules that it imports."""

import ast
import pathlib

import pytest

# Resolved, because Bazel runs a test through links into the source tree.
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("benchmarks", "darts_tf", "flags", "tests", "trainers")
MODULES = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for folder in FOLDERS
    for path in (REPOSITORY / folder).rglob("*.py")
)


def _full_label(label, package):
    if label.startswith(":"):
        return f"//{package}{label}"
    return label if ":" in label else f"{label}:{label.rsplit('/', 1)[-1]}"


def _read_targets():
    """Returns label, sources, dependencies and package file of targets with sources.

    The last is the `__init__.py` that runs before a binary does, and `None` for others.
    """
    targets = []
    for folder in FOLDERS:
        for build in sorted((REPOSITORY / folder).rglob("BUILD")):
            package = build.parent.relative_to(REPOSITORY).as_posix()
            for statement in ast.parse(build.read_text()).body:
                keywords = statement.value.keywords
                rule = {k.arg: ast.literal_eval(k.value) for k in keywords}
                if "srcs" in rule:
                    sources = [f"{package}/{source}" for source in rule["srcs"]]
                    labels = [_full_label(d, package) for d in rule.get("deps", ())]
                    label = f"//{package}:{rule['name']}"
                    is_binary = statement.value.func.id == "py_binary"
                    package_file = f"{package}/__init__.py" if is_binary else None
                    targets.append((label, sources, labels, package_file))
    return targets


def _module_file(name):
    """Returns the project's file of a dotted name, or None."""
    path = name.replace(".", "/")
    candidates = (f"{path}.py", f"{path}/__init__.py")
    return next((file for file in candidates if file in MODULES), None)


def imported_files(module):
    """Returns the project's files that a module imports."""
    files = set()
    for node in ast.walk(ast.parse((REPOSITORY / module).read_text())):
        if isinstance(node, ast.Import):
            files |= {_module_file(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = _module_file(node.module)
            for alias in node.names:
                submodule = _module_file(f"{node.module}.{alias.name}")
                exported = package and alias.name in _exported_names(package)
                files.add(package if exported else submodule or package)
    return files - {None, module}


def _exported_names(package):
    """Returns the names that a package imports, which hide its modules of that name."""
    nodes = ast.parse((REPOSITORY / package).read_text()).body
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


TARGETS = _read_targets()
OWNERS = {source: label for label, sources, *_ in TARGETS for source in sources}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_one_target(module):
    owners = [label for label, sources, *_ in TARGETS if module in sources]
    assert len(owners) == 1


@pytest.mark.parametrize(
    ("label", "sources", "dependencies", "package_file"),
    TARGETS,
    ids=[target[0] for target in TARGETS],
)
def test_dependencies_are_the_imports(label, sources, dependencies, package_file):
    assert set(sources) <= set(MODULES), "a source does not exist"
    imports = {OWNERS.get(f) for source in sources for f in imported_files(source)}
    if package_file:
        imports.add(OWNERS[package_file])
    assert set(dependencies) == imports - {label}
    assert len(dependencies) == len(set(dependencies))
