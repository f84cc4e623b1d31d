/* Where a 7z or RAR archive ends. Private to archive/. */
#ifndef PRATIQUE_FORMAT_ARCHIVE_EXTENT_H
#define PRATIQUE_FORMAT_ARCHIVE_EXTENT_H

#include "input/span.h"

bool archive_is_7z(struct span in);
bool archive_is_rar4(struct span in);
bool archive_is_rar5(struct span in);

/* What an archive's own headers say, as far as they can be read. */
struct archive_extent {
    uint64_t end;   /* the first byte behind the archive; 0 when they do not tell */
    bool encrypted; /* a member, or the headers themselves (RAR) */
};

struct archive_extent archive_extent(struct span in);

#endif
