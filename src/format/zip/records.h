/*
 * The records of a zip file, each parsed by itself: APPNOTE.TXT 6.3.10, section
 * 4.3 (records) and 4.5, 4.6 (extra fields). Nothing here has an opinion, and
 * nothing allocates; spans borrow from the input.
 */
#ifndef PRATIQUE_FORMAT_ZIP_RECORDS_H
#define PRATIQUE_FORMAT_ZIP_RECORDS_H

#include "base/compiler.h"
#include "input/span.h"

enum zip_signature {
    SIG_CENTRAL = 0x02014b50,
    SIG_LOCAL = 0x04034b50,
    SIG_SIGNATURE = 0x05054b50,   /* digital signature of the directory, 4.3.13 */
    SIG_END = 0x06054b50,         /* end of central directory, 4.3.16 */
    SIG_END64 = 0x06064b50,       /* 4.3.14 */
    SIG_LOCATOR = 0x07064b50,     /* 4.3.15 */
    SIG_DESCRIPTOR = 0x08074b50,  /* also the marker of a split archive, 8.5.3 */
    SIG_EXTRA_DATA = 0x08064b50,  /* archive extra data, 4.3.11: an encrypted directory */
    SIG_ONE_SEGMENT = 0x30304b50, /* "PK00": was to be split, and was not, 8.5.4 */
};

enum zip_record_size {
    SIZE_LOCAL = 30,
    SIZE_CENTRAL = 46,
    SIZE_END = 22,
    SIZE_END64 = 56,
    SIZE_LOCATOR = 20,
};

enum zip_flag {
    FLAG_ENCRYPTED = 1 << 0,
    FLAG_DESCRIPTOR = 1 << 3, /* sizes and CRC follow the data */
    FLAG_STRONG = 1 << 6,
    FLAG_UTF8 = 1 << 11,
    FLAG_MASKED = 1 << 13, /* the directory is encrypted, local headers are masked */
};

enum zip_method {
    METHOD_STORED = 0,
    METHOD_DEFLATE = 8,
    METHOD_DEFLATE64 = 9,
    METHOD_BZIP2 = 12,
    METHOD_LZMA = 14,
    METHOD_ZSTD_OLD = 20, /* until APPNOTE 6.3.8 */
    METHOD_ZSTD = 93,
    METHOD_XZ = 95,
    METHOD_PPMD = 98,
    METHOD_AES = 99, /* the method proper is in extra field 0x9901 */
};

/* What matters of an extra field. */
struct zip_extra {
    struct span zip64;        /* 0x0001 */
    struct span unicode_path; /* 0x7075 */
    bool has_zip64;
    bool broken; /* a length runs past the end, and what is left is not padding */
};

/* Where the sizes and offset of a member are said a second time, and differ. */
struct zip_sizes {
    uint64_t csize, usize, local;
};

struct zip_local {
    uint16_t flags, method;
    uint32_t crc;
    uint64_t csize, usize;
    bool sized; /* the sizes are here, and not only behind the data */
    bool contradicts;
    struct zip_sizes other; /* by a zip64 field that the 32-bit sizes do not call for */
    uint64_t data;          /* offset behind the header */
    struct span name;
    struct zip_extra extra;
};

struct zip_central {
    uint16_t made_by, flags, method, disk;
    bool cut; /* at the limit */
    uint32_t crc, external;
    uint64_t csize, usize, local;
    bool contradicts;
    struct zip_sizes other;
    uint64_t end; /* offset behind the record */
    struct span name, comment;
    struct zip_extra extra;
};

/* Of the end record, or of its zip64 form. */
struct zip_end {
    uint32_t disk, directory_disk;
    uint64_t count_here, count, size, offset;
    struct span comment; /* of the end record; cut at the end of the file */
    bool comment_cut;
    uint64_t extensible; /* bytes of zip64 extensible data */
    uint16_t needed;     /* version needed, zip64 only */
    uint64_t end;        /* offset behind the record, its comment included */
};

/* True when the four bytes at off are sig. */
bool zip_is(struct span in, uint64_t off, enum zip_signature sig);

/* Each parses the record at off; false when it is not there, or not all of it. */
bool zip_local(struct span in, uint64_t off, struct zip_local *out) NONNULL MUST_CHECK;
bool zip_end(struct span in, uint64_t off, struct zip_end *out) NONNULL MUST_CHECK;
bool zip_end64(struct span in, uint64_t off, struct zip_end *out) NONNULL MUST_CHECK;
/*
 * The same up to limit. What follows the fixed part may be cut off there: some
 * readers take such a record all the same.
 */
bool zip_central(struct span in, uint64_t off, uint64_t limit,
                 struct zip_central *out) NONNULL MUST_CHECK;
/* The locator gives the offset of the zip64 end record. */
bool zip_locator(struct span in, uint64_t off, uint64_t *end64, uint32_t *disks) NONNULL MUST_CHECK;

/*
 * Length of the data descriptor at off that says crc, csize and usize, in any
 * of its four forms; 0 when there is none.
 */
unsigned zip_descriptor(struct span in, uint64_t off, uint32_t crc, uint64_t csize,
                        uint64_t usize) MUST_CHECK;

/* The name in a Unicode path field, when the field was made for this name (4.6.9). */
bool zip_unicode_path(struct span field, uint32_t name_crc, struct span *out) NONNULL MUST_CHECK;

#endif
