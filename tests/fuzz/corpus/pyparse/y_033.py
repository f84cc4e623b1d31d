f'''{
x # comment
+ 1
}'''
