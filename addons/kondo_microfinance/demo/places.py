"""The union, its four caisses and what lies around them. Plain data."""

from typing import NamedTuple

UNION_CODE = "KJ"
UNION = {
    "name": "Union Kondo Jigima (démonstration)",
    "street": "Quartier Administratif, avenue de l'Indépendance",
    "city": "Ségou",
    "phone": "+223 21 32 00 01",
    "email": "union@kondo-jigima.example",
    "agreement_number": "DÉMO-0001/SDI",
}


class Caisse(NamedTuple):
    """One caisse of the demonstration.

    :ivar places: {commune: villages and quarters}, the seat first
    :ivar peoples: names of `people.PEOPLES` with their weights
    :ivar trades: professions, of a woman and of a man
    :ivar unions: kinds of legal persons
    """

    code: str
    name: str
    login: str
    region: str
    cercle: str
    commune: str
    street: str
    phone: str
    tills: int
    market_day: int  # 0 is Monday: the day on which the second till opens
    places: dict
    peoples: dict
    trades: tuple
    unions: tuple


CAISSES = (
    Caisse(
        code="SEG",
        name="Caisse de Ségou",
        login="segou",
        region="04",
        cercle="Ségou",
        commune="Ségou",
        street="Quartier Commercial, face au grand marché",
        phone="+223 21 32 01 10",
        tills=2,
        market_day=0,
        places={
            "Ségou": ("Bagadadji", "Médine", "Hamdallaye", "Dar Salam", "Ségou-Koura"),
            "Pelengana": ("Pelengana", "Banankoro", "Zogofina"),
            "Sébougou": ("Sébougou", "Ségoukoro", "Dougadougou"),
            "Markala": ("Markala", "Diamarabougou", "Thio"),
            "Cinzana": ("Cinzana Gare", "Sinzana", "Fambougou"),
            "Dioro": ("Dioro", "Babougou"),
        },
        peoples={"bambara": 6, "bozo": 2, "peul": 1},
        trades=(
            ("Maraîchère", "Maraîcher"),
            ("Commerçante de bazin", "Commerçant"),
            ("Teinturière", "Tisserand"),
            ("Vendeuse de poisson fumé", "Pêcheur"),
            ("Potière de Kalabougou", "Maçon"),
            ("Enseignante", "Enseignant"),
            ("Transformatrice de karité", "Chauffeur"),
        ),
        unions=("Coopérative des maraîchers", "Association des parents d'élèves", "Comité de gestion de l'eau"),
    ),
    Caisse(
        code="NIO",
        name="Caisse de Niono",
        login="niono",
        region="04",
        cercle="Niono",
        commune="Niono",
        street="Quartier Secteur, route du marché",
        phone="+223 21 35 02 20",
        tills=2,
        market_day=5,
        places={
            "Niono": ("Niono A5", "Niono A6", "Niono B3", "Médina-Niono", "Kolodougou"),
            "Kala Siguida": ("Molodo", "Siengo", "N'Débougou"),
            "Mariko": ("Kouyan-Coura", "Mariko"),
            "Siribala": ("Siribala", "Sagnona"),
            "Diabaly": ("Diabaly", "Kourouma"),
            "Sokolo": ("Sokolo", "Farabougou-Bambara"),
        },
        peoples={"bambara": 6, "minianka": 2, "peul": 1, "songhai": 1},
        trades=(
            ("Rizicultrice", "Riziculteur"),
            ("Étuveuse de riz", "Décortiqueur de riz"),
            ("Maraîchère d'échalotes", "Maraîcher"),
            ("Commerçante de riz", "Commerçant de riz"),
            ("Couturière", "Tailleur"),
            ("Vendeuse de condiments", "Mécanicien"),
            ("Matrone", "Boucher"),
        ),
        unions=("Coopérative rizicole", "Association des parents d'élèves", "Comité de gestion de l'eau"),
    ),
    Caisse(
        code="KOU",
        name="Caisse de Koutiala",
        login="koutiala",
        region="16",
        cercle="Koutiala",
        commune="Koutiala",
        street="Quartier Médina-Coura, près de la gare routière",
        phone="+223 21 64 03 30",
        tills=1,
        market_day=3,
        places={
            "Koutiala": ("Médina-Coura", "Hamdallaye", "Bougoura", "Wala"),
            "M'Pessoba": ("M'Pessoba", "Zanina", "N'Tossoni"),
            "Sincina": ("Sincina", "N'Tarla", "Try"),
            "Konséguéla": ("Konséguéla", "Namposséla"),
            "Molobala": ("Molobala", "Famessasso"),
            "Zangasso": ("Zangasso", "Kaniko", "Signè"),
        },
        peoples={"minianka": 6, "bambara": 3, "peul": 1},
        trades=(
            ("Cultivatrice", "Producteur de coton"),
            ("Transformatrice de sésame", "Producteur de maïs"),
            ("Vendeuse de dolo", "Forgeron"),
            ("Éleveuse de volaille", "Éleveur"),
            ("Commerçante", "Transporteur"),
            ("Coiffeuse", "Soudeur"),
            ("Infirmière", "Agent de la coopérative"),
        ),
        unions=(
            "Société coopérative des producteurs de coton",
            "Association des parents d'élèves",
            "Comité de gestion de l'eau",
        ),
    ),
    Caisse(
        code="MOP",
        name="Caisse de Mopti",
        login="mopti",
        region="05",
        cercle="Mopti",
        commune="Mopti",
        street="Quartier Komoguel, près du port",
        phone="+223 21 43 04 40",
        tills=1,
        market_day=3,
        places={
            "Mopti": ("Komoguel", "Gangal", "Toguel", "Sévaré", "Banguétaba"),
            "Socoura": ("Socoura", "Barbé", "Tongorongo"),
            "Fatoma": ("Fatoma", "Saré Mala"),
            "Konna": ("Konna", "Kontza"),
            "Soye": ("Somadougou", "Nantaga"),
        },
        peoples={"peul": 4, "bozo": 3, "dogon": 3, "songhai": 3, "bambara": 1},
        trades=(
            ("Mareyeuse", "Pêcheur"),
            ("Vendeuse de lait", "Éleveur"),
            ("Fumeuse de poisson", "Piroguier"),
            ("Maraîchère d'oignons", "Producteur d'oignons"),
            ("Brodeuse", "Tailleur"),
            ("Commerçante de condiments", "Commerçant"),
            ("Restauratrice", "Bijoutier"),
        ),
        unions=("Coopérative des pêcheurs", "Association des parents d'élèves", "Comité de gestion de l'eau"),
    ),
)
