"""Servers that Coursemark starts as child processes, so that a fresh machine needs only Python.

`EmbeddedPostgres` and `EmbeddedBroker` come as wheels; `ApacheKafka` needs Java 17 and Maven.
All three are a `Server`: started, stopped and killed alike, listening on 127.0.0.1 alone, with
their log in their data folder, and ended by the kernel when the process that started them dies.
"""

from services.runtime.embedded.apache import ApacheKafka
from services.runtime.embedded.apache_libs import apache_available
from services.runtime.embedded.broker import EmbeddedBroker
from services.runtime.embedded.postgres import EmbeddedPostgres
from services.runtime.embedded.server import KafkaServer, Server, ServerError

__all__ = [
    "ApacheKafka",
    "EmbeddedBroker",
    "EmbeddedPostgres",
    "KafkaServer",
    "Server",
    "ServerError",
    "apache_available",
]
