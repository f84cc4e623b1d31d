import subprocess  # nosec B404
