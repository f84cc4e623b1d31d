sorted(['1'], key=eval)
