/* Keras configurations, and the JSON of torch.export: each input is read as both. */
#include "format/keras/keras.h"
#include "format/torch/torch.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_keras_config, data, n);
    harness_run(&format_torch_export, data, n);
    return 0;
}
