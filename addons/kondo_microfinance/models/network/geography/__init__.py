from . import region
from . import cercle
from . import commune
from . import village
from . import zone
