"""``coursemark up``: declared here."""

import asyncio

from services.cli.options import Json, with_no_server
from services.runtime.settings import Settings


@with_no_server
def up(settings: Settings, *, as_json: Json = False) -> None:
    """Run everything in one go: PostgreSQL, a Kafka-protocol broker and all parts.

    Servers that the settings name are used; the others are started in the data folder. Ctrl-C
    stops the parts after their batches, then the servers. PostgreSQL's data stays; the embedded
    broker keeps its topics in memory alone.
    """
    from services.cli.up.printing import JsonPrinter, Printer
    from services.cli.up.serving import serve

    asyncio.run(serve(settings, JsonPrinter(settings) if as_json else Printer(settings)))
