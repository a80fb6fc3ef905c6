"""`make mutants`: small changes to the code, one at a time, and each that no test notices.

mutmut makes the changes and tries them (docs/decisions/mutants.md). Changes that make no difference, or none that
matters, are in `explained.toml`, each with the reason. ARGS="bot.rules.policy.*": only these functions.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build" / "mutants"
MUTMUT = Path(sys.executable).parent / "mutmut"
LIMIT = 30 * 60  # seconds for all parts together
EXPLAINED = Path(__file__).parent / "explained.toml"
NOT_TRIED = "not checked"  # the other states, as mutmut calls them, are of changes that are noticed:
UNNOTICED = ("survived", "no tests", "suspicious", "segfault", "skipped")
# A timeout is an endless loop: a test gets fifteen times as long as without a change, and at least a minute
# (`timeout_constant`), so that a busy machine is not taken for one. mypy cannot determine the type of a function that
# mutmut has wrapped where a module uses it above its definition (`has-type`), which is no change of ours.
CONFIG = """\
[mutmut]
source_paths=
    bot
    handlers
    storage
only_mutate={changed}
do_not_mutate=bot/rules/evidence_pack/*
pytest_add_cli_args_test_selection=
    {tests}
pytest_add_cli_args=
    -p
    no:cacheprovider
    --hypothesis-profile=mutants
type_check_command=
    {python}
    -m
    mypy
    --output
    json
    --disable-error-code
    unused-ignore
    --disable-error-code
    has-type
    --cache-dir
    {cache}
    --package
    {package}
use_git_change_detection=false
timeout_constant=4.0
"""


@dataclass(frozen=True)
class Change:
    """A line of a function, and what mutmut makes of it."""

    function: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Part:
    """A package that is changed, and the tests that are to notice, as pytest takes them."""

    package: str
    tests: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where mutmut works: its own copy of the code with all changes in it."""
        return WORK / self.package


ON_SQLITE = ("-k", "not postgresql")
WHO_MAY = ("tests/usecases/test_who_may.py", "tests/usecases/test_who_is_left.py")
PARTS = (Part("bot.usecases.permissions", (*WHO_MAY, *ON_SQLITE)), Part("bot.rules", ("tests/rules",)))


def prepare(part: Part) -> None:
    """Empty the part's folder, and put the code, the tests and the settings there."""
    shutil.rmtree(part.folder, ignore_errors=True)
    part.folder.mkdir(parents=True)
    for name in ("bot", "handlers", "storage", "tests", "pyproject.toml"):
        (part.folder / name).symlink_to(ROOT / name)
    changed = part.package.replace(".", "/") + "/*"
    config = {"package": part.package, "changed": changed, "tests": "\n    ".join(part.tests)}
    tools = {"python": sys.executable, "cache": WORK / "mypy_cache"}
    (part.folder / "setup.cfg").write_text(CONFIG.format(**config, **tools))


def run(part: Part, patterns: Sequence[str], until: float) -> None:
    """Let mutmut try the changes of these functions, or all, until it is done or the time is over.

    Raises SystemExit where it cannot, for example because a test fails without any change.
    """
    with (part.folder / "log.txt").open("w") as log:
        seen = None if sys.stdout.isatty() else log  # it draws its progress with thousands of lines
        elsewhere = os.environ | {"TZ": "Asia/Tokyo"}  # where the machine's time is UTC, no test would miss UTC
        process = subprocess.Popen(  # noqa: S603 - our own command
            [MUTMUT, "run", *patterns], cwd=part.folder, env=elsewhere, stdout=seen, start_new_session=True
        )
        try:
            if process.wait(max(until - time.monotonic(), 0)):
                raise SystemExit(f"mutmut could not go on; it says why in {log.name}")
        except subprocess.TimeoutExpired:
            return  # what was not tried is told
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def states_of(part: Part, patterns: Sequence[str]) -> dict[str, str]:
    """The state of each change, by the name that mutmut gives it."""
    lines = [line.strip() for line in _said(part, "results", "--all", "True").splitlines()]
    states = dict(line.rsplit(": ", 1) for line in lines if ": " in line)
    return {name: state for name, state in states.items() if not patterns or any(fnmatch(name, p) for p in patterns)}


def function_of(name: str) -> str:
    """The function of a change that mutmut calls `bot.rules.audit.x_entry_hash__mutmut_2`."""
    module, _, mangled = name.rpartition(".")
    return f"{module}.{mangled.rpartition('__mutmut_')[0].removeprefix('x_').removeprefix('xǁ').replace('ǁ', '.')}"


def change_of(part: Part, name: str) -> Change:
    """What is changed, without the number in mutmut's name for it, which moves with every line before."""
    changed = [line for line in _said(part, "show", name).splitlines() if re.match(r"[-+](?![-+]{2})", line)]
    was, becomes = ("\n".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
    return Change(function_of(name), was, becomes)


def explained(package: str) -> set[Change]:
    """The changes in this package of which `explained.toml` says why no test has to notice them."""
    entries = tomllib.loads(EXPLAINED.read_text())["change"]
    assert all(entry["why"] for entry in entries)
    found = (Change(entry["function"], entry["was"], entry["becomes"]) for entry in entries)
    return {change for change in found if change.function.startswith(f"{package}.")}


def left_to_do(part: Part, patterns: Sequence[str], states: Mapping[str, str]) -> Iterator[str]:
    """Changes that no test notices and nobody explained, and explanations of nothing in functions that were tried."""
    unnoticed = {change_of(part, name): state for name, state in states.items() if state in UNNOTICED}
    known, open_ = explained(part.package), {function_of(name) for name, state in states.items() if state == NOT_TRIED}
    for change in unnoticed.keys() - known:
        yield f"{unnoticed[change]}: {change.function}\n  was:     {change.was}\n  becomes: {change.becomes}"
    asked = {each for each in known if not patterns or any(fnmatch(each.function, pattern) for pattern in patterns)}
    for change in asked - unnoticed.keys():
        if change.function not in open_:
            yield f"explained, and not needed any more: {change.function}\n  becomes: {change.becomes}"
    if NOT_TRIED in states.values():
        yield f"{list(states.values()).count(NOT_TRIED)} changes in {part.package} were not tried: the time was over"


def main() -> int:
    """Try the changes and print what is left to do; 0 if that is nothing."""
    until, found, tried = time.monotonic() + LIMIT, [], Counter[str]()
    for part in PARTS:
        patterns = [pattern for pattern in sys.argv[1:] if pattern.startswith(part.package)]
        if patterns or not sys.argv[1:]:
            prepare(part)
            run(part, patterns, until)
            states = states_of(part, patterns)
            tried.update(states.values())
            found += sorted(left_to_do(part, patterns, states))
    figures = ", ".join(f"{state} {count}" for state, count in tried.most_common())
    sys.stdout.write("\n".join([*found, f"{tried.total()} changes: {figures or 'no such function'}", ""]))
    return 1 if found or not tried else 0


def _said(part: Part, *words: str) -> str:
    return subprocess.run([MUTMUT, *words], cwd=part.folder, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own command


if __name__ == "__main__":
    sys.exit(main())
