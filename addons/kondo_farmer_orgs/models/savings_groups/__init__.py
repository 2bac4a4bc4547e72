from . import cycle
from . import fine
from . import meeting
from . import line
from . import meeting_close
from . import share
from . import share_out
