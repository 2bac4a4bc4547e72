from . import test_aml
from . import test_bureau
from . import test_registers
