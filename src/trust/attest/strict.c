/* See strict.h; RFC 8259. */
#include "trust/attest/strict.h"

#include <stdlib.h>

json_t *strict_read(struct span in, const char *what, struct buf *out)
{
    json_error_t e;
    json_t *root = json_loadb((const char *)in.p, in.n, JSON_REJECT_DUPLICATES, &e);

    if (root && json_is_object(root))
        return root;
    if (root)
        (void)told_fault(out, "%s is no JSON object", what);
    else
        (void)told_fault(out, "%s is not the JSON that it should be: line %d, column %d: %s", what,
                         e.line, e.column, e.text);
    json_decref(root);
    return NULL;
}

bool strict_keys(const json_t *object, const char *const *names, const char *what, struct buf *out)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const char *const *name = names;

        while (*name && strcmp(*name, key) != 0)
            name++;
        if (!*name)
            return told_fault(out, "%s has an unknown key '%.100s'", what, key);
    }
    return true;
}

const json_t *strict_object(const json_t *object, const char *key, struct buf *out)
{
    const json_t *value = json_object_get(object, key);

    if (json_is_object(value))
        return value;
    (void)told_fault(out, value ? "its '%s' is no object" : "it has no '%s'", key);
    return NULL;
}

const json_t *strict_array(const json_t *object, const char *key, struct buf *out)
{
    const json_t *value = json_object_get(object, key);

    if (json_is_array(value))
        return value;
    (void)told_fault(out, value ? "its '%s' is no list" : "it has no '%s'", key);
    return NULL;
}

struct span strict_span(const json_t *string)
{
    return span_of(json_string_value(string), json_string_length(string));
}

bool strict_text_if(const json_t *object, const char *key, struct span *text, struct buf *out)
{
    const json_t *value = json_object_get(object, key);

    *text = SPAN_EMPTY;
    if (json_is_string(value))
        *text = strict_span(value);
    else if (value && !json_is_null(value))
        return told_fault(out, "its '%s' is no string", key);
    return true;
}

bool strict_text(const json_t *object, const char *key, struct span *text, struct buf *out)
{
    if (!strict_text_if(object, key, text, out))
        return false;
    return text->n > 0 || told_fault(out, "it has no '%s', or an empty one", key);
}

bool strict_is_empty_list(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

bool strict_is_empty(const json_t *value)
{
    const char *key;
    json_t *one;

    if (strict_is_empty_list(value))
        return true;
    if (!json_is_object(value))
        return false;
    json_object_foreach((json_t *)(uintptr_t)value, key, one)
    {
        if (!json_is_array(one) || json_array_size(one) != 0)
            return false;
    }
    return true;
}

bool strict_put(struct buf *out, struct span text)
{
    json_t *string = json_stringn((const char *)text.p, text.n);
    char *quoted = string ? json_dumps(string, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;
    bool ok = quoted && buf_puts(out, quoted);

    free(quoted);
    json_decref(string);
    return ok;
}
