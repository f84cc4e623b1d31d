exec(*["print('pratique-fixture')"])
