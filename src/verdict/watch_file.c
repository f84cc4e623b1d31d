/*
 * Judges what was done to files: by where they lie (rules/watch_paths.def), by what is there
 * afterwards (LEFT), and by what was only tried. See watch.h.
 */
#include "base/compiler.h"
#include "verdict/watch.h"

/* The root of the wheel's environment in a path below it, with its slash; empty elsewhere. */
static struct span environment_of(const struct fact *fact)
{
    static const char *const marks[] = { "/opt/venv/", "/lib/python", "/lib64/python" };
    struct span root = SPAN_EMPTY;

    for (size_t i = 0; fact->flags & PATH_SITE && i < ARRAY_LEN(marks) && !root.n; i++) {
        size_t at = span_find(fact->subject, 0, span_text(marks[i]));

        if (at != SIZE_MAX)
            (void)span_sub(fact->subject, 0, i == 0 ? at + strlen(marks[0]) : at + 1, &root);
    }
    return root;
}

static enum path_class class_of(const struct fact *fact)
{
    return watch_path_class(fact->subject, environment_of(fact));
}

/* What follows site-packages/: "gradio/hash_seed.txt". */
static struct span below_site(struct span path)
{
    const struct span mark = SPAN_LITERAL("-packages/");
    size_t at = span_find(path, 0, mark);

    return at == SIZE_MAX ? SPAN_EMPTY : span_from(path, at + mark.n);
}

/* Whether it lies in a package that is imported here as itself. */
static bool is_of_root(const struct watch_case *c, struct span path)
{
    struct span below = below_site(path), top;
    size_t slash = span_find(below, 0, SPAN_LITERAL("/"));

    return slash != SIZE_MAX && span_sub(below, 0, slash, &top) && case_has(c, MARK_ROOT, top);
}

/* Whether code of the package that the file lies in has opened it: a dependency's own doing. */
static bool is_by_its_package(const struct watch_case *c, struct span path)
{
    const struct fact *opened = case_find(c, MARK_WRITTEN, path, SPAN_EMPTY);
    struct span below = below_site(path), package, whole;
    size_t slash = span_find(below, 0, SPAN_LITERAL("/")), site = path.n - below.n;

    if (!opened || slash == SIZE_MAX)
        return false;
    (void)span_sub(below, 0, slash + 1, &package);
    (void)span_sub(path, 0, site + slash + 1, &whole);
    for (uint32_t i = 0; i < opened->refs_n && i < FACT_REFS_MAX; i++)
        if (span_starts(opened->refs[i], whole) || span_starts(opened->refs[i], package))
            return true;
    return false;
}

static bool is_code(struct span path)
{
    static const char *const ends[] = { ".py", ".so", ".pyc", ".pyd", ".pyx", ".pth", ".egg-link" };

    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (span_ends(path, span_text(ends[i])))
            return true;
    return false;
}

/* ---- what is left ---- */

#define FILE_LARGE ((uint64_t)100 << 20)
#define FILE_HUGE  ((uint64_t)1 << 30)

static bool is_run(const struct watch_case *c, const struct fact *fact)
{
    return case_has(c, MARK_RUN, fact->subject);
}

/*
 * Python's own cache. Python writes it under another name and renames it; who writes the name
 * itself puts code where an import of another package finds it.
 */
static struct ruling left_bytecode(const struct watch_case *c, const struct fact *fact)
{
    const struct fact *written = case_find(c, MARK_WRITTEN, fact->subject, SPAN_EMPTY);

    if (fact->flags & LEFT_FOLDER)
        return RULING_AT(WCH066, INFO);
    if (written && written->kind == FACT_WATCH_OPEN)
        return RULING_NOTED(WCH061, MEDIUM, "not as Python writes its cache");
    return fact->flags & LEFT_NEW ? RULING_NOTED(WCH066, INFO, "Python's own cache")
                                  : RULING_AT(WCH061, MEDIUM);
}

static bool is_bytecode(const struct fact *fact, enum path_class class)
{
    return class == PLACE_BYTECODE &&
           (fact->flags & LEFT_FOLDER ||
            (span_ends(fact->subject, SPAN_LITERAL(".pyc")) && !(fact->flags & LEFT_EXECUTABLE)));
}

/* In the environment: another package's files are others' code. */
static struct ruling left_in_site(const struct watch_case *c, const struct fact *fact)
{
    if (fact->flags & (LEFT_CHANGED | LEFT_GONE) || is_code(fact->subject) ||
        (fact->flags & LEFT_EXECUTABLE && !(fact->flags & LEFT_FOLDER)))
        return is_of_root(c, fact->subject) ? RULING_NOTED(WCH061, MEDIUM, "in its own package")
                                            : RULING(WCH061);
    if (is_of_root(c, fact->subject) || is_by_its_package(c, fact->subject))
        return RULING_NOTED(WCH066, LOW, "in its own package");
    return RULING_NOTED(WCH061, MEDIUM, "data, in a package of others");
}

static struct ruling left_program(const struct watch_case *c, const struct fact *fact,
                                  enum path_class class)
{
    if (c->command)
        return RULING_NOTED(WCH065, LOW, "made by a command");
    if (is_run(c, fact))
        return RULING_NOTED(WCH063, HIGH, "and it was run");
    return class == PLACE_CACHE ? RULING_AT(WCH063, MEDIUM) : RULING(WCH063);
}

/* Data, in the places where a library's own may lie, and elsewhere. */
static struct ruling left_data(const struct watch_case *c, const struct fact *fact,
                               enum path_class class)
{
    if (fact->number >= FILE_HUGE)
        return RULING_NOTED(WCH065, HIGH, "it fills the disk");
    if (c->command)
        return RULING_NOTED(WCH065, LOW, "made by a command");
    if (fact->number >= FILE_LARGE)
        return RULING_NOTED(WCH065, MEDIUM, "it is large");
    if (is_code(fact->subject) && !(fact->flags & LEFT_FOLDER))
        return RULING_NOTED(WCH065, MEDIUM, "code, for others to import");
    switch (class) {
    case PLACE_SCRATCH:
    case PLACE_CACHE:
    case PLACE_OWN:
        return RULING(WCH066);
    default:
        return fact->flags & LEFT_FOLDER ? RULING_NOTED(WCH066, LOW, "an empty folder")
                                         : RULING(WCH065);
    }
}

/* Where code starts by itself. A folder made there holds nothing by itself. */
static struct ruling left_persistent(const struct fact *fact)
{
    if (fact->flags & LEFT_FOLDER)
        return RULING_AT(WCH060, MEDIUM);
    return fact->flags & LEFT_GONE ? RULING(WCH062) : RULING(WCH060);
}

struct ruling watch_left(const struct watch_case *c, const struct fact *fact)
{
    enum path_class class = class_of(fact);
    bool program = fact->flags & LEFT_EXECUTABLE && !(fact->flags & (LEFT_FOLDER | LEFT_GONE));

    if (fact->flags & LEFT_FOLDER && fact->flags & LEFT_CHANGED)
        return RULING_NONE; /* what is new in it is told by itself */
    if (fact->flags & PATH_GRANTED && !(fact->flags & LEFT_CANARY))
        return RULING_NOTED(WCH065, LOW, "in a folder that it was given");
    if (class == PLACE_PERSISTENT)
        return left_persistent(fact);
    if (fact->flags & LEFT_CANARY)
        return RULING(WCH064);
    if (fact->flags & PATH_BAIT || (fact->flags & (LEFT_CHANGED | LEFT_GONE) && !c->command &&
                                    !(fact->flags & (PATH_SITE | PATH_TMP))))
        return RULING(WCH062);
    if (is_bytecode(fact, class))
        return left_bytecode(c, fact);
    if (fact->flags & PATH_SITE)
        return left_in_site(c, fact);
    if (program || is_run(c, fact))
        return left_program(c, fact, class);
    return left_data(c, fact, class);
}

/* ---- what was tried ---- */

static struct ruling tried_in_system(const struct fact *fact, enum path_class class)
{
    bool kernel = fact->flags & (PATH_PROC | PATH_DEVICE);

    if (class == PLACE_BYTECODE)
        return RULING_NOTED(WCH068, INFO, "Python's own cache");
    if (class == PLACE_OWN || class == PLACE_SCRATCH || class == PLACE_CACHE)
        return RULING_AT(WCH068, INFO);
    if (fact->flags & PATH_DEVICE)
        return RULING_NOTED(WCH068, INFO, "a device");
    return kernel ? RULING_AT(WCH069, MEDIUM) : RULING(WCH067);
}

#define SET_ID 06000 /* S_ISUID, S_ISGID */

/* A file that is what it was, or gone, afterwards. */
static struct ruling tried(const struct watch_case *c, const struct fact *fact)
{
    enum path_class class = class_of(fact);

    if (class == PLACE_KERNEL)
        return RULING(WCH069);
    if (fact->flags & PATH_GRANTED && !(fact->kind == FACT_WATCH_CHMOD && fact->number & SET_ID))
        return RULING_NOTED(WCH068, INFO, "in a folder that it was given");
    if (class == PLACE_PERSISTENT)
        return RULING_NOTED(WCH060, HIGH, "it is not there afterwards");
    if (fact->flags & PATH_BAIT)
        return RULING(WCH062);
    if (fact->kind == FACT_WATCH_CHMOD && fact->number & SET_ID)
        return RULING_NOTED(WCH063, HIGH, "to run as its owner");
    if (fact->flags & PATH_SITE && class != PLACE_BYTECODE && !is_of_root(c, fact->subject))
        return is_code(fact->subject) ? RULING_NOTED(WCH061, HIGH, "it is as it was afterwards")
                                      : RULING_AT(WCH068, INFO);
    if (fact->flags & (PATH_SYSTEM | PATH_PROC | PATH_DEVICE))
        return tried_in_system(fact, class);
    return RULING_AT(WCH068, INFO);
}

struct ruling watch_file(const struct watch_case *c, const struct fact *fact)
{
    if (case_has(c, MARK_LEFT, fact->subject) && class_of(fact) != PLACE_KERNEL &&
        !(fact->kind == FACT_WATCH_CHMOD && fact->number & SET_ID))
        return RULING_NONE; /* said of what it came to */
    return tried(c, fact);
}

/* ---- native code ---- */

struct ruling watch_load(const struct watch_case *c, const struct fact *fact)
{
    bool nameless = span_starts(fact->subject, SPAN_LITERAL("/memfd:")) ||
                    fact->flags & PATH_PROC || fact->flags & PATH_DEVICE;
    bool written = case_has(c, MARK_WRITTEN, fact->subject) || fact->flags & EXEC_WRITTEN;

    if (fact->flags & EXEC_CANARY)
        return RULING(WCH001);
    if (nameless)
        return RULING_NOTED(WCH070, HIGH, "it has no name in the file system");
    if (!written && !(fact->flags & PATH_TMP && !(fact->flags & PATH_SITE)))
        return RULING_NONE;
    return c->command ? RULING_NOTED(WCH043, LOW, "in a command") : RULING(WCH070);
}
