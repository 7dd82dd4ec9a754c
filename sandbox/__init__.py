"""Akool and Discord emulated on loopback: for trying the bot without accounts, and for tests."""
