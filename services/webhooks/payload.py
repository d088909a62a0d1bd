"""The body as it is delivered: what came on Kafka, and whom it is about.

Name and e-mail address are put in when the request is made, and stand nowhere before: whoever was
erased from the directory is in no body from then on.
"""

from typing import Any

import orjson


def body(kind: str, message: bytes, name: str | None, email: str | None) -> bytes:
    """The body of a request.

    Args:
        kind: ``webhook`` or ``zapier``, whose fields are flat.
        message: the message without names, JSON.
        name: the learner's, None where the directory has none.
        email: likewise.
    """
    read: dict[str, Any] = orjson.loads(message)
    user, prefix = (read, "user_") if kind == "zapier" else (read["data"]["user"], "")
    for field, value in (("name", name), ("email", email)):
        if value is None:
            user.pop(prefix + field, None)
        else:
            user[prefix + field] = value
    return orjson.dumps(read)
