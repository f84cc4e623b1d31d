

xPlaceholder

yRelux

zIdentityy
2
	WriteFilePrintV2x*
output_streamstdout