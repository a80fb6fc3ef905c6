from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def check_message(args: Json) -> None:
    pass


def check_view(view: Json, kinds: tuple[str, ...]) -> None:
    pass
