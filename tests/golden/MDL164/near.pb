

xPlaceholder

yRelux

zIdentityy

RpcCallIdentityx