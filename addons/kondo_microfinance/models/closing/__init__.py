from . import closing
from . import closing_step
from . import proof
from . import snapshot
from . import res_company
from . import period
