/*
 * 7z and RAR (4 and 5), read by libarchive 3.6: from memory, member by member,
 * each inflated under the budget and scanned as a file of its own. libarchive is
 * large and old, which is why it runs in a locked worker alone.
 *
 * Left out: encrypted members, archives in several volumes and compression
 * methods that libarchive lacks; each is told, so that the archive is undecided.
 */
#include "format/archive/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <iconv.h>
#include <locale.h>

#include "format/archive/extent.h"
#include "format/codec/codec.h"
#include "format/path.h"

struct reader {
    struct scan *s;
    const char *name;
    struct span in;
    struct archive *a;
    uint64_t members, out; /* read so far, and their bytes */
    bool told;             /* that something is encrypted */
};

/*
 * 7z keeps names in UTF-16. libarchive turns them into the locale's character
 * set, and the C library loads a converter from a file for it: so names are read
 * under a UTF-8 locale, and one converter is kept open from archive_warm() on.
 */
static locale_t utf8_locale;
static iconv_t from_utf16 = (iconv_t)-1;

void archive_warm(void)
{
    if (!utf8_locale)
        utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (from_utf16 == (iconv_t)-1)
        from_utf16 = iconv_open("UTF-8", "UTF-16LE");
}

/* --- names --- */

static struct span text_of(const char *utf8, const char *raw)
{
    return utf8 ? span_text(utf8) : raw ? span_text(raw) : SPAN_EMPTY;
}

static struct span name_of(struct archive_entry *e)
{
    return text_of(archive_entry_pathname_utf8(e), archive_entry_pathname(e));
}

/* Both formats are at home on Windows: '\' separates folders there. */
static void judge_name(struct reader *r, struct span name)
{
    struct path_manner unix_way = path_manner(name, false), windows = path_manner(name, true);

    if (unix_way.leaves || windows.leaves || windows.absolute)
        scan_fact(r->s, FACT_ARCHIVE_NAME_OUTSIDE, PRATIQUE_NO_OFFSET, name, SPAN_EMPTY);
}

static void judge_link(struct reader *r, struct archive_entry *e, struct span name)
{
    const char *hard = archive_entry_hardlink(e), *soft = archive_entry_symlink(e);
    struct span target = text_of(soft, hard), rest = name;
    size_t depth = 0;

    if (target.n == 0)
        return;
    while (soft && rest.n > 0) /* a symbolic link is read from its own folder */
        depth += path_take_component(&rest, true).n > 0;
    if (path_climbs_out(target, depth ? depth - 1 : 0) || path_manner(target, true).absolute)
        scan_fact(r->s, FACT_ARCHIVE_LINK_OUTSIDE, PRATIQUE_NO_OFFSET, name, target);
}

/* --- members --- */

static enum pratique_status fail(struct reader *r)
{
    const char *why = archive_error_string(r->a);

    if (archive_errno(r->a) == ENOMEM)
        return scan_fail(r->s, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %s", r->name);
    return scan_fail(r->s, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET, "%s",
                     why ? why : "it ends early, or is damaged");
}

static void note_encrypted(struct reader *r, struct span name, struct span what)
{
    scan_fact(r->s, FACT_ARCHIVE_ENCRYPTED, PRATIQUE_NO_OFFSET, name, what);
    r->told = true;
}

/* Whether libarchive stopped because something is encrypted; it says so in words alone. */
static bool is_encrypted(struct reader *r)
{
    const char *why = archive_error_string(r->a);

    return archive_read_has_encrypted_entries(r->a) > 0 || (why && strstr(why, "ncrypt"));
}

static enum pratique_status add_block(struct reader *r, const void *p, size_t n, int64_t offset,
                                      struct inflated *out)
{
    struct scan *s = r->s;

    if (offset < 0 || (uint64_t)offset != out->bytes.n)
        return scan_fail(s, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET, "a member has holes");
    r->out += n;
    if (!budget_ratio(s->budget, r->in.n, r->out) || !budget_time(s->budget))
        return scan_fail_budget(s, PRATIQUE_NO_OFFSET);
    return codec_add(s, span_of(p, n), out);
}

/* Inflates the member whose header was read. What came before a fault is kept. */
static enum pratique_status inflate_member(struct reader *r, struct inflated *out)
{
    enum pratique_status st = PRATIQUE_OK;
    const void *p;
    int64_t offset;
    size_t n;
    int got;

    while (st == PRATIQUE_OK) {
        got = archive_read_data_block(r->a, &p, &n, &offset);
        if (got == ARCHIVE_EOF)
            break;
        if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
            return fail(r);
        if (n > 0)
            st = add_block(r, p, n, offset, out);
    }
    codec_trim(r->s, out);
    return st;
}

static enum pratique_status scan_member(struct reader *r, struct archive_entry *e)
{
    struct inflated out = { .bytes = SPAN_EMPTY };
    struct span name = name_of(e);
    enum pratique_status st, inner;

    r->members++;
    judge_name(r, name);
    judge_link(r, e, name);
    if (archive_entry_is_encrypted(e)) {
        note_encrypted(r, name, SPAN_EMPTY);
        return PRATIQUE_OK;
    }
    st = inflate_member(r, &out);
    if (st == PRATIQUE_E_FORMAT && is_encrypted(r)) {
        note_encrypted(r, name, SPAN_EMPTY);
        st = PRATIQUE_OK;
    }
    inner = scan_nested(r->s, out.bytes, name, ROLE_ANY);
    codec_free(r->s, &out);
    return st != PRATIQUE_OK ? st : inner;
}

/* Every member; an archive whose very list is encrypted has none that can be seen. */
static enum pratique_status next_member(struct reader *r, struct archive_entry **e)
{
    int got;

    *e = NULL;
    if (!budget_members(r->s->budget, 1) || !budget_time(r->s->budget))
        return scan_fail_budget(r->s, PRATIQUE_NO_OFFSET);
    got = archive_read_next_header(r->a, e);
    if (got == ARCHIVE_OK || got == ARCHIVE_WARN)
        return PRATIQUE_OK;
    *e = NULL;
    if (got == ARCHIVE_EOF)
        return PRATIQUE_OK;
    if (!is_encrypted(r))
        return fail(r);
    note_encrypted(r, SPAN_EMPTY, SPAN_LITERAL("the list of members"));
    return PRATIQUE_OK;
}

/* A broken member costs no other its inspection, as long as libarchive goes on. */
static enum pratique_status scan_members(struct reader *r)
{
    struct pratique_error first = { 0 };
    struct archive_entry *e;
    enum pratique_status st;

    for (;;) {
        st = next_member(r, &e);
        if (st != PRATIQUE_OK || !e)
            break;
        st = scan_member(r, e);
        if (st == PRATIQUE_E_FORMAT && !first.status)
            first = r->s->error;
        else if (st != PRATIQUE_OK && st != PRATIQUE_E_FORMAT)
            break;
    }
    if (first.status && (st == PRATIQUE_OK || st == PRATIQUE_E_FORMAT)) {
        r->s->error = first;
        st = PRATIQUE_E_FORMAT;
    }
    return st;
}

/* --- the formats --- */

static enum pratique_status open_archive(struct reader *r)
{
    int got = ARCHIVE_OK;

    r->a = archive_read_new();
    if (!r->a)
        return scan_fail(r->s, PRATIQUE_E_NOMEM, 0, "no memory for a reader");
    if (archive_is_7z(r->in))
        got = archive_read_support_format_7zip(r->a);
    else if (archive_is_rar5(r->in))
        got = archive_read_support_format_rar5(r->a);
    else
        got = archive_read_support_format_rar(r->a);
    if (got < ARCHIVE_WARN || archive_read_open_memory(r->a, r->in.p, r->in.n) != ARCHIVE_OK)
        return fail(r);
    return PRATIQUE_OK;
}

/* What libarchive does not tell: encryption that it overlooks, and bytes behind the end. */
static enum pratique_status scan_rest(struct reader *r)
{
    struct archive_extent x = archive_extent(r->in);
    struct span rest = x.end ? span_from(r->in, x.end) : SPAN_EMPTY;

    if (x.encrypted && !r->told)
        note_encrypted(r, SPAN_EMPTY, SPAN_LITERAL("by its headers"));
    if (rest.n == 0)
        return PRATIQUE_OK;
    facts_add(r->s->facts, &(struct fact){ .kind = FACT_TRAILING,
                                           .where = r->s->where,
                                           .offset = x.end,
                                           .number = rest.n,
                                           .subject = span_text(r->name),
                                           .detail = SPAN_EMPTY });
    return scan_nested(r->s, rest, SPAN_LITERAL("(trailing)"), ROLE_ANY);
}

static enum pratique_status scan_archive(struct scan *s, struct span in, const char *name)
{
    struct reader r = { .s = s, .name = name, .in = in };
    enum pratique_status st, inner;
    locale_t before;

    archive_warm();
    before = uselocale(utf8_locale); /* without one: the locale stays */
    st = open_archive(&r);
    if (st == PRATIQUE_OK)
        st = scan_members(&r);
    scan_read(s, name, in.n, "%llu %s", (unsigned long long)r.members,
              r.members == 1 ? "member" : "members");
    inner = st == PRATIQUE_OK || st == PRATIQUE_E_FORMAT ? scan_rest(&r) : st;
    if (r.a)
        (void)archive_read_free(r.a);
    (void)uselocale(before);
    return st != PRATIQUE_OK ? st : inner;
}

static bool looks_like_rar(struct span in)
{
    return archive_is_rar4(in) || archive_is_rar5(in);
}

static enum pratique_status scan_7z(struct scan *s, struct span in)
{
    return scan_archive(s, in, "7z");
}

static enum pratique_status scan_rar(struct scan *s, struct span in)
{
    return scan_archive(s, in, "rar");
}

const struct format format_7z = {
    .name = "7z",
    .spec = "7zFormat.txt, 7-Zip 22, https://www.7-zip.org/",
    .looks_like = archive_is_7z,
    .scan = scan_7z,
};

const struct format format_rar = {
    .name = "rar",
    .spec = "RAR 5.0 archive format, https://www.rarlab.com/technote.htm; RAR 4 technote",
    .looks_like = looks_like_rar,
    .scan = scan_rar,
};
