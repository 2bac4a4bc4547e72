from . import reach_donor
from . import reach_donor_xlsx
