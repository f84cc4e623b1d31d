print([eval for eval in range(3)])
