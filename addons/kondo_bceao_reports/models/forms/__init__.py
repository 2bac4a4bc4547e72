from . import form
from . import form_line
from . import form_cell
from . import form_check
from . import form_loader
