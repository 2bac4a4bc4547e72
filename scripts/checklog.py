"""Fail on a WARNING, ERROR or CRITICAL in a log of Odoo, except the known ones of others.

    python scripts/checklog.py var/log/install.log

Used by ./test on the log of the installation.
"""

import re
import sys

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>[\w.]+): (?P<message>.*)$"
)
BAD = {"WARNING", "ERROR", "CRITICAL"}

# (logger, start of the message, why it is not ours to mend)
KNOWN: list[tuple[str, str, str]] = []


def offences(lines):
    """The lines of a log that no release should have.

    >>> offences([
    ...     "2026-11-22 08:00:00,000 1 INFO kondo odoo.modules.loading: Modules loaded. ",
    ...     "2026-11-22 08:00:01,000 1 WARNING kondo odoo.models: The field has two labels ",
    ... ])
    ['WARNING odoo.models: The field has two labels']
    """
    found = []
    for line in lines:
        match = LINE.match(line)
        if not match or match["level"] not in BAD:
            continue
        if any(match["logger"] == logger and match["message"].startswith(start) for logger, start, _why in KNOWN):
            continue
        found.append(f"{match['level']} {match['logger']}: {match['message'].strip()}")
    return found


def main(paths):
    found = []
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as log:
            found += offences(log)
    for offence in found:
        print(offence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
