/*
 * Mach-O: the load commands of a file, and the slices of a universal one.
 *
 * Spec: <mach-o/loader.h>, <mach-o/fat.h>, <mach/machine.h> of Apple's cctools; the checks that
 * dyld makes (MachOFile.cpp). Left out: symbols, relocations, what a signature says.
 */
#include <stdio.h>

#include "base/compiler.h"
#include "format/native/parts.h"

#define LC_REQ_DYLD UINT32_C(0x80000000)
enum {
    LC_SEGMENT = 0x1,
    LC_SYMTAB = 0x2,
    LC_LOAD_DYLIB = 0xc,
    LC_ID_DYLIB = 0xd,
    LC_LOAD_DYLINKER = 0xe,
    LC_LOAD_WEAK_DYLIB = 0x18,
    LC_SEGMENT_64 = 0x19,
    LC_RPATH = 0x1c,
    LC_CODE_SIGNATURE = 0x1d,
    LC_SEGMENT_SPLIT_INFO = 0x1e,
    LC_REEXPORT_DYLIB = 0x1f,
    LC_LAZY_LOAD_DYLIB = 0x20,
    LC_ENCRYPTION_INFO = 0x21,
    LC_LOAD_UPWARD_DYLIB = 0x23,
    LC_FUNCTION_STARTS = 0x26,
    LC_DYLD_ENVIRONMENT = 0x27,
    LC_DATA_IN_CODE = 0x29,
    LC_ENCRYPTION_INFO_64 = 0x2c,
    LC_LINKER_OPTIMIZATION_HINT = 0x2e,
};
enum { VM_PROT_WRITE = 2, VM_PROT_EXECUTE = 4 };
enum { MH_OBJECT = 1, MH_ALLOW_STACK_EXECUTION = 0x20000 };
enum { S_MOD_INIT_FUNC_POINTERS = 0x9, S_INIT_FUNC_OFFSETS = 0x16 };
/* Slices of a universal file; there are not so many processors. */
#define SLICES_MAX 42

struct macho {
    struct native *n;
    uint64_t type, flags, commands, commands_size;
    uint64_t end;
    uint64_t constructors;
};

struct slice {
    uint64_t cpu, off, size;
};

/* ---- names ---- */

static const char *cpu_name(uint64_t cpu)
{
    static const struct {
        uint32_t number;
        const char *name;
    } cpus[] = {
        { 7, "i386" },           { 0x01000007, "x86_64" },   { 12, "arm" },
        { 0x0100000c, "arm64" }, { 0x0200000c, "arm64_32" }, { 18, "ppc" },
        { 0x01000012, "ppc64" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cpus); i++)
        if (cpus[i].number == cpu)
            return cpus[i].name;
    return NULL;
}

static const char *type_name(uint64_t type)
{
    static const char *const names[] = {
        "file",      "object",         "executable", "fixed library",
        "core dump", "preloaded file", "dylib",      "dynamic linker",
        "bundle",    "dylib stub",     "debug file", "kernel extension",
        "file set",
    };

    return type < ARRAY_LEN(names) ? names[type] : names[0];
}

static void name_kind(struct native *n, uint64_t cpu, const char *type)
{
    const char *name = cpu_name(cpu);

    if (name)
        (void)snprintf(n->kind, sizeof n->kind, "Mach-O %s %s", name, type);
    else
        (void)snprintf(n->kind, sizeof n->kind, "Mach-O %s of processor %u", type, (unsigned)cpu);
}

/* ---- load commands ---- */

/* off and size are said to be in the file; what lies there is no overlay. */
static bool inside(struct macho *m, const char *what, uint64_t off, uint64_t size)
{
    struct span body;

    if (size == 0)
        return true;
    if (!span_sub(m->n->in, off, size, &body)) {
        native_broken(m->n, 0, "%s lies beyond its end: %llu bytes at %llu", what,
                      (unsigned long long)size, (unsigned long long)off);
        return false;
    }
    m->end = off + size > m->end ? off + size : m->end;
    return true;
}

/* Sections tell of constructors alone. */
static void read_sections(struct macho *m, struct fields *f, uint64_t count)
{
    struct native *n = m->n;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t size, kind;

        (void)skip(&f->in, 32); /* names */
        (void)field_word(n, f);
        size = field_word(n, f);
        for (unsigned k = 0; k < 4; k++)
            (void)field(f, 4);
        kind = field(f, 4) & 0xff;
        (void)skip(&f->in, n->wide ? 12 : 8);
        if (f->is_short) {
            native_broken(n, 0, "a segment with more sections than fit into its command");
            return;
        }
        if (kind == S_MOD_INIT_FUNC_POINTERS)
            m->constructors += size / (n->wide ? 8 : 4);
        else if (kind == S_INIT_FUNC_OFFSETS)
            m->constructors += size / 4;
    }
}

static void read_segment(struct macho *m, struct fields f)
{
    struct native *n = m->n;
    struct span name;
    uint64_t size, off, file_size, prot, count;

    if (!take(&f.in, 16, &name))
        f.is_short = true;
    (void)field_word(n, &f);
    size = field_word(n, &f);
    off = field_word(n, &f);
    file_size = field_word(n, &f);
    (void)field(&f, 4); /* the highest protection */
    prot = field(&f, 4);
    count = field(&f, 4);
    (void)field(&f, 4);
    if (f.is_short) {
        native_broken(n, 0, "a segment's command is too short");
        return;
    }
    (void)inside(m, "a segment", off, file_size);
    if (file_size > size && m->type != MH_OBJECT)
        native_broken(n, 0, "a segment with more bytes in the file than in memory");
    if ((prot & VM_PROT_WRITE) && (prot & VM_PROT_EXECUTE) && m->type != MH_OBJECT)
        native_writable_code(n, 0, SPAN_LITERAL("a segment"), size);
    read_sections(m, &f, count);
}

/* The string of a command, at an offset that the command names in its third word. */
static bool command_string(struct macho *m, struct span command, struct span *out)
{
    struct fields f = native_fields(m->n, span_from(command, 8));
    uint64_t off = field(&f, 4);

    if (!f.is_short && off >= 12 && native_string(command, off, out))
        return true;
    native_broken(m->n, (uint64_t)(command.p - m->n->in.p), "a load command's string has no end");
    return false;
}

static void read_dylib(struct macho *m, struct span command)
{
    struct span name;

    if (!command_string(m, command, &name))
        return;
    native_need(&m->n->needs, name);
    search_needed_macho(m->n, name);
}

static void read_string(struct macho *m, uint64_t kind, struct span command)
{
    struct span s;

    if (!command_string(m, command, &s))
        return;
    if (kind == LC_RPATH)
        search_macho(m->n, s);
    else if (kind == LC_DYLD_ENVIRONMENT) /* DYLD_INSERT_LIBRARIES=..., from within */
        search_tell(m->n, "LC_DYLD_ENVIRONMENT", s);
    else if (kind == LC_ID_DYLIB)
        native_note(m->n, "%.*s", (int)s.n, (const char *)s.p);
    else
        native_note(m->n, "interpreter %.*s", (int)s.n, (const char *)s.p);
}

static void read_symbols(struct macho *m, struct fields f)
{
    uint64_t off = field(&f, 4), count = field(&f, 4);
    uint64_t strings = field(&f, 4), strings_size = field(&f, 4);

    if (f.is_short)
        native_broken(m->n, 0, "the symbols' command is too short");
    (void)inside(m, "the table of symbols", off, count * (m->n->wide ? 16 : 12));
    (void)inside(m, "the table of strings", strings, strings_size);
}

static void read_encryption(struct macho *m, struct fields f)
{
    (void)field(&f, 4);
    (void)field(&f, 4);
    if (field(&f, 4) != 0)
        native_broken(m->n, 0, "it is encrypted");
}

static void read_linked_data(struct macho *m, struct fields f)
{
    uint64_t off = field(&f, 4), size = field(&f, 4);

    (void)inside(m, "a table of the linker", off, size);
}

static void read_command(struct macho *m, uint64_t kind, struct span command)
{
    struct fields f = native_fields(m->n, span_from(command, 8));

    switch (kind & ~LC_REQ_DYLD) {
    case LC_SEGMENT:
    case LC_SEGMENT_64:
        if (m->n->wide == (kind == LC_SEGMENT_64))
            read_segment(m, f);
        else
            native_broken(m->n, (uint64_t)(command.p - m->n->in.p), "a segment of another width");
        break;
    case LC_SYMTAB:
        read_symbols(m, f);
        break;
    case LC_LOAD_DYLIB:
    case LC_LOAD_WEAK_DYLIB:
    case LC_REEXPORT_DYLIB:
    case LC_LAZY_LOAD_DYLIB:
    case LC_LOAD_UPWARD_DYLIB:
        read_dylib(m, command);
        break;
    case LC_ID_DYLIB:
    case LC_LOAD_DYLINKER:
    case LC_RPATH:
    case LC_DYLD_ENVIRONMENT:
        read_string(m, kind & ~LC_REQ_DYLD, command);
        break;
    case LC_ENCRYPTION_INFO:
    case LC_ENCRYPTION_INFO_64:
        read_encryption(m, f);
        break;
    case LC_CODE_SIGNATURE:
    case LC_SEGMENT_SPLIT_INFO:
    case LC_FUNCTION_STARTS:
    case LC_DATA_IN_CODE:
    case LC_LINKER_OPTIMIZATION_HINT:
        read_linked_data(m, f);
        break;
    default:
        break;
    }
}

static void read_commands(struct macho *m, struct span commands)
{
    for (uint64_t i = 0; i < m->commands; i++) {
        struct fields f = native_fields(m->n, commands);
        uint64_t off = (uint64_t)(commands.p - m->n->in.p);
        uint64_t kind = field(&f, 4), size = field(&f, 4);
        struct span command;

        if (f.is_short || size < 8 || !take(&commands, size, &command)) {
            native_broken(m->n, off, "load command %llu of %llu: %llu bytes, with %llu left",
                          (unsigned long long)i + 1, (unsigned long long)m->commands,
                          (unsigned long long)size, (unsigned long long)commands.n);
            return;
        }
        read_command(m, kind, command);
        if (m->n->faults > NATIVE_FAULTS_MAX)
            return;
    }
}

/* ---- one architecture ---- */

static bool read_header(struct macho *m, uint64_t *cpu)
{
    struct fields f = native_fields(m->n, span_from(m->n->in, 4));

    *cpu = field(&f, 4);
    (void)field(&f, 4);
    m->type = field(&f, 4);
    m->commands = field(&f, 4);
    m->commands_size = field(&f, 4);
    m->flags = field(&f, 4);
    if (m->n->wide)
        (void)field(&f, 4);
    m->end = m->n->in.n - f.in.n + m->commands_size;
    if (f.is_short)
        native_broken(m->n, 0, "its header is cut off");
    return !f.is_short;
}

static void tell(struct macho *m)
{
    struct native *n = m->n;

    if (m->constructors)
        native_note(n, "%llu constructors", (unsigned long long)m->constructors);
    native_file(n);
    if (m->flags & MH_ALLOW_STACK_EXECUTION)
        native_execstack(n, "MH_ALLOW_STACK_EXECUTION", true);
    if (m->type != MH_OBJECT && m->end < n->in.n && n->faults == 0)
        native_overlay(n, m->end, n->in.n - m->end);
}

static void tell_thin(struct native *n)
{
    struct macho m = { .n = n };
    struct span commands;
    uint64_t cpu;

    n->big = n->in.p[0] == 0xfe;
    n->wide = n->in.p[n->big ? 3 : 0] == 0xcf;
    if (!read_header(&m, &cpu)) {
        (void)snprintf(n->kind, sizeof n->kind, "Mach-O file");
        native_file(n);
        return;
    }
    name_kind(n, cpu, type_name(m.type));
    if (span_sub(n->in, n->wide ? 32 : 28, m.commands_size, &commands))
        read_commands(&m, commands);
    else
        native_broken(n, 0, "its load commands lie beyond its end");
    tell(&m);
}

/* ---- several ---- */

static bool is_thin(struct span in)
{
    static const struct span magics[] = {
        SPAN_LITERAL("\xce\xfa\xed\xfe"),
        SPAN_LITERAL("\xcf\xfa\xed\xfe"),
        SPAN_LITERAL("\xfe\xed\xfa\xce"),
        SPAN_LITERAL("\xfe\xed\xfa\xcf"),
    };

    for (size_t i = 0; i < ARRAY_LEN(magics); i++)
        if (span_starts(in, magics[i]))
            return true;
    return false;
}

static bool overlaps(const struct slice *a, const struct slice *b)
{
    return a->off < b->off + b->size && b->off < a->off + a->size;
}

/* Reads the list of slices into list: those inside of the file that do not overlap others. */
static size_t read_slices(struct native *n, struct fields *f, uint64_t count, struct slice *list)
{
    uint64_t head = 8 + count * (n->wide ? 32 : 20);
    size_t have = 0;

    for (uint64_t i = 0; i < count && !f->is_short; i++) {
        struct slice s = { .cpu = field(f, 4) };
        struct span body;
        bool bad;

        (void)field(f, 4);
        s.off = field_word(n, f);
        s.size = field_word(n, f);
        (void)field_word(n, f); /* alignment; fat64 has a word more */
        bad = s.off < head || !span_sub(n->in, s.off, s.size, &body);
        for (size_t k = 0; k < have && !bad; k++)
            bad = overlaps(&s, &list[k]);
        if (bad)
            native_broken(n, 8, "slice %llu, %llu bytes at %llu, is not in it, or part of another",
                          (unsigned long long)i + 1, (unsigned long long)s.size,
                          (unsigned long long)s.off);
        else
            list[have++] = s;
    }
    if (f->is_short)
        native_broken(n, 0, "its list of slices is cut off");
    return have;
}

static void tell_slice(struct native *fat, const struct slice *s)
{
    struct native n = { .s = fat->s, .at = s->off, .format = fat->format };

    (void)span_sub(fat->in, s->off, s->size, &n.in);
    if (is_thin(n.in)) {
        tell_thin(&n);
        return;
    }
    name_kind(&n, s->cpu, span_starts(n.in, SPAN_LITERAL("!<arch>\n")) ? "archive" : "slice");
    if (!span_starts(n.in, SPAN_LITERAL("!<arch>\n")))
        native_broken(&n, 0, "a slice that is not Mach-O"); /* a universal file again, say */
    native_file(&n);
}

static void tell_fat(struct native *n)
{
    struct fields f;
    struct slice list[SLICES_MAX];
    uint64_t count, end = 0;
    size_t have;

    n->big = true;
    n->wide = n->in.p[3] == 0xbf;
    f = native_fields(n, span_from(n->in, 4));
    count = field(&f, 4);
    (void)snprintf(n->kind, sizeof n->kind, "Mach-O universal file");
    if (count == 0 || count > SLICES_MAX) {
        native_broken(n, 4, "a universal file of %llu slices", (unsigned long long)count);
        count = count > SLICES_MAX ? SLICES_MAX : 0;
    }
    have = read_slices(n, &f, count, list);
    for (size_t i = 0; i < have; i++) {
        tell_slice(n, &list[i]);
        end = list[i].off + list[i].size > end ? list[i].off + list[i].size : end;
    }
    if (have == 0)
        native_file(n);
    else if (end < n->in.n)
        native_overlay(n, end, n->in.n - end);
}

void macho_tell(struct native *n)
{
    if (is_thin(n->in))
        tell_thin(n);
    else
        tell_fat(n);
}
