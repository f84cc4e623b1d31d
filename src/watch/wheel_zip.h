/*
 * The members of a wheel, as Python's zipfile reads a zip file: the central directory
 * decides. Where another reader would see something else, it is an error.
 * APPNOTE.TXT 6.3.10; https://docs.python.org/3/library/zipfile.html
 */
#ifndef PRATIQUE_WATCH_WHEEL_ZIP_H
#define PRATIQUE_WATCH_WHEEL_ZIP_H

#include "base/arena.h"
#include "base/status.h"
#include "watch/wheel.h"

struct wheel_member {
    struct span name;   /* borrowed of the wheel's bytes; UTF-8, no NUL */
    struct span packed; /* likewise */
    uint64_t at;        /* of its local header */
    uint64_t size;      /* unpacked */
    uint32_t crc;
    uint16_t method;
    bool executable; /* a regular file that anybody may run */
    bool special;    /* said to be a link, a device: pip writes a plain file */
    bool unmarked;   /* its name is not ASCII, and not said to be UTF-8 */
};

/* Files alone; folders have no member. */
struct wheel_zip {
    struct wheel_member *members; /* sorted by name, no two alike */
    size_t n;
    uint64_t bytes; /* of all of them, unpacked */
};

/* Lists the members. E_FORMAT, E_LIMIT, E_NOMEM. */
enum pratique_status wheel_zip_list(struct span bytes, const struct wheel_limits *limits,
                                    struct arena *arena, struct wheel_zip *out,
                                    struct pratique_error *err) NONNULL MUST_CHECK;

/* The member of that name, or NULL. */
const struct wheel_member *wheel_zip_find(const struct wheel_zip *z, struct span name) NONNULL;

/* What unpacks, of one thread: its buffer grows to the largest member. */
struct wheel_unpacker {
    struct libdeflate_decompressor *inflate;
    uint8_t *buffer;
    size_t size;
};

bool wheel_unpacker_init(struct wheel_unpacker *u) NONNULL MUST_CHECK; /* false: no memory */
void wheel_unpacker_free(struct wheel_unpacker *u) NONNULL;

/*
 * The member's content, valid until the next call; its CRC is checked. E_FORMAT with *why (a
 * static text), E_NOMEM.
 */
enum pratique_status wheel_unpack(struct wheel_unpacker *u, const struct wheel_member *m,
                                  struct span *out, const char **why) NONNULL MUST_CHECK;

/* A member's error in words: "member NAME: why", at its offset. */
enum pratique_status wheel_member_fault(const struct wheel_member *m, enum pratique_status st,
                                        const char *why, struct pratique_error *err) NONNULL;

#endif
