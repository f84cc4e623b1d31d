len.__self__.__dict__["exec"]("1")
