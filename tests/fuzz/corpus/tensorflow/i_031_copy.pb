

xPlaceholder

yRelux

zIdentityy
M
dCopyHostx*;
debug_ops_spec)
'%DebugIdentity;grpc://192.0.2.1:6064;0