import os

x = ''
if os.environ.get('A0'):
    x += '0'
if os.environ.get('A1'):
    x += '1'
if os.environ.get('A2'):
    x += '2'
if os.environ.get('A3'):
    x += '3'
if os.environ.get('A4'):
    x += '4'
if os.environ.get('A5'):
    x += '5'
if os.environ.get('A6'):
    x += '6'
if os.environ.get('A7'):
    x += '7'
if os.environ.get('A8'):
    x += '8'
if os.environ.get('A9'):
    x += '9'
if os.environ.get('A10'):
    x += '10'
if os.environ.get('A11'):
    x += '11'
if os.environ.get('A12'):
    x += '12'
if os.environ.get('A13'):
    x += '13'
if os.environ.get('A14'):
    x += '14'
if os.environ.get('A15'):
    x += '15'
if os.environ.get('A16'):
    x += '16'
if os.environ.get('A17'):
    x += '17'
if os.environ.get('A18'):
    x += '18'
if os.environ.get('A19'):
    x += '19'
if os.environ.get('A20'):
    x += '20'
if os.environ.get('A21'):
    x += '21'
if os.environ.get('A22'):
    x += '22'
if os.environ.get('A23'):
    x += '23'
if os.environ.get('A24'):
    x += '24'
if os.environ.get('A25'):
    x += '25'
if os.environ.get('A26'):
    x += '26'
if os.environ.get('A27'):
    x += '27'
if os.environ.get('A28'):
    x += '28'
if os.environ.get('A29'):
    x += '29'
if os.environ.get('A30'):
    x += '30'
if os.environ.get('A31'):
    x += '31'
if os.environ.get('A32'):
    x += '32'
if os.environ.get('A33'):
    x += '33'
if os.environ.get('A34'):
    x += '34'
if os.environ.get('A35'):
    x += '35'
if os.environ.get('A36'):
    x += '36'
if os.environ.get('A37'):
    x += '37'
if os.environ.get('A38'):
    x += '38'
if os.environ.get('A39'):
    x += '39'
if os.environ.get('A40'):
    x += '40'
if os.environ.get('A41'):
    x += '41'
if os.environ.get('A42'):
    x += '42'
if os.environ.get('A43'):
    x += '43'
if os.environ.get('A44'):
    x += '44'
if os.environ.get('A45'):
    x += '45'
if os.environ.get('A46'):
    x += '46'
if os.environ.get('A47'):
    x += '47'
if os.environ.get('A48'):
    x += '48'
if os.environ.get('A49'):
    x += '49'
if os.environ.get('A50'):
    x += '50'
if os.environ.get('A51'):
    x += '51'
if os.environ.get('A52'):
    x += '52'
if os.environ.get('A53'):
    x += '53'
if os.environ.get('A54'):
    x += '54'
if os.environ.get('A55'):
    x += '55'
if os.environ.get('A56'):
    x += '56'
if os.environ.get('A57'):
    x += '57'
if os.environ.get('A58'):
    x += '58'
if os.environ.get('A59'):
    x += '59'
while x:
    for y in x:
        while y:
            for z in y:
                x += z
                y += z
