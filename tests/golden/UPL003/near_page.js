import { net } from './net.js';
