"""Statements of any trial balance, without a database: `python -m tests.returns balance.csv --form "DIMF 2000"`.

The engine of returns imports nothing of Odoo, so it is loaded here without it, as the package `kondo_bceao_reports.engine`.
"""

import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
ADDON = HERE.parent.parent / "addons" / "kondo_bceao_reports"

if "kondo_bceao_reports" not in sys.modules:
    package = ModuleType("kondo_bceao_reports")
    package.__path__ = [str(ADDON)]
    sys.modules["kondo_bceao_reports"] = package
