"""Requests that the tests send, each with every field set."""

from __future__ import annotations

from akool.models import AudioType, AudioUpdate, BatchCreate, SingleCreate

PICTURE = "https://example.invalid/picture.png?sig=a%2Bb"
TRACK = "https://example.invalid/track.mp3"
HOOK = "https://example.invalid/hook/1"

SINGLE = SingleCreate(
    image_url=PICTURE,
    prompt="the balloon rises",
    negative_prompt="blurry",
    extend_prompt=True,
    resolution="4k",
    seconds=10,
    audio_type=AudioType.OWN,
    audio_url=TRACK,
    premium=True,
    effect_code="squish_89244231312",
    webhook_url=HOOK,
)
BATCH = BatchCreate(
    image_url=PICTURE,
    prompt="the balloon rises",
    model="seedance-1-0-lite-i2v-250428",
    negative_prompt="blurry",
    extend_prompt=False,
    resolution="1080P",
    seconds=5,
    last_image_url="https://example.invalid/last.png",
    generate_audio=True,
    count=3,
    webhook_url=HOOK,
)
AUDIO = AudioUpdate(video_id="6891a07f5d612f78c9204f1c", audio_type=AudioType.OWN, audio_url=TRACK)
