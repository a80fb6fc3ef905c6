"""Which release and which commit this is: a checkout's `.git` says it, or what the build of a package wrote down.

Neither needs git. The build imports this module, and nothing else of ours.
"""

from pathlib import Path
from typing import Final

from bot import VERSION

PACKAGE: Final = Path(__file__).parents[1]
WRITTEN_DOWN: Final = "revision.txt"  # in a package, which has no `.git`
LENGTH: Final = 12


def version() -> str:
    """What `--version` says."""
    return f"backstop {VERSION} (revision {revision() or 'not known'})"


def revision(package: Path = PACKAGE) -> str | None:
    """The first digits of the commit; None where nothing says it."""
    written = package / WRITTEN_DOWN
    found = written.read_text().strip() if written.exists() else _commit(package.parent / ".git")
    return found[:LENGTH] if found else None


def _commit(git: Path) -> str | None:
    """The commit that is checked out there. In a work tree beside another, `.git` is a file that names the folder."""
    if git.is_file():
        git = git.parent / git.read_text().removeprefix("gitdir:").strip()
    head = git / "HEAD"
    if not head.exists():
        return None
    branch = head.read_text().strip()
    if not branch.startswith("ref: "):
        return branch
    name, others = branch.removeprefix("ref: "), git / "commondir"
    common = git / others.read_text().strip() if others.exists() else git
    return _loose(common / name) or _packed(common / "packed-refs", name)


def _loose(file: Path) -> str | None:
    return file.read_text().strip() if file.exists() else None


def _packed(file: Path, name: str) -> str | None:
    lines = file.read_text().splitlines() if file.exists() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), None)
