// The floor under `show --stats`: reads a trace with libpcap, adds up the bytes of each direction, puts the host's XMODEM
// blocks together and computes the CRC-16 of each, with the plain table of 256 entries.
//
//   pcap_loop TRACE     prints the seconds it took, the blocks and how many had the right CRC
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { head = 12, block = 1029 };

static uint16_t table[256];

static uint16_t crc16(const uint8_t *bytes, int count) {
    uint16_t crc = 0;
    for (int i = 0; i < count; i++) crc = (uint16_t)(crc << 8) ^ table[(crc >> 8) ^ bytes[i]];
    return crc;
}

int main(int count, char **words) {
    char message[PCAP_ERRBUF_SIZE];
    struct timespec start, end;
    for (int byte = 0; byte < 256; byte++) {
        uint16_t crc = (uint16_t)(byte << 8);
        for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
        table[byte] = crc;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    pcap_t *trace = count > 1 ? pcap_open_offline(words[1], message) : NULL;
    if (!trace) return fprintf(stderr, "pcap_loop TRACE: %s\n", count > 1 ? message : "no trace"), 1;
    struct pcap_pkthdr *header;
    const uint8_t *record;
    unsigned long bytes[2] = {0, 0}, blocks = 0, right = 0;
    uint8_t whole[block];
    int held = 0;
    while (pcap_next_ex(trace, &header, &record) == 1) {
        if (header->caplen < head) continue;
        int length = (int)header->caplen - head, event = record[8];
        const uint8_t *data = record + head;
        if (event != 1 && event != 2) continue;
        bytes[event - 1] += (unsigned long)length;
        if (event != 1) continue;
        // Whole in its record, or put together from pieces; bytes between blocks belong to none.
        while (length > 0) {
            if (held == 0 && length >= block && data[0] == 2) {
                blocks++;
                right += crc16(data + 3, 1024) == (uint16_t)(data[1027] << 8 | data[1028]);
                data += block;
                length -= block;
            } else if (held == 0 && data[0] != 2) {
                data++;
                length--;
            } else {
                int taken = length < block - held ? length : block - held;
                memcpy(whole + held, data, (size_t)taken);
                data += taken;
                length -= taken;
                held += taken;
                if (held < block) break;
                held = 0;
                blocks++;
                right += crc16(whole + 3, 1024) == (uint16_t)(whole[1027] << 8 | whole[1028]);
            }
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    printf("%.6f %lu %lu %lu %lu\n", seconds, blocks, right, bytes[0], bytes[1]);
    pcap_close(trace);
    return 0;
}
