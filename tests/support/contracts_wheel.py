"""The wheel `coursemark-contracts`, built from this checkout and installed beside nothing else.

No step uses a network: the build runs with the backend that is here, pip installs one file.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
_MAKE_VISIBLE = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv.pop(0); "
_BUILD_SECONDS = 120


def built(source: Path, folder: Path) -> Path:
    """Build the wheel of a project folder into another folder."""
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source)
    [wheel] = folder.glob("*.whl")
    return wheel


def site(folder: Path, *distributions: str) -> Path:
    """A folder to import from: the wheel, installed, and links to what else is named.

    `distributions` come with all that they need; `python` below sees nothing else.
    """
    wheel = built(ROOT / "contracts", folder / "wheel")
    found = folder / "site"
    _run(
        *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"),
        *("install", "--no-deps", "--no-index", "--no-compile", "--target", found, wheel),
    )
    for top in {top for name in _with_needs(*distributions) for top in _top_level(name)}:
        (found / top.name).symlink_to(top)
    return found


def python(site: Path, script: Path, *arguments: str) -> list[str]:
    """The command that runs a script which can import from `site` and the standard library."""
    run = _MAKE_VISIBLE + "runpy.run_path(sys.argv[0], run_name='__main__')"
    return [sys.executable, "-I", "-S", "-c", run, str(site), str(script), *arguments]


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_BUILD_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _with_needs(*names: str) -> set[str]:
    """Those distributions and, in turn, the ones that they require here."""
    needed: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in needed:
            needed.add(name)
            wanted = map(Requirement, distribution(name).requires or ())
            left += [it.name for it in wanted if not it.marker or it.marker.evaluate({"extra": ""})]
    return needed


def _top_level(name: str) -> set[Path]:
    """The folders and modules that a distribution put into its site-packages."""
    its = distribution(name)
    first = {file.parts[0] for file in its.files or () if file.parts[0] != ".."}
    return {Path(str(its.locate_file(top))) for top in first - {"__pycache__"}}
