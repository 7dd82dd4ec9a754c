"""Draw a whole clip in this process: picture, words and sound in, MP4 out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.animator import effects, sound
from sandbox.animator.camera import Camera, Layer
from sandbox.animator.encode import FPS, encode, replace_sound
from sandbox.animator.morph import Morph
from sandbox.animator.picture import cropped, frame_size, open_picture
from sandbox.animator.plan import Effect, plan_clip
from sandbox.animator.scene import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cv2.typing import MatLike

    from sandbox.animator.plan import Plan
    from sandbox.animator.scene import Scene


def draw_clip(scene: Scene) -> Drawing:
    """Draw and encode; raises `UnreadableInputError` for a picture or a sound that is none."""
    plan = plan_clip(scene.prompt, avoid=scene.avoid, effect=scene.effect, seed=scene.seed)
    picture = open_picture(scene.image)
    size = frame_size(picture, scene.short_side)
    wanted = scene.sound or scene.audio is not None
    mp4 = encode(draw_frames(scene, plan, picture, size), size, _sound(scene) if wanted else None)
    return Drawing(mp4=mp4, width=size[0], height=size[1], plan=plan)


def add_sound(mp4: bytes, scene: Scene) -> bytes:
    """Return that clip with the scene's own audio, or with sound from the words of its prompt."""
    return replace_sound(mp4, _sound(scene))


def _sound(scene: Scene) -> sound.Samples:
    if scene.audio is not None:
        return sound.own(scene.audio, scene.seconds)
    plan = plan_clip(scene.prompt, avoid=scene.avoid, seed=scene.seed)
    return sound.compose(plan, scene.seconds, scene.seed)


def draw_frames(
    scene: Scene, plan: Plan, picture: MatLike, size: tuple[int, int]
) -> Iterator[MatLike]:
    """Yield the BGR frames in order."""
    number = max(2, round(scene.seconds * FPS))
    times = [frame / (number - 1) for frame in range(number)]
    layer = Layer(picture, size)
    if scene.last_image is None or plan.effect:
        camera = Camera(plan, size, returns=False)
        yield from _alone(plan.effect, camera, layer, times)
    else:
        last = cropped(open_picture(scene.last_image), size)
        camera = Camera(plan, size, returns=True)
        morph = Morph(picture, last, size)
        layers = (layer, Layer(last, size))
        yield from (morph.frame(camera, layers, time) for time in times)


def _alone(
    effect: Effect | None, camera: Camera, layer: Layer, times: list[float]
) -> Iterator[MatLike]:
    cover = camera.cover(layer)
    cuts = effect in (Effect.CAKEIFY, Effect.SAMURAI)
    cut = effects.Cut(layer.size, cake=effect is Effect.CAKEIFY) if cuts else None
    for time in times:
        seen = camera.seen(layer, time, cover)
        frame = layer.look(effects.squish(seen, time) if effect is Effect.SQUISH else seen)
        yield cut.paint(frame, time) if cut else frame
