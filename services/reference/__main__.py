"""Writes every page of docs/reference anew."""

import os
import sys


def main() -> None:
    """Write them; in no colours, whatever the terminal."""
    os.environ["NO_COLOR"] = "1"
    from services.reference.pages import FOLDER, PAGES  # noqa: PLC0415 - help is made when imported

    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{len(PAGES)} pages written to {FOLDER}\n")


if __name__ == "__main__":
    main()
