from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """An ID of Slack's look: a letter for the kind, then ten capitals and digits."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(10))


def short_id() -> str:
    """An ID of the look that Slack gives to blocks and actions that came without one."""
    return secrets.token_urlsafe(4)[:5]
