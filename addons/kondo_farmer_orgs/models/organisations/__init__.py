from . import crop
from . import person
from . import membership
from . import res_partner
