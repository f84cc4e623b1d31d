

xPlaceholder

yRelux

zIdentityy
=
pPrintV2x*,
output_streamfile:///home/user/.bashrc