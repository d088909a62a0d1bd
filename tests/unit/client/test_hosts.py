"""A client reads the authorities' certificates once, and for https alone."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from contracts.client import AsyncClient, Client, hosts


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each time that certificates are read, in a process that has read none."""
    times: list[Any] = []
    really = ssl.SSLContext.load_verify_locations

    def watched(context: ssl.SSLContext, *files: Any, **more: Any) -> None:
        times.append(files or more)
        really(context, *files, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", watched)
    hosts._authorities.cache_clear()
    return times


def test_certificates_are_read_once_and_for_https_alone(read: list[Any]) -> None:
    for client in (Client, AsyncClient):
        client("http://127.0.0.1:1", "cm_one")
    assert read == []
    for client in (Client, AsyncClient, Client, AsyncClient):
        client("HTTPS://api.example", "cm_one")
    assert len(read) == 1


def test_no_certificate_goes_unchecked() -> None:
    for server, any_is_good in (("https://api.example", True), ("http://127.0.0.1:1", False)):
        context = hosts.trusted(server)
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
        assert (context.cert_store_stats()["x509_ca"] > 0) == any_is_good
