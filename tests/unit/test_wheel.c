/* src/watch/wheel*.c, record.c, metadata.c, modules.c, venv.c */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libdeflate.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "watch/venv.h"
#include "watch/wheel_plan.h"

#define INFO "pkg-1.0.dist-info/"

static const struct python py311 = { .program = "/usr/bin/python3.11",
                                     .prefix = "/usr",
                                     .library = "/usr/lib/python3.11",
                                     .major = 3,
                                     .minor = 11 };
static const struct python py313t = { .program = "/opt/bin/python3.13t",
                                      .prefix = "/opt",
                                      .library = "/opt/lib/python3.13t",
                                      .major = 3,
                                      .minor = 13,
                                      .free_threaded = true };

/* ---- names ---- */

TEST(wheel_names)
{
    static const struct {
        const char *name, *project, *version, *build, *python, *abi, *platform; /* NULL: none */
    } rows[] = {
        { "click-8.1.7-py3-none-any.whl", "click", "8.1.7", "", "py3", "none", "any" },
        { "a_b-1.0-2abc-cp311-cp311-linux_x86_64.whl", "a_b", "1.0", "2abc", "cp311", "cp311",
          "linux_x86_64" },
        { "a-1-py2.py3-none-any.whl", "a", "1", "", "py2.py3", "none", "any" },
        { "a-1-x-py3-none-any.whl", NULL, "", "", "", "", "" },
        { "a-1-py3-none.whl", NULL, "", "", "", "", "" },
        { "a-1-1-py3-none-any-more.whl", NULL, "", "", "", "", "" },
        { "a--py3-none-any.whl", NULL, "", "", "", "", "" },
        { "a-1-py3-none-any.zip", NULL, "", "", "", "", "" },
        { "d/a-1-py3-none-any.whl", NULL, "", "", "", "", "" },
        { "a b-1-py3-none-any.whl", NULL, "", "", "", "", "" },
        { ".whl", NULL, "", "", "", "", "" },
        { "", NULL, "", "", "", "", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct wheel_name n;
        bool got = wheel_name_parse(span_text(rows[i].name), &n);

        CHECK(got == (rows[i].project != NULL), "%s", rows[i].name);
        CHECK(!got || (span_is(n.name, rows[i].project) && span_is(n.version, rows[i].version) &&
                       span_is(n.build, rows[i].build) && span_is(n.pythons, rows[i].python) &&
                       span_is(n.abis, rows[i].abi) && span_is(n.platforms, rows[i].platform)),
              "%s: parts", rows[i].name);
    }
}

TEST(wheel_sdists)
{
    CHECK(wheel_is_sdist(span_text("a-1.tar.gz")) && wheel_is_sdist(span_text("a.ZIP")), "sources");
    CHECK(!wheel_is_sdist(span_text("a-1-py3-none-any.whl")), "a wheel");
    CHECK(!wheel_is_sdist(span_text(".zip")) && !wheel_is_sdist(SPAN_EMPTY), "no name");
}

TEST(wheel_tags)
{
    static const struct {
        const char *tags;
        bool fits, fits_t; /* 3.11; 3.13 free-threaded */
    } rows[] = {
        { "py3-none-any", true, true },
        { "py2.py3-none-any", true, true },
        { "py2-none-any", false, false },
        { "py311-none-any", true, true },
        { "py312-none-any", false, true },
        { "cp311-none-any", true, false },
        { "cp310-none-any", false, false },
        { "cp37-abi3-any", false, false },
        { "cp37-abi3-linux_x86_64", true, false },
        { "cp312-abi3-linux_x86_64", false, false },
        { "cp311-cp311-linux_x86_64", true, false },
        { "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64", true, false },
        { "cp311-cp311-manylinux1_x86_64", true, false },
        { "cp311-cp311-manylinux_2_4_x86_64", false, false },
        { "cp311-cp311-manylinux_2_999_x86_64", false, false },
        { "cp311-cp311-manylinux_2_17_i686", false, false },
        { "cp311-cp311-musllinux_1_1_x86_64", false, false },
        { "cp311-cp311-macosx_11_0_arm64", false, false },
        { "cp311-cp311-win_amd64", false, false },
        { "cp310-cp310-linux_x86_64", false, false },
        { "cp313-cp313t-linux_x86_64", false, true },
        { "cp313-cp313-linux_x86_64", false, false },
        { "cp312.cp313-cp313t.abi3-linux_x86_64", false, true },
        { "pp311-pypy311_pp73-linux_x86_64", false, false },
        { "CP311-CP311-Linux_X86_64", true, false },
        { "py-none-any", false, false },
        { "cp3-none-any", false, false },
    };
    struct arena a;

    arena_init(&a, 1u << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char name[160];
        struct wheel_name n;

        (void)snprintf(name, sizeof name, "a-1-%s.whl", rows[i].tags);
        CHECK(wheel_name_parse(span_text(name), &n), "%s", name);
#if defined(__x86_64__)
        CHECK(!wheel_unfit(&a, &n, &py311) == rows[i].fits, "%s on 3.11", rows[i].tags);
        CHECK(!wheel_unfit(&a, &n, &py313t) == rows[i].fits_t, "%s on 3.13t", rows[i].tags);
#endif
    }
    arena_reset(&a);
}

TEST(wheel_unfit_says_why)
{
    struct wheel_name n;
    struct arena a;
    const char *why;

    arena_init(&a, 1u << 20);
    CHECK(wheel_name_parse(span_text("a-1-cp38-cp38-macosx_11_0_arm64.whl"), &n), "name");
    why = wheel_unfit(&a, &n, &py311);
    CHECK(why && strstr(why, "it is for CPython 3.8 on macOS (cp38-cp38-macosx_11_0_arm64); this "
                             "is CPython 3.11 on linux "),
          "%s", why ? why : "-");
    arena_reset(&a);
}

/* ---- RECORD ---- */

TEST(record_rows)
{
    static const struct {
        const char *what, *text, *first; /* the first row, its fields joined by '|' */
        size_t rows;
    } rows[] = {
        { "nothing", "", "", 0 },
        { "empty lines", "\n\r\n\n", "", 0 },
        { "one", "a,b,3\n", "a|b|3", 1 },
        { "without an end", "a,b,3", "a|b|3", 1 },
        { "two, with returns", "a,b,3\r\nc,d,4\r\n", "a|b|3", 2 },
        { "one field", "a\n", "a||", 1 },
        { "four fields", "a,b,3,x\n", "a|b|3", 1 },
        { "quotes", "\"a,\"\"b\",c,\"1\"\n", "a,\"b|c|1", 1 },
        { "a line's end in quotes", "\"a\nb\",c,\n", "a\nb|c|", 1 },
        { "text after quotes", "\"a\"b,c,d\n", "ab|c|d", 1 },
        { "a quote inside", "a\"b,c,d\n", "a\"b|c|d", 1 },
        { "an open quote", "\"a,b\nc", "a,b\nc||", 1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct record r;
        struct arena a;
        char got[100] = "";

        arena_init(&a, 1u << 16);
        CHECK(record_parse(&r, &a, span_text(rows[i].text)), "%s", rows[i].what);
        CHECK(r.n == rows[i].rows, "%s: %zu rows", rows[i].what, r.n);
        if (r.n)
            (void)snprintf(got, sizeof got, "%.*s|%.*s|%.*s", (int)r.rows[0].path.n,
                           (const char *)r.rows[0].path.p, (int)r.rows[0].hash.n,
                           (const char *)r.rows[0].hash.p, (int)r.rows[0].size.n,
                           (const char *)r.rows[0].size.p);
        CHECK(strcmp(got, rows[i].first) == 0, "%s: %s", rows[i].what, got);
        arena_reset(&a);
    }
}

TEST(record_is_found_and_written)
{
    struct record r;
    struct arena a;
    struct buf b;

    arena_init(&a, 1u << 16);
    buf_init(&b, 1000);
    CHECK(record_parse(&r, &a, span_text("c,1,2\na,3,4\n\"b,\",x,\n")), "parses");
    record_sort(&r);
    CHECK(record_find(&r, span_text("a")) == &r.rows[0], "the first");
    CHECK(record_find(&r, span_text("c")) == &r.rows[2], "the last");
    CHECK(!record_find(&r, span_text("b")), "none");
    for (size_t i = 0; i < r.n; i++)
        CHECK(record_put(&b, &r.rows[i]), "written");
    CHECK(strcmp(b.p, "a,3,4\r\n\"b,\",x,\r\nc,1,2\r\n") == 0, "%s", b.p);
    buf_free(&b);
    arena_reset(&a);
}

TEST(record_hashes)
{
    static const struct {
        const char *field;
        enum record_hash kind;
        size_t n;
    } rows[] = {
        { "", HASH_NONE, 0 },
        { "md5=x", HASH_WEAK, 0 },
        { "sha1=x", HASH_WEAK, 0 },
        { "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", HASH_SHA256, 32 },
        { "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", HASH_SHA256, 32 },
        { "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFV", HASH_UNKNOWN, 0 },
        { "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuF", HASH_UNKNOWN, 0 },
        { "sha256=47DEQpj8HBSa-_TImW+5JCeuQeRkm5NMpJWZG3hSu U", HASH_UNKNOWN, 0 },
        { "blake2b=x", HASH_UNKNOWN, 0 },
        { "sha256", HASH_UNKNOWN, 0 },
    };
    uint8_t digest[64];
    size_t n;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(record_hash(span_text(rows[i].field), digest, &n) == rows[i].kind && n == rows[i].n,
              "%s", rows[i].field);
    CHECK(record_size_is(SPAN_EMPTY, 5) && record_size_is(span_text("5"), 5), "sizes");
    CHECK(!record_size_is(span_text("05"), 5) && !record_size_is(span_text("6"), 5), "others");
}

/* ---- metadata ---- */

TEST(metadata_fields)
{
    static const struct {
        const char *text, *name, *want; /* NULL: there is none */
    } rows[] = {
        { "Name: a\nVersion: 1\n", "Version", "1" },
        { "name:a\r\nVERSION:\t1 \r\n", "Version", "1" },
        { "Name: a\n\nVersion: 1\n", "Version", NULL },
        { "Name: a\r\n\r\nVersion: 1\n", "Version", NULL },
        { "Version", "Version", NULL },
        { "Version: 1", "Version", "1" },
        { "Version: 1\nVersion: 2\n", "Version", "1" },
        { "", "Version", NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct span got;
        bool there = metadata_field(span_text(rows[i].text), rows[i].name, &got);

        CHECK(there == (rows[i].want != NULL), "row %zu", i);
        CHECK(!there || span_is(got, rows[i].want), "row %zu: value", i);
    }
}

TEST(metadata_entry_points)
{
    static const struct {
        const char *text, *want; /* "group|name|module|attribute" */
        int got;
    } rows[] = {
        { "[console_scripts]\nx = a.b:c.d\n", "console_scripts|x|a.b|c.d", 1 },
        { "[g]\n x=a\n", "g|x|a|", 1 },
        { "[g]\r\nx = a : b [extra, more]\r\n", "g|x|a|b", 1 },
        { "# c\n\n[g]\n# d\nx y = a:b # none\n", "g|x y||", -1 },
        { "x = a:b", "|x|a|b", 1 },
        { "[g]\rx = a:b", "g|x|a|b", 1 },
        { "[g]\nx\n", "g|x||", -1 },
        { "[g]\n= a:b\n", "g||", -1 },
        { "[g]\nx = a:\n", "g|x||", -1 },
        { "[g]\nx = a b\n", "g|x||", -1 },
        { "[g]\n", "", 0 },
        { "[\n", "|[||", -1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct span in = span_text(rows[i].text), group = SPAN_EMPTY;
        struct entry_point e;
        char got[100] = "";
        int took = entry_point_take(&in, &group, &e);

        CHECK(took == rows[i].got, "row %zu: %d", i, took);
        if (took > 0)
            (void)snprintf(got, sizeof got, "%.*s|%.*s|%.*s|%.*s", (int)e.group.n,
                           (const char *)e.group.p, (int)e.name.n, (const char *)e.name.p,
                           (int)e.module.n, (const char *)e.module.p, (int)e.attribute.n,
                           (const char *)e.attribute.p);
        CHECK(took <= 0 || strcmp(got, rows[i].want) == 0, "row %zu: %s", i, got);
    }
}

TEST(metadata_project_names)
{
    CHECK(project_names_equal(span_text("A.b__C"), span_text("a-b-c")), "one project");
    CHECK(!project_names_equal(span_text("ab"), span_text("a-b")), "two");
    CHECK(!project_names_equal(span_text("a"), span_text("ab")), "longer");
    CHECK(!project_names_equal(span_of("a\0b", 3), span_text("a")), "a NUL is no end");
}

/* ---- modules ---- */

/* The list as one text, names joined by blanks. */
static const char *joined(char *to, size_t size, const char **list, size_t n)
{
    size_t at = 0;

    to[0] = '\0';
    for (size_t i = 0; i < n && at < size; i++)
        at += (size_t)snprintf(to + at, size - at, "%s%s", i ? " " : "", list[i]);
    return to;
}

TEST(wheel_modules_are_found)
{
    static const struct {
        const char *what, *files[9], *entries, *roots, *below;
    } rows[] = {
        { "a module", { "a.py" }, "", "a", "" },
        { "a package", { "a/__init__.py", "a/b.py" }, "", "a", "a.b" },
        { "byte code alone", { "a.pyc", "b/__init__.pyc" }, "", "a b", "" },
        { "a cache", { "a/__pycache__/b.pyc", "a/__init__.py" }, "", "a", "" },
        { "native",
          { "a.cpython-311-x86_64-linux-gnu.so", "b.abi3.so", "c.so" },
          "",
#if defined(__x86_64__)
          "a b c",
#else
          "b c",
#endif
          "" },
        { "native, of others", { "a.cpython-310-x86_64-linux-gnu.so", "b.pyd" }, "", "", "" },
        { "a native package", { "a/__init__.abi3.so", "a/b.so" }, "", "a", "a.b" },
        { "a namespace",
          { "n/a/__init__.py", "n/a/x.py", "n/b.py", "n/m/c/__init__.py" },
          "",
          "n.a n.b n.m.c",
          "n.a.x" },
        { "data in a namespace", { "n/a.txt", "n/b/c.json" }, "", "", "" },
        { "names that no import statement spells",
          { "a-b.py", "1a.py", "class.py", "a b/c.py", "x.y/z.py", "match.py" },
          "",
          "1a a-b class match a b.c",
          "" },
        { "metadata", { "p-1.dist-info/a.py", "p-1.data/b.py", "../../../bin/c.py" }, "", "", "" },
        { "behind a module", { "a.py", "a/b.py" }, "", "a", "" },
        { "a module behind a package", { "a.py", "a/__init__.py", "a/b.py" }, "", "a", "a.b" },
        { "entry points",
          { "a/__init__.py", "a/b.py", "a/c.py" },
          "[console_scripts]\nx=a.b:main\n[other]\ny=z.z\nbad=1x:y\n",
          "a a.b z.z",
          "a.c" },
        { "depth goes first", { "n/a.py", "z.py" }, "", "z n.a", "" },
        { "not the runner's own",
          { "__main__.py", "a/__init__.py", "a/__main__.py" },
          "",
          "a",
          "a.__main__" },
        { "any letters", { "\xc3\xa9t\xc3\xa9.py" }, "", "\xc3\xa9t\xc3\xa9", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct wheel_installed w = { 0 };
        const char *files[9];
        struct arena a;
        char got[200];

        for (w.files = files; w.files_n < 9 && rows[i].files[w.files_n]; w.files_n++)
            files[w.files_n] = rows[i].files[w.files_n];
        arena_init(&a, 1u << 20);
        CHECK(wheel_modules(&w, &a, &py311, span_text(rows[i].entries)), "%s", rows[i].what);
        CHECK(strcmp(joined(got, sizeof got, w.modules, w.modules_n), rows[i].roots) == 0,
              "%s: roots: %s", rows[i].what, got);
        CHECK(strcmp(joined(got, sizeof got, w.submodules, w.submodules_n), rows[i].below) == 0,
              "%s: below: %s", rows[i].what, got);
        arena_reset(&a);
    }
}

TEST(wheel_modules_of_start_up)
{
    const char *files[] = { "a.pth", "n/b.pth", "sitecustomize.py", "usercustomize/__init__.py" };
    struct wheel_installed w = { .files = files, .files_n = 2 };
    struct arena a;

    arena_init(&a, 1u << 20);
    CHECK(wheel_modules(&w, &a, &py311, SPAN_EMPTY) && w.has_pth && !w.has_sitecustomize, "pth");
    w.files_n = 4;
    CHECK(wheel_modules(&w, &a, &py311, SPAN_EMPTY) && w.has_sitecustomize && w.has_usercustomize,
          "customize");
    CHECK(w.modules_n == 0 && w.submodules_n == 0, "they import themselves");
    arena_reset(&a);
}

/* ---- whole wheels ---- */

/* A member of a wheel that is made here; data NULL: made from RECORD, see make_record(). */
struct part {
    const char *name, *data;
    unsigned mode;   /* of a regular file unless it has a type; 0: none said */
    unsigned method; /* 0 or 8 */
    unsigned lie;    /* LIE_* */
};

enum { LIE_NAME = 1, LIE_SIZE, LIE_CRC, LIE_METHOD, LIE_CRYPT, LIE_OFFSET, LIE_BODY };

#define PARTS_MAX 12
#define ZIP_MAX   ((size_t)1 << 16)

struct zipped {
    uint8_t bytes[ZIP_MAX], directory[ZIP_MAX];
    size_t n, directory_n;
    unsigned count;
};

static void add(uint8_t *to, size_t *n, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[(*n)++] = (uint8_t)(v >> 8 * i);
}

static void add_bytes(uint8_t *to, size_t *n, const void *p, size_t len)
{
    memcpy(to + *n, p, len);
    *n += len;
}

/* What both headers share, from the version needed on. */
static void add_common(uint8_t *to, size_t *n, const struct part *p, uint32_t crc, size_t csize)
{
    add(to, n, 20, 2);
    add(to, n, p->lie == LIE_CRYPT, 2);
    add(to, n, p->method, 2);
    add(to, n, 0, 4);
    add(to, n, crc + (p->lie == LIE_CRC), 4);
    add(to, n, csize, 4);
    add(to, n, strlen(p->data) + (p->lie == LIE_BODY), 4);
    add(to, n, strlen(p->name), 2);
    add(to, n, 0, 2);
}

static void zip_add(struct zipped *z, const struct part *p)
{
    size_t at = z->n, n = strlen(p->data), packed_n = n;
    uint32_t crc = libdeflate_crc32(0, p->data, n);
    uint8_t packed[4096];
    uint64_t mode = p->mode & S_IFMT ? p->mode : p->mode | (p->mode ? S_IFREG : 0);

    memcpy(packed, p->data, n);
    if (p->method == 8) {
        struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);

        packed_n = libdeflate_deflate_compress(c, p->data, n, packed, sizeof packed);
        libdeflate_free_compressor(c);
    }
    add(z->bytes, &z->n, 0x04034b50, 4);
    add_common(z->bytes, &z->n, p, crc, packed_n);
    add_bytes(z->bytes, &z->n, p->name, strlen(p->name));
    add_bytes(z->bytes, &z->n, packed, packed_n);
    z->bytes[at + 30] ^= p->lie == LIE_NAME;
    z->bytes[at + 8] ^= p->lie == LIE_METHOD ? 8 : 0;
    z->bytes[at + 22] ^= p->lie == LIE_SIZE;
    add(z->directory, &z->directory_n, 0x02014b50, 4);
    add(z->directory, &z->directory_n, 3 << 8, 2);
    add_common(z->directory, &z->directory_n, p, crc, packed_n);
    add(z->directory, &z->directory_n, 0, 6);
    add(z->directory, &z->directory_n, mode << 16, 4);
    add(z->directory, &z->directory_n, at + (p->lie == LIE_OFFSET), 4);
    add_bytes(z->directory, &z->directory_n, p->name, strlen(p->name));
    z->count++;
}

static void zip_end_all(struct zipped *z)
{
    size_t at = z->n;

    add_bytes(z->bytes, &z->n, z->directory, z->directory_n);
    add(z->bytes, &z->n, 0x06054b50, 4);
    add(z->bytes, &z->n, 0, 4);
    add(z->bytes, &z->n, z->count, 2);
    add(z->bytes, &z->n, z->count, 2);
    add(z->bytes, &z->n, z->directory_n, 4);
    add(z->bytes, &z->n, at, 4);
    add(z->bytes, &z->n, 0, 2);
}

/* RECORD's line of a member, its hash true. */
static void record_line(struct buf *b, const struct part *p)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint8_t h[33] = { 0 };

    (void)SHA256((const uint8_t *)p->data, strlen(p->data), h);
    (void)buf_printf(b, "%s,sha256=", p->name);
    for (unsigned i = 0; i < 43; i++) {
        unsigned two = (unsigned)h[i * 6 / 8] << 8 | h[i * 6 / 8 + 1];

        (void)buf_putc(b, digits[two >> (10 - i * 6 % 8) & 63]);
    }
    (void)buf_printf(b, ",%zu\n", strlen(p->data));
}

/* The parts, with WHEEL and METADATA where they lack, and a RECORD of all unless one is given. */
static void make_wheel(struct zipped *z, const struct part *parts)
{
    static const struct part standard[] = {
        { .name = INFO "WHEEL", .data = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n" },
        { .name = INFO "METADATA", .data = "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n" },
    };
    struct part record = { .name = INFO "RECORD" };
    bool given[3] = { false };
    struct buf b;

    *z = (struct zipped){ .n = 0 };
    buf_init(&b, 1u << 16);
    for (size_t i = 0; i < PARTS_MAX && parts[i].name; i++) {
        zip_add(z, &parts[i]);
        record_line(&b, &parts[i]);
        for (size_t j = 0; j < 2; j++)
            given[j] |= strcmp(parts[i].name, standard[j].name) == 0;
        given[2] |= strcmp(parts[i].name, record.name) == 0;
    }
    for (size_t j = 0; j < 2; j++) {
        if (given[j])
            continue;
        zip_add(z, &standard[j]);
        record_line(&b, &standard[j]);
    }
    (void)buf_puts(&b, INFO "RECORD,,\n");
    record.data = b.p;
    if (!given[2])
        zip_add(z, &record);
    zip_end_all(z);
    buf_free(&b);
}

/* An environment in a new folder, and a wheel installed into it. */
struct bench {
    struct arena arena;
    struct zipped zip;
    struct wheel_installed got;
    struct pratique_error err;
    char folder[64];
    struct wheel_scheme scheme;
    struct buf told;
};

static void tell(void *user, const struct watch_event *e)
{
    struct buf *b = user;

    CHECK(e->kind == EVENT_INSTALL, "kind");
    (void)buf_printf(b, "%.*s: %.*s; ", (int)e->subject.n, (const char *)e->subject.p,
                     (int)e->detail.n, (const char *)e->detail.p);
}

static bool bench_open(struct bench *b)
{
    int root;
    bool ok;

    arena_init(&b->arena, 64u << 20);
    buf_init(&b->told, 1u << 16);
    (void)buf_puts(&b->told, "");
    b->err = (struct pratique_error){ 0 };
    (void)snprintf(b->folder, sizeof b->folder, "/tmp/pratique-wheel-XXXXXX");
    if (!mkdtemp(b->folder))
        return false;
    root = open(b->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = root != -1 && venv_make(&py311, root, "/home/alex/.venv", &b->arena, &b->scheme);
    if (root != -1)
        (void)close(root);
    return ok;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static void bench_close(struct bench *b)
{
    venv_close(&b->scheme);
    (void)nftw(b->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    buf_free(&b->told);
    arena_reset(&b->arena);
}

static enum pratique_status bench_install(struct bench *b, struct span bytes)
{
    static const struct wheel_limits limits = { .bytes = 1u << 20, .members = 100 };
    struct wheel_name n;

    if (!wheel_name_parse(span_text("pkg-1.0-py3-none-any.whl"), &n))
        return PRATIQUE_E_USAGE;
    return wheel_install(bytes, &n, &b->scheme, &limits, &b->arena, &b->got, tell, &b->told,
                         &b->err);
}

/* The content of a file of the environment; "" when there is none. */
static const char *content(struct bench *b, const char *path, unsigned *mode)
{
    static char text[4096];
    char full[200];
    struct stat st;
    int fd;

    *mode = 0;
    text[0] = '\0';
    (void)snprintf(full, sizeof full, "%s/%s", b->folder, path);
    if (lstat(full, &st) != 0 || !S_ISREG(st.st_mode))
        return text;
    *mode = st.st_mode & 0777;
    fd = open(full, O_RDONLY | O_CLOEXEC);
    text[fd == -1 ? 0 : read(fd, text, sizeof text - 1)] = '\0';
    text[st.st_size < (off_t)sizeof text ? st.st_size : 0] = '\0';
    (void)close(fd);
    return text;
}

#define SITE "lib/python3.11/site-packages/"

TEST(wheel_is_installed)
{
    static const struct part parts[PARTS_MAX] = {
        { .name = "pkg/__init__.py", .data = "x = 1\n", .mode = 0644, .method = 8 },
        { .name = "pkg/tool", .data = "#!/bin/sh\n", .mode = 0755 },
        { .name = "pkg/empty", .data = "" },
        { .name = "pkg-1.0.data/scripts/run", .data = "#!python -E\nprint()\n", .mode = 0755 },
        { .name = "pkg-1.0.data/scripts/main", .data = "#!python\nold\n", .mode = 0755 },
        { .name = "pkg-1.0.data/purelib/pure.py", .data = "y = 1\n" },
        { .name = "pkg-1.0.data/data/share/d.txt", .data = "d\n" },
        { .name = "pkg-1.0.data/headers/h.h", .data = "h\n" },
        { .name = INFO "entry_points.txt", .data = "[console_scripts]\nmain = pkg.m:go.on\n" },
    };
    static const struct {
        const char *path, *text;
        unsigned mode;
    } want[] = {
        { SITE "pkg/__init__.py", "x = 1\n", 0644 },
        { SITE "pkg/tool", "#!/bin/sh\n", 0755 },
        { SITE "pkg/empty", "", 0644 },
        { "bin/run", "#!/home/alex/.venv/bin/python\nprint()\n", 0755 },
        { "bin/main",
          "#!/home/alex/.venv/bin/python\nimport sys\nfrom pkg.m import go\nif __name__ == "
          "'__main__':\n    sys.exit(go.on())\n",
          0755 },
        { SITE "pure.py", "y = 1\n", 0644 },
        { "share/d.txt", "d\n", 0644 },
        { "include/site/python3.11/pkg/h.h", "h\n", 0644 },
        { SITE INFO "INSTALLER", "pip\n", 0644 },
        { SITE INFO "REQUESTED", "", 0644 },
    };
    mode_t mask = umask(022);
    struct bench *b = calloc(1, sizeof *b);
    unsigned mode;

    CHECK(bench_open(b), "%s", strerror(errno));
    make_wheel(&b->zip, parts);
    CHECK(bench_install(b, span_of(b->zip.bytes, b->zip.n)) == PRATIQUE_OK, "%s", b->err.msg);
    CHECK(b->told.n == 0, "%s", b->told.p);
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        const char *text = content(b, want[i].path, &mode);

        CHECK(strcmp(text, want[i].text) == 0, "%s: %s", want[i].path, text);
        CHECK(mode == want[i].mode, "%s: %o", want[i].path, mode);
    }
    CHECK(strstr(content(b, SITE INFO "RECORD", &mode), "../../../bin/run,sha256=") &&
              strstr(content(b, SITE INFO "RECORD", &mode), "pure.py,sha256="),
          "RECORD: %s", content(b, SITE INFO "RECORD", &mode));
    CHECK(b->got.files_n == 14, "%zu files", b->got.files_n);
    CHECK(b->got.modules_n == 3 && strcmp(b->got.modules[2], "pkg.m") == 0, "modules");
    bench_close(b);
    free(b);
    (void)umask(mask);
}

TEST(wheel_bad_ones)
{
    static const struct {
        const char *what;
        struct part parts[PARTS_MAX];
        enum pratique_status status;
        const char *said; /* a part of the error, or of what is told; "": nothing is */
    } rows[] = {
        { "a plain one", { { .name = "a.py", .data = "1" } }, PRATIQUE_OK, "" },
        { "climbs", { { .name = "../a.py", .data = "1" } }, PRATIQUE_E_FORMAT, "leads out" },
        { "climbs later",
          { { .name = "a/../../b", .data = "1" } },
          PRATIQUE_E_FORMAT,
          "leads out" },
        { "a detour", { { .name = "a/../b.py", .data = "1" } }, PRATIQUE_OK, "detour" },
        { "absolute", { { .name = "/tmp/a", .data = "1" } }, PRATIQUE_E_FORMAT, "leads out" },
        { "data climbs",
          { { .name = "pkg-1.0.data/data/../../x", .data = "1" } },
          PRATIQUE_E_FORMAT,
          "below no scheme" },
        { "a backslash", { { .name = "..\\a.py", .data = "1" } }, PRATIQUE_OK, "backslash" },
        { "no UTF-8", { { .name = "\xff.py", .data = "1" } }, PRATIQUE_E_FORMAT, "UTF-8" },
        { "not marked", { { .name = "\xc3\xa9.py", .data = "1" } }, PRATIQUE_OK, "ASCII" },
        { "no name", { { .name = "", .data = "1" } }, PRATIQUE_E_FORMAT, "no name" },
        { "a dot", { { .name = ".", .data = "1" } }, PRATIQUE_E_FORMAT, "no file's" },
        { "a link",
          { { .name = "a", .data = "/etc", .mode = S_IFLNK | 0777 } },
          PRATIQUE_OK,
          "link or a device" },
        { "a device",
          { { .name = "a", .data = "", .mode = S_IFCHR | 0666 } },
          PRATIQUE_OK,
          "link or a device" },
        { "twice",
          { { .name = "a.py", .data = "1" }, { .name = "a.py", .data = "2" } },
          PRATIQUE_E_FORMAT,
          "twice" },
        { "a file and a folder",
          { { .name = "a", .data = "1" }, { .name = "a/b", .data = "2" } },
          PRATIQUE_E_FORMAT,
          "a file and a folder" },
        { "one place",
          { { .name = "a.py", .data = "1" }, { .name = "pkg-1.0.data/purelib/a.py", .data = "2" } },
          PRATIQUE_OK,
          "two files of the wheel go there" },
        { "one place by data",
          { { .name = "a.py", .data = "1" },
            { .name = "pkg-1.0.data/data/lib64/python3.11/site-packages/a.py", .data = "2" } },
          PRATIQUE_OK,
          "two files of the wheel go there" },
        { "the interpreter",
          { { .name = "pkg-1.0.data/scripts/python", .data = "1" } },
          PRATIQUE_OK,
          "overwrites bin/python" },
        { "the configuration",
          { { .name = "pkg-1.0.data/data/pyvenv.cfg", .data = "1" } },
          PRATIQUE_OK,
          "overwrites pyvenv.cfg" },
        { "through a link",
          { { .name = "pkg-1.0.data/data/bin/python/x", .data = "1" } },
          PRATIQUE_E_FORMAT,
          "a file and a folder" },
        { "no scheme",
          { { .name = "pkg-1.0.data/other/x", .data = "1" } },
          PRATIQUE_E_FORMAT,
          "a scheme that there is not" },
        { "another's data",
          { { .name = "x-1.data/data/x", .data = "1" } },
          PRATIQUE_OK,
          "of another name" },
        { "two names",
          { { .name = "a.py", .data = "1", .lie = LIE_NAME } },
          PRATIQUE_E_FORMAT,
          "two names" },
        { "two sizes",
          { { .name = "a.py", .data = "1", .lie = LIE_SIZE } },
          PRATIQUE_E_FORMAT,
          "two sizes" },
        { "two methods",
          { { .name = "a.py", .data = "1", .lie = LIE_METHOD } },
          PRATIQUE_E_FORMAT,
          "two methods" },
        { "a checksum",
          { { .name = "a.py", .data = "1", .lie = LIE_CRC } },
          PRATIQUE_E_FORMAT,
          "checksum" },
        { "encrypted",
          { { .name = "a.py", .data = "1", .lie = LIE_CRYPT } },
          PRATIQUE_E_FORMAT,
          "encrypted" },
        { "nowhere",
          { { .name = "a.py", .data = "1", .lie = LIE_OFFSET } },
          PRATIQUE_E_FORMAT,
          "no local header" },
        { "unpacks to less",
          { { .name = "a.py", .data = "111", .method = 8, .lie = LIE_BODY } },
          PRATIQUE_E_FORMAT,
          "less than it says" },
        { "a method",
          { { .name = "a.py", .data = "1", .method = 98 } },
          PRATIQUE_E_FORMAT,
          "none that Python reads" },
        { "two dist-infos",
          { { .name = "a-1.dist-info/x", .data = "1" } },
          PRATIQUE_E_FORMAT,
          "a second .dist-info" },
        { "another version",
          { { .name = INFO "METADATA", .data = "Name: pkg\nVersion: 2\n" } },
          PRATIQUE_OK,
          "version is another" },
        { "another project",
          { { .name = INFO "METADATA", .data = "Name: other\nVersion: 1.0\n" } },
          PRATIQUE_E_FORMAT,
          "names another project" },
        { "a later format",
          { { .name = INFO "WHEEL", .data = "Wheel-Version: 2.0\n" } },
          PRATIQUE_E_FORMAT,
          "not known" },
        { "a newer format",
          { { .name = INFO "WHEEL", .data = "Wheel-Version: 1.1\n" } },
          PRATIQUE_OK,
          "newer than 1.0" },
        { "no function",
          { { .name = INFO "entry_points.txt", .data = "[console_scripts]\nx = a\n" } },
          PRATIQUE_E_FORMAT,
          "names no function" },
        { "a script that leaves",
          { { .name = INFO "entry_points.txt", .data = "[gui_scripts]\n../x = a:b\n" } },
          PRATIQUE_OK,
          "would leave bin" },
        { "a script that is python",
          { { .name = INFO "entry_points.txt", .data = "[gui_scripts]\npython3 = a:b\n" } },
          PRATIQUE_OK,
          "overwrites bin/python3" },
        { "not in RECORD",
          { { .name = INFO "RECORD", .data = "gone.py,,\n" }, { .name = "a.py", .data = "1" } },
          PRATIQUE_OK,
          "gone.py: RECORD names it, and it is not there; a.py: RECORD does not name it; " },
        { "a weak hash",
          { { .name = INFO "RECORD", .data = "a.py,md5=x,\n" }, { .name = "a.py", .data = "1" } },
          PRATIQUE_OK,
          "a weak one" },
        { "no hash",
          { { .name = INFO "RECORD", .data = "a.py,,2\n" }, { .name = "a.py", .data = "1" } },
          PRATIQUE_OK,
          "a.py: its size is not what RECORD says; a.py: RECORD has no hash of it; " },
        { "another hash",
          { { .name = INFO "RECORD",
              .data = "a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,1\n" },
            { .name = "a.py", .data = "1" } },
          PRATIQUE_OK,
          "a.py: its hash is not what RECORD says" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bench *b = calloc(1, sizeof *b);
        enum pratique_status st;
        const char *said;

        CHECK(bench_open(b), "%s", strerror(errno));
        make_wheel(&b->zip, rows[i].parts);
        st = bench_install(b, span_of(b->zip.bytes, b->zip.n));
        said = st == PRATIQUE_OK ? b->told.p : b->err.msg;
        CHECK(st == rows[i].status, "%s: %d %s", rows[i].what, (int)st, b->err.msg);
        CHECK(rows[i].said[0] ? strstr(said, rows[i].said) != NULL : !said[0], "%s: %s",
              rows[i].what, said);
        bench_close(b);
        free(b);
    }
}

TEST(wheel_limits)
{
    static const struct part parts[PARTS_MAX] = { { .name = "a.py", .data = "12345" } };
    static struct zipped z;
    const struct {
        struct wheel_limits limits;
        enum pratique_status status;
    } rows[] = {
        { { .bytes = 100000, .members = 4 }, PRATIQUE_OK },
        { { .bytes = 100000, .members = 3 }, PRATIQUE_E_LIMIT },
        { { .bytes = 10, .members = 4 }, PRATIQUE_E_LIMIT },
    };
    struct pratique_error err = { 0 };
    struct wheel_zip list;
    struct arena a;

    make_wheel(&z, parts);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        arena_init(&a, 1u << 20);
        CHECK(wheel_zip_list(span_of(z.bytes, z.n), &rows[i].limits, &a, &list, &err) ==
                  rows[i].status,
              "row %zu: %s", i, err.msg);
        arena_reset(&a);
    }
    arena_init(&a, 64);
    CHECK(wheel_zip_list(span_of(z.bytes, z.n), &rows[0].limits, &a, &list, &err) ==
              PRATIQUE_E_NOMEM,
          "memory");
    arena_reset(&a);
}

static enum pratique_status plan_only(struct span bytes, size_t ceiling)
{
    static const struct wheel_limits limits = { .bytes = 1u << 20, .members = 100 };
    struct wheel_scheme scheme = { .python = "/p", .py = &py311 };
    struct pratique_error err = { 0 };
    struct wheel_plan plan;
    struct wheel_name n;
    struct arena a;
    enum pratique_status st;

    if (!wheel_name_parse(span_text("pkg-1.0-py3-none-any.whl"), &n))
        return PRATIQUE_E_USAGE;
    arena_init(&a, ceiling);
    plan = (struct wheel_plan){ .scheme = &scheme, .name = &n, .arena = &a };
    st = wheel_plan_make(&plan, bytes, &limits, &err);
    CHECK(st == PRATIQUE_OK || (err.status == st && err.msg[0]), "a failure has its reason");
    arena_reset(&a);
    return st;
}

/* Cut anywhere, each byte flipped, memory of any size: an answer, and its reason. */
TEST(wheel_sweeps)
{
    static const struct part parts[PARTS_MAX] = {
        { .name = "pkg/__init__.py", .data = "x = 1\n", .method = 8 },
        { .name = INFO "entry_points.txt", .data = "[console_scripts]\nmain = a:b\n" },
    };
    static struct zipped z;

    make_wheel(&z, parts);
    CHECK(plan_only(span_of(z.bytes, z.n), 1u << 20) == PRATIQUE_OK, "as it is");
    for (size_t n = 0; n < z.n; n++)
        CHECK(plan_only(span_of(z.bytes, n), 1u << 20) == PRATIQUE_E_FORMAT, "cut at %zu", n);
    for (size_t i = 0; i < z.n; i++) {
        z.bytes[i] ^= 0xff;
        (void)plan_only(span_of(z.bytes, z.n), 1u << 20);
        z.bytes[i] ^= 0xff;
    }
    for (size_t i = 0; plan_only(span_of(z.bytes, z.n), i) != PRATIQUE_OK; i += 16)
        CHECK(i < 1u << 16, "with %zu bytes of memory", i);
}
