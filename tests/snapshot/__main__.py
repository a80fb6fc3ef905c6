"""`python -m tests.snapshot OUTDIR`: writes down all that can be observed of Backstop, the same bytes each time.

Made before and after a change that must not be noticed, and compared: `diff -r BEFORE AFTER`. Parts can be named after
OUTDIR: lived, commands, served, protections; without any, all. Our own names are in `inside.py` alone.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.snapshot import inside, logged
from tests.snapshot.asking import asked_of_all
from tests.snapshot.commands import BASE, ROOT, run_all, settings
from tests.snapshot.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def lived(out: Path, kept: Path) -> None:
    """Views, messages, Homes, rows, answers over HTTP and the log, of the story, the gallery and troubles."""
    done = _child([sys.executable, "-m", "tests.snapshot.lived", str(kept)])
    for file in kept.iterdir():
        if file.is_dir():
            shutil.copytree(file, out / file.name, dirs_exist_ok=True)
    write(out / "log" / "lived.jsonl", "".join(f"{line}\n" for line in logged.kept(done.stderr)))
    if done.returncode:
        raise SystemExit(f"The story could not be lived:\n{done.stderr[-3000:]}")


def commands(out: Path, kept: Path) -> None:
    """The command line."""
    run_all(out / "cli", kept)


def served(out: Path, _: Path) -> None:
    """`serve` and `sandbox` as processes of their own, with the real clock and the loop's own threads."""
    sandbox = inside.start(bot_url="", signing_secret=inside.SECRET, token=inside.TOKEN, now=_now)
    with tempfile.TemporaryDirectory(prefix="backstop-snapshot-") as folder:
        given = settings(sandbox.api_url)
        with _process(["serve"], Path(folder), given, out / "log" / "serve.jsonl") as (process, said):
            address = said(r"(http://\S+)")[1]
            _until_ready(address)
            asked_of_all(address, out / "http" / "of-a-process", lambda: _now().timestamp())
        write(out / "http" / "of-a-process" / "exit-code.txt", f"{process.returncode}\n")
        with _process(["sandbox", "--port", "0"], Path(folder), {}, out / "log" / "sandbox.jsonl") as (process, said):
            said(r"Ready: .*")
            time.sleep(3)
        write(out / "log" / "sandbox-exit-code.txt", f"{process.returncode}\n")
    sandbox.stop()


def protections(out: Path, _: Path) -> None:
    """How much each protection sees that goes by names."""
    lines = list(inside.protections())
    write(out / "exceptions.txt", "".join(f"{line}\n" for line in sorted(inside.exceptions())))
    collected = _child([sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]).stdout
    cases = [line for line in collected.splitlines() if "::" in line]
    lines += [f"test cases in {top}: {count}" for top, count in sorted(Counter(_top(case) for case in cases).items())]
    lines += [f"test cases in all: {len(cases)}"]
    names = Counter(re.sub(r"^.*?::", "", case) for case in cases)
    write(out / "test-cases.txt", "".join(f"{count} {name}\n" for name, count in sorted(names.items())))
    imports = _child([str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]).stdout
    lines += [line for line in imports.splitlines() if re.search(r"Analyzed|KEPT|BROKEN|Contracts", line)]
    write(out / "protections.txt", "".join(f"{line}\n" for line in lines))


PARTS = {"lived": lived, "commands": commands, "served": served, "protections": protections}


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - signatures are checked against the real time


def _top(case: str) -> str:
    return "/".join(case.split("/")[:2])


def _child(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, env=os.environ | BASE, capture_output=True, text=True, check=False)  # noqa: S603


@contextmanager
def _process(
    words: list[str], folder: Path, given: dict[str, str], log: Path
) -> Iterator[tuple[subprocess.Popen[str], Callable[[str], re.Match[str]]]]:
    """A command until the block ends. Of its log the lines are sorted, since its threads write in any order."""
    lines, received = folder / "log", list[str]()
    with lines.open("w") as file:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot", *words],
            cwd=folder,
            env=BASE | given,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )

    def said(pattern: str) -> re.Match[str]:
        assert process.stdout
        for line in process.stdout:
            received.append(line)
            if found := re.search(pattern, line):
                return found
        raise SystemExit(f"{words} never said {pattern}: {lines.read_text()}")

    try:
        yield process, said
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout
        write(
            log,
            "".join(sorted(f"{logged.without_references(line)}\n" for line in logged.kept(lines.read_text()))),
        )
        write(log.with_suffix(".stdout.txt"), "".join([*received, *process.stdout]))
        process.stdout.close()


def _until_ready(address: str) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}readyz", timeout=5):  # noqa: S310 - our own process
                return
        except HTTPError as refused:
            refused.close()
        time.sleep(0.05)


def main() -> None:
    """Write it all down."""
    parser = argparse.ArgumentParser(prog="python -m tests.snapshot", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUTDIR")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; without any, all")
    chosen = parser.parse_args()
    out = chosen.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backstop-kept-") as kept:
        for part in chosen.parts or PARTS:
            if part == "commands" and chosen.parts and "lived" not in chosen.parts:
                raise SystemExit("commands needs what lived leaves: name both")
            began = time.monotonic()
            PARTS[part](out, Path(kept))
            sys.stderr.write(f"{part}: {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
