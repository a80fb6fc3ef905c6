"""Who is behind a list of users and user groups, as Slack last said."""

from bot.rules.people import Directory, Person, is_group, is_user

KNOWN = Directory({"S0MANAGERS": ("U0PRIYA", "U0BRAD"), "S0LATE": ("U0BRAD", "U0ANA"), "S0EMPTY": ()}, {})


def test_users_come_first_then_the_members_of_the_groups_and_nobody_twice() -> None:
    assert KNOWN.people(("S0MANAGERS", "U0RUTH", "S0LATE", "U0PRIYA")) == ("U0RUTH", "U0PRIYA", "U0ANA", "U0BRAD")
    assert KNOWN.people(("S0EMPTY", "S0UNREAD")) == ()


def test_a_group_without_members_was_read_and_one_that_is_missing_was_not() -> None:
    assert not KNOWN.has_unread_group(("U0RUTH", "S0EMPTY", "S0MANAGERS"))
    assert KNOWN.has_unread_group(("U0RUTH", "S0EMPTY", "S0UNREAD"))


def test_a_group_is_not_taken_for_a_user_by_its_first_letter() -> None:
    assert is_group("S0MANAGERS")
    assert not is_group("U0S")


def test_a_message_goes_to_a_user_or_to_a_channel() -> None:
    targets = ("U0ANA", "W0ZOE", "C0MANAGE", "G0MANAGE", "D0U", "")
    assert [target for target in targets if is_user(target)] == ["U0ANA", "W0ZOE"]


def test_whoever_slack_names_with_another_workspace_is_from_elsewhere() -> None:
    assert Person("T0FIRM", "U0ANA", "T0OTHER").is_from_elsewhere
    assert not Person("T0FIRM", "U0ANA", "T0FIRM").is_from_elsewhere
