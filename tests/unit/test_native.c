/* src/format/native */
#include "format/native/native.h"

#include <glob.h>

#include "fact/package.h"
#include "model.h"

#define CORPUS "tests/fuzz/corpus/"

static void run(struct bench *b, const char *name, struct span in)
{
    bench_init(b);
    b->scan.packages = PACKAGES_ALL;
    b->scan.name = span_text(name);
    b->status = native_tell(&b->scan, in);
}

static void drop(struct bench *b)
{
    facts_free(&b->facts);
    arena_reset(&b->arena);
}

/* "KIND subject | detail" of each fact, in lines; "!" behind the kind: sure. */
static void print(const struct facts *facts, char *out, size_t size)
{
    size_t n = 0;

    *out = 0;
    for (size_t i = 0; i < facts->n && n < size; i++) {
        const struct fact *f = &facts->list[i];

        n += (size_t)snprintf(
            out + n, size - n, "%s%s %.*s | %.*s\n", fact_kind_name(f->kind) + strlen("NATIVE_"),
            f->flags & PKG_SURE ? "!" : "", (int)f->subject.n, (const char *)f->subject.p,
            (int)f->detail.n, (const char *)f->detail.p);
    }
}

#define LIB   " | libthing.so.1; needs libc.so.6\n"
#define DYLIB "FILE Mach-O arm64 dylib | @rpath/libthing.dylib; needs /usr/lib/libSystem.B.dylib\n"
#define DLL   " | thing.dll; needs KERNEL32.dll, python311.dll\n"

/* What each file of the corpora says. */
TEST(native_told)
{
    static const struct {
        const char *file, *want;
    } rows[] = {
        { "elf/y_shared", "FILE ELF x86_64 shared object" LIB },
        { "elf/y_shared32", "FILE ELF x86 shared object" LIB },
        { "elf/y_big32", "FILE ELF PowerPC shared object" LIB },
        { "elf/y_big64", "FILE ELF S/390 shared object" LIB },
        { "elf/y_constructors", "FILE ELF x86_64 shared object | libthing.so.1; 4 constructors; "
                                "needs libc.so.6\n" },
        { "elf/y_program", "FILE ELF x86_64 executable | interpreter /lib64/ld-linux-x86-64.so.2; "
                           "libthing.so.1; needs libc.so.6\n" },
        { "elf/y_runpath_inside", "FILE ELF x86_64 shared object" LIB },
        { "elf/y_runpath_outside", "RPATH $ORIGIN/../../../lib | DT_RUNPATH\n"
                                   "RPATH! /tmp/x | DT_RUNPATH\n"
                                   "RPATH! $ORIGINX | DT_RUNPATH\n"
                                   "RPATH! (the current folder) | DT_RPATH\n"
                                   "RPATH! rel | DT_RPATH\n"
                                   "FILE ELF x86_64 shared object" LIB },
        { "elf/y_needed_path", "RPATH! /tmp/evil.so | DT_NEEDED\n"
                               "RPATH! audit.so | DT_AUDIT\n"
                               "FILE ELF x86_64 shared object | libthing.so.1; needs libc.so.6, "
                               "/tmp/evil.so\n" },
        { "elf/y_execstack", "EXECSTACK! ELF x86_64 shared object | PT_GNU_STACK with PF_X\n"
                             "FILE ELF x86_64 shared object" LIB },
        { "elf/y_no_stack", "FILE ELF x86_64 shared object" LIB
                            "EXECSTACK ELF x86_64 shared object | no PT_GNU_STACK: the stack "
                            "becomes executable\n" },
        { "elf/y_no_stack_arm64", "FILE ELF aarch64 shared object" LIB },
        { "elf/y_writable_code", "WRITABLE_CODE a segment | 344 bytes of it, ELF x86_64 shared "
                                 "object\nFILE ELF x86_64 shared object" LIB },
        { "elf/y_overlay", "FILE ELF x86_64 shared object" LIB
                           "OVERLAY ELF | 14 bytes behind its end, beginning with 50 4b 03 04 20 "
                           "61 6e 64\n" },
        { "elf/y_padding", "FILE ELF x86_64 shared object" LIB },
        { "elf/y_addresses", "FILE ELF x86_64 shared object" LIB "URL https://a.example/x?y=1 | \n"
                             "URL http://a.example/x | \n"
                             "URL http://b.example/doc | \n"
                             "URL 198.51.100.7:8080 | \n"
                             "URL 198.51.100.7/run | \n"
                             "URL ftp://c.example/ | \n"
                             "URL https://wide.example/p | \n"
                             "URL https://r.example/one | \n"
                             "URL https://r.example/two | \n" },
        { "elf/y_object", "FILE ELF x86_64 relocatable object | \n" },
        { "elf/y_object_execstack", "FILE ELF x86_64 relocatable object | \n"
                                    "EXECSTACK! ELF x86_64 relocatable object | .note.GNU-stack "
                                    "is executable\n" },
        { "elf/y_object_no_note", "FILE ELF x86_64 relocatable object | \n"
                                  "EXECSTACK ELF x86_64 relocatable object | no .note.GNU-stack: "
                                  "linking it makes the stack executable\n" },
        { "macho/y_dylib", DYLIB },
        { "macho/y_dylib32", "FILE Mach-O i386 dylib | @rpath/libthing.dylib; needs "
                             "/usr/lib/libSystem.B.dylib\n" },
        { "macho/y_big32", "FILE Mach-O ppc dylib | @rpath/libthing.dylib; needs "
                           "/usr/lib/libSystem.B.dylib\n" },
        { "macho/y_constructors", "FILE Mach-O arm64 bundle | @rpath/libthing.dylib; 5 "
                                  "constructors; needs /usr/lib/libSystem.B.dylib\n" },
        { "macho/y_rpath_inside", "FILE Mach-O arm64 dylib | @rpath/libthing.dylib; needs "
                                  "/usr/lib/libSystem.B.dylib, @loader_path/.dylibs/x.dylib\n" },
        { "macho/y_rpath_outside",
          "RPATH @loader_path/../../../lib | LC_RPATH\n"
          "RPATH /opt/lib | LC_RPATH\n"
          "RPATH /opt/lib/x.dylib | LC_LOAD_DYLIB\n"
          "RPATH! bare.dylib | LC_LOAD_DYLIB\n"
          "RPATH! DYLD_INSERT_LIBRARIES=/tmp/x.dylib | LC_DYLD_ENVIRONMENT\n"
          "FILE Mach-O arm64 dylib | @rpath/libthing.dylib; needs "
          "/usr/lib/libSystem.B.dylib, /opt/lib/x.dylib, bare.dylib\n" },
        { "macho/y_execstack", "FILE Mach-O arm64 executable | @rpath/libthing.dylib; needs "
                               "/usr/lib/libSystem.B.dylib\n"
                               "EXECSTACK! Mach-O arm64 executable | MH_ALLOW_STACK_EXECUTION\n" },
        { "macho/y_writable_code", "WRITABLE_CODE a segment | 64 bytes of it, Mach-O arm64 "
                                   "dylib\n" DYLIB },
        { "macho/y_overlay", DYLIB "OVERLAY Mach-O | 10 bytes behind its end, beginning with 23 21 "
                                   "2f 62 69 6e 2f 73\n" },
        { "macho/y_fat", DYLIB "FILE Mach-O x86_64 dylib | @rpath/libthing.dylib; needs "
                               "/usr/lib/libSystem.B.dylib\n" },
        { "macho/y_fat64", DYLIB "FILE Mach-O x86_64 dylib | @rpath/libthing.dylib; needs "
                                 "/usr/lib/libSystem.B.dylib\n" },
        { "macho/y_fat_archive", "FILE Mach-O arm64 archive | \n" },
        { "pe/y_dll", "FILE PE x86-64 DLL" DLL },
        { "pe/y_dll32", "FILE PE x86 DLL" DLL },
        { "pe/y_program", "FILE PE ARM64 executable" DLL },
        { "pe/y_delayed", "FILE PE x86-64 DLL | thing.dll; needs KERNEL32.dll, python311.dll, "
                          "WS2_32.dll\n" },
        { "pe/y_import_path", "RPATH! ..\\evil.dll | an import by its path\n"
                              "FILE PE x86-64 DLL | thing.dll; needs ..\\evil.dll\n" },
        { "pe/y_no_nx", "FILE PE x86-64 DLL" DLL "EXECSTACK PE x86-64 DLL | without "
                        "IMAGE_DLLCHARACTERISTICS_NX_COMPAT\n" },
        { "pe/y_no_nx_program", "FILE PE x86 executable" DLL "EXECSTACK! PE x86 executable | "
                                "without IMAGE_DLLCHARACTERISTICS_NX_COMPAT\n" },
        { "pe/y_writable_code", "WRITABLE_CODE .text | 512 bytes of it, PE x86-64 DLL\n"
                                "FILE PE x86-64 DLL" DLL },
        { "pe/y_overlay", "FILE PE x86-64 DLL" DLL "OVERLAY PE | 18 bytes behind its end, "
                          "beginning with 4e 75 6c 6c 73 6f 66 74\n" },
        { "pe/y_addresses", "FILE PE x86-64 DLL" DLL "URL https://a.example/x | \n"
                            "URL http://wide.example:81/ | \n" },
        { "pe/y_callbacks", "FILE PE x86-64 DLL | thing.dll; 2 thread callbacks; needs "
                            "KERNEL32.dll, python311.dll\n" },
        { "pe/y_signed_overlay", "FILE PE x86-64 DLL | thing.dll; signed; needs KERNEL32.dll, "
                                 "python311.dll\n"
                                 "OVERLAY PE | 8 bytes behind its end, beginning with 61 70 70 65 "
                                 "6e 64 65 64\n" },
        { "pe/y_symbols", "FILE PE x86-64 DLL" DLL },
    };
    static char got[16384];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        struct span in;
        char path[128];

        (void)snprintf(path, sizeof path, CORPUS "%s", rows[i].file);
        if (!bench_load(path, &in)) {
            CHECK(false, "%s", path);
            continue;
        }
        run(&b, "package/sub/file", in);
        print(&b.facts, got, sizeof got);
        CHECK(b.status == PRATIQUE_OK, "%s", path);
        CHECK(strcmp(got, rows[i].want) == 0, "%s:\n%s", rows[i].file, got);
        drop(&b);
        free((void *)(uintptr_t)in.p);
    }
}

static size_t count(const struct facts *facts, enum fact_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < facts->n; i++)
        n += facts->list[i].kind == kind;
    return n;
}

/* Calls each() for every file of the three corpora whose name matches. */
static void each_file(const char *pattern, void (*each)(const char *path, struct span in))
{
    static const char *const folders[] = { "elf", "macho", "pe" };

    for (size_t i = 0; i < 3; i++) {
        char path[128];
        glob_t g;

        (void)snprintf(path, sizeof path, CORPUS "%s/%s", folders[i], pattern);
        CHECK(glob(path, 0, NULL, &g) == 0 && g.gl_pathc > 0, "%s", path);
        for (size_t k = 0; k < g.gl_pathc; k++) {
            struct span in;

            CHECK(bench_load(g.gl_pathv[k], &in), "%s", g.gl_pathv[k]);
            each(g.gl_pathv[k], in);
            free((void *)(uintptr_t)in.p);
        }
        globfree(&g);
    }
}

static void is_broken(const char *path, struct span in)
{
    struct bench b;

    run(&b, "a/b/c", in);
    CHECK(b.status == PRATIQUE_OK && count(&b.facts, FACT_NATIVE_BROKEN) > 0, "%s", path);
    CHECK(count(&b.facts, FACT_NATIVE_FILE) > 0, "%s: not even what it is", path);
    drop(&b);
}

static void is_whole(const char *path, struct span in)
{
    struct bench b;

    run(&b, "a/b/c", in);
    CHECK(b.status == PRATIQUE_OK && count(&b.facts, FACT_NATIVE_BROKEN) == 0, "%s", path);
    drop(&b);
}

TEST(native_broken_is_told)
{
    each_file("n_*", is_broken);
    each_file("y_*", is_whole);
}

/* In a block of just that size, where a byte too many is seen. */
static void feed(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    struct bench b;

    memcpy(copy, p, n);
    run(&b, "a/b/c", span_of(copy, n));
    CHECK(b.status == PRATIQUE_OK && !b.facts.full && b.facts.n < 4096, "%zu facts", b.facts.n);
    drop(&b);
    free(copy);
}

/* Headers are cut off at each byte; numbers in them are made nothing, huge and negative. */
static void sweep(struct span in)
{
    static const uint8_t values[] = { 0, 0x7f, 0xff };
    size_t head = in.n < 320 ? in.n : 320;
    uint8_t *copy = malloc(in.n);

    for (size_t n = 0; n < head; n++)
        feed(in.p, n);
    for (size_t i = 4; i + 8 <= head; i++) {
        memcpy(copy, in.p, in.n);
        copy[i] = values[i % sizeof values];
        feed(copy, in.n);
    }
    for (size_t i = 4; i + 8 <= head; i += 4) {
        memcpy(copy, in.p, in.n);
        memset(copy + i, 0xff, 4 + i / 4 % 2 * 4);
        feed(copy, in.n);
    }
    free(copy);
}

TEST(native_sweep)
{
    static const char *const files[] = { "elf/y_program", "elf/y_shared32", "macho/y_fat64",
                                         "macho/y_rpath_inside", "pe/y_callbacks" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];
        struct span in;

        (void)snprintf(path, sizeof path, CORPUS "%s", files[i]);
        if (bench_load(path, &in))
            sweep(in);
        CHECK(in.n, "%s", path);
        free(in.n ? (void *)(uintptr_t)in.p : NULL);
    }
}

TEST(native_addresses_are_bounded)
{
    struct bench b;
    struct span in;

    CHECK(bench_load(CORPUS "elf/y_many_addresses", &in), "the file");
    run(&b, "a/b/c", in);
    CHECK(count(&b.facts, FACT_NATIVE_URL) == 65, "%zu", count(&b.facts, FACT_NATIVE_URL));
    CHECK(b.facts.n && b.facts.list[b.facts.n - 1].number == 36, "and 36 more");
    drop(&b);
    free((void *)(uintptr_t)in.p);
}

/* How deep a file lies in what is installed, and so how far up its paths may lead. */
TEST(native_depth)
{
    static const struct {
        const char *name;
        size_t outside; /* of the five that y_runpath_outside has */
    } rows[] = {
        { "package/sub/file", 5 },
        { "package/sub/deep/file", 4 },
        { "file", 5 },
        { "x-1.data/purelib/a/b/c/file", 4 },
        { "x-1.data/purelib/a/b/file", 5 },
        { "x-1.data/scripts/file", 5 },
    };
    struct span in;

    CHECK(bench_load(CORPUS "elf/y_runpath_outside", &in), "the file");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;

        run(&b, rows[i].name, in);
        CHECK(count(&b.facts, FACT_NATIVE_RPATH) == rows[i].outside, "%s: %zu", rows[i].name,
              count(&b.facts, FACT_NATIVE_RPATH));
        drop(&b);
    }
    free((void *)(uintptr_t)in.p);
}

TEST(native_only_in_packages)
{
    struct bench b;
    struct span in;

    CHECK(bench_load(CORPUS "elf/y_execstack", &in), "the file");
    for (int packages = PACKAGES_NONE; packages <= PACKAGES_KNOWN; packages++) {
        bench_init(&b);
        b.scan.packages = (enum scan_packages)packages;
        CHECK(native_tell(&b.scan, in) == PRATIQUE_OK && b.facts.n == 0, "%d", packages);
        drop(&b);
    }
    free((void *)(uintptr_t)in.p);
}
