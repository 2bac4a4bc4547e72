from . import meeting
from . import attendance
from . import decision
from . import res_partner
from . import loan
