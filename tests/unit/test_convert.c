/* src/trust/convert/convert*.c: what the scripts in tests/convert cannot reach. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "trust/confined.h"
#include "trust/convert/convert.h"

/* ---- the parent's half: a child that lies ---- */

struct told {
    struct buf bytes;
};

static void put(struct told *t, const void *p, size_t n)
{
    (void)buf_add(&t->bytes, p, n);
}

static void put_byte(struct told *t, unsigned byte)
{
    (void)buf_putc(&t->bytes, (char)byte);
}

static void put_u32(struct told *t, uint32_t v)
{
    put(t, &v, sizeof v);
}

static void put_u64(struct told *t, uint64_t v)
{
    put(t, &v, sizeof v);
}

static void put_text(struct told *t, const char *text)
{
    put_u32(t, (uint32_t)strlen(text));
    put(t, text, strlen(text));
}

struct one {
    const char *name;
    unsigned dtype, source;
    uint64_t at, shape[3];
    uint32_t dims;
};

static void put_tensor(struct told *t, const struct one *x)
{
    put_byte(t, PLAN_TENSOR);
    put_byte(t, x->dtype);
    put_byte(t, x->source);
    put_byte(t, 0);
    put_u32(t, x->dims);
    put_u64(t, x->at);
    put_text(t, x->name);
    put(t, x->shape, (x->dims < 3 ? x->dims : 3) * sizeof *x->shape);
}

static void tell(struct confined_child *c, void *arg)
{
    struct told *t = arg;

    confined_put(c, t->bytes.p, t->bytes.n);
}

/* What plan_read() makes of what was told, of an input of 1,000 bytes. */
static enum pratique_status judge(struct told *t, struct plan *p, struct pratique_error *err)
{
    struct confined_limits limits = { 0 };
    struct stream s = { .batch = SPAN_EMPTY, .err = err };
    enum pratique_status st = confined_start(&s.child, tell, t, &limits, err);

    if (st == PRATIQUE_OK)
        st = plan_read(p, &s, 1000, NULL, NULL);
    confined_end(s.child);
    return st;
}

TEST(convert_plan_is_checked)
{
    static const struct {
        const char *what;
        struct one tensors[2];
        unsigned n;
        bool good;
    } rows[] = {
        { "two in order",
          { { "b", DTYPE_I64, 0, 0, { 2 }, 1 }, { "a", DTYPE_F32, 0, 0, { 2 }, 1 } },
          2,
          true },
        { "a scalar, nothing",
          { { "a", DTYPE_F32, 0, 0, { 0 }, 0 }, { "b", DTYPE_F32, 0, 0, { 0 }, 1 } },
          2,
          true },
        { "in the file", { { "a", DTYPE_U8, 1, 0, { 1000 }, 1 } }, 1, true },
        { "past the file", { { "a", DTYPE_U8, 1, 1, { 1000 }, 1 } }, 1, false },
        { "past 2^64", { { "a", DTYPE_U8, 1, UINT64_MAX, { 2 }, 1 } }, 1, false },
        { "dtypes out of order",
          { { "a", DTYPE_F32, 0, 0, { 2 }, 1 }, { "b", DTYPE_I64, 0, 0, { 2 }, 1 } },
          2,
          false },
        { "names out of order",
          { { "b", DTYPE_F32, 0, 0, { 2 }, 1 }, { "a", DTYPE_F32, 0, 0, { 2 }, 1 } },
          2,
          false },
        { "a name twice",
          { { "a", DTYPE_F32, 0, 0, { 2 }, 1 }, { "a", DTYPE_F32, 0, 0, { 2 }, 1 } },
          2,
          false },
        { "a name in two dtypes",
          { { "a", DTYPE_I64, 0, 0, { 2 }, 1 }, { "a", DTYPE_F32, 0, 0, { 2 }, 1 } },
          2,
          false },
        { "a reserved name", { { "__metadata__", DTYPE_F32, 0, 0, { 2 }, 1 } }, 1, false },
        { "a control character", { { "a\nb", DTYPE_F32, 0, 0, { 2 }, 1 } }, 1, false },
        { "broken UTF-8", { { "a\xff", DTYPE_F32, 0, 0, { 2 }, 1 } }, 1, false },
        { "a quote", { { "a\"\\", DTYPE_F32, 0, 0, { 2 }, 1 } }, 1, true },
        { "no such dtype", { { "a", DTYPES, 0, 0, { 2 }, 1 } }, 1, false },
        { "no such source", { { "a", DTYPE_F32, 2, 0, { 2 }, 1 } }, 1, false },
        { "too many dims", { { "a", DTYPE_F32, 0, 0, { 2 }, 65 } }, 1, false },
        { "a product past 2^64", { { "a", DTYPE_U8, 0, 0, { UINT64_MAX, 2 }, 2 } }, 1, false },
        { "bytes past 2^64", { { "a", DTYPE_F32, 0, 0, { UINT64_MAX }, 1 } }, 1, false },
        { "more bytes than a file has",
          { { "a", DTYPE_U8, 0, 0, { UINT64_MAX / 16 }, 1 },
            { "b", DTYPE_U8, 0, 0, { UINT64_MAX / 16 * 5 }, 1 } },
          2,
          false },
        { "half a byte", { { "a", DTYPE_F4, 0, 0, { 3 }, 1 } }, 1, false },
        { "two halves", { { "a", DTYPE_F4, 0, 0, { 3, 2 }, 2 } }, 1, true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_error err = { 0 };
        enum pratique_status st;
        struct told t;
        struct plan p;

        buf_init(&t.bytes, 1 << 20);
        for (unsigned k = 0; k < rows[i].n; k++)
            put_tensor(&t, &rows[i].tensors[k]);
        put_byte(&t, PLAN_END);
        st = judge(&t, &p, &err);
        CHECK((st == PRATIQUE_OK) == rows[i].good, "%s: %s", rows[i].what, err.msg);
        CHECK(st != PRATIQUE_OK || p.header.n % 8 == 0, "%s: not aligned", rows[i].what);
        plan_free(&p);
        buf_free(&t.bytes);
    }
}

TEST(convert_plan_is_cut_off)
{
    struct one x = { "a", DTYPE_F32, 0, 0, { 2 }, 1 };
    struct pratique_error err = { 0 };
    struct told whole, t;
    struct plan p;

    buf_init(&whole.bytes, 1 << 20);
    put_byte(&whole, PLAN_SAME);
    put_text(&whole, "b");
    put_text(&whole, "a");
    put_tensor(&whole, &x);
    put_byte(&whole, PLAN_END);
    for (size_t n = 0; n <= whole.bytes.n; n++) {
        buf_init(&t.bytes, 1 << 20);
        put(&t, whole.bytes.p, n);
        CHECK((judge(&t, &p, &err) == PRATIQUE_OK) == (n == whole.bytes.n), "after %zu bytes", n);
        plan_free(&p);
        buf_free(&t.bytes);
    }
    buf_free(&whole.bytes);
}

TEST(convert_plan_other_records)
{
    static const char *const same[][4] = { { "a", "x", "b", "x" },
                                           { "b", "x", "a", "x" },
                                           { "a", "x", "a", "x" },
                                           { "a\n", "x", "b", "x" } };

    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        struct pratique_error err = { 0 };
        struct told t;
        struct plan p;

        buf_init(&t.bytes, 1 << 20);
        for (unsigned k = 0; k < 4; k += 2) {
            put_byte(&t, PLAN_SAME);
            put_text(&t, same[i][k]);
            put_text(&t, same[i][k + 1]);
        }
        put_byte(&t, PLAN_END);
        CHECK((judge(&t, &p, &err) == PRATIQUE_OK) == (i == 0), "row %zu", i);
        plan_free(&p);
        buf_free(&t.bytes);
    }
}

/* An error that the child tells is one line, whatever it says. */
TEST(convert_plan_error)
{
    struct pratique_error err = { 0 };
    int32_t status = 77;
    struct told t;
    struct plan p;

    buf_init(&t.bytes, 1 << 20);
    put_byte(&t, PLAN_ERROR);
    put(&t, &status, sizeof status);
    put_u64(&t, 5);
    put_text(&t, "one\ntwo\x1b[2J");
    CHECK(judge(&t, &p, &err) == PRATIQUE_E_FORMAT && err.offset == 5, "%d", err.status);
    CHECK(strcmp(err.msg, "one?two?[2J") == 0, "%s", err.msg);
    plan_free(&p);
    buf_free(&t.bytes);
}

/* ---- the output ---- */

static char *fresh(void)
{
    char folder[] = "/tmp/pratique-convert-XXXXXX";
    char *path = NULL;

    if (!mkdtemp(folder) || asprintf(&path, "%s/out", folder) < 0)
        return NULL;
    return path;
}

static void forget(char *path)
{
    (void)unlink(path);
    *strrchr(path, '/') = '\0';
    CHECK(rmdir(path) == 0, "something is left in %s", path);
    free(path);
}

static void fill(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    CHECK(fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s", path);
    (void)close(fd);
}

static bool holds(const char *path, const char *text)
{
    char got[64] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd != -1 && read(fd, got, sizeof got - 1) >= 0 && strcmp(got, text) == 0;

    if (fd != -1)
        (void)close(fd);
    return ok;
}

/* named: as where the file system has no files without a name. */
static enum pratique_status write_it(const char *path, bool overwrite, bool named, bool meanwhile,
                                     struct pratique_error *err)
{
    struct output o;
    enum pratique_status st = output_open(&o, path, overwrite, 5, err);

    if (st == PRATIQUE_OK && named) {
        (void)close(o.fd);
        CHECK(asprintf(&o.temporary, "%s.part", path) > 0, "memory");
        o.fd = open(o.temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    if (meanwhile)
        fill(path, "other");
    if (st == PRATIQUE_OK && output_put(&o, "ours!", 5))
        st = output_finish(&o, overwrite);
    output_close(&o);
    return st;
}

TEST(convert_output_appears_whole)
{
    for (unsigned i = 0; i < 16; i++) {
        bool overwrite = i & 1, named = i & 2, before = i & 4, meanwhile = i & 8;
        bool ours = overwrite || (!before && !meanwhile);
        struct pratique_error err = { 0 };
        char *path = fresh();
        enum pratique_status st;

        if (before)
            fill(path, "other");
        st = write_it(path, overwrite, named, meanwhile, &err);
        CHECK(st == (ours ? PRATIQUE_OK : PRATIQUE_E_USAGE), "row %u: %d %s", i, st, err.msg);
        CHECK(holds(path, ours ? "ours!" : "other"), "row %u", i);
        forget(path);
    }
}

TEST(convert_output_copies)
{
    char *path = fresh(), *source = NULL;
    struct pratique_error err = { 0 };
    struct output o;
    int fd;

    CHECK(asprintf(&source, "%s.in", path) > 0, "memory");
    fill(source, "0123456789");
    fd = open(source, O_RDONLY | O_CLOEXEC);
    CHECK(output_open(&o, path, false, 6, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(output_copy(&o, fd, 2, 3) && output_copy(&o, fd, 0, 2), "%s", err.msg);
    CHECK(!output_copy(&o, fd, 8, 3) && strstr(err.msg, "shorter"), "%s", err.msg);
    CHECK(output_finish(&o, false) == PRATIQUE_OK && holds(path, "2340189"), "%s", err.msg);
    output_close(&o);
    (void)close(fd);
    (void)unlink(source);
    free(source);
    forget(path);
}

/* ---- pickles, where no checkpoint is around them ---- */

TEST(convert_values)
{
    static const struct {
        const char *pickle;
        size_t n;
        int kind; /* -1: a fault */
        int64_t number;
    } rows[] = {
        { "I12\n.", 5, VALUE_INT, 12 },
        { "I-12\n.", 6, VALUE_INT, -12 },
        { "I01\n.", 5, VALUE_BOOL, 1 },
        { "L5L\n.", 5, VALUE_INT, 5 },
        { "I999999999999999999999\n.", 24, VALUE_NUMBER, 0 },
        { "I-\n.", 4, -1, 0 },
        { "J\xff\xff\xff\xff.", 6, VALUE_INT, -1 },
        { "M\x01\x02.", 4, VALUE_INT, 513 },
        { "\x8a\x00.", 3, VALUE_INT, 0 },
        { "\x8a\x01\x80.", 4, VALUE_INT, -128 },
        { "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f.", 11, VALUE_INT, INT64_MAX },
        { "\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00.", 12, VALUE_NUMBER, 0 },
        { "F1.5\n.", 6, VALUE_NUMBER, 0 },
        { "Fx\n.", 4, -1, 0 },
        { "N0K\x01.", 5, VALUE_INT, 1 },
        { "(0K\x01.", 5, VALUE_INT, 1 },
        { "(NN1K\x01.", 7, VALUE_INT, 1 },
        { "K\x01q\x00"
          "0h\x00.",
          8, VALUE_INT, 1 },
        { "K\x01\x94"
          "0h\x00.",
          7, VALUE_INT, 1 },
        { "K\x01p0\n0g0\n.", 10, VALUE_INT, 1 },
        { "(K\x01"
          "2.",
          5, -1, 0 },
        { "(NK\x01\x86.", 6, -1, 0 },
        { "N(K\x01\x86.", 6, -1, 0 },
        { "\x8f(K\x01\x90.", 6, VALUE_SET, 0 },
        { "(K\x01\x91.", 5, VALUE_SET, 0 },
        { "(ia\nb\n.", 7, VALUE_OBJECT, 0 },
        { "(ca\nb\no.", 8, VALUE_OBJECT, 0 },
        { "(o.", 3, -1, 0 },
        { "Pid\n.", 5, VALUE_PERSID, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct values v;
        bool ok = values_read(&v, span_of(rows[i].pickle, rows[i].n));

        CHECK(ok == (rows[i].kind >= 0), "row %zu: %s", i, v.fault ? v.fault : "read");
        if (ok) {
            const struct value *x = value_at(&v, v.top);

            CHECK(x->kind == rows[i].kind, "row %zu: kind %d", i, x->kind);
            CHECK(x->kind > VALUE_INT || x->u.number == rows[i].number, "row %zu", i);
            CHECK(v.consumed == rows[i].n, "row %zu", i);
        }
        values_free(&v);
    }
}
