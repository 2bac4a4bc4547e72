from . import registers_paper
from . import registers_xlsx
