from . import funding_line
from . import reached_person
from . import donor_figures
from . import donor_report
from . import donor_report_row
from . import donor_report_part
