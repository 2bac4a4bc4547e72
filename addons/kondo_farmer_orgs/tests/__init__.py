from . import test_organisations
from . import test_organisations_engine
from . import test_people
