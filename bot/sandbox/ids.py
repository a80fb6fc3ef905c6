from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """An ID that looks like Slack's: the prefix for its kind, then ten capitals and digits."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(10))


def short_id() -> str:
    """An ID that looks like those that Slack gives to blocks and actions without one."""
    return secrets.token_urlsafe(4)[:5]
