"""Believable people for the demonstration. Pure Python: a seeded generator in, plain values out."""

from datetime import timedelta

PEOPLES = {
    "bambara": {
        "surnames": "Traoré Coulibaly Diarra Keïta Koné Konaté Dembélé Sidibé Samaké Doumbia Fofana Tangara Sacko Kouyaté",
        "women": "Awa Aminata Fatoumata Mariam Djénéba Kadiatou Assitan Rokia Sitan Bintou Ramata Safiatou Korotoumou "
        "Founè Niagalé Ténin Salimata Nana Oumou Maïmouna",
        "men": "Moussa Bakary Seydou Modibo Souleymane Drissa Zoumana Adama Fousseyni Lassine Siaka Bourama Tiémoko "
        "N'Golo Zan Brehima Salif Madou Nouhoum Sidiki",
    },
    "minianka": {
        "surnames": "Dembélé Coulibaly Sanogo Bengaly Goïta Koné Dao Berthé Ouattara Mallé Sogoba Cissouma",
        "women": "Alima Kadia Mamou Ramata Sali Kia Tènè Yah Massaran Wassa Djélika Mariétou",
        "men": "Zié Ngolo Daouda Karim Bakary Yacouba Abdoulaye Oumar Chaka Nafo Dramane Salia",
    },
    "peul": {
        "surnames": "Diallo Sangaré Barry Bah Dicko Tall Bocoum Sow Cissé Diakité",
        "women": "Oumou Dado Coumba Penda Kadidia Fanta Dikoré Ramata Aïssata Diénéba",
        "men": "Hamadoun Amadou Boureïma Allaye Demba Samba Belco Oumarou Boubacar Hamma",
    },
    "bozo": {
        "surnames": "Karabenta Kanta Tienta Sininta Famanta Kontao Djiré Traoré Niaré",
        "women": "Nana Mamou Bintou Aïssa Hawa Kola Djéné Fanta",
        "men": "Baba Sinaly Mamadou Sory Almamy Bréhima Kalifa Lassana",
    },
    "dogon": {
        "surnames": "Guindo Togo Dolo Ouologuem Kassogué Tembely Arama Kodio Tessougué Poudiougo",
        "women": "Yapirei Yassa Fatouma Yaïgoulé Kounia Aminata Hawa Yatimé",
        "men": "Atimé Ogobara Anaï Domo Antandou Amadou Hamidou Ambéré",
    },
    "songhai": {
        "surnames": "Maïga Touré Haïdara Cissé Arby Dicko Alassane",
        "women": "Hadizatou Aïssata Nafissatou Fadimata Mariama Zeïnabou Assa Ramatou",
        "men": "Mahamane Abdramane Soumaïla Alassane Alhousseyni Ibrahim Issa Youssouf",
    },
}
GROUP_NAMES = (
    "Benkadi", "Sabugnuma", "Sinignèsigui", "Badenya", "Djèkafo", "Yiriwaton", "Niètaa", "Dèmèton", "Musojigi", "Kawral",
    "Jiguisèmè", "Siguida Nièta", "Benso", "Waldé", "Sanoudji",
)  # fmt: skip


def pick_people(random, weights):
    """One of the peoples of a caisse, by weight."""
    return random.choices(list(weights), list(weights.values()))[0]


def person_name(random, weights, sex):
    """A name as the register writes it, family name first.

    >>> from random import Random
    >>> person_name(Random(7), {"bambara": 1}, "female").split()[0].isupper()
    True
    """
    people = PEOPLES[pick_people(random, weights)]
    surname = random.choice(people["surnames"].split())
    given = random.choice(people["women" if sex == "female" else "men"].split())
    return f"{surname.upper()} {given}"


def phone(random):
    """A Malian mobile number.

    >>> from random import Random
    >>> len(phone(Random(1)).replace(" ", ""))
    12
    """
    digits = f"{random.choice((6, 7, 7, 9))}{random.randrange(10**7):07d}"
    return "+223 " + " ".join(digits[i : i + 2] for i in range(0, 8, 2))


def birth(random, today, youngest=18, oldest=72):
    """A birth date and how well it is known: of many elders only the year is.

    >>> from random import Random
    >>> birth(Random(2), date(2026, 1, 1))[1] in ("day", "month", "year")
    True
    """
    years = round(random.triangular(youngest, oldest, 33))
    born = today - timedelta(days=365 * years + random.randrange(1, 365))
    precision = random.choices(("day", "month", "year"), (6, 1, 1 if years < 40 else 6))[0]
    return born, precision


def member_values(random, caisse, villages, today):
    """One member as the values of a res.partner, without its caisse.

    :param villages: the villages of `caisse.places`, things that have `id` and `name`
    """
    village = random.choice(villages)
    joined = today - timedelta(days=random.randrange(90, 2600))
    values = {
        "is_kondo_member": True,
        "village_id": village.id,
        "city": village.name,
        "member_state": "active",
        "membership_date": joined,
    }
    kind = random.choices(("individual", "group", "legal"), (88, 9, 3))[0]
    if kind == "individual":
        sex = random.choices(("female", "male"), (56, 44))[0]
        born, precision = birth(random, today)
        values.update(
            name=person_name(random, caisse.peoples, sex),
            member_kind=kind,
            sex=sex,
            birth_date=born,
            birth_precision=precision,
            profession=random.choice(caisse.trades)[sex == "male"],
            phone=phone(random) if random.random() < 0.85 else False,
        )
    elif kind == "group":
        women = random.choice((0, 6, 12, 18, 25, 32))
        values.update(
            name=f"Groupement {random.choice(GROUP_NAMES)} de {village.name}",
            member_kind=kind,
            women_count=women,
            men_count=0 if women >= 18 else random.randrange(8, 30),
            phone=phone(random),
        )
    else:
        values.update(name=f"{random.choice(caisse.unions)} de {village.name}", member_kind=kind, phone=phone(random))
    return values


def document(random, today):
    """An identity document: (code of its category, number, valid from, valid until); one in eight has expired.

    >>> from random import Random
    >>> len(document(Random(3), date(2026, 1, 1)))
    4
    """
    code = random.choices(("nina", "biometric", "passport", "voter"), (5, 4, 1, 1))[0]
    digits = "".join(str(random.randrange(10)) for _ in range(14))
    number = {
        "nina": f"{digits}{random.choice('ABCDEFGHKLMN')}",
        "biometric": digits[:10],
        "passport": f"AA{digits[:7]}",
    }
    issued = today - timedelta(days=random.randrange(60, 5 * 365 + 250))
    return code, number.get(code, digits[:9]), issued, issued + timedelta(days=5 * 365)
