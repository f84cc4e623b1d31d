

xPlaceholder

yRelux

zIdentityy
8
iImmutableConst*#
memory_region_name/etc/passwd