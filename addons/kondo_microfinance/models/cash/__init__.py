from . import till
from . import till_session
from . import till_session_close
from . import cash_slip
from . import operation
from . import teller
from . import teller_account
