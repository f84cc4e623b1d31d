/* Whether a pickle, or another format, starts at a byte of unknown content. Private to carve/. */
#ifndef PRATIQUE_FORMAT_CARVE_TRIAL_H
#define PRATIQUE_FORMAT_CARVE_TRIAL_H

#include "format/format.h"

struct trial {
    bool worth;    /* it calls something, or names something and stops */
    size_t used;   /* bytes up to its end, or to where it fails */
    uint64_t cost; /* what finding that out took, in bytes looked at */
};

/* Walks the opcodes at the front of in. Linear in what it charges as cost. */
struct trial trial_pickle(struct span in);

/*
 * Two lines of names, as GLOBAL and INST take them, in a run of bytes. The run is
 * remembered, so that asking at every byte of it stays linear.
 */
struct names {
    size_t end;  /* of the run of name characters that was looked at last */
    bool follow; /* it ends in a newline, and another name and newline follow */
};

/* Whether two lines of names start at off. */
bool names_at(struct names *run, struct span in, size_t off);

/* A compressed stream by its header: the codec as an int, or -1. */
int trial_codec(struct span in, const char **name);

/* Length of the tar archive at the front of in, by header checksums; 0: none. */
size_t trial_tar(struct span in);

/* Whether a zip's local header stands here. */
bool trial_zip(struct span in);

#endif
