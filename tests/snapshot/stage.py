"""The firm of the sandbox: its people act, and what they see is written down or pictured."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.sandbox.person import NotSeen, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.sandbox.form import Form
    from bot.sandbox.person import Message
    from tests.gallery.camera import Camera

KIND, HOW_BAD, WHAT, ALSO = "What kind of conduct?", "How serious?", "What happened?", "Anything else?"
HERE = "C0MANAGE"
PATIENCE = 20.0  # seconds
PAUSE = 0.1
NOT_SURE_YET = "I could not confirm just now"


class Stage:
    """The people of the firm and the camera. Methods that take a picture are given its name."""

    def __init__(self, url: str, camera: Camera) -> None:
        users = ("ANA", "JOE", "MIA", "PRIYA", "BRAD", "RUTH", "CORA", "GUS")
        people = (Person(url, f"U0{user}", PATIENCE) for user in users)
        self.ana, self.joe, self.mia, self.priya, self.brad, self.ruth, self.cora, self.gus = people
        self.camera = camera

    def notice(
        self, words: str, name: str = "", *, offers: str = "", after: Message | None = None, within: float = PATIENCE
    ) -> Message:
        """The newest message in the management channel with these words. See `_newest`."""
        return self._newest(self.priya, HERE, words, name, offers, after, within)

    def received(self, person: Person, words: str, name: str = "", *, after: Message | None = None) -> Message:
        """The newest direct message of this person with these words. See `_newest`."""
        return self._newest(person, person.dm, words, name, "", after)

    def redrawn(self, person: Person, before: Message, name: str = "") -> Message:
        """The same message, once it says something else."""
        changed = self._until(
            lambda: [each for each in person.channel(before.channel) if each.ts == before.ts],
            lambda now: now.text != before.text,
        )
        return self._seen(person, changed, name)

    def _newest(
        self,
        person: Person,
        channel: str,
        words: str,
        name: str,
        offers: str,
        after: Message | None,
        within: float = PATIENCE,
    ) -> Message:
        """`words`: best a name, which no change of wording changes. `offers`: the action_id of a button that it has.

        `after`: a message before it.
        """

        def right(message: Message) -> bool:
            newer = after is None or message.ts > after.ts
            has_it = not offers or f"'{offers}'" in str(message.raw["blocks"])
            return newer and has_it and words in message.text

        return self._seen(person, self._until(lambda: person.channel(channel), right, within), name)

    @staticmethod
    def _until(
        read: Callable[[], list[Message]], right: Callable[[Message], bool], within: float = PATIENCE
    ) -> Message:
        end = time.monotonic() + within
        while True:
            seen = read()
            found = next((each for each in reversed(seen) if right(each)), None)
            if found:
                return found
            if time.monotonic() > end:
                raise NotSeen("\n\n".join(each.text for each in seen[-9:]))
            time.sleep(PAUSE)

    def form(self, person: Person, seen: Message, button: str, name: str = "") -> Form:
        """Open the form of a button. Right after the clock was moved, the bot may not have read the managers yet."""
        form = self.until(lambda: self._pressed(person, seen, button), lambda form: NOT_SURE_YET not in form.text())
        return self.pictured(person, form, name)

    def pictured(self, person: Person, form: Form, name: str = "") -> Form:
        """The form that is open, with a picture of it."""
        if name:
            self.camera.form(person, name)
        return form

    def sent(self, person: Person, form: Form, fields: Mapping[str, object], name: str = "") -> None:
        """Fill the form in and send it, with a picture of the answer."""
        form.fill(fields).submit()
        if form.title == "The letter":
            form.submit()
        self.pictured(person, form, name).cancel()

    def looked_at(self, person: Person, seen: Message, button: str, name: str) -> None:
        """A picture of the form behind a button, and nothing else."""
        self.form(person, seen, button, name).cancel()

    def reported(self, rep: Person, customer: str, kind: str, what: str, *also: str, name: str = "") -> None:
        """A rep reports a customer. `kind`: the conduct and how serious it was; `also`: boxes that they tick."""
        conduct, how_bad = kind.split(", ")
        form = rep.command("/report-abuse", customer)
        self.sent(rep, form, {KIND: conduct, HOW_BAD: how_bad, WHAT: what, ALSO: list(also)}, name)
        rep.direct_message(f"Your report on {customer}")

    def command(self, person: Person, text: str, name: str, until: str = "") -> None:
        """A picture of the answer to `/customer`, once it contains the expected text."""
        form = self.until(lambda: person.command("/customer", text), lambda form: until in form.text())
        self.pictured(person, form, name).cancel()

    def until(self, opened: Callable[[], Form], right: Callable[[Form], bool]) -> Form:
        """Open a form again until it is the right one."""
        end = time.monotonic() + PATIENCE
        while not right(form := opened()):
            form.cancel()
            if time.monotonic() > end:
                raise NotSeen(form.text())
            time.sleep(PAUSE)
        return form

    def _seen(self, person: Person, message: Message, name: str) -> Message:
        if name:
            self.camera.message(person, message, name)
        return message

    @staticmethod
    def _pressed(person: Person, seen: Message, button: str) -> Form:
        form = person.press(seen, button)
        if form is None:
            raise LookupError(f"{button!r} opened no form")
        return form
