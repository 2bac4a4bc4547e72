from . import line
from . import move
from . import share
from . import operation
from . import eligibility
from . import flow
from . import reconciliation
from . import accrual
