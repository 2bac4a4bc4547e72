from . import interest_run_xlsx
from . import ir_actions_report
from . import print_log
from . import receipt
from . import till_statement
from . import receipt_rules
