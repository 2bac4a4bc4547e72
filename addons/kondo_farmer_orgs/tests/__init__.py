from . import test_people
from . import test_campaign_story
from . import test_campaign_refusals
from . import test_marketing
