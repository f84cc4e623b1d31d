/*
 * Unpacking an archive: its bytes become a plan (which files, folders and links there are to be,
 * and where their bytes lie), the plan is judged, and then the content follows, member by member.
 * Both are done in a locked-down child (unpack.c); the parent makes files (place.c) of what it is
 * told, and never looks at the archive itself.
 */
#ifndef PRATIQUE_TRUST_UNPACK_H
#define PRATIQUE_TRUST_UNPACK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "fact/fact.h"
#include "format/codec/decoder.h"
#include "input/span.h"

/* ---- names: names.c, names_fold.c ---- */

#define NAMES_PATH_MAX  4095
#define NAMES_PART_MAX  255
#define NAMES_DEPTH_MAX 128

/*
 * The path that a member's name means, as it is made on disk: no empty parts, no ".". False with
 * the kind of fact and a reason where it can be none, or none that means the same everywhere.
 * *path is empty for the folder itself ("./"). Both live in the arena, or are static.
 */
struct name_fault {
    enum fact_kind kind;
    const char *why;
};
bool names_path(struct span name, struct arena *arena, struct span *path,
                struct name_fault *fault) NONNULL MUST_CHECK;

/* Whether a path is one that names_path() could have made: the parent's own look at it. */
bool names_is_path(struct span path);

/* Where a link in the folder of path leads, as names_path() has it; false, as there, when it may
 * leave. */
bool names_link(struct span path, struct span target, struct arena *arena, struct span *leads_to,
                struct name_fault *fault) NONNULL MUST_CHECK;

/* ZERO WIDTH NON-JOINER and JOINER, which HFS+ does not count (CVE-2014-9390, git). */
static inline bool names_is_joiner(uint32_t c)
{
    return c == 0x200C || c == 0x200D;
}

/* Appends what is left of a path when neither case nor the form of letters counts; false without
 * memory. */
bool names_fold(struct buf *out, struct span path) NONNULL MUST_CHECK;

/* ---- plans: unpack_plan.c ---- */

enum unpack_type { UNPACK_FOLDER, UNPACK_FILE, UNPACK_SYMLINK, UNPACK_HARDLINK };

/* A member as it is to be on disk. Spans borrow from the archive or the arena. */
struct unpack_entry {
    struct span name; /* as written */
    struct span path;
    struct span link; /* SYMLINK: its target as written; HARDLINK: a path */
    uint64_t offset;  /* of its header, for facts */
    uint64_t size;
    enum unpack_type type;
    bool executable;
    /* Where its bytes are: in the archive, or in what that unpacks to. */
    uint64_t data, packed;
    uint32_t crc;
    uint16_t method;
    uint32_t row; /* of RECORD, from 1; 0: none */
};

struct unpack_limits {
    uint64_t files, bytes, ratio;
    uint64_t memory_bytes;
    uint32_t time_ms;
    bool weak_ok;
};

enum unpack_format { UNPACK_ZIP, UNPACK_TAR };

struct unpack_record;

struct unpack {
    struct span in;   /* the archive */
    const char *name; /* its file's */
    enum unpack_format format;
    struct unpack_limits limits;
    struct arena arena;
    struct facts facts; /* why not */
    const struct where *where;
    struct unpack_entry *entries; /* owned */
    size_t n, room;
    uint64_t bytes;  /* of all files */
    uint64_t faults; /* facts that are against it */
    bool stopped;    /* too much is wrong, or memory ran out: nothing more is looked at */
    struct unpack_record *record; /* of a wheel; NULL: it is none */
};

/* Facts about one archive; there are more than enough then. */
#define UNPACK_FACTS_MAX 100

void unpack_init(struct unpack *u, struct span in, const char *name,
                 const struct unpack_limits *limits) NONNULL;
void unpack_free(struct unpack *u) NONNULL;

/* Adds a fact about a member, by its name as written, or about the archive at offset (no name). The
 * plan is worth nothing then. */
void unpack_tell(struct unpack *u, enum fact_kind kind, uint64_t offset, struct span member,
                 const char *fmt, ...) NONNULL PRINTF_LIKE(5, 6);
void unpack_no_memory(struct unpack *u) NONNULL;

/*
 * Adds a member whose name, type, size and so on are filled in: its name is judged and becomes a
 * path, its size is charged. False when nothing more is to be read.
 */
bool unpack_add(struct unpack *u, const struct unpack_entry *e) NONNULL;

/* By its first bytes: a zip file, or anything else, which is to be a tar. */
enum unpack_format unpack_format_of(struct span in);

/* Reads the archive into a plan and judges it: false when something is against it. */
bool unpack_plan(struct unpack *u) NONNULL;

/* What the members are together: collisions, links. */
void unpack_judge(struct unpack *u) NONNULL;
void unpack_plan_zip(struct unpack *u) NONNULL;
void unpack_plan_tar(struct unpack *u) NONNULL;

/* ---- content: unpack_zip_data.c, unpack_tar_data.c ---- */

#define UNPACK_PIECE ((size_t)512 * 1024)

/* A file up to this size may go in one piece, to where large pieces are put. */
#define UNPACK_LARGE ((size_t)8 << 20)

/* Where content goes. */
struct unpack_sink {
    void *user;
    /* Room for n bytes (at most UNPACK_PIECE) of entry i, to be filled and then put. They stay as
     * they are until two pieces more were put, each room counted with 64 bytes more than it has. */
    uint8_t *(*room)(void *user, size_t i, size_t n);
    void (*put)(void *user, size_t n);
    /* The same for the whole of a large file (at most UNPACK_LARGE), which is not the room that is
     * still needed (NULL: none is). large may be NULL: there is no such room. */
    uint8_t *(*large)(void *user, const uint8_t *needed);
    void (*put_large)(void *user, size_t i, size_t n);
};

/* Hands out the content of every file of the plan, in its order, checked; false with facts. */
bool unpack_content(struct unpack *u, const struct unpack_sink *to) NONNULL;
bool unpack_content_zip(struct unpack *u, const struct unpack_sink *to) NONNULL;
bool unpack_content_tar(struct unpack *u, const struct unpack_sink *to) NONNULL;

/*
 * One compressed stream, piece by piece. Takes what libraries keep of it from the process's memory,
 * up to UNPACK_STREAM_MEMORY.
 */
#define UNPACK_STREAM_MEMORY ((uint64_t)256 << 20)
struct unpack_stream {
    struct decoder d;
    struct span rest; /* of the input */
    unsigned idle;
    enum step step;
};
void unpack_stream_open(struct unpack_stream *s, enum codec codec, struct span in,
                        uint64_t expect) NONNULL;
/* Fills at most n bytes; how many. Look at step afterwards. */
size_t unpack_stream_read(struct unpack_stream *s, uint8_t *out, size_t n) NONNULL;
const char *unpack_stream_fault(const struct unpack_stream *s) NONNULL;
void unpack_stream_close(struct unpack_stream *s) NONNULL;

/* One small member of a zip, whole, into the arena: RECORD. False with a fact. */
bool unpack_zip_small(struct unpack *u, const struct unpack_entry *e, struct span *out) NONNULL;

/* ---- wheels: unpack_record.c ---- */

/* Whether a file of that name is to be a wheel. */
bool unpack_is_wheel(const char *name) NONNULL;
/* Lets libcrypto set itself up, which a locked-down process cannot. */
void unpack_record_warm(void);
/* Makes u->record, before the plan. */
void unpack_record_new(struct unpack *u) NONNULL;
/* What installers demand of a wheel beside its RECORD: unpack_wheel.c. folder: its metadata's. */
void unpack_wheel_judge(struct unpack *u, struct span folder) NONNULL;
/* The one folder "x.dist-info/" at the top; false with a fact where there are none or two. */
bool unpack_find_info(struct unpack *u, struct span *out) NONNULL MUST_CHECK;
/* The file of that name in folder ("a/"), or NULL. */
const struct unpack_entry *unpack_find_file(const struct unpack *u, struct span folder,
                                            const char *name) NONNULL;
/* Whether a script would be the environment's python or activate. */
bool unpack_is_interpreter(struct span name);
/* METADATA, WHEEL and entry_points.txt against the file's name n: unpack_metadata.c. */
struct wheel_name;
void unpack_metadata_judge(struct unpack *u, struct span folder,
                           const struct wheel_name *n) NONNULL;
/* Reads RECORD and WHEEL and holds them against the plan. */
void unpack_record_read(struct unpack *u) NONNULL;
/* The content of one file after the other; false with a fact when it is not what RECORD says. */
void unpack_record_begin(struct unpack *u, const struct unpack_entry *e) NONNULL;
void unpack_record_update(struct unpack *u, struct span bytes) NONNULL;
bool unpack_record_end(struct unpack *u, const struct unpack_entry *e) NONNULL;
/*
 * The same for a whole file in one call, which may have to wait for the next ones: two files at
 * once take little more time than one. The bytes of the file that waits must stay as they are until
 * another one waits, or none: one of n bytes waits no longer than for n bytes of others, each file
 * counted with SHA256_BLOCK bytes more than it has.
 */
bool unpack_record_whole(struct unpack *u, const struct unpack_entry *e, struct span bytes) NONNULL;
/* The bytes of the file that waits, from its first one; NULL: none does. */
const uint8_t *unpack_record_waits(const struct unpack *u) NONNULL;
/* Judges the file that still waits. */
bool unpack_record_settle(struct unpack *u) NONNULL;
void unpack_record_free(struct unpack *u) NONNULL;

/* ---- files: place.c ---- */

struct place;

/* Makes files, folders and links below the folder at descriptor root (borrowed), which is empty. */
enum pratique_status place_open(struct place **out, int root,
                                struct pratique_error *err) NONNULL MUST_CHECK;
void place_close(struct place *p); /* NULL is allowed */
enum pratique_status place_folder(struct place *p, struct span path,
                                  struct pratique_error *err) NONNULL MUST_CHECK;
/* A new file, written to by place_write() until the next one. */
enum pratique_status place_file(struct place *p, struct span path, bool executable, uint64_t size,
                                struct pratique_error *err) NONNULL MUST_CHECK;
enum pratique_status place_write(struct place *p, struct span bytes,
                                 struct pratique_error *err) NONNULL MUST_CHECK;
enum pratique_status place_symlink(struct place *p, struct span path, struct span target,
                                   struct pratique_error *err) NONNULL MUST_CHECK;
enum pratique_status place_hardlink(struct place *p, struct span path, struct span target,
                                    struct pratique_error *err) NONNULL MUST_CHECK;
/* Everything is on the disk. */
enum pratique_status place_finish(struct place *p, struct pratique_error *err) NONNULL MUST_CHECK;

/* ---- where it is made: admit_staging.c ---- */

/*
 * A folder beside the destination that nobody else uses: ".pratique-" and six letters, with the
 * private copy of the artifact in it and the tree that is to be. It goes away with this process,
 * however that ends; what a machine that stopped left of one is removed by the next staging there.
 */
struct staging {
    const char *to; /* the destination, as given; borrowed */
    int parent;     /* the folder that both are in */
    char *path;     /* of that folder, as given; owned */
    char *base;     /* the destination's name in it; owned */
    char name[20];
    int fd, artifact, tree;
    bool there;  /* the destination is an empty folder */
    int tell;    /* the channel to the process that cleans up */
    int cleaner; /* its id; 0: none */
};

/* E_USAGE: the destination makes no sense; E_IO. staging_close() after any outcome. */
enum pratique_status staging_open(struct staging *s, const char *to,
                                  struct pratique_error *err) NONNULL MUST_CHECK;
/* The tree becomes the destination, at once. */
enum pratique_status staging_commit(struct staging *s,
                                    struct pratique_error *err) NONNULL MUST_CHECK;
void staging_close(struct staging *s) NONNULL;

/* ---- the private copy: admit_copy.c ---- */

struct copy {
    int fd;           /* for reading only; -1: none */
    const char *name; /* of the artifact, without folders */
    const char *to;   /* the destination, for messages */
    uint64_t size;
    uint8_t digest[SHA256_BYTES];
};

/* Reads path once: into a file of the folder at descriptor folder, and its hash. to is the
 * destination as given (borrowed). E_USAGE, E_IO. */
enum pratique_status copy_make(struct copy *out, const char *path, int folder, const char *to,
                               struct pratique_error *err) NONNULL MUST_CHECK;
void copy_close(struct copy *c) NONNULL;

/* ---- all of it: unpack.c ---- */

struct unpacked {
    uint64_t files, bytes;
};

/* Whether the rules have nothing against what was told. */
bool unpack_admits(const struct facts *facts) NONNULL;

/*
 * Unpacks the archive of size bytes at fd, called name, below the folder root, in a locked-down
 * child. PRATIQUE_OK: facts (its arena) says why not, when it has any; what was written by then
 * is the caller's to remove. E_IO, E_FORMAT (the child died), E_LIMIT, E_NOMEM.
 */
enum pratique_status unpack_run(struct unpacked *out, int fd, uint64_t size, const char *name,
                                int root, const struct unpack_limits *limits, struct facts *facts,
                                struct pratique_error *err) NONNULL MUST_CHECK;

#endif
