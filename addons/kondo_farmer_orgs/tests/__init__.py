from . import test_people
from . import test_warrant_story
from . import test_warrants
from . import test_avec_story
