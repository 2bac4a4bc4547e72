from . import split
from . import loan
