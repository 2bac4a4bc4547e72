"""Who works in the demonstration network: one person per role and caisse, and those of the union."""

from typing import NamedTuple

from passlib.hash import pbkdf2_sha512

from .places import CAISSES


class Person(NamedTuple):
    """A user; the password is the login.

    :ivar caisse: code of the caisse, None for the union's staff
    :ivar role: key by which `life.py` finds the person
    """

    login: str
    name: str
    role: str
    group: str
    caisse: str | None


ROLES = {
    "teller": "Caissier",
    "teller2": "Caissier (second guichet)",
    "officer": "Agent de crédit",
    "manager": "Gérant",
    "accountant": "Comptable",
    "controller": "Contrôleur du réseau",
    "network": "Responsable du réseau",
    "network_accountant": "Comptable du réseau",
    "administrator": "Administrateur",
}
_LOGINS = {
    "teller": "guichet",
    "teller2": "guichet2",
    "officer": "credit",
    "manager": "gerant",
    "accountant": "comptable",
}
_GROUPS = {
    "teller": "group_teller",
    "teller2": "group_teller",
    "officer": "group_loan_officer",
    "manager": "group_caisse_manager",
    "accountant": "group_accountant",
}
_NAMES = {
    "SEG": {
        "teller": "Kadiatou SAMAKÉ",
        "teller2": "Lassana TANGARA",
        "officer": "Fousseyni KONATÉ",
        "manager": "Mariam DIARRA",
        "accountant": "Souleymane FOFANA",
    },
    "NIO": {
        "teller": "Aminata COULIBALY",
        "teller2": "Bakary DEMBÉLÉ",
        "officer": "Oumou SIDIBÉ",
        "manager": "Modibo KEÏTA",
        "accountant": "Fanta TRAORÉ",
    },
    "KOU": {
        "teller": "Alima BENGALY",
        "officer": "Karim SANOGO",
        "manager": "Daouda GOÏTA",
        "accountant": "Djélika BERTHÉ",
    },
    "MOP": {
        "teller": "Nafissatou MAÏGA",
        "officer": "Amadou GUINDO",
        "manager": "Hamadoun CISSÉ",
        "accountant": "Bintou KARABENTA",
    },
}

PEOPLE = (
    *(
        Person(f"{_LOGINS[role]}.{caisse.login}", name, role, _GROUPS[role], caisse.code)
        for caisse in CAISSES
        for role, name in _NAMES[caisse.code].items()
    ),
    Person("controleur", "Assa HAÏDARA", "controller", "group_controller", None),
    Person("reseau", "Seydou TRAORÉ", "network", "group_network_manager", None),
    Person("comptable.reseau", "Safiatou DIAKITÉ", "network_accountant", "group_accountant", None),
)


def logins():
    """Rows (login, password, role, caisse) for the screen.

    >>> [row for row in logins() if row[0] == "guichet.niono"]
    [('guichet.niono', 'guichet.niono', 'Caissier', 'Caisse de Niono')]
    """
    names = {caisse.code: caisse.name for caisse in CAISSES}
    rows = [(person.login, person.login, ROLES[person.role], names.get(person.caisse, "Union")) for person in PEOPLE]
    return [*rows, ("admin", "admin", ROLES["administrator"], "Union")]


def create_staff(env, union, caisses):
    """The users of `PEOPLE`, in French and in Mali's time.

    :param caisses: {code: res.company}
    :return: {code of the caisse or None: {role: res.users}}
    """
    everywhere = union
    for caisse in caisses.values():
        everywhere += caisse
    home = env.ref("kondo_microfinance.kondo_guichet_action")
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": person.name,
                    "login": person.login,
                    "lang": "fr_FR",
                    "tz": "Africa/Bamako",
                    "email": f"{person.login}@kondo-jigima.example",
                    "group_ids": [(6, 0, env.ref(f"kondo_microfinance.{person.group}").ids)],
                    "company_id": caisses.get(person.caisse, union).id,
                    "company_ids": [(6, 0, caisses[person.caisse].ids if person.caisse else everywhere.ids)],
                    "action_id": home.id if person.group == "group_teller" else False,
                }
                for person in PEOPLE
            ]
        )
    )
    set_passwords(users)
    staff = {}
    for person, user in zip(PEOPLE, users, strict=True):
        staff.setdefault(person.caisse, {})[person.role] = user
    return staff


def set_passwords(users):
    """Each login becomes its own password, hashed lightly: everybody knows it, and Odoo's own hash takes half a second.

    Odoo replaces the hash by a strong one when the user first logs in.
    """
    light = pbkdf2_sha512.using(rounds=1000)
    for user in users:
        users._set_encrypted_password(user.id, light.hash(user.login))
