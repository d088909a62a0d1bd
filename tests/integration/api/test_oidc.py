"""Tokens of an OpenID provider over real HTTP: which hold, what others are told (A1, A3)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contracts.directory import User
from services.api.who.oidc import jwks
from services.projector.runtime import Projector
from services.runtime.embedded.waiting import until
from services.store.directory import Directory
from services.store.log import EventLog
from tests.integration.api.conftest import serving, without_address
from tests.integration.api.test_commands import MARK, OF
from tests.support.issuing import RSA, SMALL_RSA, Key, Provider, providing
from tests.support.servers import fresh_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from tests.integration.api.conftest import Api, Got

FIRST, SECOND = Key("first", RSA), Key("second")


class World(NamedTuple):
    """``provider``: for any school; ``strict``: riverside; ``narrow``: it too, but names none."""

    api: Api
    provider: Provider
    narrow: Provider
    strict: Provider

    def token(self, key: Key = FIRST, user: str = "admin", **more: Any) -> str:
        return key.signed(self.provider.claims(user, **{"school": self.api.school} | more))

    async def me(self, token: str) -> Got:
        return await self.api.ask("GET", "/v1/me", token)


@pytest_asyncio.fixture(scope="module")
async def world(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[World]:
    async with (
        providing() as provider,
        providing() as narrow,
        providing() as strict,
        fresh_database(postgres) as url,
    ):
        provider.shown = [FIRST.public(), SECOND.public()]
        narrow.shown = strict.shown = [FIRST.public()]
        issuers = [
            provider.setting(),
            narrow.setting(
                schools=["riverside"],
                school_claim=None,
                user_claim="sub",
                jwks_url=f"{narrow.where}/keys",
                scope_claim="roles",
                scopes={"registrar": ["read", "commands"]},
            ),
            strict.setting(schools=["riverside"]),
        ]
        prefix = f"t{uuid4().hex[:10]}."
        async with serving(
            embedded_kafka, url, prefix, "command-worker", oidc_issuers=json.dumps(issuers)
        ) as api:
            await Projector(EventLog(api.pool)).catch_up()
            yield World(api, provider, narrow, strict)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys may be asked for again at once."""
    monkeypatch.setattr(jwks, "PAUSE", 0.0)


async def test_a1_m4_a_token_that_holds_asks_in_the_name_of_its_user(world: World) -> None:
    for key in (FIRST, SECOND):
        got = await world.me(world.token(key))
        assert (got.status, got.body["school"], got.body["actor"]) == (200, "riverside", "admin")
        assert (got.body["role_level"], "RateLimit" in got.headers) == ("admin", True)
        assert got.body["token"] == f"{world.provider.where} id-of-admin"
    marked = []
    for user in ("admin", "instructor"):
        token = world.token(user=user, role="admin", role_level="admin")  # not believed
        await world.api.command("enroll-learner", token, f"e-{user}", OF, wait=30)
        marked.append(await world.api.command("mark-complete", token, f"m-{user}", MARK, wait=30))
    assert [(it.status, it.code) for it in marked] == [(200, None), (403, "not_permitted")]


async def test_a_provider_of_one_school_names_scopes_in_its_own_words(world: World) -> None:
    claims = world.narrow.claims("x", "lakeside", sub="reporter", roles=["registrar", 5])
    got = await world.me(FIRST.signed(claims))
    assert (got.status, got.body["school"], got.body["actor"]) == (200, "riverside", "reporter")
    none = await world.me(FIRST.signed(claims | {"roles": ["visitor"]}))
    assert (none.status, none.code) == (403, "not_permitted")


def _forged(claims: dict[str, Any], header: dict[str, Any], secret: bytes | None) -> str:
    """A token made by hand: without a signature, or signed with what is public."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(it).encode()).rstrip(b"=") for it in (header, claims)
    ]
    signed = b".".join(parts)
    mac = b"" if secret is None else hmac.new(secret, signed, hashlib.sha256).digest()
    return b".".join((signed, base64.urlsafe_b64encode(mac).rstrip(b"="))).decode()


async def test_tokens_that_do_not_hold_are_401_in_the_same_words(world: World) -> None:
    now, right = int(time.time()), world.provider.claims("admin", "riverside")
    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    edwards = Key("first", ed25519.Ed25519PrivateKey.generate())
    stranger = Key("first")
    whole = world.token()
    head, body, signature = whole.split(".")
    wrong: dict[str, str] = {
        "token_expired": world.token(exp=now - 31),
        "token_not_yet_valid": world.token(nbf=now + 120),
        "issued later": world.token(iat=now + 120),
        "token_of_another_audience": world.token(aud="somebody"),
        "no audience": world.token(aud=None),
        "token_of_another_issuer": world.token(iss="https://evil.example"),
        "almost the issuer": world.token(iss=f"{world.provider.where}/"),
        "the other issuer": world.token(iss=world.narrow.where, aud="x"),
        "no issuer": world.token(iss=None),
        "no end": world.token(exp=None),
        "no beginning": world.token(iat=None),
        "no subject": world.token(sub=None),
        "a subject that is none": _forged(
            right | {"sub": 5}, {"alg": "RS256", "kid": "first"}, b""
        ),
        "token_algorithm": _forged(right, {"alg": "none", "kid": "first"}, None),
        "None": _forged(right, {"alg": "None", "kid": "first", "typ": "JWT"}, None),
        "HMAC with the public key": _forged(right, {"alg": "HS256", "kid": "first"}, public),
        "HMAC said to be RSA": _forged(right, {"alg": "RS256", "kid": "first"}, public),
        "token_key_unknown": edwards.signed(right),
        "token_signature_wrong": stranger.signed(right),
        "no key's name": FIRST.signed(right, kid=None),
        "a key in the header": Key("x").signed(right, jwk=Key("x").public()),
        "token_of_another_type": FIRST.signed(right, typ="logout+jwt"),
        "critical": FIRST.signed(right, crit=["x"], x=1),
        "a key's name that is none": _forged(right, {"alg": "RS256", "kid": 5}, public),
        "token_too_long": FIRST.signed(right, x="y" * 20_000),
        "a huge claim": world.token(x="y" * 20_000),
        "cut": f"{head}.{body}.{signature[:-4]}",
        "another body": f"{head}.{whole.split('.')[0]}.{signature}",
        "token_malformed": "..",
        "not base64": "é.a.b",
        "deep": base64.urlsafe_b64encode(b"[" * 5_000).decode().rstrip("=") + ".e30.e30",
        "token_of_another_school": FIRST.signed(world.strict.claims("admin", "lakeside")),
        "a school that is none": world.token(school="ri/verside"),
        "no school": world.token(school=None),
        "token_names_nobody": FIRST.signed(right | {"user": "a b"}),
    }
    told = {}
    for name, token in wrong.items():
        got = await world.me(token)
        assert (name, got.status, got.code) == (name, 401, "unauthorized")
        told[name] = (json.dumps(without_address(got)), got.headers["WWW-Authenticate"])
    assert len(set(told.values())) == 1
    for token in (whole, FIRST.signed(world.strict.claims("admin", "riverside"))):
        assert (await world.me(token)).status == 200
    codes = {name for name in wrong if name.startswith("token_")}

    async def written() -> bool:
        rows = await world.api.pool.fetch("select distinct why from audit_log where status = 401")
        return codes <= {row[0] for row in rows}

    assert await until(written, within=30)  # why is on record, and only there


async def test_a3_a_token_is_good_for_the_schools_of_its_issuer_and_users_they_know(
    world: World,
) -> None:
    api = world.api
    foreign = world.token(school=api.other)
    assert (await world.me(foreign)).body["school"] == api.other
    ours, none = [
        await api.ask("GET", f"/v1/learners/{it}/courses", foreign) for it in ("u-1204", "u-none")
    ]
    assert (ours.status, without_address(ours)) == (404, without_address(none))
    await Directory(api.pool).put_users([User(school=api.other, user="u-9", role_level="admin")])
    for user, school, status in (("u-9", api.other, 200), ("u-9", api.school, 403)):
        got = await world.me(world.token(user=user, school=school))
        assert (got.status, got.code) == (status, None if status == 200 else "not_permitted")
    unknown = await world.me(world.token(user="nobody"))
    assert (unknown.status, unknown.code) == (403, "not_permitted")
    elsewhere = FIRST.signed(world.narrow.claims("admin", api.other, sub="admin"))
    assert (await world.me(elsewhere)).status == 403  # it is riverside's, and has no scope


@pytest.mark.usefixtures("no_pause")
async def test_keys_rotate_and_those_that_are_withdrawn_are_good_no_more(world: World) -> None:
    third = Key("third", ed25519.Ed25519PrivateKey.generate())
    assert (await world.me(world.token(third))).status == 401
    world.provider.shown = [SECOND.public(), third.public()]
    assert (await world.me(world.token(third))).status == 200
    assert (await world.me(world.token(SECOND))).status == 200
    assert (await world.me(world.token(FIRST))).status == 401
    world.provider.shown = [FIRST.public(), SECOND.public()]
    assert (await world.me(world.token(FIRST))).status == 200


async def test_made_up_names_of_keys_make_the_api_ask_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await world.me(world.token())).status == 200
    monkeypatch.setattr(jwks, "PAUSE", 0.0)
    await world.me(world.token(Key("before")))
    monkeypatch.setattr(jwks, "PAUSE", 60.0)
    before = world.provider.asked
    answers = await asyncio.gather(*(world.me(world.token(Key(f"k-{n}"))) for n in range(30)))
    assert {it.status for it in answers} == {401}
    assert world.provider.asked == before
    monkeypatch.setattr(jwks, "PAUSE", 0.0)
    before = world.provider.asked
    monkeypatch.setattr(jwks, "FRESH", 0.0)  # known keys are renewed beside the answers
    answers = await asyncio.gather(*(world.me(world.token()) for _ in range(5)))
    assert {it.status for it in answers} == {200}

    async def renewed() -> bool:
        return world.provider.asked > before

    assert await until(renewed, within=30)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # it is made, too
@pytest.mark.usefixtures("no_pause")
async def test_keys_that_prove_nothing_are_passed_over(world: World) -> None:
    small, shared = Key("small", SMALL_RSA), Key("shared")
    world.provider.shown = [
        small.public(),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "oct"},
        {"kty": "RSA", "n": 5, "e": [], "kid": "odd"},
        shared.public() | {"use": "enc"},
        {"kid": ["x"]},
        "nothing",
        FIRST.public(),
        SECOND.public(),
    ]
    for key in (small, shared):
        got = await world.me(world.token(key))
        assert got.status == 401
    assert (await world.me(world.token(FIRST))).status == 200


async def test_an_issuer_that_is_away_is_503_for_keys_that_are_not_known(
    embedded_kafka: str, database_url: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks, "PAUSE", 0.0)
    async with providing() as provider:
        provider.shown = [FIRST.public()]
        chosen = {"oidc_issuers": json.dumps([provider.setting()])}
        async with serving(embedded_kafka, database_url, topic_prefix, **chosen) as api:
            claims = provider.claims("admin", "riverside")

            async def got(key: Key) -> tuple[int, str | None]:
                answer = await api.ask("GET", "/v1/me", key.signed(claims))
                return answer.status, answer.headers.get("Retry-After")

            for about in ({"issuer": "https://evil.example"}, {"jwks_uri": "http://evil.example/"}):
                provider.about = about
                assert await got(FIRST) == (503, "2")
            provider.about, provider.status = {}, 500
            assert await got(FIRST) == (503, "2")
            provider.status = 200
            provider.shown = [FIRST.public()] * 101
            assert await got(FIRST) == (503, "2")
            provider.shown = [FIRST.public() | {"x5c": ["x" * 300_000]}]
            assert await got(FIRST) == (503, "2")
            provider.shown = [FIRST.public()]
            assert await got(FIRST) == (200, None)
            provider.status = 503
            assert await got(FIRST) == (200, None)
            assert await got(SECOND) == (503, "2")
            provider.status = 200
            assert await got(SECOND) == (401, None)
