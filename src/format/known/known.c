/*
 * Formats told by content, never by name. Media are walked to their end and
 * admitted as data. Models, programs, byte code, archives and documents that this
 * version does not read are facts, so that none of them passes unread.
 *
 * Spec: known.def, media.c, protobuf.c, python.c and program.c name theirs.
 */
#include "format/known/known.h"

#include <inttypes.h>

#include "base/compiler.h"
#include "format/array/array.h"
#include "format/known/media.h"
#include "format/known/sniff.h"
#include "format/marshal/marshal.h"
#include "format/native/native.h"
#include "format/rest.h"
#include "format/text/text.h"

struct row {
    enum fact_kind kind;
    const char *name;
    size_t offset;
    struct span magic;
    bool (*check)(struct span in);
    const char *what;
};

/* The offset of a flatbuffer's root table comes first. */
static bool is_flatbuffer(struct span in)
{
    size_t n = in.n;
    uint32_t root;

    return take_u32le(&in, &root) && root >= 8 && root < n;
}

static bool is_java_class(struct span in)
{
    uint32_t magic;
    uint16_t minor, major, constants;

    return take_u32be(&in, &magic) && take_u16be(&in, &minor) && take_u16be(&in, &major) &&
           take_u16be(&in, &constants) && major >= 45 && major < 128 && constants > 0;
}

static bool is_dex(struct span in)
{
    struct span version;

    return span_sub(in, 4, 4, &version) && version.p[0] == '0' && version.p[3] == 0;
}

/* Old binary cpio: the name's length is small, and the name ends with NUL. */
static bool is_cpio(struct span in)
{
    bool big = in.p[0] == 0x71;
    struct span head, name;
    uint16_t n;

    if (!take(&in, 26, &head) || !skip(&head, 20))
        return false;
    if (!(big ? take_u16be(&head, &n) : take_u16le(&head, &n)) || n < 2 || n > 4096)
        return false;
    return take(&in, n, &name) && memchr(name.p, 0, name.n) == name.p + name.n - 1;
}

static bool is_compress(struct span in)
{
    return in.n > 3 && (in.p[2] & 0x60) == 0 && (in.p[2] & 0x1F) >= 9 && (in.p[2] & 0x1F) <= 16;
}

#define ROW(kind, name, offset, magic, check, what)                                                \
    { FACT_##kind, name, offset, { (const uint8_t *)(magic), sizeof(magic) - 1 }, check, what },
static const struct row rows[] = {
#include "format/known/known.def"
};
#undef ROW

static const struct row *row_of(struct span in)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (span_starts(span_from(in, rows[i].offset), rows[i].magic) &&
            (!rows[i].check || rows[i].check(in)))
            return &rows[i];
    return NULL;
}

/* Formats that are known by their last bytes. */
static struct sniffed sniff_tail(struct span in)
{
    if (in.n > 512 && span_starts(span_from(in, in.n - 512), SPAN_LITERAL("koly\0\0\0\4")))
        return (struct sniffed){ FACT_KNOWN_PACKAGE, "Apple disk image", "" };
    return (struct sniffed){ FACT_KINDS, NULL, NULL };
}

/* What in is beside media; a name of NULL when it is nothing known. */
static struct sniffed recognise(struct span in)
{
    const struct row *row = row_of(in);
    const char *program = known_program(in);
    struct sniffed hit;

    if (row)
        return (struct sniffed){ row->kind, row->name, row->what };
    if (program)
        return (struct sniffed){ FACT_KNOWN_PROGRAM, program,
                                 "it runs with the rights of the user" };
    hit = sniff_python(in);
    if (!hit.name)
        hit = sniff_tail(in);
    return hit;
}

static bool looks_like(struct span in)
{
    return (media_of(in) || recognise(in).name || is_sentencepiece(in)) && !text_looks_like(in);
}

/* What is read further than to know it: programs, and Python's byte code. */
static enum pratique_status read_on(struct scan *s, struct span in, const struct sniffed *hit)
{
    if (hit->kind == FACT_KNOWN_PROGRAM) {
        array_tell_program(s, span_text(hit->name));
        return native_tell(s, in);
    }
    if (hit->kind == FACT_KNOWN_MARSHAL)
        return marshal_tell(s, in, "a file of its own");
    if (hit->kind == FACT_KNOWN_BYTECODE && strcmp(hit->name, "Python byte code") == 0)
        return marshal_tell_pyc(s, in);
    return PRATIQUE_OK;
}

/* Ends of media, and of what else is read here as data. */
static enum pratique_status read_data(struct scan *s, struct span in, const char *name, size_t end)
{
    s->recognised = name;
    if (end == 0)
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "the %s cannot be followed to its end", name);
    scan_read(s, name, end, "%s", "");
    return scan_rest(s, name, end, span_from(in, end));
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    const struct media *media = media_of(in);
    struct sniffed hit = recognise(in);

    s->budget->work_done += in.n < 4096 ? in.n : 4096;
    if (hit.name) {
        s->recognised = hit.name;
        scan_fact(s, hit.kind, 0, span_text(hit.name), span_text(hit.what));
    }
    if (media)
        return read_data(s, in, media->name, media->end(in));
    if (!hit.name && is_sentencepiece(in))
        return read_data(s, in, "sentencepiece", in.n);
    if (!hit.name)
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "no known format");
    return read_on(s, in, &hit);
}

const struct format format_known = {
    .name = "known",
    .spec = "the formats named in known.def, media.c, protobuf.c, python.c and program.c",
    .looks_like = looks_like,
    .scan = scan,
};
