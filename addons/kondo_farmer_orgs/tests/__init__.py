from . import test_credit_rules
from . import test_credit_story
from . import test_engine_parts
from . import test_people
