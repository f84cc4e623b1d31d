echo pratique-fixture
