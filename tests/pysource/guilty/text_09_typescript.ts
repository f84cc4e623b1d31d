const f: Function = new Function("return 'pratique-fixture'");
