from . import network
from . import members
from . import ledger
from . import savings
from . import cash
from . import batch
from . import papers
