from . import test_sources
from . import test_return
from . import test_obligations
