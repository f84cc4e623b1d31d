require('child_process').exec('echo pratique-fixture');
