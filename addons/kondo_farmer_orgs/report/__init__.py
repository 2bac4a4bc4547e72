from . import warrants_papers
from . import savings_groups_papers
