from . import followup
from . import loan
from . import promise_day_end
from . import situation
