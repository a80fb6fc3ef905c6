"""What managers ask of the desk about a customer, whatever case there is: see `bot.desk.commands`."""

from dataclasses import dataclass

from bot.desk.people import Person


@dataclass(frozen=True, slots=True)
class Describe:
    """What a customer is called, who looks after the account, and what it is worth. Empty: nothing is known."""

    by: Person
    customer: int
    name: str
    owner: str | None
    worth: str
    crm_reference: str


@dataclass(frozen=True, slots=True)
class Merge:
    """`duplicate` is the same customer as `into`, under another name."""

    by: Person
    duplicate: int
    into: int


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """They were two customers after all."""

    by: Person
    merger: int
