from . import kondo_bench
