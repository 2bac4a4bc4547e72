#!/usr/bin/env python3
"""Write Odoo's chart template from the reviewed list of accounts: `python scripts/build_chart.py`.

Reads `data/rcssfd_chart.csv` (the RCSSFD) and `data/subdivisions.csv` (Kondo's own), writes
`data/template/account.account-ml_sfd.csv` and `data/template/account.group-ml_sfd.csv`. The tests fail when the
written files are not what this script writes. `--check` compares without writing.
"""

import csv
import io
import re
import sys
from pathlib import Path

ADDON = Path(__file__).resolve().parent.parent
TEMPLATE = ADDON / "data" / "template"

# Odoo's account_type by nature, then by number: the longest prefix wins. A contra account (provision, depreciation)
# has the type of what it lowers.
ASSET_TYPES = {
    # 1 Treasury and institutions
    "1": "asset_current",
    "1011": "asset_cash",
    "111111": "asset_cash",
    "111121": "asset_cash",
    "1121": "asset_cash",
    "1131": "asset_cash",
    "1141": "asset_cash",
    "1151": "asset_cash",
    "1161": "asset_cash",
    "1171": "asset_cash",
    "1331": "asset_non_current",
    "191": "asset_non_current",
    # 2 Members
    "2": "asset_current",
    "2031": "asset_non_current",
    "2041": "asset_non_current",
    "291": "asset_non_current",
    # 3 Securities and sundry
    "3": "asset_current",
    "331": "asset_receivable",
    "3319": "asset_current",
    "3811": "asset_prepayments",
    "3812": "asset_prepayments",
    # 4 Fixed assets
    "41": "asset_non_current",
    "4127": "asset_current",
    "42": "asset_non_current",
    "427": "asset_current",
    "43": "asset_fixed",
    "44": "asset_fixed",
    "45": "asset_fixed",
    # 5 Subscriptions not yet paid in: the debit side of the capital
    "5731": "asset_non_current",
    "5732": "asset_current",
}
LIABILITY_TYPES = {
    "": "liability_current",
    "1781": "liability_non_current",
    "182": "liability_non_current",
    "183": "liability_non_current",
    "184": "liability_non_current",
    "25213": "liability_non_current",
    "25214": "liability_non_current",
    "25215": "liability_non_current",
    "25216": "liability_non_current",
    "332": "liability_payable",
    "4126": "liability_non_current",
    "51": "liability_non_current",
    "532": "liability_non_current",
}
# 592 receives the closing entry: the one account whose balance Odoo completes with the results not yet closed.
EQUITY_TYPES = {"": "equity", "592": "equity_unaffected"}
EXPENSE_TYPES = {
    "": "expense",
    "661": "expense_depreciation",
    "662": "expense_depreciation",
    "663": "expense_depreciation",
    "67": "expense_other",
}
INCOME_TYPES = {"": "income_other", "70": "income", "71": "income"}
TYPES_BY_NATURE = {
    "asset": ASSET_TYPES,
    "liability": LIABILITY_TYPES,
    "equity": EQUITY_TYPES,
    "expense": EXPENSE_TYPES,
    "income": INCOME_TYPES,
    "off_balance": {"": "off_balance"},
}

# Accounts whose items are matched one by one.
RECONCILED = {"331", "332", "3781"}

# What the note of an account to confirm tells the accountant, by the provenance in the list (first match wins).
ORIGINS = (
    (r"^S:ADB .*allégée list", "repris du plan de comptes du logiciel ADbanking"),
    (r"^M:m by symmetry", "numéro déduit par symétrie avec 2031 et 2037 ; le poste DIMF B40 existe"),
    (r"^MEMORY: low", "le poste DIMF existe, le numéro n'est pas confirmé"),
    (r"^number proposed; root 39", "numéro proposé ; la racine 39 est citée dans la concordance officielle"),
    (r"^number proposed from the order of the label of 502", "numéro proposé dans l'ordre du libellé de 502"),
    (r"^number proposed; needed for (\w+)", r"numéro proposé, nécessaire au poste DIMF \1"),
    (r"^number proposed \(mirror of 6641-6643\)", "numéro proposé par symétrie avec 6641 à 6643"),
    (r"^number = hypothesis", "numéro supposé, dans l'ordre des postes DIMF"),
    (
        r"^root used by the official concordance",
        "racine citée dans la concordance officielle, libellé pris du poste DIMF",
    ),
    (
        r"^internal technical account",
        "compte technique interne, jamais déclaré, qui équilibre les écritures de la classe 9",
    ),
)


def write_note(account):
    """The note in French of an account: empty when it stands in the official list.

    :param account: numbering.Account
    """
    if account.status == "official":
        return ""
    if account.status == "subdivision":
        return "Subdivision interne du compte 378, sommée avec lui dans les états."
    for pattern, origin in ORIGINS:
        match = re.search(pattern, account.provenance)
        if match:
            return (
                "À confirmer par le comptable du réseau : ce compte ne figure pas dans la liste officielle du RCSSFD "
                f"(version allégée). Origine : {match.expand(origin)}."
            )
    raise ValueError(f"{account.code}: no wording for the provenance {account.provenance!r}")


def clean_label(account):
    """The label without the remarks of the list about itself, which belong to the note."""
    return re.sub(r" \((?:numéro|libellé)[^)]*à confirmer\)$", "", account.label)


def odoo_type(account):
    """Odoo's account_type: the entry of the longest prefix in the table of the account's nature."""
    table = TYPES_BY_NATURE[account.nature]
    prefix = max((prefix for prefix in table if account.code.startswith(prefix)), key=len)
    return table[prefix]


def account_rows(accounts):
    for account in accounts:
        label = clean_label(account)
        yield {
            "id": f"sfd_{account.code}",
            "code": account.code,
            "name": label,
            "account_type": odoo_type(account),
            "reconcile": str(account.code in RECONCILED),
            "sfd_normal_side": account.side,
            "sfd_nature": account.nature,
            "note": write_note(account),
            "name@fr": label,
        }


def group_rows(groups):
    for group in groups:
        label = clean_label(group)
        yield {
            "id": f"sfd_group_{group.code}",
            "code_prefix_start": group.code,
            "code_prefix_end": group.code,
            "name": label,
            "name@fr": label,
        }


def render(rows):
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def build(numbering):
    """The text of each template file, by path."""
    return {
        TEMPLATE / "account.account-ml_sfd.csv": render(account_rows(numbering.posting_accounts())),
        TEMPLATE / "account.group-ml_sfd.csv": render(group_rows(numbering.groups())),
    }


def main(arguments):
    sys.path.insert(0, str(ADDON))
    import numbering

    stale = 0
    for path, text in build(numbering).items():
        if "--check" in arguments:
            stale += not path.exists() or path.read_text(encoding="utf-8") != text
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
