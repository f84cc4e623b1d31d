from .api import open_store
