import pip

pip.main(['install', 'requests'])
