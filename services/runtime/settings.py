"""Settings, from the environment (``COURSEMARK_...``) or a file ``.env`` in the working folder."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from services.runtime.issuers import Issuers, shown

PREFIX = "COURSEMARK_"
ORIGIN = r"^https?://[^\s/?#,*]+$"
_URL = re.compile(r"(?P<user>\w+://[^:/@]+)(:.*)?@(?P<where>[^@]*)")


def _listed(given: Any) -> Any:
    return (
        [it.strip() for it in given.split(",") if it.strip()] if isinstance(given, str) else given
    )


Origins = Annotated[
    tuple[Annotated[str, Field(pattern=ORIGIN)], ...], NoDecode, BeforeValidator(_listed)
]


class Settings(BaseSettings):
    """Every setting, with its default; secrets are never printed."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    data: Path = Field(Path(".coursemark"), description="Folder of the embedded servers' data.")
    kafka: str = Field(
        "embedded", description='"embedded", "apache", or HOST:PORT[,HOST:PORT] of brokers.'
    )
    database: SecretStr = Field(
        SecretStr("embedded"), description='"embedded", or postgresql://USER:PASSWORD@HOST/NAME.'
    )
    database_connections: Annotated[int, Field(ge=3, le=100)] = Field(
        8, description="Connections of one part at the most; an operation takes three at once."
    )
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="Kafka's security.protocol."
    )
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="Kafka's sasl.mechanism, where SASL is used."
    )
    kafka_username: str | None = Field(None, description="SASL user.")
    kafka_password: SecretStr | None = Field(None, description="SASL password.")
    kafka_ca_file: Path | None = Field(None, description="CA certificates for TLS, in PEM.")
    kafka_idempotence: Literal["auto", "on", "off"] = Field(
        "auto", description="The idempotent producer; auto: off on the embedded broker alone."
    )
    kafka_session_seconds: Annotated[float, Field(ge=6, le=300)] = Field(
        10, description="A consumer that is silent for so long leaves its group."
    )
    topic_prefix: str = Field(
        "", description="Stands before every topic and consumer group, to share a cluster."
    )
    partitions: Annotated[int, Field(ge=1, le=1_000)] = Field(
        48, description="Of the topics that Coursemark creates; more is not possible later."
    )
    replication: Annotated[int, Field(ge=1, le=10)] = Field(
        1, description="Replicas of the topics that Coursemark creates."
    )
    command_batch: Annotated[int, Field(ge=1, le=10_000)] = Field(
        1_000, description="Commands that are decided and appended together, at the most."
    )
    publish_batch: Annotated[int, Field(ge=1, le=10_000)] = Field(
        2_000, description="Events that are published together, at the most."
    )
    patience_seconds: Annotated[float, Field(gt=0, le=3_600)] = Field(
        60, description="How long a part waits for a database or broker that is gone."
    )
    silence_seconds: Annotated[float, Field(ge=1, le=3_600)] = Field(
        30, description="A consumer that has lag and takes nothing for so long is started anew."
    )
    webhook_lease_seconds: Annotated[float, Field(ge=2, le=3_600)] = Field(
        30, description="A webhook endpoint whose dispatcher dies goes to another after so long."
    )
    smtp_host: str | None = Field(
        None,
        description="The mail server; none: e-mails are written into the folder of mail_folder.",
    )
    smtp_port: Annotated[int, Field(ge=1, le=65_535)] | None = Field(
        None, description="Its port; none: 587 with starttls, 465 with tls, 25 with none."
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is kept secret; the certificate is verified."
    )
    smtp_username: str | None = Field(None, description="User at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server.")
    smtp_ca_file: Path | None = Field(
        None, description="CA certificates for the mail server, in PEM; none: the system's."
    )
    smtp_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        30, description="How long the mail server may take over each step."
    )
    mail_from: str | None = Field(
        None, description="Address that e-mails come from, unless the school has one of its own."
    )
    mail_per_second: Annotated[float, Field(gt=0, le=10_000)] = Field(
        10, description="E-mails that one mailer sends a second, at the most."
    )
    mail_folder: Path | None = Field(
        None, description="Where e-mails are written without a mail server; none: DATA/mail."
    )
    mail_unsubscribe_to: str | None = Field(
        None, description="Address that takes requests to unsubscribe by e-mail."
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https://[^\s/?#]+(/[^\s?#]*)?$",
        description="https://... under which Coursemark's HTTP part is reached from outside.",
    )
    xapi_home: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="http(s)://... under which xAPI statements name schools, courses, learners.",
    )
    lrs_username: str | None = Field(None, description="User at the learning record store.")
    lrs_password: SecretStr | None = Field(
        None, description="Password at the learning record store."
    )
    zapier_host: str = Field(
        "127.0.0.1", description="Where Zapier's side listens; put a TLS proxy before it."
    )
    zapier_port: Annotated[int, Field(ge=1, le=65_535)] | None = Field(
        None, description="Its port; none: a free one, which the part's log names."
    )
    api_host: str = Field(
        "127.0.0.1", description="Where the API listens; put a TLS proxy before it."
    )
    api_port: Annotated[int, Field(ge=1, le=65_535)] | None = Field(
        None, description="Its port; none: a free one, which the part's log names."
    )
    api_origins: Origins = Field(
        (), description="https://... of consoles in a browser that may ask, commas between them."
    )
    oidc_issuers: Issuers = Field(
        (), description="Issuers of OpenID Connect tokens that are believed, a list in JSON."
    )
    audit_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        365, description="How long the audit log is kept."
    )
    api_per_second: Annotated[float, Field(gt=0, le=100_000)] = Field(
        50, description="Requests a second that one token may make of one API process for long."
    )
    api_burst: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        500, description="Requests that one token may make of one API process at once."
    )
    server: str | None = Field(
        None,
        description="Of the command line: the address of an API to ask, in place of a database "
        "and Kafka; none: those.",
    )
    token: SecretStr | None = Field(
        None, description="Of the command line: its token at that API; none: that of a keyring."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is logged, to stderr."
    )

    @property
    def embedded_broker(self) -> bool:
        """True where the memory-only broker is meant."""
        return self.kafka == "embedded"

    @property
    def embedded_database(self) -> bool:
        """True where Coursemark starts PostgreSQL itself."""
        return self.database.get_secret_value() == "embedded"

    @property
    def mails(self) -> Path:
        """The folder that e-mails are written into where there is no mail server."""
        return self.mail_folder or self.data / "mail"

    def shown(self) -> dict[str, str]:
        """Every setting's variable and value, secrets masked, in order."""
        return {
            f"{PREFIX}{name.upper()}": _shown(getattr(self, name))
            for name in type(self).model_fields
        }


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value) if all(isinstance(it, str) for it in value) else shown(value)
    if not isinstance(value, SecretStr):
        return "" if value is None else str(value)
    return masked(value.get_secret_value())


def masked(text: str) -> str:
    """A secret for a person: a URL without its password and options, or nothing but stars."""
    url, options, _ = text.partition("?")
    found = _URL.fullmatch(url)
    if found is None:
        return text if text in {"", "embedded"} else "***"
    return f"{found['user']}:***@{found['where']}{'?***' if options else ''}"
