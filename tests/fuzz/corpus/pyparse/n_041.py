f"{x if y else lambda: 1}"
