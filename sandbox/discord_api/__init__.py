"""Discord on loopback: a simcord world behind real sockets, with a page for people."""
