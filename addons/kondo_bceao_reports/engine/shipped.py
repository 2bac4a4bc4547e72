"""The forms that are shipped, read from their files."""

import csv
import json
from pathlib import Path

from .form import form_from

HERE = Path(__file__).resolve().parent.parent / "data" / "forms"


def shipped(folder=HERE):
    """[(header, rows)] of every form of a folder, in the order of the files' names.

    A header that names another form in `lines_from` has that one's lines of the same edition.
    """
    found = {}
    for path in sorted(folder.glob("*.json")):
        header = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(header, list):  # the controls
            continue
        lines = path.with_suffix(".csv")
        found[path.stem] = (header, _rows(lines) if lines.exists() else [])
    for name, (header, rows) in found.items():
        if source := header.get("lines_from"):
            rows = next(
                rows
                for other, rows in found.values()
                if other["code"] == source and other.get("edition") == header.get("edition")
            )
            found[name] = (header, rows)
    return list(found.values())


def shipped_checks(folder=HERE):
    """The controls of a folder: a list of dicts."""
    return json.loads((folder / "checks.json").read_text(encoding="utf-8"))


def shipped_forms(folder=HERE, edition="developed"):
    """{code: Form} of one edition.

    >>> sorted(shipped_forms())[:1] and "DIMF 2000" in shipped_forms()
    True
    """
    return {
        header["code"]: form_from(header, rows)
        for header, rows in shipped(folder)
        if header.get("edition", "both") in (edition, "both")
    }


def _rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
