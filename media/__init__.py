"""Pictures and videos: what an upload or a finished clip really is, and bytes that fit.

`picture` checks uploads, `video` probes clips, `fit` makes them small enough for Discord; all three
run in the process that `worker` keeps. `store` is the folder on disk, and `library` joins store and
worker to what `jobs.ports.Library` asks for.

"RENDER.md n" in these files names a section of our study of fitting videos with PyAV, and
"AKOOL.md n" one of our reference of the vendor's API.
"""
