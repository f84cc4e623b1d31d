x = 1  # nosec - there was a call here once
