from . import savings_product
from . import savings_account
from . import operation
from . import res_partner
from . import rules
from . import interest
from . import term
from . import planned
