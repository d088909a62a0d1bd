"""The peer: what one writes first with FastStream and the `eventsourcing` library.

``python -m benchmarks.textbook worker|projection|fill`` runs one of its processes.

It is written as the two libraries' documentation shows it, and as favourably as that allows:

- one subscriber, one message at a time, into the library's `Application` with its stock
  PostgreSQL module and pools; one message published for each command; offsets committed after
  each message, and measured as well with FastStream's default, committed by a timer;
- pydantic models with only the fields that are used; no log line for each message; uvloop;
- one course structure, known as a constant; the administrator's role known by the id: neither
  is looked up, no receipt is kept, and no message is recognised as sent twice;
- one row of progress for each enrolment: no activity rows, no attempts, no second view.

Tried and left alone, because they made no difference beyond the noise: the library's aggregate
cache, with and without its fast-forward; its database functions; a topic of one partition.
"""

import sys

from benchmarks.textbook import fill, projection, worker

PARTS = {"worker": worker.main, "projection": projection.main, "fill": fill.main}

if __name__ == "__main__":
    PARTS[sys.argv[1]]()
