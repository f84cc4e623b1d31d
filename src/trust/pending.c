/* Kinds that are not there yet. */
#include "base/status.h"
#include "trust/check.h"

bool openpgp_is_keyring(struct span bytes)
{
    (void)bytes;
    return false;
}
enum pratique_status openpgp_add(struct keys *k, const char *name, struct span bytes,
                                 struct pratique_error *err)
{
    (void)k, (void)bytes;
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: OpenPGP", name);
}
enum pratique_status sshkeys_add(struct keys *k, const char *name, struct span bytes,
                                 struct pratique_error *err)
{
    (void)k, (void)bytes;
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: no known key", name);
}
enum pratique_status trustfile_add(struct keys *k, const char *path, struct span bytes,
                                   struct pratique_error *err)
{
    (void)k, (void)bytes;
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: trust file", path);
}
bool sshsig_looks_like(struct span bytes)
{
    (void)bytes;
    return false;
}
enum signature_fault sshsig_check(struct check *c)
{
    return check_fault(c, SIGNATURE_MALFORMED, "OpenSSH");
}
bool openpgp_looks_like(struct span bytes)
{
    (void)bytes;
    return false;
}
enum signature_fault openpgp_check(struct check *c)
{
    return check_fault(c, SIGNATURE_MALFORMED, "OpenPGP");
}
