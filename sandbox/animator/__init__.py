"""Draw short clips from a picture and the words of a prompt: a preview, and it says so.

No model looks at the picture: the camera moves, people don't. It knows nothing of the vendor's
API or of Discord. Callers use `scene.Scene` and `studio.Studio`; `draw` does the work and is
loaded in worker processes only.
"""
