"""How every Kafka client of ours connects."""

import ssl
from typing import Any, NamedTuple

from pydantic import SecretStr

from services.runtime.settings import Settings

MAX_REQUEST = 20 * 1024 * 1024
"""Bytes; more than the largest dead letter, which holds a message that was too large."""


class Security(NamedTuple):
    """``protocol``: Kafka's name for it; ``mechanism``: of SASL, none where it is not used."""

    protocol: str
    context: ssl.SSLContext | None
    mechanism: str | None = None
    username: str = ""
    password: SecretStr = SecretStr("")

    @property
    def options(self) -> dict[str, Any]:
        """What aiokafka's clients take."""
        found = {"security_protocol": self.protocol, "ssl_context": self.context}
        if self.mechanism is None:
            return found
        return {
            **found,
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password.get_secret_value(),
        }


class Connection(NamedTuple):
    """A cluster, how to reach it and the names used on it."""

    bootstrap: str
    prefix: str = ""
    idempotent: bool = True
    session_seconds: float = 10
    security: Security | None = None

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
        security = {} if self.security is None else self.security.options
        return {"bootstrap_servers": self.servers, **security}


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


def _security(settings: Settings) -> Security | None:
    if settings.kafka_security == "PLAINTEXT":
        return None
    encrypted = settings.kafka_security.endswith("SSL")
    context = ssl.create_default_context(cafile=settings.kafka_ca_file) if encrypted else None
    if settings.kafka_security == "SSL":
        return Security("SSL", context)
    return Security(
        settings.kafka_security,
        context,
        settings.kafka_mechanism,
        settings.kafka_username or "",
        settings.kafka_password or SecretStr(""),
    )
