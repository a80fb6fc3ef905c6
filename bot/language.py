"""Translation. Every text that people read is marked with `_`, or with `ngettext` if it depends on a number.

The code holds the English texts. A translation is `bot/locale/LANGUAGE/LC_MESSAGES/backstop.mo`, made from
`bot/locale/backstop.pot`. A process uses one language, which gettext reads from LANGUAGE, LC_ALL or LANG.
"""

import gettext
from pathlib import Path
from typing import Final

DOMAIN: Final = "backstop"
LOCALES: Final = Path(__file__).parent / "locale"

_translation = gettext.translation(DOMAIN, LOCALES, fallback=True)
_ = _translation.gettext
ngettext = _translation.ngettext
