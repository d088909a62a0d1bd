"""Receive webhooks: verify each, keep it once, answer at once; work on it afterwards.

Needs `standardwebhooks`; see webhooks.md. Behind a proxy with TLS; Ctrl-C ends it.
"""

import argparse
import os
import sqlite3
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

TABLE = "create table if not exists inbox (id text primary key, body text, done integer default 0)"
LARGEST = 1_000_000


class Inbox(ThreadingHTTPServer):
    """Writes every message into a table before it answers."""

    def __init__(self, port: int, secret: str, file: str) -> None:
        super().__init__(("127.0.0.1", port), Receiver)
        self.verifier = Webhook(secret)
        self.file = file
        with sqlite3.connect(file) as table:
            table.execute(TABLE)

    def keep(self, message_id: str, body: str) -> bool:
        """Whether it is new: the same message may come several times, always under its id."""
        with sqlite3.connect(self.file) as table:
            row = "insert into inbox (id, body) values (?, ?) on conflict do nothing"
            return table.execute(row, (message_id, body)).rowcount == 1


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what is ours and kept, 401 to what nobody of ours has signed."""

    server: Inbox
    timeout = 10

    def do_POST(self) -> None:
        """A message: the bytes are verified as they came, before any parsing."""
        body = self.rfile.read(min(int(self.headers["Content-Length"] or 0), LARGEST))
        try:
            event = self.server.verifier.verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.answer(401)
            return
        if self.server.keep(event["id"], body.decode()):
            print(event["trigger"], event["event_id"], flush=True)
        self.answer(204)

    def answer(self, status: int) -> None:
        """No body: nobody reads it."""
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: what came is in the table."""


def main() -> None:
    """Listen until Ctrl-C; the secret comes from the environment."""
    flags = argparse.ArgumentParser(description="Receive webhooks of Coursemark.")
    flags.add_argument("--port", type=int, default=8090)
    flags.add_argument("--inbox", default="inbox.sqlite", help="a file, made where it is not")
    told = flags.parse_args()
    with Inbox(told.port, os.environ["WEBHOOK_SECRET"], told.inbox) as inbox:
        print(f"listens on http://127.0.0.1:{inbox.server_port}", flush=True)
        try:
            inbox.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
