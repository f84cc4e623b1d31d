/* HDF5: a tree of groups, datasets and attributes. See hdf5.c. */
#ifndef PRATIQUE_FORMAT_HDF5_HDF5_H
#define PRATIQUE_FORMAT_HDF5_HDF5_H

#include "format/format.h"

extern const struct format format_hdf5;

/*
 * What a walk comes across, for those who compare it with another reader's: kind is "object",
 * "attribute", "hard", "soft", "external" or "user"; addr is of the object, for links of the group
 * that holds them; name is the attribute's or the link's, to where it leads (0 for all but hard).
 */
struct hdf5_ear {
    void (*hear)(void *arg, const char *kind, uint64_t addr, struct span name, uint64_t to);
    void *arg;
};

/* Reads the file as format_hdf5 does; ear may be NULL. */
enum pratique_status hdf5_read(struct scan *s, struct span in, const struct hdf5_ear *ear)
    __attribute__((nonnull(1)));

#endif
