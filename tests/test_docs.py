"""What README.md and docs/ name exists: paths, modules, links, anchors and flags.

The files are read as text, so that TensorFlow is not imported.
"""

import ast
import functools
import re
from typing import NamedTuple

import pytest

from tests.build_files import LAYERS, MODULES, ROOT, imported_files

PAGES = ("README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))
FOLDERS = r"(?:darts_tf|flags|trainers|benchmarks|tests|docs|examples)"
# The classes whose fields are flags, by the ends of their names.
CONFIGURATIONS = ("Config", "Settings", "Sizes")

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
FLAG = re.compile(r"(?<![\w-])--([a-z_]\w*)")


class Page(NamedTuple):
    """A page in its parts.

    Attributes:
        prose: Text without blocks of code.
        spans: Code within the prose.
        blocks: Pairs of the language and the text of each block of code.
    """

    prose: str
    spans: list[str]
    blocks: list[tuple[str, str]]

    @property
    def code(self) -> list[str]:
        return [*self.spans, *(text for _, text in self.blocks)]


@functools.cache
def read_page(path: str) -> Page:
    text = (ROOT / path).read_text("utf-8")
    prose = FENCE.sub("", text)
    spans = [" ".join(span.split()) for span in SPAN.findall(prose)]
    return Page(prose, spans, FENCE.findall(text))


def module_path(parts: list[str]) -> tuple[str | None, list[str]]:
    """Returns the file of the longest module in a dotted name, and what is left."""
    for end in range(len(parts), 0, -1):
        stem = "/".join(parts[:end])
        for path in (f"{stem}.py", f"{stem}/__init__.py", f"{stem}/__main__.py"):
            if path in MODULES:
                return path, parts[end:]
    return None, parts


def resolves(parts: list[str]) -> bool:
    """Whether a dotted name is a package, a module, or something defined in one."""
    path, attributes = module_path(parts)
    if path is None:
        return (ROOT / "/".join(parts)).is_dir()
    if not attributes:
        return True
    name, *of_class = attributes
    node = defined_names(path).get(name)
    if isinstance(node, ast.ImportFrom):
        original = next(a.name for a in node.names if (a.asname or a.name) == name)
        return resolves([*node.module.split("."), original, *of_class])
    if isinstance(node, ast.ClassDef) and of_class:
        module = path.removesuffix(".py").split("/")
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        return of_class[0] in names_of(node.body) or any(
            resolves([*module, base, *of_class]) for base in bases
        )
    return node is not None and not of_class


@functools.cache
def defined_names(path: str) -> dict[str, ast.stmt]:
    return names_of(ast.parse((ROOT / path).read_text("utf-8")).body)


def names_of(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    """Returns the statement that defines each name of a module or class."""
    names = {}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names[node.name] = node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name: node for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = [n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            names |= {name.id: node for name in found}
        elif isinstance(node, ast.If):  # such as `if TYPE_CHECKING:`
            names |= names_of(node.body)
    return names


@functools.cache
def flags_of(program: str) -> set[str]:
    """Returns what may be flags of a binary: names in its flags and configurations."""
    path, _ = module_path(program.split("."))
    names, seen, left = {"help"}, set(), [path]
    while left:
        module = left.pop()
        if module not in seen:
            seen.add(module)
            names |= flags_in(module)
            left += imports_of(module)
    return names


imports_of = functools.cache(imported_files)


@functools.cache
def flags_in(module: str) -> set[str]:
    """Returns the quoted words of a module of flags, and the fields that are flags."""
    nodes = [*ast.walk(ast.parse((ROOT / module).read_text("utf-8")))]
    names = set()
    if "flags" in module:
        constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
        names |= {x for x in constants if isinstance(x, str) and x.isidentifier()}
    for node in nodes:
        if isinstance(node, ast.ClassDef) and node.name.endswith(CONFIGURATIONS):
            names |= names_of(node.body).keys()
    return names


def unknown_flags(text: str, known: set[str]) -> set[str]:
    """Returns the flags in a text that are not known, nor are if "no" is left out."""
    return {x for x in FLAG.findall(text) if not {x, x.removeprefix("no")} & known}


def commands(page: Page) -> list[tuple[str, str]]:
    """Returns the name and the arguments of each program of this project called."""
    lines = [
        line
        for _, text in page.blocks
        for line in text.replace("\\\n", " ").splitlines()
    ]
    lines = [line.partition(" # ")[0] for line in (*lines, *page.spans)]
    calls = [
        re.search(r"-m ((?:trainers|benchmarks)\.\w+)(.*)", line) for line in lines
    ]
    return [call.groups() for call in calls if call]


def anchors(path: str) -> set[str]:
    """Returns the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.*)$", read_page(path).prose, re.MULTILINE)
    words = [re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in words}


@pytest.mark.parametrize("path", PAGES)
def test_paths_exist(path):
    code = "\n".join(read_page(path).code)
    paths = re.findall(rf"(?<![\w./-]){FOLDERS}/[\w./-]*", code)
    paths += re.findall(r"(?<![\w./-])\./([\w-]+)", code)
    paths += [word for word in code.split() if word.endswith(".py")]
    assert [name for name in paths if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAGES)
def test_dotted_names_resolve(path):
    page = read_page(path)
    names = re.findall(rf"(?<![\w./-]){FOLDERS}(?:\.\w+)+", "\n".join(page.code))
    for language, text in page.blocks:
        for node in ast.walk(ast.parse(text if language == "python" else "")):
            if isinstance(node, ast.ImportFrom):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
    names = [name for name in names if re.match(FOLDERS, name)]
    assert [name for name in names if not resolves(name.split("."))] == []


@pytest.mark.parametrize("path", PAGES)
def test_names_are_in_the_files_that_pages_name(path):
    prose = read_page(path).prose
    pairs = re.findall(r"`(\w+)`(?: in|\s*\()\s*`([\w/]+\.py)`", prose)
    assert [pair for pair in pairs if pair[0] not in defined_names(pair[1])] == []


@pytest.mark.parametrize("path", PAGES)
def test_links_resolve(path):
    prose = re.sub(r"\s+", " ", read_page(path).prose)
    for target in re.findall(r"\]\(([^)]+)\)", prose):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        linked = (ROOT / path).parent / name if name else ROOT / path
        assert linked.is_file(), target
        if anchor:
            assert anchor in anchors(linked.relative_to(ROOT).as_posix()), target


@pytest.mark.parametrize("path", PAGES)
def test_flags_exist(path):
    for program, arguments in commands(read_page(path)):
        assert unknown_flags(arguments, flags_of(program)) == set(), program


@functools.cache
def all_flags() -> set[str]:
    programs = [
        module.removesuffix(".py").replace("/", ".")
        for module in MODULES
        if re.match(r"(trainers|benchmarks)/(\w+|\w+/__main__)\.py", module)
    ]
    return set().union(*map(flags_of, programs))


@pytest.mark.parametrize("path", PAGES)
def test_flags_named_alone_exist(path):
    page = read_page(path)
    code = [span for span in page.spans if span.startswith("--")]
    code += [text for language, text in page.blocks if language == "json"]
    assert unknown_flags(" ".join(code), all_flags()) == set()


def exported_names() -> set[str]:
    """Returns what `darts_tf`, its packages and the modules beside these export."""
    paths = [path for path in MODULES if path.startswith("darts_tf/")]
    faces = [
        path
        for path in paths
        if path.count("/") == 1 or (path.count("/") == 2 and "__init__" in path)
    ]
    return set().union(*(defined_names(path).keys() for path in faces))


def test_classes_on_the_pages_are_two_steps_away():
    classes = {
        name
        for path in MODULES
        if path.startswith("darts_tf/")
        for name, node in defined_names(path).items()
        if isinstance(node, ast.ClassDef) and not name.startswith("_")
    }
    code = "\n".join(text for page in PAGES for text in read_page(page).code)
    shown = classes.intersection(re.findall(r"\w+", code))
    assert {"Experiment", "SearchNetwork", "SearchConfig"} <= shown
    assert shown - exported_names() == set()


def test_the_layout_names_every_package():
    layout = (ROOT / "docs/layout.md").read_text("utf-8")
    rows = re.findall(r"^\| (.*?) \|", layout, re.MULTILINE)
    named = [name.rstrip("/") for row in rows for name in SPAN.findall(row)]
    assert [name for name in named if name in LAYERS] == list(LAYERS)


def test_every_page_is_linked():
    linked = {
        (ROOT / path).parent.joinpath(target).resolve().relative_to(ROOT).as_posix()
        for path in PAGES
        for target in re.findall(r"\]\(([\w./]+)\)", read_page(path).prose)
    }
    assert set(PAGES) - linked == {"README.md"}
