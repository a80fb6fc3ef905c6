"""`python -m bot COMMAND`, the same as the command `backstop`."""

import sys

from bot.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
