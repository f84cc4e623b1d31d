from ._fetch import native
