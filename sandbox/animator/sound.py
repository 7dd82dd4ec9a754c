"""Sound for a clip: a chord and coloured noise from a plan, or somebody's own audio."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Final

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from sandbox.animator.plan import Mood, Noise
from sandbox.animator.scene import UnreadableInputError

if TYPE_CHECKING:
    from sandbox.animator.plan import Plan

Samples = npt.NDArray[np.float32]

RATE: Final = 48_000
_CHORDS: Final = {
    Mood.BRIGHT: (220.0, 277.2, 329.6, 440.0),
    Mood.OPEN: (196.0, 220.0, 293.7, 392.0),
    Mood.DARK: (164.8, 196.0, 246.9, 329.6),
}
_BANDS: Final = {
    Noise.RAIN: (1_200.0, 9_000.0, 0.10),
    Noise.WIND: (60.0, 500.0, 0.22),
    Noise.WAVES: (90.0, 1_600.0, 0.20),
    Noise.FIRE: (80.0, 900.0, 0.10),
}


def compose(plan: Plan, seconds: float, seed: int) -> Samples:
    """Return stereo samples, shaped (2, n), of a pad and the plan's noises."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    both = np.zeros((2, time.size), np.float32)
    for note in _CHORDS[plan.mood]:
        for side, detune in enumerate((0.998, 1.002)):
            beat = 0.75 + 0.25 * np.sin(math.tau * (0.13 * time + random.random()))
            both[side] += 0.045 * beat * np.sin(math.tau * note * detune * time)
    for noise in plan.noises:
        both += np.stack([_texture(noise, time.size, random) for _ in both])
    return _fade(both)


def own(audio: bytes, seconds: float) -> Samples:
    """Decode any audio to stereo, cut or padded to `seconds`; raises `UnreadableInputError`."""
    resampler = AudioResampler(format="fltp", layout="stereo", rate=RATE)
    wanted = round(seconds * RATE)
    parts: list[Samples] = []
    try:
        with av.open(io.BytesIO(audio), "r") as container:
            if not container.streams.audio:
                raise UnreadableInputError(f"no audio stream in {len(audio)} bytes")
            for frame in container.decode(container.streams.audio[0]):
                parts += [
                    np.asarray(part.to_ndarray(), np.float32) for part in resampler.resample(frame)
                ]
                if sum(part.shape[1] for part in parts) >= wanted:
                    break
    except av.FFmpegError as error:
        raise UnreadableInputError(f"no audio in {len(audio)} bytes: {error}") from error
    joined = np.concatenate([np.zeros((2, 0), np.float32), *parts], axis=1)[:, :wanted]
    return np.pad(_fade(joined), ((0, 0), (0, wanted - joined.shape[1])))


def _texture(noise: Noise, length: int, random: np.random.Generator) -> Samples:
    low, high, level = _BANDS[noise]
    spectrum = np.fft.rfft(random.standard_normal(length))
    pitch = np.fft.rfftfreq(length, 1 / RATE)
    spectrum *= 1 / ((1 + (low / np.maximum(pitch, 1)) ** 4) * (1 + (pitch / high) ** 4))
    sound = np.fft.irfft(spectrum, length).astype(np.float32)
    sound *= level / max(float(sound.std()), 1e-6) / 3
    if noise in (Noise.WIND, Noise.WAVES):
        slow = 0.12 if noise is Noise.WAVES else 0.31
        turns = slow * np.arange(length) / RATE + random.random()
        sound *= 0.55 + 0.45 * np.sin(math.tau * turns)
    if noise is Noise.FIRE:
        crackle = random.random(length) < 12 / RATE
        sound += 0.3 * np.convolve(crackle, np.exp(-np.arange(480) / 60), "same")
    return sound.astype(np.float32)


def _fade(samples: Samples) -> Samples:
    length = min(samples.shape[1] // 2, RATE // 4)
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    faded = samples.copy()
    faded[:, :length] *= ramp
    faded[:, samples.shape[1] - length :] *= ramp[::-1]
    return np.clip(faded, -0.98, 0.98)
