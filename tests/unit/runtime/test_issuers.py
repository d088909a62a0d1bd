"""Keys of an issuer come by TLS, or from this machine: nobody on the way puts in their own."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.runtime.issuers import Issuer


def issuer(url: str) -> Issuer:
    return Issuer(issuer=url, audience="coursemark", schools=("riverside",))


@pytest.mark.parametrize(
    "url", ["https://id.example/realms/a", "http://127.0.0.1:8080", "http://localhost/"]
)
def test_tls_or_this_machine(url: str) -> None:
    assert issuer(url).issuer == url


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example",
        "http://localhost:x@evil.example/jwks",
        "http://127.0.0.1:@evil.example/",
        "https://user@id.example",
        "http://localhost.evil.example/",
        "https://id.example/?a",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        issuer(url)
