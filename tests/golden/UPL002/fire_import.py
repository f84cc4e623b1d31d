__import__('json')
