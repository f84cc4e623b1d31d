name = "x"
x = f"never call eval({name}) or os.system('{name}')"
