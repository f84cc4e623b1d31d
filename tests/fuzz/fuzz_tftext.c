/* The text form of TensorFlow's graphs. */
#include "format/tensorflow/tensorflow.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_tensorflow_text, data, n);
    return 0;
}
