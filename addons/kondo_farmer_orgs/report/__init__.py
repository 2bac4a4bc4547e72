from . import sheets_paper
from . import sheets_xlsx
