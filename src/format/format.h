/*
 * What every parser is given, and what a format is.
 *
 * A parser reads bytes and adds facts. It returns PRATIQUE_OK when it has read
 * its input to the end, however bad the content; E_FORMAT when it cannot be
 * parsed to its end, E_LIMIT when the budget is spent, E_NOMEM. On a failure it
 * calls scan_fail() where the fault is seen; the engine turns that into a fact,
 * so that what was not inspected is never admitted.
 */
#ifndef PRATIQUE_FORMAT_FORMAT_H
#define PRATIQUE_FORMAT_FORMAT_H

#include <pratique/pratique.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/status.h"
#include "fact/fact.h"
#include "input/span.h"

/* What a container knows of a member before anybody looks inside. */
enum role {
    ROLE_ANY = 0,            /* find out by content */
    ROLE_TENSOR,             /* a tensor's body, named so by its container: not read */
    ROLE_TORCH_PICKLE,       /* a pickle whose persistent ids name storages */
    ROLE_JOBLIB_PICKLE,      /* a pickle with arrays inlined behind their wrappers */
    ROLE_TORCHSCRIPT,        /* TorchScript source (code of a torch zip) */
    ROLE_TORCHSCRIPT_PICKLE, /* a pickle of such a zip: its __torch__ classes are the zip's own */
    ROLE_TORCH_BYTECODE,     /* bytecode.pkl of a mobile TorchScript zip: operators by name */
    ROLE_TORCH_TAR,          /* `storages`, `tensors` or `pickle` of torch's old tar form */
    ROLE_TORCH_EXPORT,       /* JSON of torch.export: a program, a list of weights */
    ROLE_KERAS_CONFIG,       /* config.json or metadata.json of a Keras archive */
    ROLE_TEXT,               /* metadata of the container: text, nothing else */
};

/*
 * Modules of an artifact's own that have the name of one of the library's ("pkg/subprocess.py"),
 * and the packages at its top that they are in: see python_own_module().
 */
struct own_modules {
    uint64_t names;        /* a bit each */
    uint64_t packages[16]; /* hashes of names */
    uint32_t packages_n;
};

/* Which archives are put together as packages of Python (format/package/package.h). */
enum scan_packages {
    PACKAGES_NONE,
    PACKAGES_KNOWN, /* wheels and sdists */
    PACKAGES_ALL,   /* every archive, and a source that is an artifact by itself */
};

struct package;

struct scan {
    struct arena *arena; /* results; lives as long as the report */
    struct budget *budget;
    struct facts *facts;
    const struct where *where; /* the file whose bytes are read now */
    struct span name;          /* its raw name inside its container ("data.pkl"), any bytes */
    enum role role;
    uint32_t depth;
    bool values;                     /* the bodies of tensors are to be read too */
    bool numbers;                    /* a model says that the file is numbers: no long search */
    struct pratique_error error;     /* of the parser that runs now */
    struct own_modules *own_modules; /* of the artifact; may be NULL */
    enum scan_packages packages;
    struct package *package; /* what this file is a part of; NULL: of none */
    const char *recognised;  /* the format's refinement, "torch", set by layouts; may be NULL */
    const char *inner;       /* that of the member scanned last; may be NULL */
    /*
     * Scans body as a file of its own, called name inside this one. Formats
     * reach it through scan_nested(). Whatever it finds is in the facts when it
     * returns; E_LIMIT and E_NOMEM when the whole artifact must stop.
     */
    enum pratique_status (*nested)(struct scan *s, struct span body, struct span name,
                                   enum role role);
};

struct format {
    const char *name, *spec;            /* spec: title, version, URL */
    bool (*looks_like)(struct span in); /* cheap, allocates nothing; in is the whole input */
    enum pratique_status (*scan)(struct scan *s, struct span in);
    /* Whether a file of this name is read as this format whatever it holds; may be NULL. */
    bool (*named)(struct span name);
};

/* Every format, in the order they are tried; all that match are run. NULL-terminated. */
extern const struct format *const formats[];

/* Formats that match nearly anything (text, unknown): run only where no other matches. */
bool format_is_last_resort(const struct format *f) NONNULL;

/*
 * Scans a member. PRATIQUE_OK whatever was found; E_LIMIT or E_NOMEM: give up
 * the whole artifact and return that.
 */
static inline enum pratique_status scan_nested(struct scan *s, struct span body, struct span name,
                                               enum role role)
{
    return s->nested(s, body, name, role);
}

/* Adds a fact of this file: subject and detail are copied. */
void scan_fact(struct scan *s, enum fact_kind kind, uint64_t offset, struct span subject,
               struct span detail) NONNULL;

/* The same with the detail printed. */
void scan_factf(struct scan *s, enum fact_kind kind, uint64_t offset, struct span subject,
                const char *fmt, ...) NONNULL PRINTF_LIKE(5, 6);

/* Notes what was read: FACT_READ with the detail printed. */
void scan_read(struct scan *s, const char *format, uint64_t bytes, const char *fmt, ...) NONNULL
    PRINTF_LIKE(4, 5);

/* Records why this parser stops, and returns status. */
enum pratique_status scan_fail(struct scan *s, enum pratique_status status, uint64_t offset,
                               const char *fmt, ...) NONNULL PRINTF_LIKE(4, 5);

/* E_LIMIT with the budget's own words. */
enum pratique_status scan_fail_budget(struct scan *s, uint64_t offset) NONNULL;

/*
 * Memory for bytes that one parser needs while it runs: zeroed, charged to the
 * budget, given back with scan_unmap() and the same n (NULL is allowed).
 * NULL when the budget or the system refuses; n = 0 is valid.
 */
void *scan_map(struct scan *s, size_t n) NONNULL MUST_CHECK;
void scan_unmap(struct scan *s, void *p, size_t n) __attribute__((nonnull(1)));

/* Grows such memory from n to more bytes, zeroed past n, perhaps elsewhere; NULL leaves it be. */
void *scan_remap(struct scan *s, void *p, size_t n, size_t more) NONNULL MUST_CHECK;

#endif
