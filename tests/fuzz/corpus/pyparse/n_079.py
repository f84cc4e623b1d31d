ut'x'
