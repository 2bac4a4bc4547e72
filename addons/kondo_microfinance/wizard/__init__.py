from . import caisse_create
from . import till_open
from . import till_close
from . import reconcile
from . import operation_reverse
from . import till_difference
from . import member_leave
from . import savings_decision
