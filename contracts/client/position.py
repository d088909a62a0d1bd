"""How far the log was: the greater of two values of ``Coursemark-Position``."""

from base64 import urlsafe_b64decode

Place = tuple[int, int]


def later(known: str | None, told: str) -> str:
    """The one that is further on; ``told`` where they cannot be compared."""
    before, after = None if known is None else _place(known), _place(told)
    if known is None or before is None or after is None:
        return told
    return known if before > after else told


def _place(text: str) -> Place | None:
    try:
        transaction, number = urlsafe_b64decode(text + "=" * (-len(text) % 4)).split(b":")
        return int(transaction), int(number)
    except ValueError:
        return None
