/*
 * ELF, as the dynamic linker reads it: program headers and the dynamic section. Section headers
 * count only for where the file ends, and in relocatable objects.
 *
 * Spec: System V gABI 4.1, chapters 4 and 5; elf(5); the GNU extensions of <elf.h> (glibc).
 * Left out: symbols, relocations, notes.
 */
#include <stdio.h>

#include "base/compiler.h"
#include "format/native/parts.h"

enum { ET_REL = 1, ET_EXEC = 2, ET_DYN = 3, ET_CORE = 4 };
enum { PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_GNU_STACK = 0x6474e551 };
enum { PF_X = 1, PF_W = 2 };
enum { SHT_NULL = 0, SHT_NOBITS = 8, SHF_EXECINSTR = 4 };
enum { PN_XNUM = 0xffff };
enum {
    DT_NULL = 0,
    DT_NEEDED = 1,
    DT_STRTAB = 5,
    DT_STRSZ = 10,
    DT_INIT = 12,
    DT_SONAME = 14,
    DT_RPATH = 15,
    DT_INIT_ARRAYSZ = 27,
    DT_RUNPATH = 29,
    DT_PREINIT_ARRAYSZ = 33,
    DT_DEPAUDIT = 0x6ffffefb,
    DT_AUDIT = 0x6ffffefc,
    DT_FLAGS_1 = 0x6ffffffb,
    DT_AUXILIARY = 0x7ffffffd,
    DT_FILTER = 0x7fffffff,
};
#define DF_1_PIE 0x08000000

/* Entries of a dynamic section that are read; real ones have some dozens. */
#define DYNAMIC_MAX 16384

struct segment {
    uint64_t type, flags, offset, address, file_size, memory_size;
};

struct section {
    uint64_t name, type, flags, offset, size, info;
};

struct elf {
    struct native *n;
    uint64_t type, machine;
    uint64_t phoff, phentsize, phnum;
    uint64_t shoff, shentsize, shnum, shstrndx;
    struct span segments; /* the table of program headers; entries may be said to have no size */
    struct span sections; /* and of section headers; empty when it is not all there */
    struct segment last_dynamic;
    unsigned dynamics;
    struct span dynamic, strings;
    uint64_t end; /* the file's last byte that anything speaks of, and one */
    bool loads, stack, interpreter, pie;
    uint64_t constructors;
};

static const struct {
    unsigned number;
    const char *name;
    bool stack; /* without PT_GNU_STACK the stack is executable: <stackinfo.h> of glibc */
} machines[] = {
    { 2, "SPARC", true },   { 3, "x86", true },          { 8, "MIPS", true },
    { 18, "SPARC", true },  { 20, "PowerPC", true },     { 21, "PowerPC64", false },
    { 22, "S/390", true },  { 40, "ARM", true },         { 43, "SPARC64", true },
    { 50, "IA-64", false }, { 62, "x86_64", true },      { 183, "aarch64", false },
    { 190, "CUDA", false }, { 224, "AMDGPU", false },    { 243, "RISC-V", false },
    { 247, "BPF", false },  { 258, "LoongArch", false },
};

static const char *type_name(const struct elf *e)
{
    switch (e->type) {
    case ET_REL:
        return "relocatable object";
    case ET_EXEC:
        return "executable";
    case ET_DYN:
        return e->interpreter || e->pie ? "executable" : "shared object";
    case ET_CORE:
        return "core dump";
    default:
        return "file";
    }
}

static void name_kind(struct elf *e)
{
    const char *type = type_name(e);
    struct native *n = e->n;

    for (size_t i = 0; i < ARRAY_LEN(machines); i++)
        if (machines[i].number == e->machine) {
            (void)snprintf(n->kind, sizeof n->kind, "ELF %s %s", machines[i].name, type);
            return;
        }
    (void)snprintf(n->kind, sizeof n->kind, "ELF %s of machine %u", type, (unsigned)e->machine);
}

static bool stack_by_default(const struct elf *e)
{
    for (size_t i = 0; i < ARRAY_LEN(machines); i++)
        if (machines[i].number == e->machine)
            return machines[i].stack;
    return false;
}

/* ---- headers ---- */

static bool read_header(struct elf *e)
{
    struct native *n = e->n;
    struct fields f = native_fields(n, span_from(n->in, 16));

    e->type = field(&f, 2);
    e->machine = field(&f, 2);
    (void)field(&f, 4); /* version */
    (void)field_word(n, &f);
    e->phoff = field_word(n, &f);
    e->shoff = field_word(n, &f);
    (void)field(&f, 4); /* flags */
    e->end = field(&f, 2);
    e->phentsize = field(&f, 2);
    e->phnum = field(&f, 2);
    e->shentsize = field(&f, 2);
    e->shnum = field(&f, 2);
    e->shstrndx = field(&f, 2);
    if (f.is_short)
        native_broken(n, 0, "its header is cut off");
    return !f.is_short;
}

/* A span of the table of count entries; false, and told, when they are not all in the file. */
static bool table(struct elf *e, const char *what, uint64_t off, uint64_t count, uint64_t each,
                  struct span *out)
{
    uint64_t size = 0;

    *out = SPAN_EMPTY;
    if (count == 0)
        return true;
    if (!__builtin_mul_overflow(count, each, &size) && span_sub(e->n->in, off, size, out)) {
        e->end = off + size > e->end ? off + size : e->end;
        return true;
    }
    native_broken(e->n, off < e->n->in.n ? off : 0,
                  "the table of %s lies beyond its end: %llu entries of %llu bytes at %llu", what,
                  (unsigned long long)count, (unsigned long long)each, (unsigned long long)off);
    return false;
}

static bool segment_at(const struct elf *e, uint64_t i, struct segment *out)
{
    struct native *n = e->n;
    struct fields f;
    struct span entry;

    if (e->segments.n == 0 || !span_sub(e->segments, i * e->phentsize, e->phentsize, &entry))
        return false;
    f = native_fields(n, entry);
    *out = (struct segment){ .type = field(&f, 4) };
    if (n->wide)
        out->flags = field(&f, 4);
    out->offset = field_word(n, &f);
    out->address = field_word(n, &f);
    (void)field_word(n, &f);
    out->file_size = field_word(n, &f);
    out->memory_size = field_word(n, &f);
    if (!n->wide)
        out->flags = field(&f, 4);
    return true;
}

static bool section_at(const struct elf *e, uint64_t i, struct section *out)
{
    struct native *n = e->n;
    struct fields f;
    struct span entry;

    if (e->sections.n == 0 || !span_sub(e->sections, i * e->shentsize, e->shentsize, &entry))
        return false;
    f = native_fields(n, entry);
    out->name = field(&f, 4);
    out->type = field(&f, 4);
    out->flags = field_word(n, &f);
    (void)field_word(n, &f); /* address */
    out->offset = field_word(n, &f);
    out->size = field_word(n, &f);
    (void)field(&f, 4); /* link */
    out->info = field(&f, 4);
    return true;
}

/* Counts that do not fit into the header stand in the first section header. */
static void read_large_counts(struct elf *e)
{
    struct section first;

    if (e->shoff == 0 || (e->shnum != 0 && e->phnum != PN_XNUM && e->shstrndx != PN_XNUM))
        return;
    if (!span_sub(e->n->in, e->shoff, e->shentsize, &e->sections) || !section_at(e, 0, &first)) {
        native_broken(e->n, 0, "its first section header lies beyond its end");
        return;
    }
    e->shnum = e->shnum ? e->shnum : first.size;
    e->phnum = e->phnum == PN_XNUM ? first.info : e->phnum;
}

static bool read_tables(struct elf *e)
{
    bool wide = e->n->wide;

    if (e->shnum && e->shoff && e->shentsize < (wide ? 64 : 40)) {
        native_broken(e->n, 0, "section headers of %llu bytes", (unsigned long long)e->shentsize);
        e->shnum = 0;
    }
    read_large_counts(e);
    if (e->shoff)
        (void)table(e, "sections", e->shoff, e->shnum, e->shentsize, &e->sections);
    if (e->phnum && e->phentsize < (wide ? 56 : 32)) {
        native_broken(e->n, 0, "program headers of %llu bytes", (unsigned long long)e->phentsize);
        return false;
    }
    return table(e, "segments", e->phoff, e->phnum, e->phentsize, &e->segments);
}

/* ---- segments ---- */

/* Where the loaded bytes of an address stand in the file; the rest of their segment is *in. */
static bool map_address(const struct elf *e, uint64_t address, struct span *in, uint64_t *off)
{
    struct segment s;

    for (uint64_t i = 0; segment_at(e, i, &s); i++) {
        uint64_t skipped = address - s.address;

        if (s.type != PT_LOAD || address < s.address || skipped >= s.file_size)
            continue;
        if (__builtin_add_overflow(s.offset, skipped, off))
            return false;
        return span_sub(e->n->in, *off, s.file_size - skipped, in);
    }
    return false;
}

static void read_load(struct elf *e, const struct segment *s)
{
    uint64_t top;
    struct span body;

    e->loads = true;
    if (s->file_size > s->memory_size)
        native_broken(e->n, s->offset < e->n->in.n ? s->offset : 0,
                      "a segment with more bytes in the file than in memory");
    if (__builtin_add_overflow(s->address, s->memory_size, &top))
        native_broken(e->n, 0, "a segment that goes around the end of memory");
    if (!span_sub(e->n->in, s->offset, s->file_size, &body))
        native_broken(e->n, 0, "a segment lies beyond its end: %llu bytes at %llu",
                      (unsigned long long)s->file_size, (unsigned long long)s->offset);
    if ((s->flags & PF_W) && (s->flags & PF_X) && s->memory_size)
        native_writable_code(e->n, s->offset < e->n->in.n ? s->offset : 0,
                             SPAN_LITERAL("a segment"), s->memory_size);
}

/* The linker goes by the address, other readers by the offset. */
static void find_dynamic(struct elf *e)
{
    const struct segment *s = &e->last_dynamic;
    uint64_t off;
    struct span loaded;

    if (e->dynamics > 1)
        native_broken(e->n, 0, "it has %u dynamic sections", e->dynamics);
    if (!span_sub(e->n->in, s->offset, s->file_size, &e->dynamic))
        native_broken(e->n, 0, "its dynamic section lies beyond its end");
    if (!map_address(e, s->address, &loaded, &off))
        return;
    if (off != s->offset)
        native_broken(e->n, off, "its dynamic section is at %llu by address, at %llu by offset",
                      (unsigned long long)off, (unsigned long long)s->offset);
    e->dynamic = loaded;
}

static void read_interpreter(struct elf *e, const struct segment *s)
{
    struct span body, path;

    e->interpreter = true;
    if (!span_sub(e->n->in, s->offset, s->file_size, &body) || !native_string(body, 0, &path)) {
        native_broken(e->n, 0, "its interpreter's path has no end");
        return;
    }
    native_note(e->n, "interpreter %.*s", (int)path.n, (const char *)path.p);
}

static void read_segment(struct elf *e, const struct segment *s)
{
    uint64_t top;

    if (s->file_size && !__builtin_add_overflow(s->offset, s->file_size, &top) &&
        top <= e->n->in.n && top > e->end)
        e->end = top;
    if (s->type == PT_LOAD) {
        read_load(e, s);
    } else if (s->type == PT_DYNAMIC) {
        e->last_dynamic = *s; /* the last counts for the linker */
        e->dynamics++;
    } else if (s->type == PT_INTERP) {
        read_interpreter(e, s);
    } else if (s->type == PT_GNU_STACK) {
        e->stack = true;
        if (s->flags & PF_X)
            native_execstack(e->n, "PT_GNU_STACK with PF_X", true);
    }
}

/* ---- the dynamic section ---- */

struct dynamic {
    uint64_t tag, value;
};

static bool dynamic_at(const struct elf *e, uint64_t i, struct dynamic *out)
{
    uint64_t each = e->n->wide ? 16 : 8;
    struct span entry;
    struct fields f;

    if (!span_sub(e->dynamic, i * each, each, &entry))
        return false;
    f = native_fields(e->n, entry);
    out->tag = field_word(e->n, &f);
    out->value = field_word(e->n, &f);
    return true;
}

/* The string table, which the other entries speak of. */
static void find_strings(struct elf *e)
{
    uint64_t address = 0, size = 0, off;
    struct dynamic d;
    bool there = false;

    for (uint64_t i = 0; i < DYNAMIC_MAX && dynamic_at(e, i, &d) && d.tag != DT_NULL; i++) {
        if (d.tag == DT_STRTAB)
            address = d.value, there = true;
        size = d.tag == DT_STRSZ ? d.value : size;
    }
    if (!there)
        return;
    if (!map_address(e, address, &e->strings, &off))
        native_broken(e->n, 0, "its dynamic strings are in no segment");
    else if (size > e->strings.n)
        native_broken(e->n, off, "its dynamic strings go on beyond their segment");
    else
        e->strings.n = (size_t)size;
}

static bool is_path_list(uint64_t tag)
{
    return tag == DT_RPATH || tag == DT_RUNPATH;
}

static void read_name(struct elf *e, uint64_t tag, struct span name)
{
    switch (tag) {
    case DT_NEEDED:
        native_need(&e->n->needs, name);
        search_needed_elf(e->n, "DT_NEEDED", name);
        break;
    case DT_SONAME:
        native_note(e->n, "%.*s", (int)name.n, (const char *)name.p);
        break;
    case DT_RPATH:
        search_elf(e->n, "DT_RPATH", name);
        break;
    case DT_RUNPATH:
        search_elf(e->n, "DT_RUNPATH", name);
        break;
    case DT_AUDIT:
    case DT_DEPAUDIT: /* a library that is loaded first, and told of all others */
        search_tell(e->n, "DT_AUDIT", name);
        break;
    default:
        search_needed_elf(e->n, tag == DT_FILTER ? "DT_FILTER" : "DT_AUXILIARY", name);
    }
}

static bool is_name(uint64_t tag)
{
    return tag == DT_NEEDED || tag == DT_SONAME || is_path_list(tag) || tag == DT_AUDIT ||
           tag == DT_DEPAUDIT || tag == DT_AUXILIARY || tag == DT_FILTER;
}

static void read_entry(struct elf *e, const struct dynamic *d)
{
    unsigned word = e->n->wide ? 8 : 4;
    struct span name;

    if (d->tag == DT_INIT)
        e->constructors++;
    else if (d->tag == DT_INIT_ARRAYSZ || d->tag == DT_PREINIT_ARRAYSZ)
        e->constructors += d->value / word;
    else if (d->tag == DT_FLAGS_1)
        e->pie = d->value & DF_1_PIE;
    else if (!is_name(d->tag))
        return;
    else if (native_string(e->strings, d->value, &name))
        read_name(e, d->tag, name);
    else
        native_broken(e->n, 0, "a string of its dynamic section, %llu, is beyond its table",
                      (unsigned long long)d->value);
}

static void read_dynamic(struct elf *e)
{
    struct dynamic d = { 1, 0 };
    uint64_t i = 0;

    if (e->dynamics)
        find_dynamic(e);
    if (e->dynamic.n == 0)
        return;
    find_strings(e);
    for (; i < DYNAMIC_MAX && dynamic_at(e, i, &d) && d.tag != DT_NULL; i++)
        read_entry(e, &d);
    if (d.tag != DT_NULL)
        native_broken(e->n, 0, "its dynamic section has no end");
}

/* ---- sections ---- */

static bool is_stack_note(const struct section *s, struct span names)
{
    static const char name[] = ".note.GNU-stack";
    struct span is;

    return span_sub(names, s->name, sizeof name, &is) && memcmp(is.p, name, sizeof name) == 0;
}

/* An object asks for an executable stack by its note, and where it has none, by that. */
static void read_object_stack(struct elf *e)
{
    bool code = false;
    struct span names = SPAN_EMPTY;
    struct section s;

    if (section_at(e, e->shstrndx, &s))
        (void)span_sub(e->n->in, s.offset, s.size, &names);
    for (uint64_t i = 0; section_at(e, i, &s); i++) {
        code |= (s.flags & SHF_EXECINSTR) && s.size;
        if (!is_stack_note(&s, names))
            continue;
        if (s.flags & SHF_EXECINSTR)
            native_execstack(e->n, ".note.GNU-stack is executable", true);
        return;
    }
    if (code && stack_by_default(e))
        native_execstack(e->n, "no .note.GNU-stack: linking it makes the stack executable", false);
}

static void read_sections(struct elf *e)
{
    struct section s;
    struct span body;

    for (uint64_t i = 0; section_at(e, i, &s); i++) {
        if (s.type == SHT_NULL || s.type == SHT_NOBITS || s.size == 0)
            continue;
        if (!span_sub(e->n->in, s.offset, s.size, &body))
            native_broken(e->n, 0, "section %llu lies beyond its end: %llu bytes at %llu",
                          (unsigned long long)i, (unsigned long long)s.size,
                          (unsigned long long)s.offset);
        else if (s.offset + s.size > e->end)
            e->end = s.offset + s.size;
    }
}

/* ---- the file ---- */

static void tell(struct elf *e)
{
    struct native *n = e->n;

    if (e->constructors)
        native_note(n, "%llu constructors", (unsigned long long)e->constructors);
    name_kind(e);
    native_file(n);
    if (e->loads && !e->stack && stack_by_default(e) && (e->type == ET_DYN || e->type == ET_EXEC))
        native_execstack(n, "no PT_GNU_STACK: the stack becomes executable", false);
    if (e->type == ET_REL)
        read_object_stack(e);
    if (e->end < n->in.n && n->faults == 0)
        native_overlay(n, e->end, n->in.n - e->end);
}

void elf_tell(struct native *n)
{
    struct elf e = { .n = n,
                     .segments = SPAN_EMPTY,
                     .sections = SPAN_EMPTY,
                     .dynamic = SPAN_EMPTY,
                     .strings = SPAN_EMPTY };
    struct segment s;

    n->wide = n->in.n > 5 && n->in.p[4] == 2;
    n->big = n->in.n > 5 && n->in.p[5] == 2;
    if (!read_header(&e)) {
        (void)snprintf(n->kind, sizeof n->kind, "ELF file");
        native_file(n);
        return;
    }
    name_kind(&e); /* some of what is told on the way says what it is */
    if (read_tables(&e))
        for (uint64_t i = 0; segment_at(&e, i, &s); i++)
            read_segment(&e, &s);
    read_dynamic(&e);
    read_sections(&e);
    tell(&e);
}
