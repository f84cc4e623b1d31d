class C[T: int = bool]: pass
