from . import reach_donor
from . import reach_donor_xlsx
from . import meetings_minutes
from . import sheets_paper
from . import sheets_xlsx
from . import campaigns_voucher
from . import marketing_xlsx
