/*
 * What a wheel or an sdist is: the file's name, the folders inside, METADATA or PKG-INFO, and WHEEL
 * must speak of one project, one version and one set of tags, and installers must be able to read
 * them. packaging.python.org: "Core metadata", "Binary distribution format", "Source distribution
 * format", "Platform compatibility tags".
 */
#include <strings.h>

#include "base/utf8.h"
#include "format/path.h"
#include "format/wheel/metadata.h"
#include "format/wheel/parts.h"

#define FIELD_MAX 256
#define LINE_MAX                                                                                   \
    ((size_t)256 << 10) /* of a header: Requires-Dist of hundreds of names is 10 KiB               \
                         */
#define METADATA_MAX ((size_t)8 << 20)

/* A text of headers that is looked at. */
struct reader {
    struct scan *s;
    struct wheel *w;
    const struct wheel_text *text;
};

static void is_odd(struct reader *r, uint32_t line, const char *why)
{
    wheel_hint(r->s, FACT_WHL_METADATA, WHEEL_AT(r->text->file->name, line), r->text->file->name,
               "%s", why);
}

static void contradicts(struct reader *r, uint32_t line, const char *why)
{
    wheel_tell(r->s, FACT_WHL_METADATA, WHEEL_AT(r->text->file->name, line), r->text->file->name,
               "%s", why);
}

/* ---- the text ---- */

static bool is_name_of(struct span name, const char *want)
{
    return name.n == strlen(want) && strncasecmp((const char *)name.p, want, name.n) == 0;
}

/* Whether any line of the headers is none: readers take what follows for the body. */
static void check_headers(struct reader *r)
{
    struct span rest = r->text->bytes;
    struct header h;
    uint32_t line = 0;

    while (metadata_header_take(&rest, &line, &h)) {
        if (h.name.n == 0) {
            contradicts(r, h.line, "a line among the headers that is none");
            return;
        }
        if (memchr(h.value.p, '\r', h.value.n)) {
            contradicts(r, h.line,
                        "a header with a bare carriage return, behind which some readers see "
                        "another");
            return;
        }
        if (h.value.n > LINE_MAX) {
            contradicts(r, h.line, "a header that is too long");
            return;
        }
    }
}

static void check_text(struct reader *r)
{
    struct span text = r->text->bytes;

    if (r->text->twice)
        contradicts(r, 0, "it can be read in several ways, which differ");
    if (!utf8_valid(text.p, text.n))
        contradicts(r, 0, "it is not UTF-8");
    if (text.n > 0 && memchr(text.p, 0, text.n))
        contradicts(r, 0, "it has a NUL in it");
    if (span_starts(text, SPAN_LITERAL("\xEF\xBB\xBF")))
        is_odd(r, 1, "it begins with a byte order mark");
    if (text.n > METADATA_MAX)
        contradicts(r, 0, "it is too long");
    check_headers(r);
}

/* The value of a field that is due once, and where; false with a fact. */
static bool take_field(struct reader *r, const char *name, struct header *out)
{
    struct span rest = r->text->bytes;
    struct header h;
    uint32_t line = 0;
    unsigned n = 0;

    *out = (struct header){ SPAN_EMPTY, SPAN_EMPTY, 0 };
    while (metadata_header_take(&rest, &line, &h)) {
        if (!is_name_of(h.name, name))
            continue;
        if (n++ == 0)
            *out = h;
        else
            wheel_tell(r->s, FACT_WHL_METADATA, WHEEL_AT(r->text->file->name, h.line),
                       r->text->file->name, "%s is there more than once", name);
    }
    if (out->value.n > 0)
        return true;
    wheel_tell(r->s, FACT_WHL_METADATA, WHEEL_AT(r->text->file->name, out->line),
               r->text->file->name, n ? "its %s is empty" : "it has no %s", name);
    return false;
}

/* "MAJOR.MINOR", MAJOR at most most: what is above it must not be read. */
static bool is_format_version(struct span value, uint8_t most)
{
    if (value.n < 3 || value.p[0] < '0' || value.p[0] > '0' + most || value.p[1] != '.')
        return false;
    for (size_t i = 2; i < value.n; i++)
        if (value.p[i] < '0' || value.p[i] > '9')
            return false;
    return true;
}

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_project_name(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_alphanumeric(name.p[i]) &&
            (i == 0 || i + 1 == name.n || !strchr("._-", name.p[i]) || !name.p[i]))
            return false;
    return name.n > 0 && name.n <= FIELD_MAX;
}

/* ---- who it is ---- */

static void differ(struct reader *r, uint32_t line, const char *what, struct span inside,
                   const char *other, struct span outside)
{
    wheel_tell(r->s, FACT_WHL_NAME, WHEEL_AT(r->text->file->name, line), span_text(what),
               "\"%s\", and \"%s\" by %s", wheel_show(r->s, inside), wheel_show(r->s, outside),
               other);
}

/* Name and Version: kept as the wheel's, where they can be. */
static void read_project(struct reader *r)
{
    struct header name, version, form;

    if (take_field(r, "Metadata-Version", &form) && !is_format_version(form.value, 2))
        is_odd(r, form.line, "a Metadata-Version that is not known");
    if (take_field(r, "Name", &name)) {
        if (!is_project_name(name.value))
            contradicts(r, name.line, "a Name that is none of a project");
        r->w->name = name.value;
    }
    if (take_field(r, "Version", &version)) {
        if (!versions_equal(version.value, version.value))
            contradicts(r, version.line, "a Version that is none");
        r->w->version = version.value;
    }
}

/* ---- a wheel ---- */

static const struct wheel_text *text_in(const struct wheel *w, const char *name)
{
    const struct wheel_file *f = wheel_find_in(w, w->info, name);

    return f ? wheel_text_of(w, f) : NULL;
}

static void missing(struct scan *s, const char *name)
{
    struct wheel *w = s->package->wheel;
    const struct wheel_file *f = wheel_find_in(w, w->info, name);

    wheel_tell(s, FACT_WHL_METADATA, f ? WHEEL_AT(f->name, 0) : WHEEL_AT_ALL,
               f ? f->name : span_text(name), "%s",
               !f        ? "there is none"
               : f->size ? "it cannot be read"
                         : "it is empty");
}

static void compare(struct reader *r, struct span folder_name, struct span folder_version)
{
    struct wheel *w = r->w;
    const struct wheel_name *n = &w->file_name;

    if (w->name.n && !project_names_equal(w->name, folder_name))
        differ(r, 0, "Name", w->name, "its folder", folder_name);
    if (w->version.n && !versions_equal_escaped(w->version, folder_version))
        differ(r, 0, "Version", w->version, "its folder", folder_version);
    if (!w->named)
        return;
    if (w->name.n && !project_names_equal(w->name, n->name))
        differ(r, 0, "Name", w->name, "the file's name", n->name);
    if (w->version.n && !versions_equal_escaped(w->version, n->version))
        differ(r, 0, "Version", w->version, "the file's name", n->version);
    if (!project_names_equal(folder_name, n->name) ||
        !(versions_equal(folder_version, n->version) || span_equal(folder_version, n->version)))
        wheel_tell(r->s, FACT_WHL_NAME, WHEEL_AT_ALL, w->info,
                   "the folder's name and the file's are of different projects or versions");
}

static void read_metadata(struct scan *s)
{
    struct wheel *w = s->package->wheel;
    struct reader r = { s, w, text_in(w, "METADATA") };
    struct span stem = span_of(w->info.p, w->info.n - strlen(".dist-info/")), name, version;

    if (r.text) {
        check_text(&r);
        read_project(&r);
    } else {
        missing(s, "METADATA");
    }
    if (!project_stem_split(stem, &name, &version))
        wheel_tell(s, FACT_WHL_NAME, WHEEL_AT_ALL, w->info,
                   "no folder's name of a project and version");
    else if (r.text)
        compare(&r, name, version);
    if (!w->name.n)
        w->name = name;
    if (!w->version.n)
        w->version = version;
}

/* ---- tags ---- */

static struct span take_to(struct span *in, uint8_t c)
{
    const uint8_t *at = in->n ? memchr(in->p, c, in->n) : NULL;
    struct span out;

    (void)take(in, at ? (size_t)(at - in->p) : in->n, &out);
    (void)skip(in, 1);
    return out;
}

static bool has_word(struct span list, struct span word)
{
    while (list.n > 0)
        if (span_equal(take_to(&list, '.'), word))
            return true;
    return false;
}

/* "cp311-abi3-linux_x86_64", or "py2.py3-none-any" as old builders have it, all of the name. */
static bool has_words(struct span list, struct span words)
{
    bool all = words.n > 0;

    while (words.n > 0 && all)
        all = has_word(list, take_to(&words, '.'));
    return all;
}

static bool name_has_tag(const struct wheel_name *n, struct span tag)
{
    struct span python = take_to(&tag, '-'), abi = take_to(&tag, '-');

    return has_words(n->pythons, python) && has_words(n->abis, abi) && has_words(n->platforms, tag);
}

static void check_tags(struct reader *r)
{
    struct span rest = r->text->bytes;
    struct header h;
    uint32_t line = 0;
    unsigned n = 0;

    while (metadata_header_take(&rest, &line, &h)) {
        if (!is_name_of(h.name, "Tag"))
            continue;
        n++;
        if (r->w->named && !name_has_tag(&r->w->file_name, h.value))
            wheel_hint(r->s, FACT_WHL_METADATA, WHEEL_AT(r->text->file->name, h.line),
                       r->text->file->name, "Tag %s is not among those of the file's name",
                       wheel_show(r->s, h.value));
    }
    if (n == 0)
        is_odd(r, 0, "it has no Tag");
}

static bool is_extension_module(struct span path)
{
    return span_ends(path, SPAN_LITERAL(".so")) || span_ends(path, SPAN_LITERAL(".pyd"));
}

/* What is for one machine alone must not be said to be for all. */
static void check_pure(struct reader *r)
{
    struct header pure = { SPAN_EMPTY, SPAN_EMPTY, 0 };
    const struct wheel *w = r->w;

    if (!take_field(r, "Root-Is-Purelib", &pure) || !is_name_of(pure.value, "true"))
        return;
    for (size_t i = 0; i < w->n; i++) {
        if (!is_extension_module(w->files[i].name) || wheel_is_data(w->files[i].name))
            continue;
        wheel_hint(r->s, FACT_WHL_METADATA, WHEEL_AT(r->text->file->name, pure.line),
                   r->text->file->name, "Root-Is-Purelib is true, and %s is native",
                   wheel_show(r->s, w->files[i].name));
        return;
    }
}

static void read_wheel(struct scan *s)
{
    struct wheel *w = s->package->wheel;
    struct reader r = { s, w, text_in(w, "WHEEL") };
    struct header form;

    if (!r.text) {
        missing(s, "WHEEL");
        return;
    }
    check_text(&r);
    if (take_field(&r, "Wheel-Version", &form) && !is_format_version(form.value, 1))
        contradicts(&r, form.line, "a Wheel-Version that installers refuse");
    check_tags(&r);
    check_pure(&r);
}

void wheel_identify(struct scan *s)
{
    struct wheel *w = s->package->wheel;

    w->named = wheel_name_parse(path_base(s->name), &w->file_name);
    if (!w->info.n)
        return; /* that there is no folder is told with RECORD */
    read_metadata(s);
    read_wheel(s);
}

/* ---- an sdist ---- */

static struct span base_of(const struct where *w)
{
    const char *slash = strrchr(w->name, '/');

    return span_text(slash ? slash + 1 : w->name);
}

/* Whether it is a tar that a compressed file holds and nothing else. */
static bool is_compressed(const struct where *w)
{
    struct span base = w->parent ? base_of(w->parent) : SPAN_EMPTY, stem;

    return sdist_stem(base, &stem) && !span_ends(base, SPAN_LITERAL(".tar")) &&
           !span_ends(base, SPAN_LITERAL(".zip"));
}

/* What an sdist among another's files is called concerns nobody. */
static const struct where *published_as(const struct where *w)
{
    if (is_compressed(w))
        w = w->parent;
    return w->parent ? NULL : w;
}

void wheel_identify_sdist(struct scan *s)
{
    struct wheel *w = s->package->wheel;
    struct reader r = { s, w, text_in(w, "PKG-INFO") };
    struct span stem = span_of(w->info.p, w->info.n ? w->info.n - 1 : 0);

    const struct where *file = published_as(s->where);
    struct span name, version;

    if (!r.text || !file)
        return; /* what lies deeper describes something else */
    check_text(&r);
    read_project(&r);
    w->named = true;
    if (!w->name.n || !w->version.n)
        return;
    if (!project_stem_is(stem, w->name, w->version))
        differ(&r, 0, "Name or Version", w->name, "the folder's name", stem);
    if (sdist_stem(base_of(file), &stem) && project_stem_split(stem, &name, &version) &&
        !project_stem_is(stem, w->name, w->version))
        differ(&r, 0, "Name or Version", w->name, "the file's name", stem);
}
