"""Pages of the site that no file in docs/ holds: the README, and the reference."""

import pathlib

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_ROOT = pathlib.Path(__file__).resolve().parent.parent


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Adds the pages of the reference to the navigation."""
    pages = [{name: f"reference/{name}.md"} for name in _packages()]
    config.nav.append({"Reference": pages})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the front page, and a page for each package."""
    readme = (_ROOT / "README.md").read_text("utf-8")
    pages = {"index.md": readme.replace("](docs/", "](")}
    for name in _packages():
        pages[f"reference/{name}.md"] = f"# {name}\n\n::: {name}\n"
    for path, content in pages.items():
        files.append(File.generated(config, path, content=content))
    return files


def _packages() -> list[str]:
    """Returns the names of the packages in `darts_tf`."""
    folders = sorted(file.parent for file in _ROOT.glob("darts_tf/*/__init__.py"))
    return [f"darts_tf.{folder.name}" for folder in folders]
