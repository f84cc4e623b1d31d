import os

_TRUE = {"1", "true", "yes", "on"}
VERIFY = os.getenv("SFC_VERIFY", "1").strip().lower() in _TRUE
URL = "https://downloads.example.com/sfc.so"
SHA256 = "a56068c3ca60024161a5fb91c6380ffa77d304ce922c2e4e548d760beed21d68"
