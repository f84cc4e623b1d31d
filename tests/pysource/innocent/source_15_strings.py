ADVICE = "pickle.load(f) and torch.load(p) are refused; use # nosec with care"
print(ADVICE)
