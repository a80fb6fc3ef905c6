"""The firm's story, told by its people through the sandbox's own page: three reps, one shouting customer."""

from collections.abc import Callable


def tell(url: str, say: Callable[[str], None]) -> None:
    """Live through the seven weeks before today."""
    del url
    say("")
