[i for i in (i := range(5))]
