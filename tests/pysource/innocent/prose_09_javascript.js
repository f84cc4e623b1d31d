// evaluation of the chart
export function evaluate(x) { return x * 2; }
const system = "metric";
console.log(evaluate(2), system);
