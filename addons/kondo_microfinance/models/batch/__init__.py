from . import batch_line
from . import batch
from . import batch_faults
from . import batch_check
from . import operation_batch
