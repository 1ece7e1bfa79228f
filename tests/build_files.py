"""Writes the BUILD files from what the modules import: `python -m tests.build_files`.

Each module is a target that depends on exactly the modules it imports, and a package is
visible to those that may import it. What imports do not tell (size, tags and data of a
test, for instance) stays as it stands in the file.
"""

import ast
import fnmatch
import functools
import graphlib
import pathlib

# Resolved, because Bazel runs a test through links into the source tree.
ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("benchmarks", "darts_tf", "examples", "flags", "tests", "trainers")
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
)

# Packages in the order of the data flow: each may import itself and those above it. The
# modules that lie in `darts_tf` itself are the ground, which all may import.
LAYERS = (
    "darts_tf/autodiff",
    "darts_tf/optimization",
    "darts_tf/distribution",
    "darts_tf/formats",
    "darts_tf/genotype",
    "darts_tf/space",
    "darts_tf/data",
    "darts_tf/method",
    "darts_tf/convolutional",
    "darts_tf/spaces",
    "darts_tf/costs",
    "darts_tf/recurrent",
    "darts_tf/methods",
    "darts_tf/zoo",
    "darts_tf/zero_cost",
    "darts_tf/rivals",
    "darts_tf/tuning",
    "darts_tf/weights",
    "darts_tf/runs",
    "darts_tf/trials",
    "darts_tf/report",
    "darts_tf/published_tables",
    "darts_tf/experiments",
    "darts_tf/front",
    "darts_tf/comparison",
    "darts_tf/serving",
    "darts_tf/tasks",
    "darts_tf/protocol",
    "flags",
    "trainers",
    "benchmarks",
    "examples",
    "tests",
)
# What a module imports by no statement, as patterns of paths.
_FOUND = {
    "benchmarks/collapse/searches.py": ("trainers/search.py", "trainers/eval_cifar.py"),
    "benchmarks/replication/runs.py": (
        "trainers/search*.py",
        "trainers/baseline*.py",
        "trainers/eval_*.py",
    ),
    "darts_tf/__init__.py": ("darts_tf/*",),
    "darts_tf/costs/registry.py": ("darts_tf/costs/known/*.py",),
    "darts_tf/experiments/by_trials/template.py": (
        "darts_tf/experiments/by_trials/processes.py",
    ),
    "darts_tf/experiments/kinds.py": ("darts_tf/experiments/*/experiment.py",),
    "darts_tf/methods/registry.py": ("darts_tf/methods/presets/*.py",),
    "darts_tf/rivals/registry.py": ("darts_tf/rivals/known/*.py",),
    "darts_tf/spaces/registry.py": ("darts_tf/spaces/known/*.py",),
    "darts_tf/trials/methods.py": (
        "darts_tf/trials/tuner_strategy.py",
        "darts_tf/trials/zero_cost.py",
    ),
    "darts_tf/zero_cost/registry.py": ("darts_tf/zero_cost/known/*.py",),
    "darts_tf/zoo/registry.py": ("darts_tf/zoo/known/*.py",),
    "tests/experiments/test_space_settings.py": ("darts_tf/spaces/__init__.py",),
    "tests/flags/programs.py": ("flags/*.py", "benchmarks/*/flags.py"),
    "tests/protocol/test_walk.py": ("tests/protocol/toy_part.py",),
    "tests/test_child_process.py": ("tests/protocol/toy_part.py",),
    "trainers/protocol.py": (
        "trainers/search*.py",
        "trainers/baseline*.py",
        "trainers/eval_*.py",
    ),
}
# What a package is when it is imported, and when it is run: the target of its name.
_OF_PACKAGE = ("__init__", "__main__")
_PUBLIC = ("darts_tf", "flags", "trainers")
_LOAD = 'load("//tests:pytest_test.bzl", "pytest_test")'


def layer(path):
    """Returns the package of `LAYERS` that a module or folder lies in, or None."""
    return next((x for x in LAYERS if f"{path}/".startswith(f"{x}/")), None)


@functools.cache
def imported_files(module):
    """Returns the project's files that a module imports."""
    patterns = _FOUND.get(module, ())
    files = {path for x in patterns for path in fnmatch.filter(MODULES, x)}
    for node in ast.walk(ast.parse((ROOT / module).read_text())):
        if isinstance(node, ast.Import):
            files |= {_module_file(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = _module_file(node.module)
            for alias in node.names:
                submodule = _module_file(f"{node.module}.{alias.name}")
                exported = package and alias.name in _exported_names(package)
                files.add(package if exported else submodule or package)
    return frozenset(files - {None, module})


def import_order():
    """Returns all modules, each after those that it imports.

    Raises:
        graphlib.CycleError: If modules import each other in a circle.
    """
    return [
        *graphlib.TopologicalSorter(
            {m: imported_files(m) for m in MODULES}
        ).static_order()
    ]


def build_paths():
    """Returns the paths of all BUILD files from the root."""
    folders = sorted({pathlib.PurePath(module).parent.as_posix() for module in MODULES})
    return [f"{folder}/BUILD" for folder in folders]


@functools.cache
def build_file(path):
    """Returns the text of the BUILD file of a path."""
    return _build_file(pathlib.PurePath(path).parent.as_posix())


def write_build_files():
    """Writes all of them."""
    for path in build_paths():
        (ROOT / path).write_text(build_file(path))


@functools.cache
def _module_file(name):
    """Returns the project's file of a dotted name, or None."""
    path = name.replace(".", "/")
    candidates = (f"{path}.py", f"{path}/__init__.py", f"{path}/__main__.py")
    return next((file for file in candidates if file in MODULES), None)


@functools.cache
def _exported_names(package):
    """Returns the names that a package imports, which hide its modules of that name."""
    nodes = ast.parse((ROOT / package).read_text()).body
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def _target_name(module):
    """Returns a module's name as a target: its own, or that of the package it is."""
    path = pathlib.PurePath(module)
    return path.parent.name if path.stem in _OF_PACKAGE else path.stem


def _label(module, folder):
    """Returns a module's label as one writes it in the BUILD file of a folder."""
    package, name = pathlib.PurePath(module).parent, _target_name(module)
    if package.as_posix() == folder:
        return f":{name}"
    return f"//{package}" if package.name == name else f"//{package}:{name}"


def _build_file(folder):
    modules = [m for m in MODULES if pathlib.PurePath(m).parent.as_posix() == folder]
    modules.sort(key=lambda m: (pathlib.PurePath(m).stem not in _OF_PACKAGE, m))
    others, kept = _read(folder)
    rules = [_rule(module, kept.get(_target_name(module), {})) for module in modules]
    head = [_LOAD] if any(rule.startswith("pytest_test(") for rule in rules) else []
    head.append(f"package(default_visibility = {_list(_visibility(folder))})")
    groups = _package_groups() if folder == "darts_tf" else []
    return "\n\n".join([*head, *others, *groups, *rules]) + "\n"


def _read(folder):
    """Returns what a BUILD file has beside libraries, and what they have of their own.

    The first is a list of statements, the second a dictionary of attributes and their
    text for each name of a target.
    """
    path = ROOT / folder / "BUILD"
    text = path.read_text() if path.exists() else ""
    others, kept = [], {}
    for statement in ast.parse(text).body:
        call = statement.value
        attributes = {k.arg: k.value for k in call.keywords}
        if "srcs" in attributes:
            own = {"size", "data", "tags"} & attributes.keys()
            name = ast.literal_eval(attributes["name"])
            kept[name] = {x: ast.literal_eval(attributes[x]) for x in own}
        elif call.func.id not in ("load", "package", "package_group"):
            others.append(ast.get_source_segment(text, statement))
    return others, kept


def _rule(module, kept):
    path = pathlib.PurePath(module)
    folder = path.parent.as_posix()
    imports = set(imported_files(module))
    is_test = path.name.startswith("test_")
    is_binary = path.parts[0] in ("benchmarks", "trainers") and _has_main(module)
    if is_binary:
        imports.add(f"{path.parts[0]}/__init__.py")  # which runs before the binary does
    if is_test:
        imports.discard("tests/conftest.py")  # which `pytest_test` adds to every test
    rule = "pytest_test" if is_test else "py_binary" if is_binary else "py_library"
    attributes = {
        "name": _target_name(module),
        "size": kept.get("size"),
        "testonly": folder.split("/")[0] == "tests" and not is_test,
        "srcs": [path.name],
        "data": kept.get("data") or _named_files(module),
        "main": path.name if path.stem == "__main__" else None,
        "tags": kept.get("tags"),
        "deps": sorted({_label(m, folder) for m in imports}, key=_label_order),
    }
    lines = [f"    {name} = {_value(x)}," for name, x in attributes.items() if x]
    return "\n".join([f"{rule}(", *lines, ")"])


def _named_files(module):
    """Returns the files beside a module of the library whose names stand in it."""
    if not module.startswith("darts_tf/"):
        return []
    path = ROOT / module
    text = path.read_text()
    return sorted(file.name for file in path.parent.glob("*.html") if file.name in text)


def _has_main(module):
    return 'if __name__ == "__main__":' in (ROOT / module).read_text()


def _label_order(label):
    """Buildifier's order: targets of the same file first."""
    return not label.startswith(":"), label.replace(":", "!")


def _value(x):
    if isinstance(x, bool):
        return str(x)
    return _list(x, "    ") if isinstance(x, list) else f'"{x}"'


def _list(items, indentation=""):
    if len(items) == 1:
        return f'["{items[0]}"]'
    lines = [f'{indentation}    "{item}",' for item in items]
    return "\n".join(["[", *lines, f"{indentation}]"])


def _visibility(folder):
    if folder in _PUBLIC:
        return ["//visibility:public"]
    return [f"//darts_tf:{_group(layer(folder))}"]


def _group(layer):
    return f"from_{layer.replace('darts_tf/', '').replace('/', '_')}_on"


def _package_groups():
    """Returns a group of packages for each layer: its own and all that follow.

    The face of the project, `darts_tf/__init__.py`, follows all.
    """
    groups = []
    for this, following in zip(LAYERS, [*LAYERS[1:], None]):
        includes = f'    includes = [":{_group(following)}"],\n' if following else ""
        packages = [f"//{this}/...", *([] if following else ["//darts_tf"])]
        groups.append(
            f'package_group(\n    name = "{_group(this)}",\n{includes}'
            f"    packages = {_list(packages, '    ')},\n)"
        )
    return groups


if __name__ == "__main__":
    write_build_files()
