"""Writes into what is built which commit it was built from: a package has no `.git`. All else is in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

sys.path.insert(0, str(Path(__file__).parent))
from bot.cli.version import WRITTEN_DOWN, revision


def write_down(folder: str) -> None:
    """The commit, beside the package's modules in `folder`."""
    (Path(folder) / "bot" / WRITTEN_DOWN).write_text(f"{revision() or ''}\n")


class Package(build_py):
    """The modules, as a wheel takes them."""

    def run(self) -> None:
        """Copy the modules, and add the commit."""
        super().run()
        write_down(self.build_lib)


class Source(sdist):
    """The sources, from which a wheel can be made without `.git`."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Copy the sources, and add the commit."""
        super().make_release_tree(base_dir, files)
        write_down(base_dir)


setup(cmdclass={"build_py": Package, "sdist": Source})
