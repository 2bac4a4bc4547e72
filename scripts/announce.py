"""Wait until the server shows its login page, then print where it is and who can log in.

Started by ./run beside the server; speaks up as well when the server ends before that.
"""

import argparse
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def answers(url):
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--logins", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    options = parser.parse_args()

    while not answers(f"http://127.0.0.1:{options.port}/web/login"):
        if not is_alive(options.pid):
            lines = options.log.read_text(encoding="utf-8").splitlines() if options.log.exists() else []
            print("Kondo stopped before it could be used:", *lines[-20:], sep="\n", file=sys.stderr)
            return
        time.sleep(0.2)
    print(
        "",
        f"  Kondo is ready:  http://localhost:{options.port}",
        "",
        *(f"    {line}" for line in options.logins.read_text(encoding="utf-8").splitlines()),
        "",
        f"  Log: {options.log}      Ctrl-C stops.",
        "",
        sep="\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
