"""What an uninstallation must leave clean."""

from .models.credit.database_rules import DROP_SPLIT_RULES


def uninstall_hook(env):
    """The rules of the parts stand on the institution's own tables: they go with the add-on."""
    env.cr.execute(DROP_SPLIT_RULES)
