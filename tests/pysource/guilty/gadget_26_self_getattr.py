getattr(abs.__self__, "ev" "al")("6*7")
