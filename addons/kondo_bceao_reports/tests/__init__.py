from . import test_sources
