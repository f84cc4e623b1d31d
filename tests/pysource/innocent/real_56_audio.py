"""Generates tones and writes them as WAV; measures a spectrum."""
import array
import cmath
import io
import math
import wave

RATE = 8000
NOTES = {"a": 440.0, "b": 493.88, "c": 523.25}


def sine(frequency, seconds, volume=0.5):
    for i in range(int(RATE * seconds)):
        yield volume * math.sin(2 * math.pi * frequency * i / RATE)


def envelope(samples, attack=0.05):
    samples = list(samples)
    n = int(attack * RATE)
    return [s * min(1, i / n, (len(samples) - i) / n) for i, s in enumerate(samples)]


def mix(*tracks):
    return [sum(values) / len(tracks) for values in zip(*tracks)]


def write(samples, target):
    data = array.array("h", (int(32767 * max(-1, min(1, s))) for s in samples))
    with wave.open(target, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(data.tobytes())


def read(source):
    with wave.open(source, "rb") as w:
        data = array.array("h")
        data.frombytes(w.readframes(w.getnframes()))
    return [v / 32767 for v in data]


def fft(x):
    n = len(x)
    if n == 1:
        return x
    even, odd = fft(x[::2]), fft(x[1::2])
    t = [cmath.exp(-2j * math.pi * k / n) * odd[k] for k in range(n // 2)]
    return [even[k] + t[k] for k in range(n // 2)] + [even[k] - t[k] for k in range(n // 2)]


def peak(samples, size=1024):
    spectrum = [abs(v) for v in fft([complex(s) for s in samples[:size]])[:size // 2]]
    return spectrum.index(max(spectrum)) * RATE / size


buffer = io.BytesIO()
write(envelope(sine(NOTES["a"], 0.3)), buffer)
buffer.seek(0)
assert abs(peak(read(buffer)[500:]) - 440) < RATE / 1024
assert len(mix(sine(440, 0.1), sine(880, 0.1))) == 800
