"""`export case` and `export verifier`: a case's evidence pack, and the program that checks one."""

import argparse
import sys
from typing import Final

from bot.cli.shared import now, open_as_it_is, private_file, recorded_team, system_user
from bot.rules.evidence_pack.archive import unzipped
from bot.rules.evidence_pack.pack import evidence_pack, verify_py
from bot.rules.refusals import Unknown
from bot.usecases.cases.evidence_pack import definitions, names_of, pack_contents
from bot.usecases.shared.access import record_export

NO_CASE: Final = "There is no case {case}."
WOULD: Final = "The evidence pack of case {case} would contain {files}: {size:,} bytes. Nothing was exported."
DONE: Final = "The evidence pack of case {case} is in {where}{names}. docs/evidence-pack.md says how to check it."
WITHOUT: Final = ", without people's names and IDs"
READ_IT: Final = "Read it before you hand it out: texts are as people wrote them, and may name somebody."


def add_case_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export case`."""
    parser.add_argument("case", type=int, metavar="CASE", help="the case's number")
    parser.add_argument("--out", "--output", metavar="FILE", help="where to; without it, case-CASE.zip in this folder")
    parser.add_argument("--without-names", action="store_true", help="leave out who people are")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be in it")
    parser.add_argument("--team", help="the workspace's ID, T…; needed only where the record has several")


def run_case(chosen: argparse.Namespace) -> int:
    """Write a case's evidence pack: everything on record about it, which proves itself without the bot."""
    case, where = chosen.case, chosen.out or f"case-{chosen.case}.zip"
    with open_as_it_is(chosen.env_file, to_read=chosen.dry_run) as database:
        team = recorded_team(chosen.team, database)
        try:
            with database.read(team) as tx:
                customers = tx.cards.with_merged(tx.cases.get(case).customer)
        except Unknown:
            raise ValueError(NO_CASE.format(case=case)) from None
        if not chosen.dry_run:
            facts = {"what": "evidence pack", "case": case, "with names": not chosen.without_names}
            record_export(database, team, customers, facts | {"by": system_user()}, now())
        with database.read(team) as tx:
            contents = pack_contents(tx, case)
            packed = evidence_pack(contents, None if chosen.without_names else names_of(tx, contents))
    if chosen.dry_run:
        print(WOULD.format(case=case, files=", ".join(unzipped(packed)), size=len(packed)))
        return 0
    with private_file(where) as file:
        file.write(packed)
    print(DONE.format(case=case, where=where, names=WITHOUT if chosen.without_names else ""))
    print(READ_IT, file=sys.stderr)
    return 0


def run_verifier(_: argparse.Namespace) -> int:
    """Print the program that checks an evidence pack of this release, as every pack has it."""
    sys.stdout.write(verify_py(definitions()))
    return 0
