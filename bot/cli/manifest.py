"""`manifest`: the app manifest for Slack."""

import argparse
import os

from bot.settings.load import load_confirm_posts
from handlers.manifest import as_json, manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `manifest`."""
    parser.add_argument("--url", help="the bot's public address, https://…; without it, for Socket Mode")


def run(chosen: argparse.Namespace) -> int:
    """Print an app manifest to paste where a Slack app is made. Of the settings it reads CONFIRM_POSTS alone."""
    print(as_json(manifest(chosen.url, confirms=load_confirm_posts(os.environ, chosen.env_file))))
    return 0
