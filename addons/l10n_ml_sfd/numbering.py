"""The numbers of the RCSSFD and what they say, read from the chart itself (plain Python, no Odoo).

An internal account is an official number with more digits behind it (instruction 026-02-2009: only general accounts
of the RCSSFD, "subdivided and opened as needed"). Its side, nature and meaning are those of the official account it
continues, which is the longest official number it starts with. Number subdivisions from 00 (`251100`, `114101`): a
6, 7, 8 or 9 right after an official number may be another official account (`2511` and `25116`).
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"

# Accounts shown on the asset side when debit and on the liability side when credit, holder by holder and never on the
# net total: ordinary accounts at and of institutions, and members' current accounts (DIMF 2000, B2N against G10).
HOLDER_SIDE_PREFIXES = (
    *("114", "115", "116", "117"),
    *("151", "152", "153", "154", "155", "156", "157"),
    *("2511", "2512"),
)

DEBT = "debt"  # ...6 dettes rattachées: interest accrued and due to the holder
CLAIM = "claim"  # ...7 créances rattachées: interest accrued and due by the holder
DEPRECIATION = "depreciation"  # ...8 amortissements
PROVISION = "provision"  # ...9 provisions pour dépréciation


class Account(NamedTuple):
    """One line of the chart; `side` is debit, credit or both, `kind` is posting or group."""

    code: str
    label: str
    side: str
    nature: str
    kind: str
    status: str
    provenance: str


@cache
def chart():
    """Every account and group of the chart by number, in order, Kondo's own subdivisions included.

    >>> chart()["1011"].label
    'Billets et monnaies émis par la BCEAO'
    >>> chart()["2991"].side, chart()["2991"].nature
    ('credit', 'asset')
    """
    accounts = {}
    for name in ("rcssfd_chart.csv", "subdivisions.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                if row["code"] in accounts:
                    raise ValueError(f"{name}: {row['code']} is there twice")
                accounts[row["code"]] = Account(
                    row["code"],
                    row["label_fr"],
                    row["normal_side"],
                    row["nature"],
                    row["kind"],
                    row["status"],
                    row["provenance"],
                )
    return dict(sorted(accounts.items()))


def posting_accounts():
    """The accounts that take entries, in the order of the chart.

    >>> posting_accounts()[0].code, posting_accounts()[-1].code
    ('1011', '999')
    """
    return [account for account in chart().values() if account.kind == "posting"]


def groups():
    """The headings: classes, two-digit accounts and the levels above posting accounts.

    >>> [group.code for group in groups() if len(group.code) == 1]
    ['1', '2', '3', '4', '5', '6', '7', '9']
    """
    return [account for account in chart().values() if account.kind == "group"]


def official(code):
    """The posting account of the chart that `code` is or subdivides; None when it continues none.

    >>> official("101100102").code, official("2511").code, official("25116").code
    ('1011', '2511', '25116')
    >>> official("1012") is None
    True
    """
    for length in range(len(code or ""), 0, -1):
        account = chart().get(code[:length])
        if account and account.kind == "posting":
            return account
    return None


def suffix_meaning(code):
    """What the last digit of the official number says: DEBT, CLAIM, DEPRECIATION, PROVISION or None.

    The digit alone misleads, so the label decides: 25216 holds term deposits over ten years, 4126 sums still to pay
    on shares, 117 other institutions, and 3319 both doubtful claims and their provision.

    >>> [suffix_meaning(code) for code in ("25116", "20227", "4428", "309", "2991")]
    ['debt', 'claim', 'depreciation', 'provision', 'provision']
    >>> [suffix_meaning(code) for code in ("2511", "25216", "4126", "3319", "101100107", "2722")]
    [None, None, None, None, None, None]
    """
    account = official(code)
    if account is None or account.code[0] not in "12345":
        return None
    if account.label.startswith("Dettes rattachées"):
        return DEBT
    if account.label.startswith("Créances rattachées"):
        return CLAIM
    if (account.nature, account.side) == ("asset", "credit"):
        if account.label.startswith("Amortissements"):
            return DEPRECIATION
        if account.label.startswith("Provisions"):
            return PROVISION
    return None


def is_holder_side(code):
    """Whether the balance of each holder goes to the side it is on (an "ex" account).

    Interest accrued beside such an account has a line and a side of its own.

    >>> [is_holder_side(code) for code in ("2511", "251100", "1141", "1561")]
    [True, True, True, True]
    >>> [is_holder_side(code) for code in ("25116", "25117", "1131", "2531", "111111")]
    [False, False, False, False, False]
    """
    return bool(code) and code.startswith(HOLDER_SIDE_PREFIXES) and suffix_meaning(code) is None
