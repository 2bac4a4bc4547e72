from . import registers_paper
from . import registers_xlsx
from . import books_paper
from . import books_xlsx
