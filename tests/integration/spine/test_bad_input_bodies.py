"""A body that is no command is answered with what is wrong; its neighbours are handled (B2)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.support.bad import (
    MARK,
    RECORD,
    Became,
    Case,
    assert_became,
    binary,
    marking,
    open_school,
    record,
    recording,
    settle_all,
    spend,
)

if TYPE_CHECKING:
    from tests.support.standing import Standing

SOUND = marking()


def body(about: str, value: bytes, says: str, name: str = MARK) -> Case:
    """A case that differs from a sound command in its value alone."""
    return Case(about, lambda id_: record(value, binary(id_, name)), "invalid_command", says)


CASES = [
    body("no bytes", b"", "The body is not JSON: it ends too early"),
    body("words", b"garbage", "The body is not JSON: expected value at line 1 column 1; send one"),
    body("XML", b"<mark/>", "The body is not JSON: expected value at line 1 column 1; send one"),
    body("Avro", b"\x00\x00\x00\x00\x01\x02ab", "The body is not JSON: expected value"),
    body("cut off", SOUND[:-5], "it ends too early at line 1 column "),
    body("two objects", SOUND * 2, "more follows after its end at line 1 column "),
    body("single quotes", SOUND.replace(b'"', b"'"), "a name stands in no double quotes at line 1"),
    body("a byte order mark", b"\xef\xbb\xbf" + SOUND, "begins with a byte order mark; send it"),
    body("Latin-1", marking(note="e").replace(b'"e"', b'"\xe9"'), "not UTF-8 at byte 1"),
    body("UTF-16", SOUND.decode().encode("utf-16"), "not UTF-8 at byte 0; encode it in UTF-8."),
    body("an overlong slash", SOUND.replace(b"read", b"re\xc0\xafad"), "is not UTF-8 at byte "),
    body("null", b"null", "The body is JSON but not an object; send one object."),
    body("a list", b"[]", "The body is JSON but not an object; send one object."),
    body("text", b'"mark"', "The body is JSON but not an object; send one object."),
    body("a number", b"7", "The body is JSON but not an object; send one object."),
    body("an empty object", b"{}", "school: is missing; send it. learner: is missing; send it."),
    body("another type's body", recording(), "actor: is missing; send it. activities: is missing"),
    body(
        "nested in lists",
        SOUND[:-1] + b',"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        "it is nested too deeply at line 1 column ",
    ),
    body("nested in objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "it is nested too deeply"),
    body("nested and never closed", b"[" * 10_000, "it is nested too deeply at line 1 column "),
    body(
        "a number of 5,000 digits", SOUND[:-1] + b',"x":' + b"9" * 5_000 + b"}", "too many digits"
    ),
    body("a NUL byte", SOUND.replace(b"ada", b"a\x00a"), "a control character in a string at"),
    body("a lone surrogate", SOUND.replace(b"ada", rb"\ud800"), "a lone surrogate at line 1"),
    body("surrogates swapped", SOUND.replace(b"ada", rb"\udc00\ud83d"), "a lone surrogate at line"),
    body("an encoded surrogate", SOUND.replace(b"ada", b"\xed\xa0\x80"), "is not UTF-8 at byte "),
    body(
        "a score of NaN",
        recording(signal={"kind": "submission", "score": float("nan")}),
        "signal.submission.score: has to be a finite number.",
        RECORD,
    ),
]


@pytest_asyncio.fixture(scope="module")
async def became(spine: Standing) -> dict[str, Became]:
    await open_school(spine)
    return await settle_all(spine, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_b2_it_is_answered(became: dict[str, Became], case: Case) -> None:
    assert_became(case, became[case.about])


@pytest.mark.usefixtures("became")
async def test_b2_the_consumer_goes_on(spine: Standing) -> None:
    [outcome] = await spine.settle(spend(str(uuid4())))
    assert outcome.code == "accepted"
