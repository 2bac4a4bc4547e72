from . import portfolio
from . import positions
from . import quality
from . import ageing
from . import loan_arrears
from . import roll
from . import recovery
from . import provisions
