"""What the strip on top of the page says and offers."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
MANAGER, REP = "U0PRIYA", "U0ANA"
MANAGEMENT, SUPPORT = "C0MANAGE", "C0SUPPORT"


def tour(progress: str, case: str = "", rep_message: str = "") -> Json:
    """The strip. `progress`: how far the story is while it plays. `case`, `rep_message`: the ts of what is shown."""
    return {
        "progress": progress,
        "start": {"as": MANAGER, "channel": MANAGEMENT},
        "first": 1,
        "steps": [
            {
                "label": "A rep reports",
                "hint": "You are Ana, a rep. Zenith Corp has called again, and you typed /report-abuse.",
                "place": {"as": REP, "channel": SUPPORT},
                "command": {"command": "/report-abuse", "text": "Zenith Corp"},
            },
            {
                "label": "A manager decides",
                "hint": "You are Priya, a manager. Three reps have reported Zenith Corp: drop them, or keep them?",
                "place": {"as": MANAGER, "channel": MANAGEMENT, "ts": case},
            },
            {
                "label": "The rep hears",
                "hint": "You are Ana again. Your message says what holds until then, and later what was decided.",
                "place": {"as": REP, "channel": "dm", "ts": rep_message},
            },
            {
                "label": "A week passes",
                "hint": "You are Priya, on the next Monday at nine. This is what the week came to.",
                "place": {"as": MANAGER, "channel": MANAGEMENT},
                "until_monday": True,
            },
        ],
    }
