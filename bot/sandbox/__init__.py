"""A small Slack for one installed app, on this machine: its Web API, its requests to the bot, and a page for people.

The sandbox and the bot talk over HTTP only; neither imports the other.
"""
