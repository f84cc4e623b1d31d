/* Pictures, sound, fonts, time zones: data that loading does not run. Private to known/. */
#ifndef PRATIQUE_FORMAT_KNOWN_MEDIA_H
#define PRATIQUE_FORMAT_KNOWN_MEDIA_H

#include "format/format.h"

struct media {
    const char *name;
    struct span magic;
    size_t offset;
    /*
     * Where the file ends by its own structure, read from the first byte to the
     * last; 0 when it is broken or cut off.
     */
    size_t (*end)(struct span in);
};

/* The row that in starts like, or NULL. */
const struct media *media_of(struct span in);

#endif
