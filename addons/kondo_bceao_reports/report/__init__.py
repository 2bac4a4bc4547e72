from . import registers_paper
from . import registers_xlsx
from . import return_paper
from . import return_xlsx
from . import return_file
from . import books_paper
from . import books_xlsx
