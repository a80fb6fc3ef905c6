"""Slack's Web API, a module per family; METHODS names them all."""

from bot.sandbox.api import chat, conversations, files, people, views

METHODS = {**chat.METHODS, **conversations.METHODS, **files.METHODS, **people.METHODS, **views.METHODS}
