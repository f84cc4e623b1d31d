greeting = 'שלום'
answer = 'مرحبا'
