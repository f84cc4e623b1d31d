

xPlaceholder

yRelux

zIdentityy
>
dDebugIdentityx*'

debug_urls
grpc://192.0.2.1:6064