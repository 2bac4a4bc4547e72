"""What an installation needs beyond data files, and what an uninstallation must leave clean."""

from .models.ledger.database_rules import DROP_ALL
from .models.shares.share_entry import DROP_ENTRY_RULES


def post_init_hook(env):
    """French for new partners and users where it is loaded; no stranger opens an account on the login page."""
    env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2b")
    if env["res.lang"]._lang_get("fr_FR"):
        env["ir.default"].set("res.partner", "lang", "fr_FR")


def uninstall_hook(env):
    """The ledger's triggers would refuse the removal of their own tables."""
    env.cr.execute(DROP_ALL)
    env.cr.execute(DROP_ENTRY_RULES)
