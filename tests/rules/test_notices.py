"""What a log line may say of a message."""

from bot.rules.notices import NoticeKind, log_ids


def test_a_log_line_does_not_say_which_rep_a_message_to_the_care_contact_is_about() -> None:
    assert log_ids(NoticeKind.CARE, 7) == {"kind": NoticeKind.CARE}
    others = [kind for kind in NoticeKind if kind is not NoticeKind.CARE]
    assert [log_ids(kind, 7) for kind in others] == [{"kind": kind, "subject": 7} for kind in others]
