// The floor of ResampleBenchmark: the same receiver as plain C over the same stream, and nothing else.
// Prints seconds and how many characters arrived.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { runByteCount = 4096, runCount = 4096, ticksInBit = 8 };

struct character {
    int64_t start;
    uint32_t frame;
};

static struct character wave[2 * runByteCount];
static int head, count;
static int64_t bit, tick, grid, polled = INT64_MIN / 2, end;
static int wasLow;

static int isHigh(int64_t time, int *index) {
    while (*index + 1 < count && wave[*index + 1].start <= time) ++*index;
    if (time < wave[*index].start) return 1;
    int64_t position = (time - wave[*index].start) / bit;
    return position >= 10 || (wave[*index].frame >> position & 1);
}

static int64_t fall(int64_t time, int *index) {
    for (; *index < count; ++*index) {
        uint32_t frame = wave[*index].frame, falls = ~frame & (frame << 1 | 1) & 0x1FF;
        int64_t first = time < wave[*index].start ? 0 : (time - wave[*index].start) / bit + 1;
        if (first >= 10) continue;
        falls >>= first;
        if (falls) return wave[*index].start + (first + __builtin_ctz(falls)) * bit;
    }
    return INT64_MIN;
}

static void drop(int64_t time) {
    while (head < count && wave[head].start + 10 * bit <= time) ++head;
}

static size_t sample(uint8_t *arrived) {
    size_t got = 0;
    int index = head;
    int64_t edge;
    while ((edge = fall(polled, &index)) != INT64_MIN) {
        int64_t beyond = (edge - grid) % tick;
        int64_t found = beyond > 0 ? edge + tick - beyond : edge - beyond;
        if (found + (ticksInBit / 2 + 9 * ticksInBit) * tick >= end) {
            drop(edge < polled ? edge : polled);
            return got;
        }
        int cursor = head;
        int high = found - tick <= polled ? !wasLow : isHigh(found - tick, &cursor);
        cursor = head;
        if (!high || isHigh(found, &cursor)) {
            cursor = head;
            wasLow = !isHigh(found, &cursor);
            polled = found;
            continue;
        }
        int64_t time = found + ticksInBit / 2 * tick;
        wasLow = !isHigh(time, &cursor);
        polled = time;
        if (wasLow) {
            uint8_t character = 0;
            for (int position = 0; position < 8; ++position) {
                time += ticksInBit * tick;
                if (isHigh(time, &cursor)) character |= 1 << position;
            }
            time += ticksInBit * tick;
            wasLow = !isHigh(time, &cursor);
            polled = time;
            arrived[got++] = character;
        }
        drop(polled);
        index = head;
    }
    head = count;
    return got;
}

int main(void) {
    static uint8_t run[runByteCount + 8], arrived[2 * runByteCount];
    uint64_t state = 1;
    for (int done = 0; done < runByteCount; done += 8) {
        uint64_t mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        memcpy(run + done, &mixed, 8);
    }
    int64_t sent = 10000000000000000 / 705882353, own = 10000000000000000 / 666666666;
    bit = sent * 64 / 10;
    tick = own * 64 / (10 * ticksInBit);
    size_t total = 0;
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    for (int turn = 0; turn < runCount; ++turn) {
        // The wave's time begins anew with each run, as in the Swift receiver.
        memmove(wave, wave + head, (count - head) * sizeof *wave);
        count -= head;
        head = 0;
        for (int index = 0; index < count; ++index) wave[index].start -= end;
        grid = (grid - end) % tick;
        polled = polled - end > INT64_MIN / 2 ? polled - end : INT64_MIN / 2;
        int64_t position = 0;
        for (int index = 0; index < runByteCount; ++index, position += sent * 64)
            wave[count++] = (struct character){position, (uint32_t)run[index] << 1 | 0x200};
        end = position;
        total += sample(arrived);
    }
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("%.6f %zu\n", after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) * 1e-9, total);
    return 0;
}
