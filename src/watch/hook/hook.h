/* What hook.c and whoever makes a canary of it agree on: where the token goes. */
#ifndef PRATIQUE_WATCH_HOOK_HOOK_H
#define PRATIQUE_WATCH_HOOK_HOOK_H

#define HOOK_TOKEN_N    24 /* hexadecimal digits */
#define HOOK_MARK_TEXT  "PRATIQUE-CANARY-TOKEN-"
#define HOOK_MARK_TOKEN "000000000000000000000000"

/* Once in the file. A canary's text is all zeros, and its token is not the one above. */
struct hook_mark {
    char text[sizeof HOOK_MARK_TEXT - 1]; /* neither ends in NUL */
    char token[HOOK_TOKEN_N];
};

#endif
