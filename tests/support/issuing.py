"""An OpenID provider of a test's own: keys that it makes, and an HTTP server that shows them."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.support.receivers import unused_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

AUDIENCE = "coursemark"
_ALGORITHMS: dict[type, Any] = {
    rsa.RSAPrivateKey: ("RS256", RSAAlgorithm),
    ec.EllipticCurvePrivateKey: ("ES256", ECAlgorithm),
    ed25519.Ed25519PrivateKey: ("EdDSA", OKPAlgorithm),
}
RSA = rsa.generate_private_key(65_537, 2_048)
SMALL_RSA = rsa.generate_private_key(65_537, 1_024)  # noqa: S505 - to be refused


@dataclass
class Key:
    """A key pair; ``kid`` names it."""

    kid: str
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def _kind(self) -> Any:
        return next(it for kind, it in _ALGORITHMS.items() if isinstance(self.private, kind))

    @property
    def algorithm(self) -> str:
        return str(self._kind[0])

    def public(self) -> dict[str, Any]:
        """As a JWKS has it."""
        shown: dict[str, Any] = self._kind[1].to_jwk(self.private.public_key(), as_dict=True)
        return shown | {"kid": self.kid, "use": "sig", "alg": self.algorithm}

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        headers = {n: it for n, it in ({"kid": self.kid} | header).items() if it is not None}
        return jwt.encode(claims, self.private, self.algorithm, headers)


@dataclass
class Provider:
    """``shown``: the keys of its JWKS; ``asked``: how often somebody wanted them."""

    where: str
    shown: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    status: int = 200
    about: dict[str, Any] = field(default_factory=dict)

    def claims(self, user: str, school: str, **more: Any) -> dict[str, Any]:
        """Of a token that is right; a claim of None is left out."""
        now = int(time.time())
        told = {
            "iss": self.where,
            "aud": AUDIENCE,
            "sub": f"id-of-{user}",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "user": user,
            "school": school,
            "scope": "openid coursemark.commands coursemark.read coursemark.signals",
        } | more
        return {name: it for name, it in told.items() if it is not None}

    def setting(self, **more: Any) -> dict[str, Any]:
        """As Coursemark is told of it."""
        told = {"issuer": self.where, "audience": AUDIENCE, "schools": "*"}
        return told | {"school_claim": "school", "user_claim": "user"} | more

    async def _configuration(self, _: web.Request) -> web.Response:
        told = {"issuer": self.where, "jwks_uri": f"{self.where}/keys"}
        return web.json_response(told | self.about)

    async def _keys(self, _: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response({"keys": self.shown}, status=self.status)


@asynccontextmanager
async def providing(port: int | None = None) -> AsyncIterator[Provider]:
    """A provider that answers until this is left."""
    port = port or unused_port()
    provider = Provider(f"http://127.0.0.1:{port}")
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider._configuration)
    app.router.add_get("/keys", provider._keys)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield provider
    finally:
        await runner.cleanup()
