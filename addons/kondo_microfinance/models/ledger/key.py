"""The key that only the ledger's own code holds.

It travels in the context under `kondo_ledger`. A context that comes through the API is made of JSON values, so no
caller from outside can hand in this very object: `is` tells the ledger's own writes from everybody else's.
"""


class _LedgerKey:
    def __repr__(self):
        return "<ledger key>"


LEDGER = _LedgerKey()


def has_ledger_key(env):
    """True inside the ledger's own writes."""
    return env.context.get("kondo_ledger") is LEDGER
