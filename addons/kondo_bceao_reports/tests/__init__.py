from . import test_books
from . import test_sources
from . import test_return
from . import test_obligations
from . import test_aml
from . import test_bureau
from . import test_registers
