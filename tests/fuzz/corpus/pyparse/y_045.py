f"\N{DIGIT ONE}{x}\{y}" fr'\N{x}' f'{x:%H:%M}' F"" rF'{x}' Rf"{x}"
