/* Formats without a magic, told by their structure. Private to known/. */
#ifndef PRATIQUE_FORMAT_KNOWN_SNIFF_H
#define PRATIQUE_FORMAT_KNOWN_SNIFF_H

#include "format/format.h"

struct sniffed {
    enum fact_kind kind;
    const char *name, *what; /* name: NULL when it is none of them */
};

/* Compiled Python (.pyc), and code objects of marshal by themselves. */
struct sniffed sniff_python(struct span in);
/* A sentencepiece model read to its end: pieces and settings, nothing that runs. */
bool is_sentencepiece(struct span in);

#endif
