"""Keep the translations of Kondo's add-ons complete.

    .venv/bin/python -m scripts.i18n                     every add-on, from the database kondo_test
    .venv/bin/python -m scripts.i18n kondo_microfinance -d kondo_demo

Exports the terms of each add-on (models, views, data, Python, JavaScript and its templates) from a database where it
is installed, writes them to `i18n/MODULE.pot`, brings `i18n/fr.po` up to date without losing a translation, and lists
what still has no French. `tests/test_french.py` fails as long as this would change a file or list a term.
"""

import argparse
import io
import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\$\{[^}]*\}")


def own_modules():
    return sorted(manifest.parent.name for manifest in ROOT.glob("addons/*/__manifest__.py"))


def template_path(module):
    return ROOT / "addons" / module / "i18n" / f"{module}.pot"


def french_path(module):
    return ROOT / "addons" / module / "i18n" / "fr.po"


def export_terms(env, module):
    """The terms of an installed module as a template, always in the same order and without a date."""
    from odoo.tools.translate import trans_export  # only where Odoo is already set up

    buffer = io.BytesIO()
    trans_export(None, [module], buffer, "po", env)
    exported = polib.pofile(buffer.getvalue().decode())
    template = polib.POFile(wrapwidth=78)
    template.metadata = header("")
    template.extend(sorted(exported, key=lambda entry: entry.msgid))
    return template


def header(language):
    return {
        "Project-Id-Version": "Kondo 19.0",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);" if language == "fr" else "",
    }


def load(path):
    return polib.pofile(str(path), wrapwidth=78) if path.exists() else polib.POFile(wrapwidth=78)


def odoo_french():
    """Odoo's own words for the terms that every add-on has."""
    from odoo.modules.module import get_module_path

    words = {}
    for module in ("account", "mail", "web", "base"):
        for entry in polib.pofile(str(Path(get_module_path(module), "i18n", "fr.po"))).translated_entries():
            words[entry.msgid] = entry.msgstr
    return words


def merge(template, french, words=None):
    """French for the template's terms: what was translated is kept, what is no longer used is left out.

    :param words: French for terms that have none yet

    >>> template, french = polib.POFile(), polib.POFile()
    >>> template.extend([polib.POEntry(msgid="Deposit"), polib.POEntry(msgid="Till")])
    >>> french.extend([polib.POEntry(msgid="Deposit", msgstr="Dépôt"), polib.POEntry(msgid="Gone", msgstr="Parti")])
    >>> [(entry.msgid, entry.msgstr) for entry in merge(template, french)]
    [('Deposit', 'Dépôt'), ('Till', '')]
    """
    known = dict(words or {})
    known |= {entry.msgid: entry.msgstr for entry in french.translated_entries()}
    merged = polib.POFile(wrapwidth=78)
    merged.metadata = header("fr")
    for entry in template:
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=entry.flags,
            )
        )
    return merged


def faults(template, french):
    """What is wrong with a translation: terms without French, and French that lost a placeholder.

    >>> template, french = polib.POFile(), polib.POFile()
    >>> template.extend([polib.POEntry(msgid="Till"), polib.POEntry(msgid="%(count)s members")])
    >>> french.extend([polib.POEntry(msgid="%(count)s members", msgstr="%(nombre)s sociétaires")])
    >>> faults(template, french)
    ["no French: 'Till'", "other placeholders: '%(count)s members' -> '%(nombre)s sociétaires'"]
    """
    found = []
    for entry in merge(template, french):
        if not entry.msgstr.strip():
            found.append(f"no French: {entry.msgid!r}")
        elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            found.append(f"other placeholders: {entry.msgid!r} -> {entry.msgstr!r}")
    return found


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="every add-on of the repository unless named")
    parser.add_argument("-d", "--database", default="kondo_test")
    parser.add_argument("-c", "--config", default="odoo.conf")
    options = parser.parse_args(arguments)

    import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
    from odoo import SUPERUSER_ID
    from odoo.api import Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["-c", options.config, "-d", options.database, "--no-http", "--workers=0", "--log-level=warn"],
        setup_logging=True,
    )
    missing = 0
    with Registry(options.database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        words = odoo_french()
        for module in options.modules or own_modules():
            template = export_terms(env, module)
            french = load(french_path(module))
            template_path(module).parent.mkdir(exist_ok=True)
            template.save(str(template_path(module)))
            merged = merge(template, french, words)
            merged.save(str(french_path(module)))
            wrong = faults(template, merged)
            missing += len(wrong)
            print(f"{module}: {len(template)} terms, {len(wrong)} to translate", *wrong, sep="\n  ")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
