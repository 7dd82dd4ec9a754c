"""Client of the Akool image-to-video API: what it sells, how to ask for it, what its answers mean.

`protocol` says what to send and how to read what comes back, without any I/O. `client` carries it
over HTTP, `download` brings finished videos home, `webhook` opens the vendor's callbacks. Errors
are sorted by what the caller should do next. Only `renderer` knows of the rest of the bot.

"AKOOL.md n" in these files names a section of our reference of the vendor's API; the vendor's own
pages begin at https://docs.akool.com/ai-tools-suite/image2video.
"""
