all:
	echo pratique-fixture
