from . import test_people
from . import test_campaign_story
