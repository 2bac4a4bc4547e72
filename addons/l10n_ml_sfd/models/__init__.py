from . import account_account
from . import template_ml_sfd
