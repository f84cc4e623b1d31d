const m = /a/.exec(text); model.eval(x);
