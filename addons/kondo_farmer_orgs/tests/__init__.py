from . import test_people
from . import test_warrant_story
from . import test_warrants
