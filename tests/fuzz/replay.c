/*
 * Runs one fuzz target over files and folders of inputs under a plain compiler,
 * each input in a heap block of its exact size, so that ASan sees one byte too far.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness.h"

static unsigned runs;

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    uint8_t *data;
    size_t n;

    if (!f || fstat(fileno(f), &st) != 0) {
        perror(path);
        return 1;
    }
    n = (size_t)st.st_size;
    data = malloc(n ? n : 1);
    if (!data || fread(data, 1, n, f) != n) {
        perror(path);
        return 1;
    }
    fclose(f);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    runs++;
    return 0;
}

static int replay(const char *path)
{
    struct dirent *e;
    int bad = 0;
    DIR *d = opendir(path);

    if (!d)
        return replay_file(path);
    while ((e = readdir(d))) {
        char *inner;

        if (e->d_name[0] == '.')
            continue;
        if (asprintf(&inner, "%s/%s", path, e->d_name) < 0)
            return 1;
        bad |= replay(inner);
        free(inner);
    }
    closedir(d);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = 0;

    for (int i = 1; i < argc; i++)
        bad |= replay(argv[i]);
    printf("%s 1 - replay %u inputs\n", bad || !runs ? "not ok" : "ok", runs);
    return bad || !runs;
}
