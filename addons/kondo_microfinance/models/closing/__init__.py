from . import closing
from . import closing_step
from . import board
from . import proof
from . import snapshot
from . import snapshot_loan
from . import res_company
from . import till_session
