"""Numbers from elsewhere that the engine must reproduce: `python -m tests.oracles FILE.json …`.

The JSON files beside this one are copies of published expectations, each case with its source, and are never edited:
a case the engine cannot reproduce fails. `savings.py` serves the cases of savings interest, `loans.py` loan schedules,
`rates.py` effective rates; a kind of case nobody serves fails with that reason.

The engine imports nothing of Odoo, so it is loaded here without it, as the package `kondo_microfinance.engine`.
"""

import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
ADDON = HERE.parent.parent / "addons" / "kondo_microfinance"

if "kondo_microfinance" not in sys.modules:
    package = ModuleType("kondo_microfinance")
    package.__path__ = [str(ADDON)]
    sys.modules["kondo_microfinance"] = package
