from . import campaign
from . import loan
