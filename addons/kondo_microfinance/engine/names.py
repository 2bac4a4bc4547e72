"""Names as they are written, said and typed in Mali, brought to one form for searching and comparing.

Three forms of a name:

* **folded**: lower case, no accent, ASCII only; what is typed and what is stored meet here.
* **sound**: French and Bambara spellings of one name fall together (Coulibaly, Kulibali; Diarra, Jara).
* **key**: the sounds of a name in alphabetical order, so that the order of the words does not matter.

The search text of a record (`search_text`) and the patterns of a query (`parse`) are made for each other and for a
trigram index: every pattern starts at the start of a word or holds three characters.
"""

import re
import unicodedata
from dataclasses import dataclass

# Letters of Bambara, Fulfulde and Tamasheq that no decomposition turns into ASCII.
_LETTERS = str.maketrans(
    {
        "ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng", "ǝ": "e", "ə": "e", "ɓ": "b", "ɗ": "d", "ƴ": "y", "ɣ": "gh",
        "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ı": "i", "đ": "d", "ł": "l",
    }
)  # fmt: skip
# Apostrophes join (N'Diaye is one word); every other sign separates.
_APOSTROPHES = re.compile("['’‘ʼʹ`´]")
_SEPARATORS = re.compile("[^a-z0-9]+")
_PIECES = re.compile("[a-z]+|[0-9]+")

_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("tch|th?[iy](?=[aou])", "C"),  # Thiam, Tiam
        ("d[iy](?=[aeou])|dj", "j"),  # Diarra, Djarra, Jara
        ("gn|n[iy](?=[aeou])", "N"),  # Gnaman, Niaman, Nyaman
        ("gu(?=[ei])", "g"),  # Guindo, Gindo
        ("ou(?=[aeio])", "w"),  # Ouattara, Watara
        ("ou", "u"),  # Touré, Ture
        ("[sc]h", "s"),  # Cheick, Sheick
        ("ph", "f"),
        ("ck|qu?|c(?=[^eiy]|$)", "k"),  # Coulibaly, Kulibali
        ("c", "s"),  # Cissé, Sise
        ("h", ""),  # Hawa, Awa
        ("y(?=[^aeou]|$)", "i"),  # Sy, Si
        ("C", "c"),
        ("N", "ny"),
        (r"(.)\1+", r"\1"),  # Diallo, Jalo
    )
]


def fold(text):
    """Lower case, ASCII, words separated by one space.

    >>> fold("  TRAORÉ   Aminata-Fatoumata ")
    'traore aminata fatoumata'
    >>> fold("Ɲɛnɛkɔrɔ Kɔnɛ"), fold("N’Golo COULIBALY"), fold("Faŋa")
    ('nyenekoro kone', 'ngolo coulibaly', 'fanga')
    >>> fold(None), fold("Œuvre n°4")
    ('', 'oeuvre n 4')
    """
    lowered = _APOSTROPHES.sub("", (text or "").lower()).replace("°", " ")
    decomposed = unicodedata.normalize("NFKD", lowered)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)
    return _SEPARATORS.sub(" ", letters).strip()


def sound(word):
    """One spelling for the ways a folded word is written.

    >>> [sound(fold(name)) for name in ("Coulibaly", "Kulibali", "KOULIBALY")]
    ['kulibali', 'kulibali', 'kulibali']
    >>> [sound(fold(name)) for name in ("Diarra", "Djarra", "Jara")]
    ['jara', 'jara', 'jara']
    >>> [sound(fold(name)) for name in ("Ouattara", "Watara", "Cissé", "Sise", "Mahamadou", "Mamadu")]
    ['watara', 'watara', 'sise', 'sise', 'mamadu', 'mamadu']
    >>> [sound(fold(name)) for name in ("Ɲaman", "Gnaman", "Niaman", "Thiam", "Tiam")]
    ['nyaman', 'nyaman', 'nyaman', 'cam', 'cam']
    >>> sound("awa"), sound("hawa"), sound("sy")
    ('awa', 'awa', 'si')
    """
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def name_key(name):
    """The sounds of a name in alphabetical order: what two spellings of one person's name share.

    >>> name_key("TRAORÉ Awa") == name_key("Hawa Traore") == 'awa traore'
    True
    >>> name_key("Cheick Oumar DIALLO")
    'jalo seik umar'
    """
    return " ".join(sorted(sound(word) for word in fold(name).split()))


def phone_digits(phone):
    """The digits that distinguish a telephone: without +223 when it is a Malian number.

    >>> phone_digits("+223 76 12 34 56"), phone_digits("00223-76123456"), phone_digits("76 12 34 56")
    ('76123456', '76123456', '76123456')
    >>> phone_digits("+33 6 12 34 56 78"), phone_digits(None)
    ('33612345678', '')
    """
    digits = re.sub(r"\D", "", phone or "")
    if len(digits) > 10:
        digits = digits.removeprefix("00")
    return digits[3:] if len(digits) == 11 and digits.startswith("223") else digits


def document_key(number):
    """A document number without spaces and signs, in capitals.

    >>> document_key("1 87 01-2345 6789 a")
    '1870123456789A'
    """
    return re.sub("[^A-Z0-9]", "", (number or "").upper())


def nina_looks_right(number):
    """Whether a NINA has its usual form, 14 digits and a letter. Only ever a warning: the form is not published.

    >>> nina_looks_right("18701 23456 7890 K"), nina_looks_right("187012345678901"), nina_looks_right("")
    (True, False, False)
    """
    return bool(re.fullmatch(r"\d{14}[A-Z]", document_key(number)))


def search_text(names=(), number=None, phones=(), others=()):
    """What a record is found by, in one line bounded by spaces; the number first.

    :param names: names of the person, also kept by their sound (after a `~`)
    :param number: member number, `NIO-00042`: kept whole and without its zeros
    :param others: village, e-mail, tax number…

    >>> search_text(["TRAORÉ Awa"], "NIO-00042", ["+223 76 12 34 56"], ["Molodo"])
    ' 42 00042 nio traore awa 76123456 molodo ~traore ~awa '
    >>> search_text(["Coulibaly"], others=[None, "Koulikoro"])
    ' coulibaly koulikoro ~kulibali '
    """
    words = []
    if number:
        for piece in reversed(_PIECES.findall(fold(number))):
            words += [piece.lstrip("0") or "0", piece] if piece.isdigit() else [piece]
    folded = " ".join(fold(name) for name in names).split()
    words += folded
    words += [phone_digits(phone) for phone in phones]
    words += " ".join(fold(other) for other in others).split()
    words += [f"~{sound(word)}" for word in folded if not word.isdigit()]
    return f" {' '.join(dict.fromkeys(word for word in words if word))} "


@dataclass(frozen=True)
class Term:
    """One word of a query and the LIKE patterns that find it in a search text, the best first."""

    text: str
    exact: str | None
    start: str
    inside: str | None
    sound: str | None

    @property
    def patterns(self):
        return tuple(dict.fromkeys(p for p in (self.exact, self.start, self.inside, self.sound) if p))


def parse(query):
    """The terms of a query; a record is found when each of them finds it, in any order.

    Numbers typed in groups are one number (a telephone); zeros before a member number do not count.

    >>> [term.patterns for term in parse("Awa Trao")]
    [('% awa%', '%awa%', '%~awa%'), ('% trao%', '%trao%', '%~trao%')]
    >>> [term.patterns for term in parse("ni")], [term.patterns for term in parse("42")]
    ([('% ni%',)], [(' 42 %', '% 42%')])
    >>> [term.patterns for term in parse("NIO-00042")]
    [('% nio%', '%nio%', '%~nyo%'), (' 42 %', '% 00042%', '%00042%')]
    >>> [term.text for term in parse("+223 76 12 34")], [term.text for term in parse("+223 76 12 34 56")]
    (['223761234'], ['76123456'])
    >>> parse(" %_ ")
    []
    """
    pieces = []
    for word in fold(query).split():
        for piece in _PIECES.findall(word):
            if piece.isdigit() and pieces and pieces[-1].isdigit():
                pieces[-1] += piece
            else:
                pieces.append(piece)
    return [_term(piece) for piece in pieces]


def _term(piece):
    if piece.isdigit():
        piece = phone_digits(piece)
    inside = f"%{piece}%" if len(piece) >= 3 else None
    if piece.isdigit():
        return Term(piece, f" {piece.lstrip('0') or '0'} %", f"% {piece}%", inside, None)
    heard = sound(piece)
    return Term(piece, None, f"% {piece}%", inside, f"%~{heard}%" if len(heard) >= 3 else None)


def similarity(one, other):
    """How alike two keys are, from 0 to 1: shared trigrams over all trigrams, as PostgreSQL's pg_trgm counts them.

    >>> similarity("awa traore", "awa traore"), similarity("awa traore", "")
    (1.0, 0.0)
    >>> similarity("word", "two words") == 4 / 11
    True
    """
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _trigrams(text):
    return {f"  {word} "[i : i + 3] for word in text.split() for i in range(len(word) + 1)}
