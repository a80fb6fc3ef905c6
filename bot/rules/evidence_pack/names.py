"""`names.html`: the one file of an evidence pack that says who people are. Part of `verify.py`.

The rest has a reference in place of each Slack ID: a digest of it under a salt of the customer's audit chain. This file
has the salts, so that whoever has it can check that the ID is the one behind the reference.
"""

import hashlib
import hmac
import html
import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.rules.evidence_pack.markup import heading, named, note, page, shown, table
from bot.rules.evidence_pack.record import Record

WHOSE: Final = (
    "Who the people in the other files are. The IDs are checked by <code>verify.py</code>; the names are those that "
    "Slack gave when the pack was made, and nothing vouches for them."
)
_CELL: Final = r"<td>(.*?)</td>"
_PERSON: Final = re.compile(f"<tr>{_CELL}{_CELL}<td><code>(.*?)</code></td></tr>", re.DOTALL)
_SALT: Final = re.compile(f"<tr>{_CELL}<td><code>(.*?)</code></td></tr>", re.DOTALL)
Names = Mapping[str, tuple[str, str]]
"""By reference: the Slack ID, and the name; empty where Slack was not asked."""
Salts = Mapping[int, str]
"""By the customer's number: the salt of their audit chain that hides who people are."""


def reference(salt: str, user: str) -> str:
    """What stands for a Slack ID in a customer's chain."""
    return "~" + hmac.new(salt.encode(), user.encode(), hashlib.sha256).hexdigest()[:32]


def names_page(record: Record, names: Names, salts: Salts) -> str:
    """The page."""
    title = f"Case {record.number}: who people are"
    people = (
        (record.people[each], named(" ".join(name.split())), f"<code>{shown(user)}</code>")
        for each, (user, name) in names.items()
    )
    salted = ((str(customer), f"<code>{shown(salt)}</code>") for customer, salt in salts.items())
    return page(
        title,
        [
            heading(1, title),
            note(WHOSE),
            table(("In the report", "Name", "Slack ID"), people),
            heading(2, "For the check"),
            table(("Record", "Salt of its references"), salted),
        ],
    )


def names_problems(record: Record, written: str) -> Iterator[str]:
    """What is wrong with the page: it is not as Backstop writes it, or an ID is not the one behind its reference."""
    references = {label: each for each, label in record.people.items()}
    salts = {int(customer): html.unescape(salt) for customer, salt in _SALT.findall(written) if customer.isdigit()}
    names = {}
    for label, name, user in _PERSON.findall(written):
        if label in references:
            plain = html.unescape(name.removeprefix("<bdi>").removesuffix("</bdi>"))
            names[references[label]] = (html.unescape(user), plain)
    if names_page(record, names, salts) != written:
        yield "names.html is not as Backstop writes it."
    for each, (user, _) in names.items():
        if not any(reference(salt, user) == each for salt in salts.values()):
            yield f"names.html: {user} is not who {record.people[each]} is."
    for each in record.people.keys() - names.keys():
        yield f"names.html does not say who {record.people[each]} is."
