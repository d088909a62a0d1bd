"""``python -m tests.api_proof``: Schemathesis over the whole document of the API, at length.

Starts PostgreSQL, a broker, the API and the parts behind it, and asks every operation with data
as the document allows it and as it does not: no answer may be a fault, undocumented, of another
content type or of another shape. Prints Schemathesis' closing lines; exit code 1 where it found
something.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from time import perf_counter

import uvloop

from tests.api_proof.asking import PARTS, UNBOUND, Printed, schemathesis
from tests.api_proof.school import furnished
from tests.integration.api.conftest import serving
from tests.support.servers import both_servers


async def prove(out: Path, *more: str) -> Printed:
    """All of it, on servers of its own."""
    async with (
        both_servers() as (database_url, kafka),
        serving(kafka, database_url, "proof.", *PARTS, **UNBOUND) as api,
    ):
        return await schemathesis(api, await furnished(api), out, *more)


def main() -> None:
    """Read the command line and prove; the rest of it goes to Schemathesis."""
    parser = argparse.ArgumentParser(prog="python -m tests.api_proof", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="cases of an operation, fuzzed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/schemathesis"))
    asked, more = parser.parse_known_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=asked.out / "parts.log", filemode="w", level=logging.WARNING, force=True
    )
    bounds = ("--max-examples", str(asked.examples), "--seed", str(asked.seed))
    began = perf_counter()
    printed = uvloop.run(prove(asked.out / "printed.txt", *bounds, *more))
    closing = max((at for at, it in enumerate(printed.lines) if "SUMMARY" in it), default=0)
    failures = any("FAILURES" in it for it in printed.lines)
    sys.stdout.write("\n".join(printed.lines[0 if failures else closing :]) + "\n")
    sys.stdout.write(f"{perf_counter() - began:.0f} s with the servers' start\n")
    sys.exit(1 if printed.returncode else 0)


if __name__ == "__main__":
    main()
