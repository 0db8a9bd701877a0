// The floor under `import` of a USB capture: copies it, record by record, with libpcap.
//
//   pcap_copy CAPTURE COPY     prints the seconds it took and the records
#include <pcap/pcap.h>
#include <stdio.h>
#include <time.h>

int main(int count, char **words) {
    if (count != 3) return fprintf(stderr, "pcap_copy CAPTURE COPY\n"), 2;
    char message[PCAP_ERRBUF_SIZE];
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pcap_t *capture = pcap_open_offline(words[1], message);
    if (!capture) return fprintf(stderr, "%s\n", message), 1;
    pcap_dumper_t *copy = pcap_dump_open(capture, words[2]);
    if (!copy) return fprintf(stderr, "%s\n", pcap_geterr(capture)), 1;
    struct pcap_pkthdr *header;
    const u_char *record;
    unsigned long records = 0;
    for (; pcap_next_ex(capture, &header, &record) == 1; records++) pcap_dump((u_char *)copy, header, record);
    pcap_dump_close(copy);
    pcap_close(capture);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    printf("%.6f %lu\n", seconds, records);
    return 0;
}
