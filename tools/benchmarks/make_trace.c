// Writes a trace of one long XMODEM write for `show --stats` to chew on: the command, its answer, `C`, then blocks of
// 1029 bytes with an ACK after each. The format is docs/trace-format.md's.
//
//   make_trace TRACE MEGABYTES              a record for each block
//   make_trace TRACE MEGABYTES in-pieces    records of 1 to 4 bytes, as adapters without a latency timer make them
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pcap_dumper_t *dumper;
static uint64_t now = 1000000000;  // nanoseconds

static void put32(uint8_t *place, uint32_t value) {
    for (int i = 0; i < 4; i++) place[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void record(int event, const uint8_t *data, int count) {
    uint8_t bytes[12 + 2048] = {0};
    now += (uint64_t)count * 10850;
    put32(bytes, (uint32_t)(now / 1000000000));
    put32(bytes + 4, (uint32_t)(now % 1000000000 / 1000));
    bytes[8] = (uint8_t)event;
    memcpy(bytes + 12, data, (size_t)count);
    struct pcap_pkthdr header = {.caplen = (uint32_t)count + 12, .len = (uint32_t)count + 12};
    header.ts.tv_sec = (long)(now / 1000000000);
    header.ts.tv_usec = (long)(now % 1000000000);
    pcap_dump((u_char *)dumper, &header, bytes);
}

int main(int count, char **words) {
    if (count != 3 && (count != 4 || strcmp(words[3], "in-pieces") != 0))
        return fprintf(stderr, "make_trace TRACE MEGABYTES [in-pieces]\n"), 2;
    int in_pieces = count == 4;
    pcap_t *format = pcap_open_dead_with_tstamp_precision(250, 262144, PCAP_TSTAMP_PRECISION_NANO);
    dumper = pcap_dump_open(format, words[1]);
    if (!dumper) return fprintf(stderr, "%s\n", pcap_geterr(format)), 1;
    // A record has a header of 16 bytes and one of 12; pieces have 2.5 bytes on average.
    long blocks = atol(words[2]) * 1000000 / (in_pieces ? 1029 * 305 / 25 : 1029);
    uint8_t request[13] = {0xA5, 0x91, 8, 0}, answer[] = {0x5A, 0x91, 0, 0, 0, 0xEB}, ready = 'C', ack = 6, eot = 4;
    uint32_t length = (uint32_t)blocks * 1024;
    for (int i = 0; i < 4; i++) request[8 + i] = (uint8_t)(length >> (8 * i));
    for (int i = 0; i < 12; i++) request[12] += request[i];
    record(1, request, 13);
    record(2, answer, 6);
    record(2, &ready, 1);
    uint32_t noise = 1;
    for (long number = 1; number <= blocks; number++) {
        uint8_t block[1029] = {2, (uint8_t)number, (uint8_t)~number};
        uint16_t crc = 0;
        for (int i = 0; i < 1024; i++) {
            noise = noise * 1664525 + 1013904223;
            block[3 + i] = (uint8_t)(noise >> 24);
            crc ^= (uint16_t)(block[3 + i] << 8);
            for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
        }
        block[1027] = (uint8_t)(crc >> 8);
        block[1028] = (uint8_t)crc;
        if (!in_pieces) record(1, block, 1029);
        for (int at = 0, size; in_pieces && at < 1029; at += size) {
            noise = noise * 1664525 + 1013904223;
            size = 1 + (int)(noise >> 30);
            if (size > 1029 - at) size = 1029 - at;
            record(1, block + at, size);
        }
        record(2, &ack, 1);
    }
    record(1, &eot, 1);
    record(2, &ack, 1);
    pcap_dump_close(dumper);
    return 0;
}
