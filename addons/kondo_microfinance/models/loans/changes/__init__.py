from . import loan
from . import change
from . import operation_change
from . import officer_change
