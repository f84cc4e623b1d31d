/* src/rules/pynames.c and pynames.def. */
#include "rules/pynames.h"

#include "test.h"

static const char *const table[] = {
#define PYNAME(name, flags, upload, source, condition, arg, key)                       name,
#define PYNAME_TWO(name, flags, upload, source, condition, arg, key, other, other_key) name,
#include "rules/pynames.def"
#undef PYNAME
#undef PYNAME_TWO
};

TEST(pynames_stand_once_and_are_found)
{
    const struct interest *in = rules_interest();

    CHECK(in && in->rows_n == sizeof table / sizeof *table, "the table");
    for (size_t i = 0; in && i < in->rows_n; i++) {
        const struct interest_row *row = &in->rows[i];
        const struct py_name *found =
            pynames_find(span_text(row->name), (row->flags & INTEREST_MEMBER) != 0);

        CHECK(strcmp(table[i], row->name) == 0, "%s: its place", row->name);
        CHECK(found && strcmp(found->row.name, row->name) == 0 && found->row.flags == row->flags &&
                  &in->rows[i] == row,
              "%s: stands twice, or is not found", row->name);
        CHECK(!(row->flags & INTEREST_MEMBER) || !strchr(row->name, '.'), "%s: no word", row->name);
        if (!found)
            continue;
        CHECK((row->flags & INTEREST_EXEMPT) ? !found->upload && !found->source
                                             : found->upload || found->source,
              "%s: its rules", row->name);
        CHECK(found->condition == PY_ALWAYS || row->arg >= 0 || row->key ||
                  row->flags & INTEREST_MEMBER,
              "%s: condition", row->name);
    }
}

TEST(pynames_of_each_kind)
{
    static const struct {
        const char *name;
        bool member;
        const char *upload, *source;
    } rows[] = {
        { "os.system", false, "UPL001", NULL },
        { "posix.system", false, "UPL001", NULL },
        { "nt.system", false, "UPL001", NULL },
        { "subprocess.Popen", false, "UPL001", NULL },
        { "asyncio.create_subprocess_shell", false, "UPL001", NULL },
        { "builtins.exec", false, "UPL002", NULL },
        { "runpy.run_path", false, "UPL002", NULL },
        { "marshal.loads", false, "UPL002", "SRC005" },
        { "socket", false, "UPL003", NULL },
        { "urllib.request", false, "UPL003", NULL },
        { "urllib.parse", false, NULL, NULL },
        { "builtins.open", false, "UPL004", NULL },
        { "pathlib.PosixPath.write_text", false, "UPL004", NULL },
        { "ctypes", false, "UPL005", NULL },
        { "pickle.loads", false, "UPL006", "SRC001" },
        { "torch.load", false, "UPL006", "SRC002" },
        { "numpy.load", false, "UPL006", "SRC003" },
        { "yaml.load", false, "UPL006", "SRC004" },
        { "logging.config.dictConfig", false, "UPL010", NULL },
        { "__globals__", true, "UPL007", NULL },
        { "f_globals", true, "UPL011", NULL },
        { "subprocess_exec", true, "UPL001", NULL },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct py_name *n = pynames_find(span_text(rows[i].name), rows[i].member);
        const char *upload = n && n->upload ? n->upload->id : NULL;
        const char *source = n && n->source ? n->source->id : NULL;

        CHECK(n && !upload == !rows[i].upload && !source == !rows[i].source &&
                  (!upload || strcmp(upload, rows[i].upload) == 0) &&
                  (!source || strcmp(source, rows[i].source) == 0),
              "%s: %s, %s", rows[i].name, upload ? upload : "none", source ? source : "none");
    }
}

TEST(pynames_that_are_none)
{
    static const char *const names[] = {
        "",           "os",   "system",         "os.path.join",  "os.systems", "subprocess.PIPE",
        "re.compile", "eval", "builtins.print", "__subclasses__"
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(!pynames_find(span_text(names[i]), false), "%s", names[i]);
    CHECK(!pynames_find(SPAN_LITERAL("os.system"), true), "a name that is no member");
    CHECK(!pynames_find(SPAN_LITERAL("eval"), true), "model.eval()");
}
