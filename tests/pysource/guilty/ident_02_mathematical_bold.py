𝐞𝐱𝐞𝐜("print('pratique-fixture')")
