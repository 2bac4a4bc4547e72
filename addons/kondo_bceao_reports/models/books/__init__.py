from . import books
from . import balance
from . import balance_row
from . import members
from . import members_row
from . import ledger
from . import ledger_row
