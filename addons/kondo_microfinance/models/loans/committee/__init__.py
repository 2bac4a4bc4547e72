from . import approval_level
from . import relation
from . import seat
from . import committee
from . import attendance
from . import decision
from . import loan
from . import projector
