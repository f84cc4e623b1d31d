/*
 * Vocabularies: one word to a line, as tokenizers of BERT read them (vocab.txt). What looks like a
 * call there ("eval(") is a token of some programming language.
 */
#include "format/text/vocabulary.h"

#include <string.h>
#include <strings.h>

#include "format/path.h"

static bool has_name(struct span name)
{
    static const char start[] = "vocab";
    struct span base = path_base(name);

    return base.n >= sizeof start - 1 &&
           strncasecmp((const char *)base.p, start, sizeof start - 1) == 0 &&
           span_ends(base, SPAN_LITERAL(".txt"));
}

static bool is_word(struct span line)
{
    while (line.n > 0 && line.p[line.n - 1] <= ' ')
        line.n--;
    return !memchr(line.p, ' ', line.n) && !memchr(line.p, '\t', line.n);
}

/* Words are cut at blanks before they are looked up: none has one within. */
bool text_is_vocabulary(struct span name, struct span in)
{
    struct span line;

    if (!has_name(name) || in.n == 0)
        return false;
    while (take_line(&in, &line))
        if (!is_word(line))
            return false;
    return is_word(in);
}
