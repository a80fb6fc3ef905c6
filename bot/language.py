"""The language in which Backstop speaks. Every text that people read is marked with `_`, or `ngettext` where it counts.

English is in the code. Another language is a catalog, `bot/locale/LANGUAGE/LC_MESSAGES/backstop.mo`, made from
`bot/locale/backstop.pot`; the environment names it as gettext does (LANGUAGE, LC_ALL, LANG). One process speaks one.
"""

import gettext
from pathlib import Path
from typing import Final

DOMAIN: Final = "backstop"
LOCALES: Final = Path(__file__).parent / "locale"

_spoken = gettext.translation(DOMAIN, LOCALES, fallback=True)
_ = _spoken.gettext
ngettext = _spoken.ngettext
