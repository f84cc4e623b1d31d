from ..core.store import open_store
