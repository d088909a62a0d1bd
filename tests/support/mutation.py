"""Seeded damage: sound commands, with bytes, headers, keys and fields changed at random."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts import registry, topics
from contracts.commands import (
    EnrollLearner,
    ImportCompletion,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    UnenrollLearner,
)
from contracts.envelope import STRUCTURED
from services.runtime.bus.outbox import Message
from tests.support.bad import KEY, MARKING, RECORDING, WHO, binary

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Damage = Callable[[Random, Message], Message]

BODIES: list[tuple[type[Any], dict[str, Any]]] = [
    (EnrollLearner, WHO),
    (UnenrollLearner, WHO | {"actor": "ada"}),
    (RecordActivity, RECORDING | {"effective_at": "2024-05-01T09:30:00Z"}),
    (RecordActivity, RECORDING | {"signal": {"kind": "time_spent", "seconds": 60}}),
    (MarkComplete, MARKING | {"note": "as agreed", "batch_id": "b-1"}),
    (ImportCompletion, MARKING | {"activity": "read", "score": 80.5}),
    (ResetProgress, MARKING | {"activities": "whole_course"}),
]
JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    0.5,
    "",
    "x" * 300,
    "a/b",
    "\0",
    "\ufeff",
    [],
    [[]],
    {},
    {"a": {"b": None}},
    ["read", "read"],
    "2999-01-01T00:00:00Z",
    float("nan"),
    float("inf"),
]


def sound(random: Random) -> Message:
    """A command as its producer would send it, in either mode, under an id of its own."""
    model, body = random.choice(BODIES)
    id_, name = str(UUID(int=random.getrandbits(128))), registry.name_of(model)
    if random.random() < 0.5:
        headers = list(binary(id_, name).items())
        return Message(topics.COMMANDS, KEY, json.dumps(body).encode(), headers)
    event = {"specversion": "1.0", "id": id_, "type": name, "source": "/tests", "data": body}
    headers = [("content-type", STRUCTURED.encode())]
    return Message(topics.COMMANDS, KEY, json.dumps(event).encode(), headers)


def mutated(random: Random) -> Message:
    """A sound command that was damaged once to three times; it may be sound still."""
    message = sound(random)
    for _ in range(random.randint(1, 3)):
        message = random.choice(DAMAGES)(random, message)
    return message


def flip(random: Random, message: Message) -> Message:
    raw = bytearray(message.value or b"?")
    for _ in range(random.randint(1, 4)):
        raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    return message._replace(value=bytes(raw))


def cut(random: Random, message: Message) -> Message:
    whole = message.value or b"?"
    return message._replace(value=whole[: random.randrange(len(whole))])


def insert(random: Random, message: Message) -> Message:
    whole = message.value or b""
    at = random.randint(0, len(whole))
    return message._replace(value=whole[:at] + random.randbytes(random.randint(1, 9)) + whole[at:])


def replace_field(random: Random, message: Message) -> Message:
    """Any value anywhere in the JSON becomes something of another type."""
    try:
        body = json.loads(message.value or b"")
    except ValueError:
        return flip(random, message)
    holder, places = body, _places(body)
    while places:
        place = random.choice(places)
        if _places(holder[place]) and random.random() < 0.7:
            holder, places = holder[place], _places(holder[place])
            continue
        holder[place] = random.choice(JUNK)
        break
    return message._replace(value=json.dumps(body).encode())


def _places(part: Any) -> list[Any]:
    match part:
        case dict():
            return list(part)
        case list():
            return list(range(len(part)))
        case _:
            return []


def change_header(random: Random, message: Message) -> Message:
    headers = list(message.headers) or [("x", b"")]
    at = random.randrange(len(headers))
    name, raw = headers[at]
    headers[at : at + 1] = random.choice(
        [
            [],
            [(name, None)],
            [(name, b"")],
            [(name, random.randbytes(5))],
            [(name.upper(), raw)],
            [(name, raw), (name, b"other")],
            [("ce_specversion", b"1.0"), (name, raw)],
        ]
    )
    return message._replace(headers=headers)


def change_key(random: Random, message: Message) -> Message:
    keys = [None, b"", b"riverside", b"riverside/u-9", b"/", random.randbytes(8), KEY + b"/x"]
    return message._replace(key=random.choice(keys))


def empty(_random: Random, message: Message) -> Message:
    return message._replace(value=None)


DAMAGES: list[Damage] = [
    flip,
    cut,
    insert,
    *[replace_field] * 4,
    *[change_header] * 2,
    change_key,
    empty,
]
