from . import meetings_minutes
