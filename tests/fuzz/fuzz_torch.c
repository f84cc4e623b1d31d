/*
 * torch's own forms. The first byte picks the parser: l legacy (the magic number
 * is put in front), s storages and t tensors of the tar form, c TorchScript, b
 * bytecode.pkl, k the list of keys.
 */
#include <stdlib.h>

#include "format/torch/simple.h"
#include "format/torch/torch.h"
#include "harness.h"

static void run_legacy(const uint8_t *data, size_t n)
{
    static const char magic[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    uint8_t *whole = malloc(sizeof magic - 1 + n);

    if (!whole)
        return;
    memcpy(whole, magic, sizeof magic - 1);
    memcpy(whole + sizeof magic - 1, data, n);
    if (!format_torch_legacy.looks_like(span_of(whole, sizeof magic - 1 + n)))
        abort();
    harness_run(&format_torch_legacy, whole, sizeof magic - 1 + n);
    free(whole);
}

static void run_keys(struct span in)
{
    struct torch_keys k = { .in = in };
    struct span key, global;
    size_t n = 0;

    while (torch_keys_next(&k, &key))
        if (++n > in.n)
            abort(); /* a key without bytes of its own */
    if (torch_tuple_global(in, &global) && global.n >= in.n)
        abort();
    (void)torch_element_size(in);
}

static void run_tar(struct span in, const char *name)
{
    struct harness h;

    harness_init(&h);
    h.scan.name = span_text(name);
    (void)format_torch_tar.scan(&h.scan, in);
    harness_free(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    uint8_t which;

    if (!take_u8(&in, &which))
        return 0;
    switch (which) {
    case 'l':
        run_legacy(in.p, in.n);
        break;
    case 's':
        run_tar(in, "storages");
        break;
    case 't':
        run_tar(in, "tensors");
        break;
    case 'c':
        harness_run(&format_torchscript, in.p, in.n);
        break;
    case 'b':
        harness_run(&format_torch_bytecode, in.p, in.n);
        break;
    default:
        run_keys(in);
    }
    return 0;
}
