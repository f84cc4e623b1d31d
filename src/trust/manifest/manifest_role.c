/* Roles and risks: the tables of roles.def. */
#include <string.h>

#include "trust/manifest/manifest.h"

static const struct {
    const char *glob;
    size_t n;
    const char *role;
} roles[] = {
#define ROLE(glob, role) { glob, sizeof(glob) - 1, role },
#include "trust/manifest/roles.def"
#undef ROLE
};

static const struct {
    const char *role;
    enum pratique_risk risk;
} risks[] = {
#define RISK(role, risk) { role, PRATIQUE_RISK_##risk },
#include "trust/manifest/roles.def"
#undef RISK
};

/* Whether a glob ends in a letter that the path does not: nearly all do. */
static bool ends_otherwise(size_t i, char last)
{
    char end = roles[i].glob[roles[i].n - 1];

    return end != '*' && end != last;
}

const char *manifest_role(const char *path)
{
    char lower[TREE_PATH_MAX + 1];
    size_t n = 0;

    for (; path[n] && n < TREE_PATH_MAX; n++)
        lower[n] = path[n] >= 'A' && path[n] <= 'Z' ? (char)(path[n] - 'A' + 'a') : path[n];
    lower[n] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (n > 0 && !ends_otherwise(i, lower[n - 1]) && manifest_glob(roles[i].glob, lower))
            return roles[i].role;
    return "unknown";
}

enum pratique_risk manifest_risk(const char *role)
{
    for (size_t i = 0; i < ARRAY_LEN(risks); i++)
        if (strcmp(risks[i].role, role) == 0)
            return risks[i].risk;
    return PRATIQUE_RISK_DESERIALISATION;
}

const char *pratique_risk_name(enum pratique_risk risk)
{
    static const char *const names[] = { "test", "integrity", "deserialisation" };

    return (unsigned)risk < ARRAY_LEN(names) ? names[risk] : "?";
}
