"""What a pack is tested with: the tree of a publication as RFC 6962 writes it down, apart from our own code."""

import hashlib


def leaf_hash(text: str) -> bytes:
    return hashlib.sha256(b"\0" + text.encode()).digest()


def root(texts: list[str]) -> bytes:
    """RFC 6962, 2.1, as it is written there."""
    if len(texts) < 2:
        return leaf_hash(texts[0]) if texts else hashlib.sha256().digest()
    k = split(len(texts))
    return hashlib.sha256(b"\1" + root(texts[:k]) + root(texts[k:])).digest()


def path(index: int, texts: list[str]) -> list[str]:
    if len(texts) < 2:
        return []
    k = split(len(texts))
    if index < k:
        return [*path(index, texts[:k]), root(texts[k:]).hex()]
    return [*path(index - k, texts[k:]), root(texts[:k]).hex()]


def split(n: int) -> int:
    return 1 << (n - 1).bit_length() - 1
