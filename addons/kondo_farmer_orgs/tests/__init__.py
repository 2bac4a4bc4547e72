from . import test_grading
from . import test_grading_engine
from . import test_meetings
from . import test_organisations
from . import test_organisations_engine
from . import test_people
from . import test_reach
from . import test_campaign_story
