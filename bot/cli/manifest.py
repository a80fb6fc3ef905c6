"""`manifest`: the app manifest for Slack."""

import argparse

from handlers.manifest import as_json, manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `manifest`."""
    parser.add_argument("--url", help="the bot's public address, https://…; without it, for Socket Mode")


def run(chosen: argparse.Namespace) -> int:
    """Print an app manifest to paste where a Slack app is made."""
    print(as_json(manifest(chosen.url)))
    return 0
