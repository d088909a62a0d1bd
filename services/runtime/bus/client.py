"""How every Kafka client of ours connects."""

import ssl
from typing import Any, NamedTuple

from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from services.runtime.settings import Settings

MAX_REQUEST = 20 * 1024 * 1024
"""Bytes; more than the largest dead letter, which holds a message that was too large."""

_SASL = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}


class Connection(NamedTuple):
    """A cluster, how to reach it and the names used on it."""

    bootstrap: str
    prefix: str = ""
    idempotent: bool = True
    session_seconds: float = 10
    security: BaseSecurity | None = None

    def topic(self, name: str) -> str:
        """A topic's name on this cluster."""
        return f"{self.prefix}{name}"

    @property
    def servers(self) -> list[str]:
        """The bootstrap servers, one by one."""
        return self.bootstrap.split(",")

    @property
    def options(self) -> dict[str, Any]:
        """What aiokafka's clients take."""
        return {"bootstrap_servers": self.servers, **parse_security(self.security)}


def connection(settings: Settings, bootstrap: str) -> Connection:
    """The connection that the settings describe."""
    idempotent = {"on": True, "off": False, "auto": not settings.embedded_broker}
    return Connection(
        bootstrap=bootstrap,
        prefix=settings.topic_prefix,
        idempotent=idempotent[settings.kafka_idempotence],
        session_seconds=settings.kafka_session_seconds,
        security=_security(settings),
    )


def _security(settings: Settings) -> BaseSecurity | None:
    if settings.kafka_security == "PLAINTEXT":
        return None
    encrypted = settings.kafka_security.endswith("SSL")
    context = ssl.create_default_context(cafile=settings.kafka_ca_file) if encrypted else None
    if settings.kafka_security == "SSL":
        return BaseSecurity(ssl_context=context)
    secret = settings.kafka_password
    return _SASL[settings.kafka_mechanism](
        username=settings.kafka_username or "",
        password=secret.get_secret_value() if secret else "",
        ssl_context=context,
        use_ssl=encrypted,
    )
