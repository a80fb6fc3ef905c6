"""A small Slack for one installed app, on this machine: its Web API, its requests to the bot, and a page for people.

It knows nothing of the bot that it runs, and the bot nothing of it: they meet over HTTP only.
"""

from bot.sandbox.server import Sandbox, start
from bot.sandbox.workspace import FIRM, Workspace

__all__ = ["FIRM", "Sandbox", "Workspace", "start"]
