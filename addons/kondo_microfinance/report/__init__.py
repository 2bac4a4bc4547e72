from . import ir_actions_report
from . import print_log
from . import receipt
from . import till_statement
from . import receipt_term
from . import term_print_log
from . import term_certificate
from . import simulation
