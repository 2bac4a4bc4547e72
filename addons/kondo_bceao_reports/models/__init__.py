from . import forms
from . import sources
from . import returns
from . import registers
from . import books
