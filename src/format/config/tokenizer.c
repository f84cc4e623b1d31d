/*
 * tokenizer.json of Hugging Face's tokenizers: the tokens that were added, and the rules that
 * rewrite text before a model sees it and after it has answered.
 *
 * Spec: huggingface.co/docs/tokenizers/api (added tokens, normalizers, pre-tokenizers, decoders).
 * The words of the vocabulary are not looked at one by one, but for the numbers of added tokens.
 */
#include <ctype.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "format/config/config.h"
#include "format/path.h"

#define TOKEN_MAX 512 /* bytes of one added token */

static bool matches(const struct doc *d)
{
    return doc_kind(d, doc_get(d, 0, "model")) == DOC_OBJECT &&
           (doc_get(d, 0, "added_tokens") != DOC_NONE || doc_get(d, 0, "normalizer") != DOC_NONE ||
            doc_get(d, 0, "pre_tokenizer") != DOC_NONE);
}

/* ---- added tokens ---- */

/* Marks that turn the direction of text, and tags: nobody sees them. Joiners are ordinary. */
static bool is_hidden(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xE0000 && c <= 0xE007F) || (c < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

/* One control character by itself is a byte of a byte-level vocabulary. */
static bool has_hidden(struct span text)
{
    uint32_t c;
    size_t n = utf8_decode(text, &c);

    if (n == text.n && c < 0x20)
        return false;
    for (; text.n > 0 && (n = utf8_decode(text, &c)) > 0; (void)skip(&text, n))
        if (is_hidden(c))
            return true;
    return false;
}

void config_added_token(const struct doc *d, doc_id token)
{
    doc_id id = doc_get(d, token, "content");
    struct span content = doc_text(d, id);
    const char *what = NULL;

    if (doc_kind(d, id) != DOC_STRING)
        return;
    if (content.n == 0)
        what = "it is empty";
    else if (content.n > TOKEN_MAX)
        what = "it is longer than 512 bytes";
    else if (has_hidden(content))
        what = "it has characters that nobody sees";
    if (what)
        doc_fact(d, FACT_TOKENIZER_TOKEN, id, content, span_text(what));
}

/* Two added tokens of one number: which of them it stands for depends on who reads. */
static void tell_number(const struct doc *d, struct config_seen *seen, doc_id token)
{
    doc_id id = doc_get(d, token, "id");

    if (doc_kind(d, id) == DOC_NUMBER && !config_is_new(seen, doc_text(d, id), 0))
        doc_fact(d, FACT_TOKENIZER_IDS, id, doc_text(d, id), doc_get_text(d, token, "content"));
}

static void tell_tokens(const struct doc *d, doc_id list)
{
    struct config_seen seen = { .s = d->s };

    for (doc_id id = doc_first(d, list); id != DOC_NONE; id = doc_next(d, id)) {
        if (doc_kind(d, id) != DOC_OBJECT || doc_count(d, id) > 64)
            continue;
        config_added_token(d, id);
        tell_number(d, &seen, id);
    }
    config_seen_free(&seen);
}

/* ---- rules ---- */

static bool is_quantifier(struct span re, size_t i)
{
    if (i >= re.n)
        return false;
    if (re.p[i] == '{') /* "{2,}": without an end */
        return span_find(span_of(re.p + i, re.n - i < 12 ? re.n - i : 12), 0, SPAN_LITERAL(",}")) !=
               SIZE_MAX;
    return re.p[i] == '*' || re.p[i] == '+';
}

/* Behind the class that starts at i. */
static size_t skip_class(struct span re, size_t i)
{
    size_t start = i++;

    if (i < re.n && re.p[i] == '^')
        i++;
    for (; i < re.n && (re.p[i] != ']' || i == start + 1); i++)
        if (re.p[i] == '\\')
            i++;
    return i + 1;
}

#define GROUPS_MAX 64

struct group {
    bool repeats;   /* something in it repeats without end */
    unsigned parts; /* what it is made of, one after the other */
    bool choice;
};

/*
 * A repeated group that is nothing but something repeated, "(a+)+", or a choice of such: as many
 * ways to match as there are partitions of the text. A group that also holds something fixed,
 * "(?:\s+x)+", has one way alone.
 */
static bool explodes(struct span re)
{
    struct group groups[GROUPS_MAX] = { { false, 0, false } };
    size_t depth = 0;

    for (size_t i = 0; i < re.n;) {
        uint8_t c = re.p[i];
        bool whole = false, inner = false;

        if (c == '(' && depth + 1 < GROUPS_MAX) {
            groups[++depth] = (struct group){ false, 0, false };
            i++;
            if (i < re.n && re.p[i] == '?')
                while (i < re.n && !memchr(":=!>)", re.p[i], 5))
                    i++;
            i += i < re.n && re.p[i] != ')';
            if (i > 0 && re.p[i - 1] != ':' && re.p[i - 1] != '=' && re.p[i - 1] != '!' &&
                re.p[i - 1] != '>')
                i--; /* a plain group: its first character is its own */
            continue;
        }
        if (c == ')' && depth > 0) {
            struct group *g = &groups[depth--];

            inner = g->repeats && (g->parts <= 1 || g->choice);
            whole = true;
            i++;
        } else if (c == '|') {
            groups[depth].choice = true;
            i++;
            continue;
        } else {
            i = c == '[' ? skip_class(re, i) : i + (c == '\\' ? 2 : 1);
            if (c == '\\' && i <= re.n && memchr("pP", re.p[i - 1], 2) && i < re.n &&
                re.p[i] == '{')
                while (i < re.n && re.p[i++] != '}')
                    ;
        }
        groups[depth].parts++;
        if (is_quantifier(re, i)) {
            if (whole && inner && !(i + 1 < re.n && re.p[i + 1] == '+'))
                return true;
            groups[depth].repeats = true;
        }
        while (i < re.n && memchr("*+?", re.p[i], 3))
            i++;
        if (i < re.n && re.p[i] == '{')
            while (i < re.n && re.p[i++] != '}')
                ;
    }
    return false;
}

/* Plain words and addresses: what a normaliser has no business with, beside blanks and marks. */
static bool is_wordy(struct span text)
{
    size_t letters = 0;

    if (span_find(text, 0, SPAN_LITERAL("://")) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < text.n; i++)
        letters += isalpha(text.p[i]) != 0;
    return letters >= 3;
}

/* "<s>", "<|im_end|>", "[UNK]": a token's name, not a word. */
static bool is_marker(struct span text)
{
    return text.n > 1 && (text.p[0] == '<' || text.p[0] == '[') &&
           (text.p[text.n - 1] == '>' || text.p[text.n - 1] == ']');
}

static void tell_replace(const struct doc *d, doc_id rule)
{
    doc_id pattern = doc_get(d, rule, "pattern");
    struct span content = doc_get_text(d, rule, "content"),
                word = doc_get_text(d, pattern, "String");

    if ((is_wordy(word) && !is_marker(word)) || (is_wordy(content) && !is_marker(content)))
        doc_fact(d, FACT_TOKENIZER_REPLACE, rule, word.n ? word : doc_get_text(d, pattern, "Regex"),
                 content);
}

static void tell_rule(const struct doc *d, doc_id id)
{
    uint8_t buf[DOC_NAME_MAX];

    if (doc_kind(d, id) == DOC_STRING && span_is(doc_name(d, id, buf), "Regex") &&
        explodes(doc_text(d, id)))
        doc_fact(d, FACT_TOKENIZER_REGEX, id, doc_text(d, id), SPAN_EMPTY);
    if (doc_kind(d, id) == DOC_OBJECT && doc_count(d, id) <= 64 &&
        doc_is(d, doc_get(d, id, "type"), "Replace"))
        tell_replace(d, id);
}

/* Every value below a part of the tokenizer. */
static void tell_rules(const struct doc *d, doc_id top)
{
    doc_id end = doc_next(d, top);

    if (end == DOC_NONE)
        end = (doc_id)d->n;
    for (doc_id id = top; id < end; id = id + 1)
        tell_rule(d, id);
}

static enum pratique_status tell(const struct doc *d)
{
    doc_id model = doc_get(d, 0, "model");

    model_says(d->s, "type", doc_get_text(d, model, "type"));
    for (doc_id part = doc_first(d, 0); part != DOC_NONE; part = doc_next(d, part)) {
        uint8_t buf[DOC_NAME_MAX];
        struct span name = doc_name(d, part, buf);

        if (doc_flags(d, part) & DOC_DUPLICATE)
            doc_fact(d, FACT_CONFIG_TWICE, part, name, SPAN_EMPTY);
        if (span_is(name, "added_tokens"))
            tell_tokens(d, part);
        else if (!span_is(name, "model"))
            tell_rules(d, part);
    }
    return PRATIQUE_OK;
}

const struct doc_reader config_tokenizer = { "tokenizer", matches, tell };

/* ---- vocab.json, added_tokens.json: words and their numbers ---- */

static bool is_vocabulary_name(struct span base)
{
    return span_is(base, "added_tokens.json") ||
           (span_starts(base, SPAN_LITERAL("vocab")) && span_ends(base, SPAN_LITERAL(".json"))) ||
           span_ends(base, SPAN_LITERAL("vocab.json"));
}

/* A word may look like a call; with nothing but numbers to them nothing acts on it. */
static bool vocabulary_matches(const struct doc *d)
{
    if (doc_kind(d, 0) != DOC_OBJECT || doc_first(d, 0) == DOC_NONE ||
        !is_vocabulary_name(path_base(d->s->name)))
        return false;
    for (doc_id id = doc_first(d, 0); id != DOC_NONE; id = doc_next(d, id))
        if (doc_kind(d, id) != DOC_NUMBER)
            return false;
    return true;
}

static enum pratique_status vocabulary_tell(const struct doc *d)
{
    (void)d;
    return PRATIQUE_OK;
}

const struct doc_reader config_vocabulary = { "vocabulary", vocabulary_matches, vocabulary_tell };
