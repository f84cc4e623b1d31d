

xPlaceholder

yRelux

zIdentityy

PyFuncPartitionedCallx