# -*- coding: koi8-r -*-
# привет eval
x = 'да'
