from . import campaigns_voucher
from . import marketing_xlsx
