"""Searches cells on sounds, as gray images: their spectrograms.

The sounds are made here: tones that rise, fall or stay, in noise. For your own, write
their spectrograms into a folder for each class, as `write_spectrogram` does. Images of
a folder have three channels, all the same where they are gray.

    python -m examples.spectrograms
"""

import pathlib

import numpy as np
import tensorflow as tf

import darts_tf as dt

RATE, SECONDS = 4000, 0.5  # samples a second, length
SLOPES = {"falls": -800, "rises": 800, "stays": 0}  # Hz a second


def make_sound(slope, random):
    """Returns samples of a tone whose frequency changes by `slope`."""
    time = np.arange(int(RATE * SECONDS)) / RATE
    start = random.uniform(500, 1000) - slope * SECONDS / 2
    tone = np.sin(2 * np.pi * (start * time + slope * time**2 / 2))
    return (tone + random.normal(0, 0.7, len(time))).astype("float32")


def write_spectrogram(sound, path, size=32):
    """Writes an image whose columns are moments and whose rows are frequencies."""
    spectrum = tf.abs(tf.signal.stft(sound, 96, frame_step=60, fft_length=96))
    level = tf.math.log(spectrum[:size, :size] + 1e-3)
    low, high = tf.reduce_min(level), tf.reduce_max(level)
    pixels = tf.cast(255 * (level - low) / (high - low), tf.uint8)
    image = tf.reverse(tf.transpose(pixels), axis=[0])[..., None]
    tf.io.write_file(str(path), tf.io.encode_png(image))


def main(output="runs/spectrograms", sounds=100, **settings):
    """Makes the data and searches; returns what the search has found."""
    folder, random = pathlib.Path(output, "data"), np.random.default_rng(0)
    for name, slope in SLOPES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(sounds):
            path = folder / name / f"{number:03d}.png"
            write_spectrogram(make_sound(slope, random), path)
    # Mirrored, a tone that rises would be one that falls.
    small = {"layers": 5, "init_channels": 8, "epochs": 10, "batch_size": 32}
    settings = {"flip": False, "order": "first", **small, **settings}
    found = dt.search(folder, f"{output}/search", **settings)
    print(found.best)
    return found


if __name__ == "__main__":
    main()
