/*
 * ONNX and its kin: the first byte says which reader is run, so that each gets
 * deep whatever its shape test thinks. A walk is charged for every field that it takes.
 */
#include "format/caffe/caffe.h"
#include "format/cntk/cntk.h"
#include "format/coreml/coreml.h"
#include "format/onnx/onnx.h"
#include "format/openvino/openvino.h"
#include "format/paddle/paddle.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct format *const readers[] = {
        &format_onnx,       &format_core_ml, &format_paddle,   &format_paddle_params, &format_caffe,
        &format_caffe_text, &format_cntk,    &format_openvino, &format_onnx_value
    };
    const size_t count = sizeof readers / sizeof *readers;

    if (n == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        (void)readers[i]->looks_like(span_of(data + 1, n - 1));
    harness_run(readers[data[0] % count], data + 1, n - 1);
    return 0;
}
