from . import savings_product
from . import plan_due
from . import plan
from . import plan_day_end
from . import operation_plan
from . import savings_account
from . import guarantee
from . import group
