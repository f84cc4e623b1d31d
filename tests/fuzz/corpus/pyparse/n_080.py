tf'x'
