import * as net from 'node:net';
