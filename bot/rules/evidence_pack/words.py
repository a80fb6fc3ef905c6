"""What the report of an evidence pack calls the values of the record. Part of `verify.py`."""

from typing import Final

ACTS: Final = {
    "report": "Report {report} was made",
    "withdraw": "Report {report} was withdrawn by whoever made it",
    "check in": "A rep was asked how they are (what was asked is the rep's own)",
    "answer check-in": "A rep said how they are (what they said is their own)",
    "remind": "The managers were reminded of case {case}",
    "overdue": "Case {case} was overdue; the directors were notified",
    "left": "Who may act on case {case} changed",
    "expire": "A warning or points expired",
    "recuse": "Recused from case {case}",
    "issue warning": "The warning was issued",
    "deliver warning": "The warning was marked as delivered",
    "not now": "No warning for now",
    "take hearing": "Took the hearing",
    "take over hearing": "Took the hearing over",
    "hear both sides": "Asked to hear both sides before a decision",
    "record outcome": "The hearing ended",
    "approve drop": "Approved a drop; another approval is needed",
    "take approval back": "Took the approval back",
    "decide": "Decided in case {case}: {choice}",
    "renew": "Renewed the decision",
    "let lapse": "Ended the decision at its review",
    "lapse": "The decision lapsed: nobody renewed it in time",
    "ask what was learnt": "The managers were asked what was learnt",
    "learn": "What was learnt went on record",
    "record objection": "The customer objected",
    "objection overdue": "The answer to the objection was overdue",
    "answer objection": "The objection was answered",
    "cancel warning": "The warning was cancelled after an objection",
    "send letter": "The letter about the {letter} was marked as sent",
    "describe": "The customer's record was edited",
    "import": "The customer was imported from the firm's list",
    "merge": "Record {duplicate} was merged into this one",
    "merged into": "This record was merged into record {into}",
    "undo merger": "The merger of record {duplicate} was undone",
    "set protection": "Interim protection was set in case {case}",
    "lift protection": "Interim protection was lifted in case {case}",
    "set safeguard": "Safeguard {safeguard} was set",
    "lift safeguard": "Safeguard {safeguard} was lifted",
    "safeguard lapses": "Safeguard {safeguard} ended",
    "erase": "Texts and names were erased",
    "export": "The record was taken out of Backstop: {what}",
    "read": "Read the case in full",
    "call backup": "A rep called for backup",
    "widen backup": "The bot asked more people to help the rep",
    "take backup": "Came to help the rep",
    "end backup": "The call for backup ended",
    "name backup": "Call {call}, made before the customer was on record, was found to be about them",
}
RUNGS: Final = {
    "record": "Keep the record",
    "warn": "Warn the customer",
    "hear": "Hear both sides",
    "decide": "Decide: drop or keep",
}
OUTCOMES: Final = {
    "warned": "The customer was warned",
    "not_now": "No warning for now",
    "misunderstanding": "It was found to be a misunderstanding",
    "dropped": "The customer was dropped",
    "kept": "The customer was kept",
    "withdrawn": "Nothing was left to judge",
    "merged": "It was merged into another case of the same customer",
}
STANDINGS: Final = {
    "clear": "Clear",
    "warned": "Warned",
    "under_review": "Under review",
    "restricted": "Kept with conditions",
    "dropped": "Dropped",
}
CHOICES: Final = {"drop": "Drop the customer", "keep": "Keep the customer"}
PLACES: Final = {
    "phone": "By phone",
    "email": "By e-mail",
    "chat": "In a chat",
    "in_person": "In person",
    "social_media": "On social media",
}
ENDED_WITHIN: Final = {
    "at_once": "At once, as the policy of that time allowed",
    "after_warning": "After a clear warning, as the policy of that time allowed",
    "after_repetition": "After long repetition, as the policy of that time allowed",
}
PROTECTIONS: Final = {"written_only": "Reps deal with the customer in writing only", "not_alone": "No rep is alone"}
DELIVERIES: Final = {"email": "by e-mail", "post": "by post", "phone": "by phone", "in_person": "in person"}
FINDINGS: Final = {
    "upheld": "The reports were upheld",
    "misunderstanding": "It was a misunderstanding",
    "handed_over": "Somebody else took it over",
    "overtaken": "Management was asked for something else before it ended",
}
ENDINGS: Final = {
    "lapsed": "lapsed",
    "let_lapse": "ended at its review",
    "cancelled": "cancelled after an objection",
    "renewed": "Renewed",
}
ANSWERS: Final = {
    "stands": "It stands",
    "changed": "It is changed",
    "cancelled": "It is cancelled",
    "moot": "The decision ended before anybody answered",
}
HINDSIGHT: Final = {"right": "It was right", "partly": "It was partly right", "wrong": "It was wrong"}
ACTORS: Final = {
    "clock": "By itself",
    "import": "The import of the firm's list",
    "erase": "Who runs Backstop",
    "export": "Who runs Backstop",
    "sealed": "",
}
CALLS_ENDED: Final = {
    "stood_down": "Help was no longer needed",
    "calmed": "The customer calmed down",
    "taken_over": "A colleague took over",
    "contact_ended": "The contact was ended",
    "emergency": "The emergency services were called",
    "over": "Nobody said how it ended",
    "missed": "It reached nobody in time",
}
EVIDENCE: Final = {"link": "Link", "file": "File in Slack", "message": "Message in Slack"}


def called(words: dict[str, str], value: object) -> str:
    """What people read for a value of the record; the value itself where a later release has it. Nothing for None."""
    return "" if value is None else words.get(str(value), str(value))
