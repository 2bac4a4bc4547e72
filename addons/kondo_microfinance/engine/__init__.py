"""The institution's arithmetic in plain Python. Nothing here imports Odoo, and no float touches money."""
