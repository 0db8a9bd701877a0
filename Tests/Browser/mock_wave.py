"""What an oscilloscope at an input would have shown, simulated: levels, floating grounds, a receiver's samples."""

import math

BAUD = 115200
# Ticks of idle line before the first character, and after the last one.
LEAD = 12
MOST_CHARACTERS = 3


def bits(data):
    for byte in data:
        yield 0
        for bit in range(8):
            yield byte >> bit & 1
        yield 1


def noise(number):
    """-1 … 1, always the same for a number."""
    return ((number * 1103515245 + 12345) >> 8 & 0xFFFF) / 32768 - 1


def levels(data, high, low, is_floating, phase, ticks):
    """Millivolts, tick by tick."""
    step = 1e9 / BAUD / ticks
    wire = [1] * LEAD + [bit for bit in bits(data) for _ in range(ticks)] + [1] * LEAD
    if not is_floating:
        return [round((high if bit else low) + 12 * noise(i)) for i, bit in enumerate(wire)]
    # Edges get across a capacitance and decay; the rest is the mains.
    made, edge, before = [], 0.0, 1
    for i, bit in enumerate(wire):
        edge = edge * math.exp(-step / 12000) + 0.5 * (bit - before) * (high - low)
        before = bit
        hum = 900 * math.sin(phase + i * step * 2 * math.pi * 50e-9)
        made.append(round(3000 + hum + edge + 70 * noise(i)))
    return made


def sampled(millivolts, threshold, ticks):
    """Where a receiver takes its samples, and the characters they make."""
    samples, received, at = [], bytearray(), 1
    while at < len(millivolts):
        if not (millivolts[at] < threshold <= millivolts[at - 1]):
            at += 1
            continue
        middle = at + ticks // 2
        places = [middle + ticks * bit for bit in range(10)]
        if places[-1] >= len(millivolts) or millivolts[middle] >= threshold:
            at += 1
            continue
        taken = [[place, int(millivolts[place] >= threshold)] for place in places]
        samples += taken
        received.append(sum(bit << i for i, (_, bit) in enumerate(taken[1:9])))
        at = places[-1]
    return samples, bytes(received)


def wave(direction, data, at, level=3300, is_floating=False, phase=0.0):
    """A `wave` event. `level`: of the adapter, in mV."""
    data = data[:MOST_CHARACTERS]
    if direction == "host-to-chip":
        high, low, threshold, sure, ticks = level - 50, 50, 1980, (990, 2310), 8
    else:
        high, low, threshold, sure, ticks = 2970, 330, level // 2, (level * 3 // 10, level * 7 // 10), 16
    millivolts = levels(data, high, low, is_floating, phase, ticks)
    samples, received = sampled(millivolts, threshold, ticks)
    return {
        "event": "wave", "atNanoseconds": at, "direction": direction, "baud": BAUD, "startNanoseconds": at,
        "stepNanoseconds": round(1e9 / BAUD / ticks), "millivolts": millivolts, "threshold": threshold, "low": sure[0], "high": sure[1],
        "samples": samples, "sent": data.hex(" ").upper(), "received": received.hex(" ").upper(), "text": "a wave",
    }
