print('add this to ~/.bashrc: export X=1')
