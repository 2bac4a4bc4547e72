from . import geography
from . import kondo_parameter
from . import four_eyes
from . import res_company
from . import res_users
from . import point_of_service
from . import caisse_setup
from . import holiday
