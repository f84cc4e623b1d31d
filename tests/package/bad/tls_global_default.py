import ssl

ssl._create_default_https_context = ssl._create_unverified_context

NAME = "tls_global_default"
