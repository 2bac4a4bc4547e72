from . import test_people
from . import test_sheet_engine
from . import test_sheet_rules
from . import test_sheet_story
from . import test_sheet_window
