const f = new Function('return 1');
