TEXT = '# nosec'
