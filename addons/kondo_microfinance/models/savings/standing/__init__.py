from . import standing_order
from . import standing_order_try
from . import standing_target
from . import standing_day_end
from . import operation_standing
from . import savings_account
