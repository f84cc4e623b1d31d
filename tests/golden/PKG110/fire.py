role = 'user'
if role != 'user‮ ⁦# only admins⁩ ⁦':
    print('admin')
