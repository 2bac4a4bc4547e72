from . import sheet
from . import sheet_line
from . import sheet_check
from . import finder
from . import operation
