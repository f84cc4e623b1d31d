const x = 1;
eval("console.log('pratique-fixture')");
