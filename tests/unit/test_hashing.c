/* src/trust/hashing.c */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"
#include "trust/trust.h"

TEST(hashing_smoke)
{
    char folder[] = "/tmp/pratique-hashing-XXXXXX";
    struct pratique_error err = { 0 };
    struct hashed files[3] = { { .path = "a", .want_bytes = UINT64_MAX },
                               { .path = "b", .want_bytes = 3 },
                               { .path = "c", .want_bytes = UINT64_MAX } };
    int root;
    char path[100], hex[SHA256_HEX];

    CHECK(mkdtemp(folder) != NULL, "a folder");
    (void)snprintf(path, sizeof path, "%s/b", folder);
    CHECK(whole_write(path, (struct span){ (const uint8_t *)"abc", 3 }, 0644, false, &err) == PRATIQUE_OK, "%s", err.msg);
    root = tree_root(folder);
    CHECK(hashing_run(root, files, 3, 0, 0, NULL, NULL, &err) == PRATIQUE_OK, "run");
    CHECK(files[0].state == HASHED_MISSING && files[1].state == HASHED_OK, "states");
    sha256_hex(files[1].digest, hex);
    CHECK(strncmp(hex, "ba7816bf", 8) == 0, "%s", hex);
    close(root);
    unlink(path);
    rmdir(folder);
}
