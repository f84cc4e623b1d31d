/*
 * PE images: sections, imports at once and delayed, the export's name, and what stands behind.
 *
 * Spec: PE Format (Microsoft, learn.microsoft.com/windows/win32/debug/pe-format); where the
 * loader and the text disagree, the loader: offsets of sections are rounded down to 512 bytes,
 * lists of imports end with an entry without name. Left out: resources, relocations, .NET's
 * own tables, whether a signature is good.
 */
#include <stdio.h>

#include "base/compiler.h"
#include "format/native/parts.h"

enum { IMAGE_FILE_DLL = 0x2000 };
enum { DLL_NX_COMPAT = 0x100 };
enum { SCN_EXECUTE = 0x20000000 };
#define SCN_WRITE UINT32_C(0x80000000)
enum {
    DIR_EXPORT = 0,
    DIR_IMPORT = 1,
    DIR_SECURITY = 4,
    DIR_DEBUG = 6,
    DIR_TLS = 9,
    DIR_DELAY = 13,
    DIR_CLR = 14,
    DIRECTORIES = 16
};
/* What the loader takes at the most; more sections are not looked at. */
#define SECTIONS_MAX  96
#define IMPORTS_MAX   4096
#define CALLBACKS_MAX 4096
#define DEBUG_MAX     64

struct directory {
    uint64_t address, size;
};

struct section {
    struct span name;
    uint64_t size, address, raw_size, raw, flags;
};

struct pe {
    struct native *n;
    uint64_t machine, characteristics, symbols, symbols_n, optional_size;
    uint64_t base, headers_size, subsystem, dll_flags;
    struct directory dir[DIRECTORIES];
    struct section section[SECTIONS_MAX];
    size_t sections;
    uint64_t end;
};

/* ---- names ---- */

static const char *machine_name(uint64_t machine)
{
    static const struct {
        unsigned number;
        const char *name;
    } machines[] = {
        { 0x14c, "x86" },     { 0x8664, "x86-64" },       { 0x1c0, "ARM" },     { 0x1c4, "ARM" },
        { 0xaa64, "ARM64" },  { 0xa641, "ARM64EC" },      { 0xa64e, "ARM64X" }, { 0x200, "IA-64" },
        { 0x5064, "RISC-V" }, { 0xebc, "EFI byte code" },
    };

    for (size_t i = 0; i < ARRAY_LEN(machines); i++)
        if (machines[i].number == machine)
            return machines[i].name;
    return "of an unknown machine";
}

static void name_kind(struct pe *e)
{
    const char *type = e->characteristics & IMAGE_FILE_DLL        ? "DLL"
                       : e->subsystem == 1                        ? "driver"
                       : e->subsystem >= 10 && e->subsystem <= 13 ? "EFI image"
                                                                  : "executable";

    (void)snprintf(e->n->kind, sizeof e->n->kind, "PE %s %s", machine_name(e->machine), type);
}

/* ---- headers ---- */

static void read_file_header(struct pe *e, struct fields *f, uint64_t *sections)
{
    e->machine = field(f, 2);
    *sections = field(f, 2);
    (void)field(f, 4); /* time */
    e->symbols = field(f, 4);
    e->symbols_n = field(f, 4);
    e->optional_size = field(f, 2);
    e->characteristics = field(f, 2);
}

static void read_directories(struct pe *e, struct fields *f)
{
    uint64_t count = field(f, 4);

    for (uint64_t i = 0; i < count && i < DIRECTORIES && f->in.n >= 8; i++) {
        e->dir[i].address = field(f, 4);
        e->dir[i].size = field(f, 4);
    }
}

/* The optional header, which images must have. */
static void read_optional_header(struct pe *e, struct fields *f)
{
    struct native *n = e->n;
    uint64_t magic = field(f, 2);

    n->wide = magic == 0x20b;
    if (magic != 0x10b && magic != 0x20b) {
        native_broken(n, 0, "its optional header is of an unknown kind, 0x%llx",
                      (unsigned long long)magic);
        return;
    }
    (void)skip(&f->in, n->wide ? 22 : 26);
    e->base = field_word(n, f);
    (void)skip(&f->in, 28);
    e->headers_size = field(f, 4);
    (void)field(f, 4); /* checksum */
    e->subsystem = field(f, 2);
    e->dll_flags = field(f, 2);
    (void)skip(&f->in, n->wide ? 36 : 20); /* stack, heap, flags */
    read_directories(e, f);
    if (f->is_short)
        native_broken(n, 0, "its optional header is cut off");
}

static bool read_section(struct pe *e, struct fields *f, struct section *s)
{
    if (!take(&f->in, 8, &s->name))
        return false;
    s->size = field(f, 4);
    s->address = field(f, 4);
    s->raw_size = field(f, 4);
    s->raw = field(f, 4);
    for (unsigned i = 0; i < 3; i++)
        (void)field(f, 4); /* relocations, lines, and how many of each */
    s->flags = field(f, 4);
    for (size_t i = 0; i < s->name.n; i++)
        if (s->name.p[i] == 0)
            s->name.n = i;
    e->sections += !f->is_short;
    return !f->is_short;
}

static void judge_section(struct pe *e, const struct section *s)
{
    struct native *n = e->n;
    struct span body;

    if ((s->flags & SCN_WRITE) && (s->flags & SCN_EXECUTE))
        native_writable_code(n, s->raw < n->in.n ? s->raw : 0, s->name,
                             s->size ? s->size : s->raw_size);
    if (s->raw == 0 || s->raw_size == 0)
        return;
    if (!span_sub(n->in, s->raw, s->raw_size, &body))
        native_broken(n, 0, "section %.*s lies beyond its end: %llu bytes at %llu", (int)s->name.n,
                      (const char *)s->name.p, (unsigned long long)s->raw_size,
                      (unsigned long long)s->raw);
    else if (s->raw + s->raw_size > e->end)
        e->end = s->raw + s->raw_size;
}

static void read_sections(struct pe *e, struct span in, uint64_t count)
{
    struct fields f = native_fields(e->n, in);

    if (count > SECTIONS_MAX) {
        native_broken(e->n, 0, "it has %llu sections, more than are loaded",
                      (unsigned long long)count);
        count = SECTIONS_MAX;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (!read_section(e, &f, &e->section[i])) {
            native_broken(e->n, 0, "its section headers are cut off");
            return;
        }
        judge_section(e, &e->section[i]);
    }
}

/* ---- what directories speak of ---- */

/* The bytes from an address on, to the end of what holds it; empty and false for none. */
static bool at_address(const struct pe *e, uint64_t address, struct span *out)
{
    struct span in = e->n->in;

    for (size_t i = 0; i < e->sections; i++) {
        const struct section *s = &e->section[i];
        uint64_t skipped = address - s->address;

        if (address >= s->address && skipped < s->raw_size && s->raw)
            return span_sub(in, (s->raw & ~UINT64_C(511)) + skipped, s->raw_size - skipped, out);
    }
    if (address < e->headers_size && address < in.n) {
        *out = span_from(in, address);
        return true;
    }
    *out = SPAN_EMPTY;
    return false;
}

static bool name_at(struct pe *e, const char *of, uint64_t address, struct span *name)
{
    struct span in;

    if (at_address(e, address, &in) && native_string(in, 0, name))
        return true;
    native_broken(e->n, 0, "the name of an %s, at address 0x%llx, is not in it", of,
                  (unsigned long long)address);
    return false;
}

static bool directory(struct pe *e, unsigned which, const char *what, struct span *out)
{
    const struct directory *d = &e->dir[which];

    *out = SPAN_EMPTY;
    if (d->address == 0)
        return false;
    if (at_address(e, d->address, out))
        return true;
    native_broken(e->n, 0, "its %s, at address 0x%llx, are in no section", what,
                  (unsigned long long)d->address);
    return false;
}

static void read_import(struct pe *e, uint64_t address)
{
    struct span name;

    if (!name_at(e, "import", address, &name))
        return;
    native_need(&e->n->needs, name);
    search_needed_pe(e->n, name);
}

static void read_imports(struct pe *e)
{
    struct span in;
    unsigned i = 0;

    if (!directory(e, DIR_IMPORT, "imports", &in))
        return;
    for (; i < IMPORTS_MAX && e->n->faults < NATIVE_FAULTS_MAX; i++) {
        struct fields f = native_fields(e->n, in);
        uint64_t name, thunks;

        (void)skip(&f.in, 12);
        name = field(&f, 4);
        thunks = field(&f, 4);
        if (f.is_short || !skip(&in, 20)) {
            native_broken(e->n, 0, "its list of imports has no end");
            return;
        }
        if (name == 0 || thunks == 0)
            return;
        read_import(e, name);
    }
}

/* Bit 0 of the attributes: addresses are relative; in old files they are not. */
static void read_delayed(struct pe *e)
{
    struct span in;

    if (!directory(e, DIR_DELAY, "delayed imports", &in))
        return;
    for (unsigned i = 0; i < IMPORTS_MAX && e->n->faults < NATIVE_FAULTS_MAX; i++) {
        struct fields f = native_fields(e->n, in);
        uint64_t attributes = field(&f, 4), name = field(&f, 4);

        if (f.is_short || !skip(&in, 32)) {
            native_broken(e->n, 0, "its list of delayed imports has no end");
            return;
        }
        if (name == 0)
            return;
        read_import(e, attributes & 1 ? name : name - e->base);
    }
}

static void read_export(struct pe *e)
{
    struct span in, name;
    struct fields f;

    if (!directory(e, DIR_EXPORT, "exports", &in))
        return;
    f = native_fields(e->n, span_from(in, 12));
    if (name_at(e, "export", field(&f, 4), &name))
        native_note(e->n, "%.*s", (int)name.n, (const char *)name.p);
}

/* Functions of thread-local storage run before the entry point does. */
static void read_callbacks(struct pe *e)
{
    struct span in, list;
    struct fields f;
    unsigned n = 0;

    if (!directory(e, DIR_TLS, "thread-local data", &in))
        return;
    f = native_fields(e->n, span_from(in, e->n->wide ? 24 : 12));
    if (!at_address(e, field_word(e->n, &f) - e->base, &list))
        return;
    for (f = native_fields(e->n, list); n < CALLBACKS_MAX && field_word(e->n, &f) != 0;)
        n++;
    if (n)
        native_note(e->n, "%u thread callbacks", n);
}

/* ---- what stands behind the sections ---- */

/* MinGW's symbols, and the strings behind them. */
static void skip_symbols(struct pe *e)
{
    uint64_t size = e->symbols_n * 18;
    struct fields f = native_fields(e->n, span_from(e->n->in, e->symbols + size));
    uint64_t strings = field(&f, 4);

    if (e->symbols == 0 || e->symbols_n == 0)
        return;
    if (e->symbols + size > e->n->in.n) {
        native_broken(e->n, 0, "its symbols lie beyond its end");
        return;
    }
    size += f.is_short || strings > f.in.n + 4 ? 0 : strings;
    if (e->symbols + size > e->end)
        e->end = e->symbols + size;
}

static void skip_debug(struct pe *e)
{
    struct span in, body;

    if (!e->dir[DIR_DEBUG].address || !at_address(e, e->dir[DIR_DEBUG].address, &in))
        return;
    for (uint64_t i = 0; i < e->dir[DIR_DEBUG].size / 28 && i < DEBUG_MAX; i++) {
        struct fields f = native_fields(e->n, span_from(in, i * 28 + 16));
        uint64_t size = field(&f, 4), off;

        (void)field(&f, 4);
        off = field(&f, 4);
        if (off && span_sub(e->n->in, off, size, &body) && off + size > e->end)
            e->end = off + size;
    }
}

/* The table of certificates is named by its offset, and is no overlay. */
static void read_behind(struct pe *e)
{
    struct native *n = e->n;
    const struct directory *sign = &e->dir[DIR_SECURITY];
    struct span body;

    skip_symbols(e);
    skip_debug(e);
    if (sign->address == 0 || sign->size == 0) {
        native_overlay(n, e->end, n->in.n - e->end);
        return;
    }
    if (!span_sub(n->in, sign->address, sign->size, &body)) {
        native_broken(n, 0, "its certificates lie beyond its end");
        return;
    }
    if (sign->address > e->end)
        native_overlay(n, e->end, sign->address - e->end);
    native_overlay(n, sign->address + sign->size, n->in.n - sign->address - sign->size);
}

/* ---- the file ---- */

static void tell(struct pe *e)
{
    struct native *n = e->n;
    bool dll = e->characteristics & IMAGE_FILE_DLL;

    if (e->dir[DIR_CLR].address)
        native_note(n, ".NET");
    if (e->dir[DIR_SECURITY].address && e->dir[DIR_SECURITY].size)
        native_note(n, "signed");
    native_file(n);
    /* a library's flag does not count, and a program of 64 bits never has such a stack */
    if (!(e->dll_flags & DLL_NX_COMPAT) && e->subsystem > 1 && e->subsystem < 10)
        native_execstack(n, "without IMAGE_DLLCHARACTERISTICS_NX_COMPAT", !dll && !n->wide);
}

void pe_tell(struct native *n)
{
    struct pe e = { .n = n };
    struct fields f = native_fields(n, span_from(n->in, 0x3c));
    uint64_t at = field(&f, 4), sections, table;

    f = native_fields(n, span_from(n->in, at + 4));
    read_file_header(&e, &f, &sections);
    table = at + 24 + e.optional_size;
    if (f.is_short)
        native_broken(n, at, "its header is cut off");
    read_optional_header(&e, &f);
    e.end = e.headers_size < n->in.n ? e.headers_size : n->in.n;
    name_kind(&e);
    read_sections(&e, span_from(n->in, table), sections);
    read_export(&e);
    read_imports(&e);
    read_delayed(&e);
    read_callbacks(&e);
    tell(&e);
    if (n->faults == 0)
        read_behind(&e);
}
