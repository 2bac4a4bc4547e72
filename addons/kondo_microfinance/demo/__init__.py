"""The demonstration network. Imported by `scripts/demo.py` only, never by the add-on itself."""
