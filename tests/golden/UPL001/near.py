import os
os.path.join('a', 'b')
os.environ.get('PATH')
